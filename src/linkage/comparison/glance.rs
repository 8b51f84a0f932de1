//! Values compared by their codes alone: [`Glance`].

use super::comparer::{How, Measure, Step};
use super::levels::{DateDigits, date_level_of, digits_of_date};
use super::sketch::Sketch;
use super::{ALIKE, Nicknames};
use crate::record::coded::{Values, end_to_end};

/// Knowledge of each value of a field, by code, so that most pairs of values need no look at their text.
#[derive(Clone, Debug)]
pub(super) enum Glance<'f> {
    Nothing,
    /// Two values are the same or they are not.
    Exact,
    /// Sketches that settle of most pairs that they reach no level.
    Sketches(Settle, Vec<Sketch>),
    /// The same of surnames.
    Surnames(Vec<Sketch>),
    /// The same of given names, with the groups of nicknames that each stands in.
    GivenNames(Vec<Sketch>, Vec<&'f [u16]>),
    /// Dates, which are compared by their digits.
    Dates(Vec<Option<DateDigits>>),
}

/// The cases in which two sketches settle that two values reach no level.
#[derive(Clone, Copy, Debug)]
pub(super) enum Settle {
    JaroBelow(f64),
    JaroWinklerBelow(f64),
    EditsAbove(f64),
}

impl<'f> Glance<'f> {
    /// The knowledge of values that a step has a use for.
    pub(super) fn of(step: &Step, values: &Values, nicknames: &'f Nicknames) -> Glance<'f> {
        let sketches = || end_to_end(&[values.len()], |_, code| Sketch::of(values.get(code as u32)));
        let settle = match (&step.how, step.measure) {
            (How::Similarity(_, cuts), Measure::Jaro) => cuts.first().map(|&cut| Settle::JaroBelow(cut)),
            (How::Similarity(_, cuts), Measure::JaroWinkler) => cuts.first().map(|&cut| Settle::JaroWinklerBelow(cut)),
            (How::Distance(_, cuts), _) => cuts.first().map(|&cut| Settle::EditsAbove(f64::from(cut))),
            _ => None,
        };
        match (&step.how, settle) {
            (_, Some(settle)) => Glance::Sketches(settle, sketches()),
            (How::Exact, _) => Glance::Exact,
            (How::Surname, _) => Glance::Surnames(sketches()),
            (How::GivenName, _) => {
                Glance::GivenNames(sketches(), values.iter().map(|name| nicknames.groups(name)).collect())
            }
            (How::Date, _) => Glance::Dates(values.iter().map(digits_of_date).collect()),
            _ => Glance::Nothing,
        }
    }

    /// Returns `true` if a value reaches the level of agreement with itself. One and the same text of a date that is not
    /// known in full is not one and the same day.
    #[inline]
    pub(super) fn is_whole(&self, code: u32) -> bool {
        match self {
            Glance::Dates(dates) => dates[code as usize].is_some_and(|digits| !digits.contains(&b'?')),
            _ => true,
        }
    }

    /// The level of two values, if their codes say it.
    #[inline]
    pub(super) fn level(&self, x: u32, y: u32) -> Option<Option<u8>> {
        let (x, y) = (x as usize, y as usize);
        let differs = |is_so: bool| is_so.then_some(Some(0));
        match self {
            Glance::Nothing => None,
            Glance::Exact => differs(true),
            Glance::Dates(dates) => Some(dates[x].zip(dates[y]).and_then(|(x, y)| date_level_of(x, y))),
            Glance::Sketches(settle, sketches) => {
                let (x, y) = (&sketches[x], &sketches[y]);
                differs(match settle {
                    Settle::JaroBelow(cut) => x.most_jaro(y).is_some_and(|most| most < *cut),
                    Settle::JaroWinklerBelow(cut) => x.most_jaro_winkler(y).is_some_and(|most| most < *cut),
                    Settle::EditsAbove(cut) => x.least_edits(y).is_some_and(|least| least > *cut),
                })
            }
            // Of one word each, two surnames that are not the same share none.
            Glance::Surnames(sketches) => {
                let (x, y) = (&sketches[x], &sketches[y]);
                differs(x.is_word() && y.is_word() && x.most_jaro_winkler(y).is_some_and(|most| most < ALIKE))
            }
            Glance::GivenNames(sketches, groups) => {
                let (of_x, of_y) = (&sketches[x], &sketches[y]);
                let are_related = groups[x].iter().any(|group| groups[y].contains(group));
                let are_names = !of_x.is_initial() && !of_y.is_initial();
                differs(are_names && !are_related && of_x.most_jaro_winkler(of_y).is_some_and(|most| most < ALIKE))
            }
        }
    }
}
