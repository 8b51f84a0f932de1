//! Dates as files write them: [`read_dates`] tells the format of each column from all its values, reads what can be
//! read, and says what it did.
//!
//! `04/06/1981` alone does not say whether it is in April or in June. A file does, by any date with a day above 12. So
//! the order of day and month is decided once a column and never once a date; where no date decides it, that is said.

use super::date_format::{DateFormat, full_year};
use super::written_date::{Form, Written};
use super::{BridgeError, Spec};
use crate::notice::{Code, Notice, by_number};
use crate::record::coded::{Coding, Dataset};
use crate::record::{Date, DateParts, Field};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Reads the dates among the cells of a file of this name, and puts them there as year, month and day.
pub(super) fn read_dates(
    file: &str,
    cells: &mut Coding,
    spec: &Spec,
    side: Dataset,
) -> Result<Vec<Notice>, BridgeError> {
    let mut notices = Vec::new();
    for (place, (field, columns)) in spec.fields.iter().enumerate().filter(|(_, (field, _))| field.is_date()) {
        let of_birth = *field == Field::DateOfBirth;
        let column = DateColumn { file, name: columns.of(side), spec, of_birth };
        // A format that is stated is that of the dates of birth.
        let stated = spec.date_formats.of(side).filter(|_| of_birth);
        let (how, found) = column.look_at(cells, place, stated)?;
        notices.extend(column.notices(&how, &found));
        if found.to_be_written {
            cells.recode(place, |text| match how.read(text) {
                Some(parts) if parts.is_empty() => "".into(),
                Some(parts) => parts.to_string().into(),
                None => Cow::Borrowed(text),
            });
        }
    }
    Ok(notices)
}

/// The way in which the dates of a column are read.
struct How<'s> {
    stated: Option<&'s DateFormat>,
    /// The first year that two digits mean.
    first_year: u32,
    day_first: bool,
    /// Of three numbers of two digits, the first is the year.
    short_year_first: bool,
    /// The order of the parts of eight digits.
    eight: Eight,
    /// Numbers of five digits are days as Excel counts them.
    serial: bool,
}

/// Orders of eight digits, by the part that is first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Eight {
    Year,
    Day,
    Month,
}

impl Eight {
    fn parts(self, digits: u32) -> Option<DateParts> {
        let (head, middle, end) = (digits / 1_000_000, digits / 10_000 % 100, digits % 10_000);
        match self {
            Eight::Year => DateParts::new(Some(digits / 10_000), Some(digits / 100 % 100), Some(digits % 100)),
            Eight::Day => DateParts::new(Some(end), Some(middle), Some(head)),
            Eight::Month => DateParts::new(Some(end), Some(head), Some(middle)),
        }
    }
}

/// Years that people of today's files were born in, and what else is dated in them.
fn likely(year: u32) -> bool {
    (1800..=2100).contains(&year)
}

/// The format that dates have here.
const PLAIN: &str = "%Y-%m-%d";

/// Says if a text is a date in the format that dates have here.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' && Date::parse(text).is_some()
}

/// Days that Excel counts, from 1927 to 2100: numbers of five digits.
fn is_serial(number: u32) -> bool {
    (10_000..=73_415).contains(&number)
}

