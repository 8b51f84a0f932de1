//! The order of the parts of dates: the [`Votes`] of a whole column, and [`How`] each date is read after them.

use super::date_format::{DateFormat, full_year};
use super::written_date::{Form, MARKS, Written};
use crate::record::{Date, DateParts};
use std::borrow::Cow;

/// So many different dates have a day above 12 among them, if the day is behind: not one in ten thousand such files has
/// none.
pub(super) const FEW_DATES: usize = 10;

/// The votes of a column's values, each as often as it comes, on what single dates leave open.
#[derive(Default)]
pub(super) struct Votes {
    /// Of dates whose year is last, by what stands between the parts.
    pub(super) before_year: [Order; MARKS],
    /// Of dates whose year is first.
    pub(super) after_year: Order,
    pub(super) dots: u64,
    pub(super) others: u64,
    pub(super) short_year_first: u64,
    pub(super) short_year_last: u64,
    /// Dates that eight digits are with the year, the day or the month first.
    pub(super) eight: [u64; 3],
    pub(super) serial: u64,
    pub(super) all: u64,
    /// Of dates whose year is last.
    pub(super) ones: Ones,
}

/// The dates that can only have the day, or only the month, before the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) day_first: u64,
    pub(super) month_first: u64,
}

impl Order {
    fn count(&mut self, first: u32, second: u32, times: u64) {
        let day = |number: u32| (13..=31).contains(&number);
        let month = |number: u32| (1..=12).contains(&number);
        self.day_first += times * u64::from(day(first) && month(second));
        self.month_first += times * u64::from(month(first) && day(second));
    }
}

impl Votes {
    /// Those of all dates whose year is last.
    pub(super) fn year_last(&self) -> Order {
        let sum = |of: fn(&Order) -> u64| self.before_year.iter().map(of).sum();
        Order { day_first: sum(|order| order.day_first), month_first: sum(|order| order.month_first) }
    }

