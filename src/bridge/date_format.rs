//! A date format that a spec states: [`DateFormat`].

use super::BridgeError;
use super::date_words::{is_ordinal, month_named, weekday_length};
use super::keys::check_keys;
use super::written_date::mark;
use crate::record::DateParts;
use crate::record::coded::Dataset;
use std::collections::BTreeMap;
use toml::Value;

/// The formats that a spec states for the dates of either file.
#[derive(Clone, Debug, Default)]
pub(super) struct DateFormats {
    a: Option<DateFormat>,
    b: Option<DateFormat>,
}

impl DateFormats {
    /// Reads the key `date_format` of a spec: a format, or a table with one for each file.
    pub(super) fn parse(name: &str, value: Option<&Value>) -> Result<DateFormats, BridgeError> {
        let one = |value: &Value| {
            value.as_str().and_then(DateFormat::new).ok_or_else(|| {
                let problem = "a date format has %Y or %y, %m or %b, and %d, and perhaps %a";
                let remedy = "write for example \"%d %b %Y\", or { a = \"%Y-%m-%d\", b = \"%d/%m/%Y\" }";
                BridgeError::new(name, problem, remedy).about("date_format")
            })
        };
        match value {
            None => Ok(DateFormats::default()),
            Some(Value::Table(table)) => {
                check_keys(name, "date_format", table, &["a", "b"])?;
                let of = |key: &str| table.get(key).map(one).transpose();
                Ok(DateFormats { a: of("a")?, b: of("b")? })
            }
            Some(value) => one(value).map(|format| DateFormats { a: Some(format.clone()), b: Some(format) }),
        }
    }

    pub(super) fn of(&self, side: Dataset) -> Option<&DateFormat> {
        match side {
            Dataset::A => self.a.as_ref(),
            Dataset::B => self.b.as_ref(),
        }
    }
}

/// The first year that two digits mean unless a spec says otherwise, as in Excel: 30 is 1930 and 29 is 2029.
pub(super) const FIRST_YEAR: u32 = 1930;

/// The year that two digits mean, of the hundred that begin with `first`.
pub(super) fn full_year(digits: u32, first: u32) -> u32 {
    first + (digits + 100 - first % 100) % 100
}

/// A date format of `%Y` or `%y`, `%m` or `%b`, and `%d` with other characters between. The day may be left out, and
/// with it the month. `%a` is a day of the week, which says nothing.
#[derive(Clone, Debug)]
pub(super) struct DateFormat {
    /// As it is stated.
    pub(super) text: String,
    parts: Vec<DatePart>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum DatePart {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Weekday,
    Text(char),
}

impl DateFormat {
    pub(super) fn new(text: &str) -> Option<DateFormat> {
        let mut parts = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            parts.push(match c {
                '%' => match chars.next()? {
                    'Y' => DatePart::Year,
                    'y' => DatePart::ShortYear,
                    'm' => DatePart::Month,
                    'b' | 'B' => DatePart::MonthName,
                    'd' => DatePart::Day,
                    'a' | 'A' => DatePart::Weekday,
                    _ => return None,
                },
                c => DatePart::Text(c),
            });
        }
        let count = |wanted: &[DatePart]| parts.iter().filter(|part| wanted.contains(part)).count();
        let years = count(&[DatePart::Year, DatePart::ShortYear]);
        let (months, days) = (count(&[DatePart::Month, DatePart::MonthName]), count(&[DatePart::Day]));
        (years == 1 && months <= 1 && days <= months).then(|| DateFormat { text: text.to_owned(), parts })
    }

    /// The day stands before the month, in a format with numbers whose year is last.
    pub(super) fn day_first(&self) -> Option<bool> {
        let place = |wanted: DatePart| self.parts.iter().position(|part| *part == wanted);
        let year = place(DatePart::Year).or(place(DatePart::ShortYear))?;
        let (day, month) = (place(DatePart::Day)?, place(DatePart::Month)?);
        (year > day.max(month)).then_some(day < month)
    }

    /// The kind of what stands behind its first number.
    pub(super) fn mark(&self) -> usize {
        let is_number = |part: &&DatePart| !matches!(part, DatePart::Text(_) | DatePart::Weekday);
        match self.parts.iter().skip_while(|part| !is_number(part)).nth(1) {
            Some(DatePart::Text(c)) => mark(Some(*c)),
            _ => mark(None),
        }
    }

