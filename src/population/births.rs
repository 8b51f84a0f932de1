//! The days of a year on which people are born.
//!
//! Days of the year follow the shares of births in the United States from 1994 to 2014 (National Center for Health
//! Statistics and Social Security Administration, by day): a smooth season with its peak in September, and holidays on
//! which fewer children are born, 1 January at 0.70 of a mean day. Fewer are born at weekends, and the more so the later
//! the year, since births came to be planned. No date stands for an unknown one here: such dates are errors of files.

use super::TODAY;
use crate::random::Stream;
use crate::record::Date;

/// Shares of births by weekday, from Monday (the same source), over an even share.
const WEEKDAYS: [f64; 7] = [1.038, 1.150, 1.129, 1.122, 1.107, 0.771, 0.687];

/// The strength of the weekday effect, over its mean of 1994–2014: from the coincidence of dates within a year, which
/// was 1.02 of an even one in 1994 and 1.046 at the end; straight in between and before, down to none.
fn weekday_strength(year: i32) -> f64 {
    (0.72 + 0.028 * f64::from(year - 1994)).clamp(0.0, 1.2)
}

/// The most that season and weekday raise a day over a mean one: what candidates are measured against.
const MOST_WEEKDAY: f64 = 1.18;

/// Relative frequencies of births by day of the year.
pub(super) struct Births {
    /// By day of a leap year, over the most likely day.
    days: [f64; 366],
    /// By year from [`FIRST_YEAR`]: the chance that two people born in it share the day.
    alike: Vec<f64>,
}

/// The first year whose days are summed up beforehand; hardly anybody alive is older.
const FIRST_YEAR: i32 = 1900;

impl Births {
    pub(super) fn new() -> Births {
        let mut days = [0.0; 366];
        let lines = include_str!("../../synthetic-data/population/births-by-day.csv").lines().skip(1);
        for (day, line) in days.iter_mut().zip(lines) {
            *day = line.rsplit(',').next().and_then(|share| share.parse().ok()).expect("a share ends every line");
        }
        // The published share of 29 February is over years most of which have none.
        days[59] = (days[58] + days[60]) / 2.0;
        let most = days.iter().fold(0.0, |most: f64, &day| most.max(day));
        let mut births = Births { days: days.map(|day| day / most), alike: Vec::new() };
        births.alike = (FIRST_YEAR..=TODAY.ymd().0).map(|year| births.sum_of_squares(year)).collect();
        births
    }

    /// The chance that two people born in `year` were born on the same day of it: Σ p² of its days.
    pub(super) fn same_date(&self, year: i32) -> f64 {
        let known = usize::try_from(year - FIRST_YEAR).ok().and_then(|place| self.alike.get(place));
        known.copied().unwrap_or_else(|| self.sum_of_squares(year))
    }

    fn sum_of_squares(&self, year: i32) -> f64 {
        let start = Date::new(year, 1, 1).expect("every year has a first day").0;
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let last = (TODAY.0 - start + 1).clamp(0, if leap { 366 } else { 365 });
        let (mut sum, mut squares) = (0.0, 0.0);
        for day in 0..last {
            let weight = self.weight(start, day, leap, weekday_strength(year));
            sum += weight;
            squares += weight * weight;
        }
        if sum > 0.0 { squares / (sum * sum) } else { 0.0 }
    }

    /// The relative weight of a day of a year, counted from 0.
    fn weight(&self, start: i32, day: i32, leap: bool, strength: f64) -> f64 {
        // Day 0, 1 January 1970, was a Thursday.
        let weekday = (start + day + 3).rem_euclid(7) as usize;
        let season = self.days[if leap || day < 59 { day } else { day + 1 } as usize];
        season * (1.0 + strength * (WEEKDAYS[weekday] - 1.0))
    }

    /// A day of the year in which somebody of `age` years was born, not after today.
    pub(super) fn date(&self, age: f64, stream: &mut Stream) -> Date {
        let (year, ..) = Date(TODAY.0 - (age * 365.2425) as i32).ymd();
        let start = Date::new(year, 1, 1).expect("every year has a first day").0;
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let strength = weekday_strength(year);
        let last = (TODAY.0 - start + 1).min(if leap { 366 } else { 365 }) as u64;
        loop {
            let day = stream.below(last) as i32;
            if stream.uniform() * MOST_WEEKDAY < self.weight(start, day, leap, strength) {
                return Date(start + day);
            }
        }
    }
}

/// The share of people born in `year` who were born as one of two, in births per birth: 18.9 per 1,000 up to 1980, 33.3
/// in 2009, 33.9 in 2014, 31.2 from 2021 on (National Center for Health Statistics), straight in between.
pub(super) fn twins(year: i32) -> f64 {
    const POINTS: [(i32, f64); 4] = [(1980, 0.0189), (2009, 0.0333), (2014, 0.0339), (2021, 0.0312)];
    let (first, last) = (POINTS[0], POINTS[POINTS.len() - 1]);
    if year <= first.0 {
        return first.1;
    }
    for pair in POINTS.windows(2) {
        let ((from, low), (to, high)) = (pair[0], pair[1]);
        if year <= to {
            return low + (high - low) * f64::from(year - from) / f64::from(to - from);
        }
    }
    last.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Decision, Seed};

    #[test]
    fn a_birthday_is_of_the_right_year_and_never_in_the_future() {
        let births = Births::new();
        let mut stream = Seed(1).stream(Decision::named("test"), 0);
        for i in 0..20_000 {
            let age = f64::from(i % 400) * 0.25;
            let (date, about) = (births.date(age, &mut stream), Date(TODAY.0 - (age * 365.2425) as i32));
            assert!(date <= TODAY && date.ymd().0 == about.ymd().0, "{date}");
        }
    }

    #[test]
    fn the_new_year_has_seven_tenths_of_a_mean_day_and_leap_days_happen() {
        let births = Births::new();
        let mut stream = Seed(2).stream(Decision::named("test"), 0);
        let n = 1_000_000;
        let (mut new_year, mut leap, mut weekend) = (0.0, 0.0, 0);
        for i in 0..n {
            let date = births.date(f64::from(10 + i % 20), &mut stream);
            let (_, month, day) = date.ymd();
            new_year += f64::from(u8::from((month, day) == (1, 1)));
            leap += f64::from(u8::from((month, day) == (2, 29)));
            weekend += u32::from((date.0 + 3).rem_euclid(7) >= 5);
        }
        let mean = f64::from(n) / 365.25;
        assert!((new_year / mean - 0.70).abs() < 0.05, "{}", new_year / mean);
        assert!((leap / mean - 0.25).abs() < 0.05, "{}", leap / mean);
        assert!((f64::from(weekend) / f64::from(n) - 0.208).abs() < 0.01, "{weekend}");
    }

    #[test]
    fn twins_were_rarer_before_1980() {
        assert_eq!(twins(1950), 0.0189);
        assert!((twins(2009) - 0.0333).abs() < 1e-12);
        assert_eq!(twins(2025), 0.0312);
    }
}
