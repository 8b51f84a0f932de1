//! Dates as files write them: [`read_dates`] tells the format of each column from all its values, reads what can be
//! read, and says what it did.
//!
//! `04/06/1981` alone does not say whether it is in April or in June. A file does, by any date with a day above 12. So
//! the order of day and month is decided once a column and never once a date; where no date decides it, that is said.

use super::date_format::{DateFormat, likely_formats};
use super::date_votes::{Eight, How, Order, Votes};
use super::heaps::heaped;
use super::written_date::{Form, Written};
use super::{BridgeError, Spec};
use crate::notice::{Code, Notice, Told, by_number};
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
        let column = DateColumn { file, side, name: columns.of(side), spec, of_birth };
        // A format that is stated is that of the dates of birth.
        let stated = spec.date_formats.of(side).filter(|_| of_birth);
        notices.extend(heaped(file, column.name, cells, place, true));
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

/// The format that dates have here.
const PLAIN: &str = "%Y-%m-%d";

/// Says if a text is a date in the format that dates have here.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' && Date::parse(text).is_some()
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
    /// Those among them that would be dates with day and month exchanged.
    turned: u64,
    /// Cells that are dates, and would be none with day and month exchanged.
    one_way: u64,
    unread: Told,
    /// The formats that those may have.
    likely: String,
    /// Cells in the stated format with a month above 12 or a day above 31.
    out_of_calendar: u64,
    /// Cells that have the stated format.
    as_stated: u64,
    /// Dates of birth in years in which nobody of such a file was born.
    unlikely: Told,
    /// Dates whose day and month, or year, may be exchanged, where nothing in the column decides.
    open: Told,
    /// Dates with the year first, where no value of the column is above 12.
    year_first: Told,
    times: bool,
    short_years: bool,
    /// A cell has to be written in another form than it has.
    to_be_written: bool,
}

/// So many different dates have a day above 12 among them, if the day is behind: not one in ten thousand such files has
/// none.
const FEW_DATES: usize = 10;

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

/// A value of a column, what it says of a date, and how often it comes.
fn written<'t>((text, times): (&'t str, &u64)) -> (&'t str, Option<Written<'t>>, u64) {
    (text, Written::of(text), *times)
}