    /// The day stands before the month, in a format with numbers whose year is first.
    pub(super) fn day_second(&self) -> Option<bool> {
        let place = |wanted: DatePart| self.parts.iter().position(|part| *part == wanted);
        let year = place(DatePart::Year).or(place(DatePart::ShortYear))?;
        let (day, month) = (place(DatePart::Day)?, place(DatePart::Month)?);
        (year < day.min(month)).then_some(day < month)
    }

    /// The same format with day and month exchanged.
    pub(super) fn exchanged(&self) -> String {
        self.text.replace("%d", "\0").replace("%m", "%d").replace('\0', "%m")
    }

    pub(super) fn has_short_year(&self) -> bool {
        self.parts.contains(&DatePart::ShortYear)
    }

    fn has_day(&self) -> bool {
        self.parts.contains(&DatePart::Day)
    }

    /// The length of a text of digits that is written so.
    fn digits(&self) -> usize {
        self.parts.iter().map(|part| if *part == DatePart::Year { 4 } else { 2 }).sum()
    }

    /// The parts of a date that is written so, whether or not the calendar has it. `first` is the first year that two
    /// digits mean.
    pub(super) fn parse(&self, text: &str, first: u32) -> Option<DateParts> {
        let [year, month, day] = self.numbers(text, first)?;
        DateParts::new(year, month, day)
    }

    /// Says if a date that is written so has a month above 12 or a day above 31 that stands for no missing one.
    pub(super) fn out_of_calendar(&self, text: &str, first: u32) -> Option<bool> {
        let [_, month, day] = self.numbers(text, first)?;
        let is_above = |part: Option<u32>, most: u32| part.is_some_and(|part| part > most && part != 99);
        Some(is_above(month, 12) || is_above(day, 31))
    }

    /// Year, month and day as they are written.
    fn numbers(&self, text: &str, first: u32) -> Option<[Option<u32>; 3]> {
        let (mut year, mut month, mut day) = (None, None, None);
        let mut rest = text.trim();
        for (place, part) in self.parts.iter().enumerate() {
            let digits = |most: usize| -> Option<(u32, usize)> {
                let n = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
                Some((rest[..n].parse().ok()?, n))
            };
            let used = match part {
                DatePart::Text(' ') => rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len()),
                DatePart::Text(c) => {
                    let first = rest.chars().next().filter(|first| first.to_lowercase().eq(c.to_lowercase()));
                    first.map_or(0, char::len_utf8)
                }
                DatePart::Weekday => weekday_length(rest)?,
                DatePart::Year => {
                    let (value, used) = digits(4)?;
                    // 17/05/80 is not of the year 80.
                    year = Some(value).filter(|_| used == 4);
                    used * usize::from(used == 4)
                }
                DatePart::ShortYear => {
                    let (value, used) = digits(2)?;
                    year = Some(full_year(value, first));
                    used
                }
                // It is not known.
                DatePart::Month | DatePart::Day if rest.starts_with('?') => {
                    rest.find(|c| c != '?').unwrap_or(rest.len())
                }
                DatePart::Month => {
                    let (value, used) = digits(2)?;
                    month = Some(value);
                    used
                }
                DatePart::Day => {
                    let (value, used) = digits(2)?;
                    day = Some(value);
                    // `1st`, unless the format itself goes on so.
                    let behind = &rest[used..];
                    let length = behind.find(|c: char| !(c.is_alphabetic() || c == '°')).unwrap_or(behind.len());
                    let is_stated = self
                        .parts
                        .get(place + 1)
                        .is_some_and(|next| matches!(next, DatePart::Text(c) if behind.to_lowercase().starts_with(*c)));
                    used + if !is_stated && is_ordinal(&behind[..length].to_lowercase()) { length } else { 0 }
                }
                DatePart::MonthName => {
                    let used = rest.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
                    month = Some(month_named(&rest[..used])?);
                    used
                }
            };
            if used == 0 {
                return None;
            }
            rest = &rest[used..];
        }
        rest.is_empty().then_some([year, month, day])
    }
}

