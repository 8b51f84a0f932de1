//! Findings in a column of dates, and the notices about them: [`Found`].

use super::date_format::possible_formats;
use super::date_votes::{Eight, FEW_DATES, How, OLDEST};
use super::written_date::{Form, Written};
use crate::notice::{Code, Notice, Told, by_number};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The format that dates have here.
pub(super) const PLAIN: &str = "%Y-%m-%d";

/// Findings in a column.
#[derive(Default)]
pub(super) struct Found {
    /// Times that each format comes.
    pub(super) formats: BTreeMap<String, u64>,
    /// Cells that are not empty.
    pub(super) cells: u64,
    /// Cells that were read in full, and the rest with examples.
    pub(super) whole: u64,
    pub(super) in_part: Told,
    /// Those among them that would be dates with day and month exchanged.
    pub(super) turned: u64,
    /// Cells that are dates, and would be none with day and month exchanged.
    pub(super) one_way: u64,
    pub(super) unread: Told,
    /// Those among them that are no usual word for a missing value.
    pub(super) unread_dates: u64,
    /// The formats that those may have.
    pub(super) likely: String,
    /// Cells in the stated format with a month above 12 or a day above 31.
    pub(super) out_of_calendar: u64,
    /// Cells that have the stated format.
    pub(super) as_stated: u64,
    /// Dates of birth in years in which nobody of such a file was born.
    pub(super) unlikely: Told,
    /// Dates whose day and month, or year, may be exchanged, where nothing in the column decides.
    pub(super) open: Told,
    /// Times that each of their formats comes.
    pub(super) open_formats: BTreeMap<String, u64>,
    /// The year of two digits, or day and month, may be any of their numbers.
    pub(super) year_is_open: bool,
    pub(super) order_is_open: bool,
    /// Some of the dates whose order is open are read with the month first, and some with the day.
    pub(super) open_day_first: [bool; 2],
    /// Dates with the year first, where no value of the column is above 12.
    pub(super) year_first: Told,
    /// Times that each of their formats comes.
    pub(super) year_first_formats: BTreeMap<String, u64>,
    pub(super) times: bool,
    pub(super) short_years: bool,
    /// A cell has to be written in another form than it has.
    pub(super) to_be_written: bool,
}