impl How<'_> {
    /// The parts of a date in the stated format, perhaps with a time of day behind it.
    fn as_stated(&self, text: &str, written: Option<&Written>) -> Option<DateParts> {
        let format = self.stated?;
        format.parse(text, self.first_year).or_else(|| format.parse(&written?.text, self.first_year))
    }

    fn read(&self, text: &str) -> Option<DateParts> {
        let written = Written::of(text);
        if let Some(parts) = self.as_stated(text, written.as_ref()) {
            return Some(parts);
        }
        let ordered = |year, first, second| {
            let (day, month) = if self.day_first { (first, second) } else { (second, first) };
            DateParts::new(year, month, day)
        };
        match written?.form {
            Form::Parts(year, month, day) => DateParts::new(year, month, day),
            Form::ShortYear(year, month, day) => {
                DateParts::new(Some(full_year(year, self.first_year)), Some(month), Some(day))
            }
            Form::YearLast(first, second, year) => ordered(Some(year), first, second),
            Form::Short(first, second, third) if self.short_year_first => {
                DateParts::new(Some(full_year(first, self.first_year)), Some(second), Some(third))
            }
            Form::Short(first, second, third) => {
                ordered(Some(full_year(third, self.first_year)), Some(first), Some(second))
            }
            Form::Eight(digits) => self.eight.parts(digits),
            // A zero at the front was lost where the text was a number for a while.
            Form::Seven(digits) if self.eight != Eight::Year => self.eight.parts(digits),
            Form::Number(days)
                if self.serial && (is_serial(days) || ((61..10_000).contains(&days) && !likely(days))) =>
            {
                // Excel has a 29 February 1900; the days behind it are counted from 30 December 1899.
                Some(Date(Date::new(1899, 12, 30)?.0 + days as i32).into())
            }
            Form::Number(year) if !self.serial && likely(year) => DateParts::new(Some(year), None, None),
            Form::Seven(_) | Form::Number(_) => None,
        }
    }
}

/// Findings in a column.
#[derive(Default)]
struct Found {
    /// Times that each format comes.
    formats: BTreeMap<String, u64>,
    /// Cells that are not empty.
    cells: u64,
    /// Cells that were read in full, and the rest with examples.
    whole: u64,
    in_part: Told,
    unread: Told,
    /// Dates of birth in years in which nobody of such a file was born.
    unlikely: Told,
    /// Dates whose day and month, or year, may be exchanged, where nothing in the column decides.
    open: Told,
    times: bool,
    short_years: bool,
    /// A cell has to be written in another form than it has.
    to_be_written: bool,
}

/// Nobody of a file was born so many years before the first year that two digits mean.
const OLDEST: u32 = 50;

impl Found {
    /// Takes in the year of a date.
    fn see_year(&mut self, year: Option<u32>, text: &str, times: u64, how: &How) {
        let usual = how.first_year - OLDEST..=how.first_year + 99;
        if year.is_some_and(|year| !usual.contains(&year)) {
            self.unlikely.add(text, times);
        }
    }
}

/// Cells of a kind, and the first of them by the alphabet, which is the same however the rows are ordered.
#[derive(Default)]
struct Told {
    cells: u64,
    examples: Vec<String>,
}

impl Told {
    fn add(&mut self, text: &str, times: u64) {
        self.cells += times;
        if self.examples.len() < Notice::EXAMPLES || self.examples.last().is_some_and(|last| text < last.as_str()) {
            self.examples.push(text.to_owned());
            self.examples.sort_unstable();
            self.examples.truncate(Notice::EXAMPLES);
        }
    }
}

/// The votes of a column's values, each as often as it comes, on what single dates leave open.
#[derive(Default)]
struct Votes {
    day_first: u64,
    month_first: u64,
    dots: u64,
    others: u64,
    short_year_first: u64,
    short_year_last: u64,
    eight: [u64; 3],
    serial: u64,
    all: u64,
}