/// The formats, as `date_format` has them, that dates which are read only if it is stated may have. All `texts` have to be
/// dates in each.
pub(super) fn likely_formats<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> String {
    const OF_DIGITS: [&str; 5] = ["%Y%m", "%y%m%d", "%d%m%y", "%m%d%y", "%y%m"];
    let is_date = |format: &DateFormat, text: &str| {
        let whole = |parts: DateParts| match format.has_day() {
            true => parts.date().is_some(),
            false => format.out_of_calendar(text, FIRST_YEAR) == Some(false) && parts.year().is_some_and(is_likely),
        };
        format.parse(text, FIRST_YEAR).is_some_and(whole)
    };
    let fits = |format: &&str| {
        let format = DateFormat::new(format).expect("it is a format");
        let length = format.digits();
        texts.clone().all(|text| text.len() == length && is_date(&format, text))
    };
    let fitting: Vec<String> = OF_DIGITS.into_iter().filter(fits).map(|format| format!("\"{format}\"")).collect();
    match fitting.split_last() {
        None => "\"%d %b %Y\"".to_owned(),
        Some((one, [])) => one.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// The formats, as `date_format` has them, of the dates that may be read in several ways: the one that most of them are
/// read in, the same with day and month exchanged if their order is open, and the same with the year first if its place is.
pub(super) fn possible_formats(formats: &BTreeMap<String, u64>, order_is_open: bool, year_is_open: bool) -> String {
    let most = formats.iter().max_by_key(|(format, times)| (**times, std::cmp::Reverse(*format)));
    let Some(read) = most.and_then(|(format, _)| DateFormat::new(format)) else { return "\"%d/%m/%Y\"".to_owned() };
    let exchanged = order_is_open.then(|| read.exchanged());
    let year_first = year_is_open.then(|| {
        let mut parts = ["%y", "%m", "%d"].into_iter();
        let pieces = read.text.split_inclusive(['y', 'm', 'd']);
        let piece = |piece: &str| match piece.len().checked_sub(2).filter(|&end| piece[end..].starts_with('%')) {
            Some(end) => piece[..end].to_owned() + parts.next().unwrap_or_default(),
            None => piece.to_owned(),
        };
        pieces.map(piece).collect::<String>()
    });
    let all: Vec<String> =
        [Some(read.text), exchanged, year_first].into_iter().flatten().map(|format| format!("\"{format}\"")).collect();
    all.join(" or ")
}

/// Years that people of today's files were born in.
fn is_likely(year: u32) -> bool {
    (1800..2100).contains(&year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(format: &str, text: &str) -> Option<String> {
        DateFormat::new(format).unwrap().parse(text, FIRST_YEAR).map(|parts| parts.to_string())
    }

    #[test]
    fn a_date_format_reads_what_the_usual_ones_do_not() {
        for (format, text, date) in [
            ("%d %b %Y", "3 May 1984", "1984-05-03"),
            ("%d %b %Y", "03 january 1984", "1984-01-03"),
            ("%d-%B-%y", "17-SEPT-29", "2029-09-17"),
            ("%d. %B %Y", "17. März 1984", "1984-03-17"),
            ("%d-%b-%Y", "03-DIC-1984", "1984-12-03"),
            ("%m/%d/%y", "05/17/30", "1930-05-17"),
            ("%d/%m/%Y", "31/02/1984", "1984-02-31"),
            ("%Y%m%d", "19840503", "1984-05-03"),
            ("%m/%Y", "05/1984", "1984-05-??"),
            ("%a, %d. %b %Y", "Fr., 3. Mai 1984", ""),
            ("%a, %d. %b %Y", "Donnerstag, 3. Mai 1984", "1984-05-03"),
            ("%A %d de %b de %Y", "Quinta-feira 3 DE MAIO  DE 1984", "1984-05-03"),
            ("%a %m/%d/%Y", "mar 05/03/1984", "1984-05-03"),
            ("%b %d, %Y", "May 3rd, 1984", "1984-05-03"),
            ("%b %dth, %Y", "May 4th, 1984", "1984-05-04"),
            ("%dº de %b de %Y", "1º de maio de 1984", "1984-05-01"),
            ("%d %b %Y", "1° maggio 1984", "1984-05-01"),
            ("%d-%b-%Y", "??-May-1984", "1984-05-??"),
            ("%Y", "1984", "1984-??-??"),
        ] {
            assert_eq!(parsed(format, text).as_deref().unwrap_or_default(), date, "{format} {text}");
        }
        for text in [
            "",
            "3 Maj 1984",
            "3 May",
            "3 May 84",
            "3 May 1984 x",
            "３ May 1984",
            "3 Mé",
            "3 maybe 1984",
            "3é May 1984",
        ] {
            assert_eq!(parsed("%d %b %Y", text), None, "{text}");
        }
        for format in ["%d/%Y", "%Y%m%d%H", "%Y%y", "%d", "", "%m%b%Y", "%a"] {
            assert!(DateFormat::new(format).is_none(), "{format}");
        }
        assert_eq!(full_year(0, 2000), 2000);
        assert_eq!((full_year(99, 1950), full_year(49, 1950), full_year(50, 1950)), (1999, 2049, 1950));
    }
}
