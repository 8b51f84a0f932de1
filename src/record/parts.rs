//! Dates of which parts may be missing or impossible: [`DateParts`].

use super::Date;
use std::fmt;

/// A year, a month and a day as somebody wrote them, each known or not.
///
/// A part may be one that no calendar has, such as day 56. It is kept by its digits, since a wrong digit that leaves the
/// calendar is the same error as one that does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateParts {
    year: Option<u16>,
    month: Option<u8>,
    day: Option<u8>,
}

impl DateParts {
    /// The parts of a date; a month or day of 0 or 99, and a year of 0, stand for one that is not known. `None` where a
    /// number has more digits than its part.
    pub fn new(year: Option<u32>, month: Option<u32>, day: Option<u32>) -> Option<DateParts> {
        let short = |part: Option<u32>| part.is_none_or(|part| part <= 99);
        if !short(month) || !short(day) || year.is_some_and(|year| year > 9999) {
            return None;
        }
        let known = |part: Option<u32>| part.filter(|part| !matches!(part, 0 | 99)).map(|part| part as u8);
        let (month, day) = (known(month), known(day));
        let placeholder = |year: &u32| *year == 0 || (*year == 9999 && month.is_none() && day.is_none());
        Some(DateParts { year: year.filter(|year| !placeholder(year)).map(|year| year as u16), month, day })
    }

    /// The date, where all parts are known and the calendar has it.
    pub fn date(self) -> Option<Date> {
        Date::new(i32::from(self.year?), self.month?.into(), self.day?.into())
    }

    /// The year, where it is known.
    pub fn year(self) -> Option<u32> {
        self.year.map(u32::from)
    }

    /// Returns `true` if no part is known.
    pub fn is_empty(self) -> bool {
        self == DateParts::default()
    }

    /// Reads `1980-05-17` with `?` for digits that are not known, as [`fmt::Display`] writes it, and the usual formats of
    /// [`Date::parse`] whether or not the calendar has such a day, and a year or a year and a month alone.
    pub fn parse(text: &str) -> Option<DateParts> {
        let text = text.trim();
        let number = |text: &str, most: usize| -> Option<Option<u32>> {
            if !text.is_empty() && text.bytes().all(|byte| byte == b'?') {
                return Some(None);
            }
            let digits = !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok())
        };
        let parts =
            |year: &str, month: &str, day: &str| DateParts::new(number(year, 4)?, number(month, 2)?, number(day, 2)?);
        let Some(separator) = text.chars().find(|c| !c.is_ascii_digit() && *c != '?') else {
            return match text.len() {
                8 => parts(&text[..4], &text[4..6], &text[6..]),
                4 => parts(text, "?", "?"),
                _ => None,
            };
        };
        if !matches!(separator, '-' | '/' | '.') {
            return None;
        }
        let cells: Vec<&str> = text.splitn(4, separator).collect();
        match cells[..] {
            [year, month] if year.len() == 4 => parts(year, month, "?"),
            [year, month, day] if year.len() == 4 => parts(year, month, day),
            [day, month, year] if year.len() == 4 && separator == '.' => parts(year, month, day),
            [month, day, year] if year.len() == 4 => parts(year, month, day),
            _ => None,
        }
    }
}

impl From<Date> for DateParts {
    fn from(date: Date) -> DateParts {
        let (year, month, day) = date.ymd();
        DateParts { year: u16::try_from(year).ok(), month: Some(month as u8), day: Some(day as u8) }
    }
}

impl fmt::Display for DateParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}")?,
            None => f.write_str("????")?,
        }
        [self.month, self.day].iter().try_for_each(|part| match part {
            Some(part) => write!(f, "-{part:02}"),
            None => f.write_str("-??"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_where_a_date_cannot_be() {
        for (text, expected) in [
            ("1980", "1980-??-??"),
            ("1980-05", "1980-05-??"),
            ("1958-04-56", "1958-04-56"),
            ("19580456", "1958-04-56"),
            ("07/71/1958", "1958-07-71"),
            ("71.07.1958", "1958-07-71"),
            ("1980-00-00", "1980-??-??"),
            ("1980-05-99", "1980-05-??"),
            ("0000-05-17", "????-05-17"),
            ("9999-99-99", "????-??-??"),
            ("????-05-17", "????-05-17"),
            ("1980-5-77", "1980-05-77"),
        ] {
            let parts = DateParts::parse(text).unwrap();
            assert_eq!(parts.to_string(), expected, "{text}");
            assert_eq!(DateParts::parse(expected), Some(parts), "what is written is read again");
            assert_eq!(parts.date(), None);
        }
        for text in
            ["", "12", "198", "19800", "1980-05-17-1", "May 1980", "1980-005", "é980", "１９８０", "5/80", "1980-0?"]
        {
            assert_eq!(DateParts::parse(text), None, "{text}");
        }
        let whole = DateParts::parse("1984-02-29").unwrap();
        assert_eq!(whole.date(), Date::new(1984, 2, 29));
        assert_eq!(DateParts::from(Date::new(1984, 2, 29).unwrap()), whole);
        assert!(DateParts::parse("0000-00-00").unwrap().is_empty());
    }
}