impl Votes {
    fn of(values: &[(&str, Option<Written<'_>>, u64)]) -> Votes {
        let mut votes = Votes::default();
        for (_, written, times) in values {
            votes.all += times;
            let Some(written) = written else { continue };
            let day = |number: u32| (13..=31).contains(&number);
            let month = |number: u32| (1..=12).contains(&number);
            let mut order = |first: u32, second: u32| {
                votes.day_first += times * u64::from(day(first) && month(second));
                votes.month_first += times * u64::from(month(first) && day(second));
                *(if written.separator == Some('.') { &mut votes.dots } else { &mut votes.others }) += times;
            };
            match written.form {
                Form::YearLast(Some(first), Some(second), _) => order(first, second),
                Form::Short(first, second, third) => {
                    // A month and a day have to be left over, unknown ones written as 0 among them.
                    let is_first = second <= 12 && third <= 31;
                    let is_last = first.min(second) <= 12 && first.max(second) <= 31;
                    votes.short_year_first += times * u64::from(is_first && !is_last);
                    votes.short_year_last += times * u64::from(is_last && !is_first);
                    if is_last {
                        order(first, second);
                    }
                }
                Form::Eight(digits) => {
                    let orders = [Eight::Year, Eight::Day, Eight::Month];
                    for (vote, order) in votes.eight.iter_mut().zip(orders) {
                        let date = order.parts(digits).and_then(DateParts::date);
                        *vote += times * u64::from(date.is_some_and(|date| likely(date.ymd().0 as u32)));
                    }
                }
                Form::Number(number) => votes.serial += times * u64::from(is_serial(number)),
                _ => {}
            }
        }
        votes
    }
}

/// A column of dates, for errors and notices.
struct DateColumn<'s> {
    file: &'s str,
    name: &'s str,
    spec: &'s Spec,
    of_birth: bool,
}

impl<'s> DateColumn<'s> {
    /// Reads the dates of a file once: their format, and the parts that occur.
    fn look_at(
        &self,
        cells: &Coding,
        place: usize,
        stated: Option<&'s DateFormat>,
    ) -> Result<(How<'s>, Found), BridgeError> {
        let all = cells.values(place);
        let mut times = vec![0_u64; all.len()];
        cells.codes(place).for_each(|code| times[code as usize] += 1);
        let values = all.iter().zip(&times).skip(1).filter(|(_, times)| **times > 0);
        // Most files have nothing else, and of those nothing needs to be told or done.
        let (plain_values, values): (Vec<_>, Vec<_>) = values.partition(|(text, _)| stated.is_none() && is_plain(text));
        let plain: u64 = plain_values.iter().map(|(_, times)| **times).sum();
        let values: Vec<(&str, Option<Written>, u64)> =
            values.into_iter().map(|(text, &times)| (text, Written::of(text), times)).collect();
        let votes = Votes::of(&values);
        let stated_order = stated.and_then(DateFormat::day_first);
        let day_first = match stated_order {
            Some(day_first) => day_first,
            None => self.day_first(&votes)?,
        };
        let [year_first, day_first_eight, month_first_eight] = votes.eight;
        let how = How {
            stated,
            first_year: self.spec.first_year,
            day_first,
            short_year_first: votes.short_year_first > votes.short_year_last,
            eight: if year_first >= day_first_eight.max(month_first_eight) {
                Eight::Year
            } else if day_first_eight > month_first_eight || (day_first_eight == month_first_eight && day_first) {
                Eight::Day
            } else {
                Eight::Month
            },
            serial: votes.serial * 2 > votes.all + plain,
        };
        let order_is_open = stated_order.is_none() && votes.day_first + votes.month_first == 0;
        let mut found = self.found(&how, &votes, &values, order_is_open);
        for (text, times) in plain_values {
            found.see_year(text.get(..4).and_then(|year| year.parse().ok()), text, *times, &how);
        }
        if !self.of_birth {
            found.unlikely = Told::default();
        }
        if plain > 0 {
            found.cells += plain;
            found.whole += plain;
            *found.formats.entry(PLAIN.to_owned()).or_default() += plain;
        }
        // A format that more than a quarter of the dates do not have is the wrong one: no file errs so often.
        if stated.is_some() && found.unread.cells * 4 >= found.cells && found.unread.cells > 0 {
            let example = found.unread.examples.first().cloned().unwrap_or_default();
            let problem = format!(
                "{} of {} dates of {}, column {:?}, are not written so, {example:?} among them",
                found.unread.cells, found.cells, self.file, self.name
            );
            let remedy =
                "change it to how the file writes dates; for each file its own: { a = \"%Y-%m-%d\", b = \"%d/%m/%Y\" }";
            return Err(BridgeError::new(&self.spec.name, problem, remedy).about("date_format"));
        }
        Ok((how, found))
    }

