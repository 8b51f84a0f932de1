//! Dates as somebody else writes them.

use crate::record::Date;

/// A date format of `%Y`, `%m` or `%b`, and `%d` with other characters between.
#[derive(Clone, Debug)]
pub(super) struct DateFormat(Vec<DatePart>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum DatePart {
    Year,
    Month,
    MonthName,
    Day,
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
                    'm' => DatePart::Month,
                    'b' => DatePart::MonthName,
                    'd' => DatePart::Day,
                    _ => return None,
                },
                c => DatePart::Text(c),
            });
        }
        let once = |part: DatePart| parts.iter().filter(|&&p| p == part).count() == 1;
        let month = once(DatePart::Month) != once(DatePart::MonthName);
        (once(DatePart::Year) && month && once(DatePart::Day)).then_some(DateFormat(parts))
    }

    pub(super) fn parse(&self, text: &str) -> Option<Date> {
        let (mut year, mut month, mut day) = (0, 0, 0);
        let mut rest = text.trim();
        for part in &self.0 {
            let digits = |most: usize, rest: &str| -> Option<(u32, usize)> {
                let n = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
                Some((rest[..n].parse().ok()?, n))
            };
            let used = match part {
                DatePart::Text(c) => {
                    rest = rest.strip_prefix(*c)?;
                    continue;
                }
                DatePart::Year => {
                    let (value, used) = digits(4, rest)?;
                    year = value as i32;
                    used
                }
                DatePart::Month | DatePart::Day => {
                    let (value, used) = digits(2, rest)?;
                    *(if *part == DatePart::Day { &mut day } else { &mut month }) = value;
                    used
                }
                DatePart::MonthName => {
                    let name = rest.get(..3)?.to_ascii_lowercase();
                    const MONTHS: [&str; 12] =
                        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
                    month = MONTHS.iter().position(|month| *month == name)? as u32 + 1;
                    rest.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum()
                }
            };
            rest = &rest[used..];
        }
        rest.is_empty().then(|| Date::new(year, month, day)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_format_reads_what_the_usual_ones_do_not() {
        let format = DateFormat::new("%d %b %Y").unwrap();
        assert_eq!(format.parse("3 May 1984"), Date::new(1984, 5, 3));
        assert_eq!(format.parse("03 january 1984"), Date::new(1984, 1, 3));
        for text in ["", "3 Mai 1984", "3 May", "31 Feb 1984", "3 May 1984 x", "３ May 1984", "3 Mé"] {
            assert_eq!(format.parse(text), None, "{text}");
        }
        assert!(DateFormat::new("%d/%Y").is_none() && DateFormat::new("%Y%m%d%H").is_none());
    }
}