    pub(super) fn of(values: &[(&str, Option<Written<'_>>, u64)]) -> Votes {
        let mut votes = Votes::default();
        // Of eight digits, for the case that their year is first.
        let mut after_year = Order::default();
        let (mut ones, mut ones_of_eight) = (Ones::default(), Ones::default());
        for (_, written, times) in values {
            votes.all += times;
            let Some(written) = written else { continue };
            let mut order = |first: u32, second: u32| {
                votes.before_year[written.mark()].count(first, second, *times);
                *(if written.separator == Some('.') { &mut votes.dots } else { &mut votes.others }) += times;
            };
            match written.form {
                Form::YearLast(Some(first), Some(second), _) => {
                    ones.see(first, second);
                    order(first, second);
                }
                Form::Parts(Some(_), Some(first), Some(second)) if written.is_year_and_two_numbers() => {
                    votes.after_year.count(first, second, *times);
                }
                Form::Short(first, second, third) => {
                    // A month and a day have to be left over, unknown ones written as 0 among them.
                    let may_be = |one: u32, other: u32| one.min(other) <= 12 && one.max(other) <= 31;
                    let is_last = may_be(first, second);
                    let is_first = (second <= 12 && third <= 31) || (!is_last && may_be(second, third));
                    votes.short_year_first += times * u64::from(is_first && !is_last);
                    votes.short_year_last += times * u64::from(is_last && !is_first);
                    if is_last {
                        ones.see(first, second);
                        order(first, second);
                    } else {
                        votes.after_year.count(second, third, *times);
                    }
                }
                Form::Eight(digits) => {
                    let is_date = |order: Eight, day_second| {
                        let date = order.parts(digits, day_second).and_then(DateParts::date);
                        date.is_some_and(|date| likely(date.ymd().0 as u32))
                    };
                    let (month, day) = (is_date(Eight::Year, false), is_date(Eight::Year, true));
                    ones_of_eight.see(digits / 1_000_000, digits / 10_000 % 100);
                    after_year.month_first += times * u64::from(month && !day);
                    after_year.day_first += times * u64::from(day && !month);
                    let orders = [month || day, is_date(Eight::Day, false), is_date(Eight::Month, false)];
                    for (vote, is_date) in votes.eight.iter_mut().zip(orders) {
                        *vote += times * u64::from(is_date);
                    }
                }
                Form::Number(number) => votes.serial += times * u64::from(is_serial(number)),
                _ => {}
            }
        }
        if votes.eight[0] >= votes.eight[1].max(votes.eight[2]) {
            votes.after_year.day_first += after_year.day_first;
            votes.after_year.month_first += after_year.month_first;
        } else {
            ones = Ones([0, 1, 2].map(|place| ones.0[place] + ones_of_eight.0[place]));
        }
        votes.ones = ones;
        votes
    }
}

/// Different dates whose year is last: all of them, and those of which the first and the second number is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ones([usize; 3]);

impl Ones {
    fn see(&mut self, first: u32, second: u32) {
        self.0.iter_mut().zip([true, first == 1, second == 1]).for_each(|(count, is)| *count += usize::from(is));
    }

    /// The dates of a column of which one number is 1 throughout, and the other hardly ever: that is the first day of a
    /// month, as files write it that have no days.
    pub(super) fn order(self) -> Order {
        let Ones([all, first, second]) = self;
        let is_day = |ones: usize, others: usize| if ones == all && all >= others + FEW_DATES { all as u64 } else { 0 };
        Order { day_first: is_day(first, second), month_first: is_day(second, first) }
    }
}

/// Orders of eight digits, by the part that is first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Eight {
    Year,
    Day,
    Month,
}

impl Eight {
    /// The parts of eight digits; where the year is first, the day may be second.
    pub(super) fn parts(self, digits: u32, day_second: bool) -> Option<DateParts> {
        let (head, middle, end) = (digits / 1_000_000, digits / 10_000 % 100, digits % 10_000);
        match self {
            Eight::Year if day_second => {
                DateParts::new(Some(digits / 10_000), Some(digits % 100), Some(digits / 100 % 100))
            }
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

/// Days that Excel counts, from 1927 to 2100: numbers of five digits.
fn is_serial(number: u32) -> bool {
    (10_000..=73_415).contains(&number)
}

/// The way in which the dates of a column are read.
#[derive(Clone, Copy)]
pub(super) struct How<'s> {
    pub(super) stated: Option<&'s DateFormat>,
    /// The first year that two digits mean.
    pub(super) first_year: u32,
    /// `true` if the day is first where the year is last, by what stands between the parts.
    pub(super) day_first: [bool; MARKS],
    /// `true` if the day is second where the year is first.
    pub(super) day_second: bool,
    /// Of three numbers of two digits, the first is the year.
    pub(super) short_year_first: bool,
    /// The order of the parts of eight digits.
    pub(super) eight: Eight,
    /// Numbers of five digits are days as Excel counts them.
    pub(super) serial: bool,
}

/// Nobody of a file was born so many years before the first year that two digits mean.
pub(super) const OLDEST: u32 = 50;

impl How<'_> {
    /// Returns `true` for a year in which somebody of a file may have been born.
    pub(super) fn is_usual(&self, year: Option<u32>) -> bool {
        year.is_some_and(|year| (self.first_year - OLDEST..=self.first_year + 99).contains(&year))
    }

    /// The parts of a date in the stated format, perhaps with a time of day behind it.
    pub(super) fn as_stated(&self, text: &str, written: Option<&Written>) -> Option<DateParts> {
        self.read_as(self.stated?, text, written)
    }

    /// The same in any format.
    pub(super) fn read_as(&self, format: &DateFormat, text: &str, written: Option<&Written>) -> Option<DateParts> {
        format.parse(text, self.first_year).or_else(|| format.parse(&written?.text, self.first_year))
    }

    /// The parts of a date, as far as it can be read.
    pub(super) fn read(&self, text: &str) -> Option<DateParts> {
        let written = Written::of(text);
        if let Some(parts) = self.as_stated(text, written.as_ref()) {
            return Some(parts);
        }
        let ordered = |written: &Written, year, first, second| {
            let (day, month) = if self.day_first[written.mark()] { (first, second) } else { (second, first) };
            DateParts::new(year, month, day)
        };
        let after_year = |year, second, third| {
            let (month, day) = if self.day_second { (third, second) } else { (second, third) };
            DateParts::new(Some(year), Some(month), Some(day))
        };
        let written = written?;
        match written.form {
            Form::Parts(Some(year), Some(second), Some(third)) if written.is_year_and_two_numbers() => {
                after_year(year, second, third)
            }
            Form::Parts(year, month, day) => DateParts::new(year, month, day),
            Form::ShortYear(year, month, day) => {
                DateParts::new(Some(full_year(year, self.first_year)), Some(month), Some(day))
            }
            Form::YearLast(first, second, year) => ordered(&written, Some(year), first, second),
            Form::Short(first, second, third) if self.short_year_first => {
                after_year(full_year(first, self.first_year), second, third)
            }
            Form::Short(first, second, third) => {
                let year = full_year(third, self.first_year);
                ordered(&written, Some(year), Some(first), Some(second))
            }
            Form::Eight(digits) => self.eight.parts(digits, self.day_second),
            // A zero at the front was lost where the text was a number for a while.
            Form::Seven(digits) if self.eight != Eight::Year => self.eight.parts(digits, false),
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

    /// The name of the format of a date.
    pub(super) fn format(&self, written: &Written) -> Cow<'static, str> {
        let order = if self.day_first[written.mark()] { ["%d", "%m"] } else { ["%m", "%d"] };
        let after_year = if self.day_second { ["%d", "%m"] } else { ["%m", "%d"] };
        let parts: &[&str] = match written.form {
            _ if written.month_name => return written.shape().into(),
            Form::ShortYear(..) => return written.shape().into(),
            Form::Parts(.., Some(_)) if written.is_year_and_two_numbers() => &["%Y", after_year[0], after_year[1]],
            Form::Parts(.., Some(_)) => &["%Y", "%m", "%d"],
            Form::Parts(_, None, None) => return "%Y".into(),
            Form::Parts(_, _, None) if written.year_first => &["%Y", "%m"],
            Form::Parts(_, _, None) => &["%m", "%Y"],
            Form::YearLast(..) => &[order[0], order[1], "%Y"],
            Form::Short(..) if self.short_year_first => &["%y", after_year[0], after_year[1]],
            Form::Short(..) => &[order[0], order[1], "%y"],
            Form::Eight(_) | Form::Seven(_) => {
                return match self.eight {
                    Eight::Year if self.day_second => "%Y%d%m".into(),
                    Eight::Year => "%Y%m%d".into(),
                    Eight::Day => "%d%m%Y".into(),
                    Eight::Month => "%m%d%Y".into(),
                };
            }
            Form::Number(_) if self.serial => return "Excel's numbers of days".into(),
            Form::Number(_) => return "%Y".into(),
        };
        let weekday = written.weekday();
        if let Some(separator) = written.separator {
            return (weekday + &parts.join(&*separator.to_string())).into();
        }
        // Between numbers there is always something, if only several things.
        let shape = written.shape();
        let behind: Vec<&str> = shape[weekday.len()..].split('%').skip(1).map(|piece| &piece[1..]).collect();
        match behind.split_last() {
            Some((end, [first, others @ ..])) if others.iter().all(|other| other == first) => {
                (weekday + &parts.join(first) + end).into()
            }
            _ => (weekday + &parts.join(" ")).into(),
        }
    }

    /// The same with day and month the other way round, and no format stated.
    pub(super) fn turned(self) -> Self {
        let eight = match self.eight {
            Eight::Year => Eight::Year,
            Eight::Day => Eight::Month,
            Eight::Month => Eight::Day,
        };
        How {
            stated: None,
            day_first: self.day_first.map(|day_first| !day_first),
            day_second: !self.day_second,
            eight,
            ..self
        }
    }
}