    /// Says if the day stands before the month, where the year is last. Refused where a column has it both ways.
    fn day_first(&self, votes: &Votes) -> Result<bool, BridgeError> {
        let (most, least) = (votes.day_first.max(votes.month_first), votes.day_first.min(votes.month_first));
        if least * 10 >= most && least > 0 {
            let problem = format!(
                "dates are written both ways: {} with the day first and {} with the month first",
                votes.day_first, votes.month_first
            );
            let remedy = "write them one way, or state date_format = \"%d/%m/%Y\" in the spec to read all of them so";
            return Err(BridgeError::new(self.file, problem, remedy).about(format!("column {:?}", self.name)));
        }
        // Where nothing decides, the convention of what stands between: 04.06.1981 is German, 04/06/1981 American.
        Ok(if most == 0 { votes.dots > votes.others } else { votes.day_first > votes.month_first })
    }

    fn found(&self, how: &How, votes: &Votes, values: &[(&str, Option<Written>, u64)], order_is_open: bool) -> Found {
        let mut found = Found::default();
        let year_is_open = votes.short_year_first == votes.short_year_last;
        let eight_is_open = votes.eight[1] == votes.eight[2] && how.eight != Eight::Year;
        for (text, written, times) in values {
            found.cells += times;
            let Some(parts) = how.read(text) else {
                found.unread.add(text, *times);
                continue;
            };
            found.see_year(parts.year(), text, *times, how);
            match parts.date() {
                Some(_) => found.whole += times,
                None => found.in_part.add(text, *times),
            }
            // Years first without anything between are read so by the normal form.
            let only_digits = text.len() == 8 && matches!(written, Some(Written { form: Form::Eight(_), .. }));
            let as_it_is = only_digits && how.eight == Eight::Year && parts.date().is_some();
            found.to_be_written |= !as_it_is && !found.to_be_written && **text != *parts.to_string();
            found.times |= written.as_ref().is_some_and(|written| written.has_time);
            let format = match (how.as_stated(text, written.as_ref()), written) {
                (None, Some(written)) => {
                    let open = match written.form {
                        Form::YearLast(first, second, _) => order_is_open && first != second,
                        Form::Short(..) => year_is_open || (order_is_open && !how.short_year_first),
                        Form::Eight(_) | Form::Seven(_) => eight_is_open && order_is_open,
                        _ => false,
                    };
                    if open {
                        found.open.add(text, *times);
                    }
                    found.short_years |= matches!(written.form, Form::Short(..) | Form::ShortYear(..));
                    self.format(how, written)
                }
                _ => {
                    found.short_years |= how.stated.is_some_and(DateFormat::has_short_year);
                    how.stated.map_or("".into(), |format| format.text.clone().into())
                }
            };
            match found.formats.get_mut(&*format) {
                Some(cells) => *cells += times,
                None => drop(found.formats.insert(format.into_owned(), *times)),
            }
        }
        found
    }

