//! Dates as files write them: [`read_dates`] tells the format of each column from all its values, reads what can be
//! read, and says what it did.
//!
//! `04/06/1981` alone does not say whether it is in April or in June. A file does, by any date with a day above 12. So
//! the order of day and month is decided once a column and never once a date; where no date decides it, that is said.

use super::date_findings::{Found, PLAIN};
use super::date_format::{DateFormat, likely_formats};
use super::date_votes::{Eight, How, Order, Votes};
use super::heaps::heaped;
use super::missing::is_usual_in_fields;
use super::written_date::{Form, MARKS, MARKS_IN_WORDS, Written, mark};
use super::{BridgeError, Spec};
use crate::notice::{Notice, Told, by_number};
use crate::record::coded::{Coding, Dataset};
use crate::record::{Date, DateParts, Field};
use std::borrow::Cow;

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
        notices.extend(found.notices(&format!("{file}, column {:?}", column.name), &how));
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

/// Says if a text is a date in the format that dates have here.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' && Date::parse(text).is_some()
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
        // That all were born in the first days of January is no reading of such a column.
        if self.of_birth && votes.year_last() == Order::default() {
            votes.before_year = [votes.ones.order(); MARKS];
        }
        // Where no date has its day behind the year, there is nothing to count.
        if votes.after_year.day_first > 0 {
            votes.after_year.month_first +=
                plain_values.iter().filter(|(text, _)| &text[8..] > "12").map(|(_, times)| **times).sum::<u64>();
        }
        let (day_first, order_is_open) = self.day_first(&votes, &values, stated)?;
        let day_second = match stated.and_then(DateFormat::day_second) {
            Some(day_second) => day_second,
            None => self.day_second(&votes, &values)?,
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
            } else if day_first_eight > month_first_eight
                || (day_first_eight == month_first_eight && day_first[mark(None)])
            {
                Eight::Day
            } else {
                Eight::Month
            },
            serial: votes.serial * 2 > votes.all + plain,
        };
        let mut found = self.found(&how, &votes, &values, order_is_open);
        if found.unread.cells > 0 {
            let unread = values.iter().map(|(text, ..)| *text).filter(|text| how.read(text).is_none());
            found.likely = likely_formats(unread);
        }
        if !has_order && stated.is_none() {
            found.see_year_first(&how, plain_values.iter().map(|(text, times)| (*text, **times)), &values);
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
        // Of words for a missing value alone no format can be told.
        let missing = found.unread.cells - found.unread_dates;
        if found.as_stated == 0 && found.cells > missing && stated.is_some() {
            let (own, of_file) = if self.side == Dataset::A { ("a", "b") } else { ("b", "a") };
            let texts = values.iter().map(|(text, ..)| *text).filter(|text| !is_usual_in_fields(text));
            let example = texts.min().unwrap_or_default();
            let problem = format!(
                "no date of {}, column {:?}, is written so; its {} {} like {example:?}",
                self.file,
                self.name,
                found.cells,
                by_number(found.cells, "date is", "dates are")
            );
            let format = stated.map_or("%d/%m/%Y", |format| &format.text);
            let other = self.spec.date_formats.of(if self.side == Dataset::A { Dataset::B } else { Dataset::A });
            let read_as = found.formats.iter().max_by_key(|(_, times)| **times).map(|(format, _)| format);
            let remedy = match (other, read_as) {
                (None, Some(read_as)) => {
                    format!("leave it out, or state how this file writes them: {{ {own} = {read_as:?} }}")
                }
                _ => format!("leave it out, or state it for the other file alone: {{ {of_file} = {format:?} }}"),
            };
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
        if stated.is_some() && found.unread_dates * 4 >= found.cells && found.unread_dates > 0 {
            let example = found.unread.examples.first().cloned().unwrap_or_default();
            let problem = format!(
                "{} of {} dates of {}, column {:?}, are not written so, {example:?} among them",
                found.unread_dates, found.cells, self.file, self.name
            );
            let written =
                "change it to how the file writes dates; for each file its own: { a = \"%Y-%m-%d\", b = \"%d/%m/%Y\" }";
            let remedy = match example.bytes().any(|byte| byte.is_ascii_digit()) {
                true => written.to_owned(),
                false => format!(
                    "if {example:?} stands for a missing value, write missing = [{example:?}]; if not, {written}"
                ),
            };
            return Err(BridgeError::new(&self.spec.name, problem, remedy).about("date_format"));
        }
        Ok((how, found))
    }

    /// Says if the day stands before the month, where the year is last, by what stands between the parts, and if that is
    /// open. Refused where a column has it both ways with one mark.
    fn day_first(
        &self,
        votes: &Votes,
        values: &[(&str, Option<Written>, u64)],
        stated: Option<&DateFormat>,
    ) -> Result<([bool; MARKS], [bool; MARKS]), BridgeError> {
        const NAMED: [&str; 2] = ["with the day first", "with the month first"];
        let stated = stated.and_then(|format| Some((format.mark(), format.day_first()?)));
        let (of_all, marks) = (votes.year_last(), votes.before_year);
        let of_mark = |order: Order| order.day_first > order.month_first;
        let decided = || marks.into_iter().filter(|order| *order != Order::default()).map(of_mark);
        let alike = decided().all(|day_first| day_first) || !decided().any(|day_first| day_first);
        let contradict = !is_one_way(of_all);
        let (mut day_first, mut is_open) = ([false; MARKS], [false; MARKS]);
        for (mark, order) in marks.into_iter().enumerate() {
            // Where nothing decides, the order of the others, or the convention of what stands between: 04.06.1981 is
            // German, 04/06/1981 American.
            let usual = match stated {
                Some((_, day_first)) => day_first,
                None if of_all == Order::default() || !alike => mark == 0,
                None => of_mark(of_all),
            };
            let telling = order.day_first.max(order.month_first);
            let is_stated = stated.is_some_and(|(stated, _)| stated == mark);
            if stated.is_none() && contradict {
                self.one_way(order, Some(mark), NAMED, values, Votes::year_last)?;
            }
            // One date beside many others may be an error.
            let decides = telling > 1 || (telling == 1 && (contradict || of_mark(order) == usual));
            day_first[mark] = if decides && !is_stated { of_mark(order) } else { usual };
            is_open[mark] = !decides && !is_stated;
        }
        Ok((day_first, is_open))
    }

    /// Says if the day stands before the month, where the year is first. Nearly nobody writes so, and a month above 12 is
    /// an error more often: one date alone decides nothing.
    fn day_second(&self, votes: &Votes, values: &[(&str, Option<Written>, u64)]) -> Result<bool, BridgeError> {
        let order = votes.after_year;
        if order.day_first < 2 {
            return Ok(false);
        }
        let named = ["with the day behind the year", "with the month behind the year"];
        self.one_way(order, None, named, values, |votes| votes.after_year)?;
        Ok(order.day_first > order.month_first)
    }

    /// Refuses a column that has day and month both ways, with one mark or with any.
    fn one_way(
        &self,
        order: Order,
        mark: Option<usize>,
        named: [&str; 2],
        values: &[(&str, Option<Written>, u64)],
        of: fn(&Votes) -> Order,
    ) -> Result<(), BridgeError> {
        if is_one_way(order) {
            return Ok(());
        }
        let Order { day_first, month_first } = order;
        let words = mark.and_then(|mark| MARKS_IN_WORDS.get(mark));
        let with = words.map_or(String::new(), |words| format!(" with {words}"));
        let problem =
            format!("dates{with} are written both ways: {day_first} {} and {month_first} {}", named[0], named[1]);
        let key = if self.side == Dataset::A { "a" } else { "b" };
        // As the first of the dates is written that most are like.
        let most = day_first > month_first;
        let of_one = |value: &&(&str, Option<Written>, u64)| Votes::of(std::slice::from_ref(*value));
        let is_telling = |value: &&(&str, Option<Written>, u64)| {
            let order = of(&of_one(value));
            let has_mark = mark.is_none() || value.1.as_ref().map(Written::mark) == mark;
            has_mark && if most { order.day_first > 0 } else { order.month_first > 0 }
        };
        let telling = values.iter().filter(is_telling).min_by_key(|(text, ..)| *text);
        let format = telling.and_then(|value| {
            let votes = of_one(&value);
            let how = How {
                stated: None,
                first_year: self.spec.first_year,
                day_first: [most; MARKS],
                day_second: most,
                short_year_first: votes.year_last() == Order::default(),
                eight: match most {
                    _ if votes.eight[0] > 0 => Eight::Year,
                    true => Eight::Day,
                    false => Eight::Month,
                },
                serial: false,
            };
            value.1.as_ref().map(|written| how.format(written))
        });
        let format = format.unwrap_or_default();
        let remedy = format!(
            "write them one way, or state date_format = {{ {key} = \"{format}\" }} in the spec to read all of them so"
        );
        Err(BridgeError::new(self.file, problem, remedy).about(format!("column {:?}", self.name)))
    }

    fn found(
        &self,
        how: &How,
        votes: &Votes,
        values: &[(&str, Option<Written>, u64)],
        order_is_open: [bool; MARKS],
    ) -> Found {
        let mut found = Found::default();
        let year_is_open = votes.short_year_first == votes.short_year_last;
        let exchanged = how.stated.and_then(|format| DateFormat::new(&format.exchanged()));
        let eight_is_open = votes.eight[1] == votes.eight[2] && how.eight != Eight::Year;
        for (text, written, times) in values {
            found.cells += times;
            let Some(parts) = how.read(text) else {
                found.unread.add(text, *times);
                found.unread_dates += times * u64::from(!is_usual_in_fields(text));
                continue;
            };
            found.see_year(parts.year(), text, *times, how);
            match parts.date() {
                Some(_) => found.whole += times,
                None => found.in_part.add(text, *times),
            }
            // The day and month of a date with the year first are no year of a birth.
            let turned = || {
                let parts = match &exchanged {
                    Some(format) => how.read_as(format, text, written.as_ref()),
                    None => how.turned().read(text),
                };
                parts.filter(|parts| how.is_usual(parts.year())).and_then(DateParts::date).is_some()
            };
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
                    let order_is_open = order_is_open[written.mark()];
                    let open = match written.form {
                        Form::YearLast(first, second, _) => order_is_open && first != second,
                        Form::Short(..) => year_is_open || (order_is_open && !how.short_year_first),
                        Form::Eight(_) | Form::Seven(_) => eight_is_open && order_is_open,
                        _ => false,
                    };
                    let format = how.format(written);
                    if open {
                        found.open.add(text, *times);
                        found.order_is_open |= order_is_open;
                        found.open_day_first[usize::from(how.day_first[written.mark()])] = true;
                        *found.open_formats.entry(format.clone().into_owned()).or_default() += times;
                        found.year_is_open |= year_is_open && matches!(written.form, Form::Short(..));
                    }
                    found.short_years |= matches!(written.form, Form::Short(..) | Form::ShortYear(..));
                    format
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
}

/// Returns `true` unless a tenth or more of the telling dates contradict the others.
fn is_one_way(order: Order) -> bool {
    let (most, least) = (order.day_first.max(order.month_first), order.day_first.min(order.month_first));
    least == 0 || least * 10 < most
}
