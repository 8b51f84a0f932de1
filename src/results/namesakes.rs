//! Namesakes of the people sought, and the situations of the namesake bank.

use crate::experiment::{self, Counted, Outcome};
use crate::scenario::{Scenario, Situation};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Pairs of a person sought and somebody else on file who have something in common: expected and counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Coincidence {
    /// The thing they have in common.
    pub what: String,
    /// Pairs expected from how common names are.
    pub expected: f64,
    /// Pairs counted.
    pub simulated: u64,
    /// The lower end of the 95 % interval of the count.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// All pairs.
    pub trials: u64,
    /// The meaning of one pair.
    pub of: String,
    /// The method of the interval.
    pub interval: String,
}

impl Coincidence {
    pub(super) fn of(coincidence: &experiment::Coincidence) -> Coincidence {
        let experiment::Coincidence { what, expected, counted } = coincidence;
        let in_pairs = |share: f64| share * counted.rate.trials as f64;
        Coincidence {
            what: what.to_string(),
            expected: *expected,
            simulated: counted.rate.hits,
            low: counted.interval.map(|interval| in_pairs(interval.low)),
            high: counted.interval.map(|interval| in_pairs(interval.high)),
            trials: counted.rate.trials,
            of: counted.of.to_string(),
            interval: counted.method.name().to_string(),
        }
    }
}

/// The frequency of a situation of the namesake bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SituationCount {
    /// Its switch: `as_modelled`, `none`, or how many to add.
    pub switch: String,
    /// Requests to which it was added.
    pub added: u64,
    /// Requests whose person, or whose record, is in it.
    pub requests: u64,
    /// Records of the holder's file that are in it.
    pub records: u64,
    /// Returns in error between whose two people it stands.
    pub wrong: u64,
}

/// The frequency of each situation of the namesake bank.
pub(super) fn situations(scenario: &Scenario, outcome: &Outcome) -> IndexMap<String, SituationCount> {
    let count = |(situation, counted): &(Situation, Counted)| {
        let Counted { added, requests, records, wrong } = *counted;
        let switch = scenario.bank.of(*situation).to_string();
        (situation.name().to_string(), SituationCount { switch, added, requests, records, wrong })
    };
    outcome.situations.iter().map(count).collect()
}