    /// The name of the format of a date.
    fn format(&self, how: &How, written: &Written) -> Cow<'static, str> {
        let order = if how.day_first { ["%d", "%m"] } else { ["%m", "%d"] };
        let parts: &[&str] = match written.form {
            Form::Parts(.., Some(_)) if !written.month_name && written.year_first => &["%Y", "%m", "%d"],
            Form::Parts(_, None, None) => return "%Y".into(),
            Form::Parts(_, _, None) if written.month_name => return "%b %Y".into(),
            Form::Parts(_, _, None) if written.year_first => &["%Y", "%m"],
            Form::Parts(_, _, None) => &["%m", "%Y"],
            Form::Parts(..) if written.year_first => &["%Y", "%b", "%d"],
            Form::Parts(..) => &["%d", "%b", "%Y"],
            Form::ShortYear(..) => &["%d", "%b", "%y"],
            Form::YearLast(..) => &[order[0], order[1], "%Y"],
            Form::Short(..) if how.short_year_first => &["%y", "%m", "%d"],
            Form::Short(..) => &[order[0], order[1], "%y"],
            Form::Eight(_) | Form::Seven(_) => {
                return match how.eight {
                    Eight::Year => "%Y%m%d".into(),
                    Eight::Day => "%d%m%Y".into(),
                    Eight::Month => "%m%d%Y".into(),
                };
            }
            Form::Number(_) if how.serial => return "Excel's numbers of days".into(),
            Form::Number(_) => return "%Y".into(),
        };
        // Between numbers there is always something, if only several things.
        let several = if written.month_name { "" } else { " " };
        parts.join(written.separator.map_or(several.to_owned(), String::from).as_str()).into()
    }

    fn notices(&self, how: &How, found: &Found) -> Vec<Notice> {
        let column = format!("{}, column {:?}", self.file, self.name);
        let mut notices = Vec::new();
        let usual = |format: &String| matches!(format.as_str(), PLAIN | "%Y%m%d");
        if found.times || !found.formats.keys().all(usual) {
            let mut formats: Vec<(&String, &u64)> = found.formats.iter().collect();
            formats.sort_by_key(|(name, times)| (std::cmp::Reverse(**times), *name));
            let formats: Vec<String> = formats.iter().map(|(name, times)| format!("{name} ({times})")).collect();
            let mut sentence = format!("{column}: dates are read as {}.", formats.join(", "));
            if found.short_years {
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
            if found.times {
                sentence += " Times of day are left out, and dates are not changed to another time zone.";
            }
            notices.push(Notice::new(Code::DateFormats, sentence).counting(found.whole + found.in_part.cells));
        }
        let mut tell = |code, told: &Told, sentence: String| {
            if told.cells > 0 {
                let examples = told.examples.iter().map(String::as_str);
                notices.push(Notice::new(code, sentence).counting(told.cells).with_examples(examples));
            }
        };
        let order = match (how.short_year_first, how.day_first) {
            (true, _) => "year first",
            (false, true) => "day first",
            (false, false) => "month first",
        };
        let other = if how.day_first { "%m/%d/%Y" } else { "%d/%m/%Y" };
        tell(
            Code::DatesOpen,
            &found.open,
            format!(
                "{column}: nothing in the column says which number is the day, the month or the year of {} {}, read {order}. \
                 State the format in the spec, such as date_format = \"{other}\".",
                found.open.cells,
                by_number(found.open.cells, "date", "dates")
            ),
        );
        tell(
            Code::DatesInPart,
            &found.in_part,
            format!(
                "{column}: {} of {} {}, compared by the parts that are there.",
                found.in_part.cells,
                found.cells,
                by_number(
                    found.in_part.cells,
                    "dates lacks a part or is in no calendar",
                    "dates lack a part or are in no calendar"
                )
            ),
        );
        tell(
            Code::DatesNotRead,
            &found.unread,
            format!(
                "{column}: {} of {} dates cannot be read, compared as missing. If they have one format, state it in the spec, \
                 such as date_format = \"%d %b %Y\".",
                found.unread.cells, found.cells
            ),
        );
        tell(
            Code::DatesUnlikely,
            &found.unlikely,
            format!(
                "{column}: {} of {} dates of birth {} before {} or after {}. If people of such a file were born then, write \
                 first_year in the spec: {first} is why these two years.",
                found.unlikely.cells,
                found.cells,
                by_number(found.unlikely.cells, "is", "are"),
                how.first_year - OLDEST,
                how.first_year + 99,
                first = how.first_year
            ),
        );
        notices
    }
}