impl Found {
    /// Takes in the dates with the year first, of which none has a number above 12 behind it.
    pub(super) fn see_year_first<'t>(
        &mut self,
        how: &How,
        plain: impl Iterator<Item = (&'t str, u64)>,
        others: &[(&'t str, Option<Written>, u64)],
    ) {
        let mut told = Told::default();
        let mut formats: BTreeMap<String, u64> = BTreeMap::new();
        let (mut different, mut first_days) = (0, 0);
        let mut see = |text: &str, times: u64, second: u32, third: u32, format: Cow<'_, str>| {
            // The order changes nothing.
            if second != third {
                different += 1;
                first_days += usize::from(third == 1);
                told.add(text, times);
                *formats.entry(format.into_owned()).or_default() += times;
            }
        };
        for (text, times) in plain {
            let number = |part: &str| part.parse().unwrap_or_default();
            see(text, times, number(&text[5..7]), number(&text[8..]), PLAIN.into());
        }
        for (text, written, times) in others {
            let Some(written) = written else { continue };
            let numbers = match written.form {
                Form::Eight(digits) if how.eight == Eight::Year => Some((digits / 100 % 100, digits % 100)),
                Form::Short(_, second, third) if how.short_year_first => Some((second, third)),
                Form::Parts(_, Some(second), Some(third)) if written.is_year_and_two_numbers() => Some((second, third)),
                _ => None,
            };
            if let Some((second, third)) = numbers {
                see(text, *times, second, third, how.format(written));
            }
        }
        // Of a few dates none has a day above 12 by chance, and of files without days all are the first of a month.
        if different >= FEW_DATES && first_days < different {
            (self.year_first, self.year_first_formats) = (told, formats);
        }
    }

    /// Takes in the year of a date.
    pub(super) fn see_year(&mut self, year: Option<u32>, text: &str, times: u64, how: &How) {
        if year.is_some() && !how.is_usual(year) {
            self.unlikely.add(text, times);
        }
    }

    /// The notices about a column, which is given as they call it.
    pub(super) fn notices(&self, column: &str, how: &How) -> Vec<Notice> {
        let mut notices = Vec::new();
        let usual = |format: &String| matches!(format.as_str(), PLAIN | "%Y%m%d");
        if self.times || !self.formats.keys().all(usual) {
            let mut formats: Vec<(&String, &u64)> = self.formats.iter().collect();
            formats.sort_by_key(|(name, times)| (std::cmp::Reverse(**times), *name));
            let formats: Vec<String> = formats.iter().map(|(name, times)| format!("{name} ({times})")).collect();
            let mut sentence = format!("{column}: dates are read as {}.", formats.join(", "));
            if self.short_years {
                let first = how.first_year;
                // Writing to a string cannot fail.
                let _ = write!(
                    sentence,
                    " Years of two digits are read as {first} to {}; first_year in the spec changes that.",
                    first + 99
                );
            }
            if how.serial {
                sentence += " Days are counted from 30 December 1899.";
            }
            if self.times {
                sentence += " Times of day and zones are left out, and dates are not changed to another time zone.";
            }
            notices.push(Notice::new(Code::DateFormats, sentence).counting(self.whole + self.in_part.cells));
        }
        if let Some(format) = how.stated.filter(|_| self.as_stated * 4 < self.cells * 3) {
            let sentence = format!(
                "{column}: {} of {} dates are written as date_format says ({}); the others are read as usual, or not at all.",
                self.as_stated, self.cells, format.text
            );
            notices.push(Notice::new(Code::DateFormatMisses, sentence).counting(self.cells - self.as_stated));
        }
        let mut tell = |code, told: &Told, sentence: String| {
            if told.cells > 0 {
                let examples = told.examples.iter().map(String::as_str);
                notices.push(Notice::new(code, sentence).counting(told.cells).with_examples(examples));
            }
        };
        let order = match (how.short_year_first, self.open_day_first) {
            (true, _) => "year first",
            (false, [true, true]) => "day first with full stops and month first with other marks",
            (false, [_, true]) => "day first",
            (false, _) => "month first",
        };
        tell(
            Code::DatesOpen,
            &self.open,
            format!(
                "{column}: nothing in the column says which number is the day, the month or the year of {} {}, read {order}. \
                 {}.",
                self.open.cells,
                by_number(self.open.cells, "date", "dates"),
                match how.stated {
                    None => {
                        let formats = possible_formats(&self.open_formats, self.order_is_open, self.year_is_open);
                        format!("State the format in the spec: date_format = {formats}")
                    }
                    Some(format) => format!("Write them as the others are, {:?}", format.text),
                }
            ),
        );
        tell(
            Code::DatesOpen,
            &self.year_first,
            format!(
                "{column}: nothing in the column says whether the month or the day is behind the year in {} {}, read with the \
                 month there. State the format in the spec: date_format = {}.",
                self.year_first.cells,
                by_number(self.year_first.cells, "date", "dates"),
                possible_formats(&self.year_first_formats, true, false)
            ),
        );
        tell(
            Code::DatesInPart,
            &self.in_part,
            format!(
                "{column}: {} of {} {}, compared by the parts that are there.{}",
                self.in_part.cells,
                self.cells,
                by_number(
                    self.in_part.cells,
                    "dates lacks a part or is in no calendar",
                    "dates lack a part or are in no calendar"
                ),
                match self.turned {
                    0 => String::new(),
                    turned => format!(
                        " {turned} of them would be {} with day and month the other way round: write all in one way.",
                        by_number(turned, "a date", "dates")
                    ),
                }
            ),
        );
        tell(
            Code::DatesNotRead,
            &self.unread,
            format!(
                "{column}: {} of {} dates cannot be read, compared as missing. If they have one format, state it in the spec, \
                 such as date_format = {}.",
                self.unread.cells, self.cells, self.likely
            ),
        );
        tell(
            Code::DatesUnlikely,
            &self.unlikely,
            format!(
                "{column}: {} of {} dates of birth {} before {} or after {}. If people of such a file were born then, write \
                 first_year in the spec: {first} is why these two years.",
                self.unlikely.cells,
                self.cells,
                by_number(self.unlikely.cells, "is", "are"),
                how.first_year - OLDEST,
                how.first_year + 99,
                first = how.first_year
            ),
        );
        notices
    }
}
