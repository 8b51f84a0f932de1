//! Counts of follow-ups: what people did about the answers and what followed, for right and for wrong persons.
//!
//! Returning the right person can do harm too. So this counts beside identity whether the person was sought in error, the
//! address was out of date, or a required check was not made.

use super::follow_up::{StepRow, days, steps};
use super::{Attribute, Fate, FollowUp, Judged, Stop};
use crate::record::RecordId;
use crate::scenario::Safeguards;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Takes the answers that people held back out of what a request is given, and corrects its fate.
pub fn hold_back(judged: &mut Judged, stopped: &BTreeMap<RecordId, Stop>) {
    let right_was = judged.returned.iter().find(|(_, right)| *right).map(|(answer, _)| answer.record);
    let before = judged.returned.len();
    judged.returned.retain(|(answer, _)| !stopped.contains_key(&answer.record));
    if judged.returned.len() == before {
        return;
    }
    judged.fate = judged.fate_when(true);
    if let Some(stop) = right_was.and_then(|record| stopped.get(&record)) {
        judged.lost_at = Some(stop.lost_at());
    }
}

impl Judged {
    /// The fate that follows from what is returned; `held` says whether records answered that were held back.
    pub(super) fn fate_when(&self, held: bool) -> Fate {
        match (self.right(), self.returned.len()) {
            (true, 1) => Fate::RightAlone,
            (true, _) => Fate::RightWithOthers,
            (false, 1..) => Fate::WrongOnly,
            (false, 0) if held => Fate::Withheld,
            (false, 0) if self.on_file => Fate::NotReturned,
            (false, 0) => Fate::CorrectlyNobody,
        }
    }
}

/// A count for the person sought, and one for somebody else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RightAndWrong {
    /// Of the person sought.
    pub right: u64,
    /// Of somebody else.
    pub wrong: u64,
}

impl RightAndWrong {
    fn add(&mut self, right: bool, count: u64) {
        *if right { &mut self.right } else { &mut self.wrong } += count;
    }
}

/// One step on the way of answers, and how many took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// The step in words.
    pub says: &'static str,
    /// The answers that took it.
    pub answers: RightAndWrong,
}

/// The follow-ups of some answers, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The steps that these terms have, in order.
    pub steps: Vec<Step>,
    /// Person-days of waiting after a notice, under each consequence, and for which records are kept.
    pub person_days: Vec<(&'static str, RightAndWrong)>,
}

/// The follow-ups of all answers, counted, and of those about people of each group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Counts of all answers.
    pub all: Tally,
    /// By attribute and value of the person found.
    pub by_group: Vec<(Attribute, Vec<Tally>)>,
}

/// Counts what became of answers.
pub fn outcomes(safeguards: &Safeguards, attributes: &[Attribute], follow_ups: &[FollowUp]) -> Outcomes {
    let of_value =
        |at: usize, value: usize| tally(safeguards, follow_ups.iter().filter(|f| usize::from(f.profile[at]) == value));
    let of_attribute = |(at, attribute): (usize, &Attribute)| {
        (attribute.clone(), (0..attribute.values.len()).map(|value| of_value(at, value)).collect())
    };
    Outcomes {
        all: tally(safeguards, follow_ups.iter()),
        by_group: attributes.iter().enumerate().map(of_attribute).collect(),
    }
}

fn tally<'f>(safeguards: &Safeguards, follow_ups: impl Iterator<Item = &'f FollowUp> + Clone) -> Tally {
    let sum = |of: &dyn Fn(&FollowUp) -> u64| {
        let mut sum = RightAndWrong::default();
        follow_ups.clone().for_each(|f| sum.add(f.case.right, of(f)));
        sum
    };
    let step = |(name, says, took): StepRow| {
        let answers = sum(&|f| u64::from(took(f)));
        Step { name, says, answers }
    };
    let days = days(safeguards).into_iter().map(|(name, of)| (name, sum(&|f| of(f).unwrap_or(0))));
    Tally { person_days: days.collect(), steps: steps(safeguards).into_iter().map(step).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::LostAt;
    use super::*;
    use crate::agreement::{Answer, Refusal};
    use crate::linkage::decision::Score;

    #[test]
    fn what_is_held_back_changes_the_fate_and_says_where_the_right_person_was_lost() {
        let answer = |record| Answer { score: Score(1000), record: RecordId(record) };
        let both = Judged {
            admitted: Ok::<usize, Refusal>(0),
            on_file: true,
            fate: Fate::RightWithOthers,
            lost_at: None,
            returned: vec![(answer(1), true), (answer(2), false)],
        };
        let without = |stopped: &[(u64, Stop)]| {
            let mut judged = both.clone();
            hold_back(&mut judged, &stopped.iter().map(|(record, stop)| (RecordId(*record), *stop)).collect());
            (judged.fate, judged.lost_at, judged.returned.len())
        };
        assert_eq!(without(&[]), (Fate::RightWithOthers, None, 2));
        assert_eq!(without(&[(2, Stop::Review)]), (Fate::RightAlone, None, 1));
        assert_eq!(without(&[(1, Stop::Review)]), (Fate::WrongOnly, Some(LostAt::Review), 1));
        let all = [(1, Stop::Notice), (2, Stop::Review)];
        assert_eq!(without(&all), (Fate::Withheld, Some(LostAt::Withheld), 0));
    }
}
