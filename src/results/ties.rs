//! Losses beside those from exact ties.

use super::{ByGroup, Rate};
use crate::evaluation::{self, Measured};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The losses of a run beside those from exact ties, for everybody and by group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ties {
    /// Requests that were not resolved correctly.
    pub actual: Rate,
    /// The losses from exact ties: a lower bound for every rule that sees only the recorded fields, seen in hindsight.
    pub from_exact_ties: FromTies,
    /// Losses by where they happened.
    pub lost: IndexMap<String, u64>,
    /// The same by attribute and value of the person sought.
    pub by_group: ByGroup<Losses>,
    /// The loss of a flexible rule that learned from labelled pairs of other seeds: an estimate of the Bayes risk from
    /// above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned: Option<Rate>,
}

/// The losses of some requests beside those from exact ties.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Losses {
    /// Requests that were not resolved correctly.
    pub actual: Rate,
    /// The losses from exact ties: a lower bound for every rule that sees only the recorded fields, seen in hindsight.
    pub from_exact_ties: FromTies,
    /// Losses by where they happened.
    pub lost: IndexMap<String, u64>,
}

/// Losses from exact ties: people whose recorded fields are the same.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FromTies {
    /// Their expected number.
    pub expected_losses: f64,
    /// Requests.
    pub trials: u64,
    /// Their share of the requests; null without requests.
    pub share: Option<f64>,
}

impl Ties {
    pub(super) fn of(ties: &evaluation::Ties, learned: Option<&Measured>) -> Ties {
        let groups = ties.by_group.iter().map(|(attribute, of_values)| {
            let values = attribute.values.iter().zip(of_values);
            (attribute.name.to_string(), values.map(|(value, of)| (value.to_string(), Losses::of(of))).collect())
        });
        let Losses { actual, from_exact_ties, lost } = Losses::of(&ties.all);
        Ties { actual, from_exact_ties, lost, by_group: groups.collect(), learned: learned.map(Rate::of) }
    }
}

impl Losses {
    fn of(losses: &evaluation::Losses) -> Losses {
        let stages = losses.lost.at.iter().map(|(place, n)| (place.name(), *n));
        let others = [
            ("right_with_others", losses.lost.right_with_others),
            ("answered_though_absent", losses.lost.answered_though_absent),
        ];
        let trials = losses.actual.rate.trials;
        Losses {
            actual: Rate::of(&losses.actual),
            from_exact_ties: FromTies {
                expected_losses: losses.from_ties,
                trials,
                share: (trials > 0).then(|| losses.from_ties / trials as f64),
            },
            lost: stages.chain(others).map(|(place, n)| (place.to_string(), n)).collect(),
        }
    }
}