/// A column of dates, for errors and notices.
struct DateColumn<'s> {
    file: &'s str,
    side: Dataset,
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
        let (mut plain_values, values): (Vec<_>, Vec<_>) =
            values.partition(|(text, _)| stated.is_none() && is_plain(text));
        let mut plain: u64 = plain_values.iter().map(|(_, times)| **times).sum();
        let mut values: Vec<(&str, Option<Written>, u64)> = values.into_iter().map(written).collect();
        let mut votes = Votes::of(&values);
        // Where no date has its day behind the year, there is nothing to count.
        if votes.after_year.day_first > 0 {
            votes.after_year.month_first +=
                plain_values.iter().filter(|(text, _)| &text[8..] > "12").map(|(_, times)| **times).sum::<u64>();
        }
        let stated_order = stated.and_then(DateFormat::day_first);
        let day_first = match stated_order {
            Some(day_first) => day_first,
            None => self.day_first(&votes)?,
        };
        let day_second = match stated.and_then(DateFormat::day_second) {
            Some(day_second) => day_second,
            None => self.day_second(&votes)?,
        };
        if day_second {
            values.extend(plain_values.drain(..).map(written));
            plain = 0;
        }
        // With the year first and no day above 12 anywhere, the second number may be either.
        let has_order = votes.after_year != Order::default() || plain_values.iter().any(|(text, _)| &text[8..] > "12");
        let [year_first, day_first_eight, month_first_eight] = votes.eight;
        let how = How {
            stated,
            first_year: self.spec.first_year,
            day_first,
            day_second,
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
        let order_is_open = stated_order.is_none() && votes.before_year == Order::default();
        let mut found = self.found(&how, &votes, &values, order_is_open);
        if found.unread.cells > 0 {
            let unread = values.iter().map(|(text, ..)| *text).filter(|text| how.read(text).is_none());
            found.likely = likely_formats(unread);
        }
        let mut year_first = Told::default();
        let mut different = 0;
        if !has_order && stated.is_none() {
            let of_plain = plain_values.iter().map(|(text, times)| (*text, **times, text[5..7] != text[8..]));
            let of_others = values.iter().filter(|(_, written, _)| {
                written.as_ref().is_some_and(|written| match written.form {
                    Form::Eight(_) => how.eight == Eight::Year,
                    _ => written.is_year_and_two_numbers(),
                })
            });
            for (text, times, _) in
                of_plain.chain(of_others.map(|(text, _, times)| (*text, *times, true))).filter(|date| date.2)
            {
                year_first.add(text, times);
                different += 1;
            }
        }
        // Of a few dates none has a day above 12 by chance.
        if different >= FEW_DATES {
            found.year_first = year_first;
        }
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
        if found.as_stated == 0 && found.cells > 0 && stated.is_some() {
            let of_file = if self.side == Dataset::A { "b" } else { "a" };
            let example = values.iter().map(|(text, ..)| *text).min().unwrap_or_default();
            let problem = format!(
                "no date of {}, column {:?}, is written so; its {} {} like {example:?}",
                self.file,
                self.name,
                found.cells,
                by_number(found.cells, "date is", "dates are")
            );
            let remedy = format!("leave it out, or state it for the other file alone: {{ {of_file} = \"%d/%m/%Y\" }}");
            return Err(BridgeError::new(&self.spec.name, problem, remedy).about("date_format"));
        }
        if let Some(format) = stated.filter(|_| found.turned > 0 && found.one_way == 0) {
            let problem = format!(
                "read so, {} of {} dates of {}, column {:?}, are in no calendar; with day and month exchanged all of them are \
                 dates",
                found.turned, found.cells, self.file, self.name
            );
            let of_file = if self.side == Dataset::A { "a" } else { "b" };
            let remedy = format!("write {{ {of_file} = {:?} }}, or correct these dates", format.exchanged());
            return Err(BridgeError::new(&self.spec.name, problem, remedy).about("date_format"));
        }
        if let Some(format) = stated.filter(|_| found.out_of_calendar * 2 > found.cells) {
            let problem = format!(
                "read so, {} of {} dates of {}, column {:?}, have a month above 12 or a day above 31",
                found.out_of_calendar, found.cells, self.file, self.name
            );
            let remedy = format!("see whether the file writes them as {:?} says", format.text);
            return Err(BridgeError::new(&self.spec.name, problem, remedy).about("date_format"));
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
        let order = votes.before_year;
        self.one_way(order, ["with the day first", "with the month first"], "%d/%m/%Y")?;
        // Where nothing decides, the convention of what stands between: 04.06.1981 is German, 04/06/1981 American.
        Ok(if order == Order::default() { votes.dots > votes.others } else { order.day_first > order.month_first })
    }

    /// Says if the day stands before the month, where the year is first. Nearly nobody writes so, and a month above 12 is
    /// an error more often: one date alone decides nothing.
    fn day_second(&self, votes: &Votes) -> Result<bool, BridgeError> {
        let order = votes.after_year;
        if order.day_first < 2 {
            return Ok(false);
        }
        self.one_way(order, ["with the day behind the year", "with the month behind the year"], "%Y-%d-%m")?;
        Ok(order.day_first > order.month_first)
    }

    /// Refuses a column that has day and month both ways.
    fn one_way(&self, order: Order, named: [&str; 2], format: &str) -> Result<(), BridgeError> {
        let Order { day_first, month_first } = order;
        let (most, least) = (day_first.max(month_first), day_first.min(month_first));
        if least == 0 || least * 10 < most {
            return Ok(());
        }
        let problem = format!("dates are written both ways: {day_first} {} and {month_first} {}", named[0], named[1]);
        let key = if self.side == Dataset::A { "a" } else { "b" };
        let remedy = format!(
            "write them one way, or state date_format = {{ {key} = \"{format}\" }} in the spec to read all of them so"
        );
        Err(BridgeError::new(self.file, problem, remedy).about(format!("column {:?}", self.name)))
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
            let turned = || how.turned().read(text).and_then(DateParts::date).is_some();
            let is_turned = parts.date().is_none() && turned();
            found.turned += times * u64::from(is_turned);
            found.one_way += times * u64::from(how.stated.is_some() && parts.date().is_some() && !turned());
            // Years first without anything between are read so by the normal form.
            let only_digits = text.len() == 8 && matches!(written, Some(Written { form: Form::Eight(_), .. }));
            let as_it_is = only_digits && how.eight == Eight::Year && !how.day_second && parts.date().is_some();
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
                    found.as_stated += times;
                    let is_out = how.stated.and_then(|format| format.out_of_calendar(text, how.first_year));
                    found.out_of_calendar += times * u64::from(is_out == Some(true));
                    found.short_years |= how.stated.is_some_and(DateFormat::has_short_year);
                    how.stated.map_or("".into(), |format| format.text.clone().into())
                }
            };
            if is_turned {
                continue;
            }
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
        let after_year = if how.day_second { ["%d", "%m"] } else { ["%m", "%d"] };
        let parts: &[&str] = match written.form {
            _ if written.month_name => return written.shape().into(),
            Form::ShortYear(..) => return written.shape().into(),
            Form::Parts(.., Some(_)) if written.is_year_and_two_numbers() => &["%Y", after_year[0], after_year[1]],
            Form::Parts(.., Some(_)) => &["%Y", "%m", "%d"],
            Form::Parts(_, None, None) => return "%Y".into(),
            Form::Parts(_, _, None) if written.year_first => &["%Y", "%m"],
            Form::Parts(_, _, None) => &["%m", "%Y"],
            Form::YearLast(..) => &[order[0], order[1], "%Y"],
            Form::Short(..) if how.short_year_first => &["%y", after_year[0], after_year[1]],
            Form::Short(..) => &[order[0], order[1], "%y"],
            Form::Eight(_) | Form::Seven(_) => {
                return match how.eight {
                    Eight::Year if how.day_second => "%Y%d%m".into(),
                    Eight::Year => "%Y%m%d".into(),
                    Eight::Day => "%d%m%Y".into(),
                    Eight::Month => "%m%d%Y".into(),
                };
            }
            Form::Number(_) if how.serial => return "Excel's numbers of days".into(),
            Form::Number(_) => return "%Y".into(),
        };
        // Between numbers there is always something, if only several things.
        parts.join(written.separator.map_or(" ".to_owned(), String::from).as_str()).into()
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
                sentence += " Times of day and zones are left out, and dates are not changed to another time zone.";
            }
            notices.push(Notice::new(Code::DateFormats, sentence).counting(found.whole + found.in_part.cells));
        }
        if let Some(format) = how.stated.filter(|_| found.as_stated * 4 < found.cells * 3) {
            let sentence = format!(
                "{column}: {} of {} dates are written as date_format says ({}); the others are read as usual, or not at all.",
                found.as_stated, found.cells, format.text
            );
            notices.push(Notice::new(Code::DateFormatMisses, sentence).counting(found.cells - found.as_stated));
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
            Code::DatesOpen,
            &found.year_first,
            format!(
                "{column}: nothing in the column says whether the month or the day is behind the year in {} {}, read with the \
                 month there. State the format in the spec, such as date_format = \"%Y-%m-%d\" or \"%Y-%d-%m\".",
                found.year_first.cells,
                by_number(found.year_first.cells, "date", "dates")
            ),
        );
        tell(
            Code::DatesInPart,
            &found.in_part,
            format!(
                "{column}: {} of {} {}, compared by the parts that are there.{}",
                found.in_part.cells,
                found.cells,
                by_number(
                    found.in_part.cells,
                    "dates lacks a part or is in no calendar",
                    "dates lack a part or are in no calendar"
                ),
                match found.turned {
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
            &found.unread,
            format!(
                "{column}: {} of {} dates cannot be read, compared as missing. If they have one format, state it in the spec, \
                 such as date_format = {}.",
                found.unread.cells, found.cells, found.likely
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
