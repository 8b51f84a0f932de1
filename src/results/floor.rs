//! Losses beside those that nobody could avoid.

use super::{ByGroup, Rate};
use crate::evaluation;
use indexmap::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The losses of a run beside the floor, for everybody and by group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// Requests that were not resolved correctly.
    pub actual: Rate,
    /// The losses that no rule could be expected to avoid.
    pub floor: Unavoidable,
    /// Losses by where they happened.
    pub lost: IndexMap<String, u64>,
    /// The same by attribute and value of the person sought.
    pub by_group: ByGroup<Losses>,
}

/// The losses of some requests beside their floor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Losses {
    /// Requests that were not resolved correctly.
    pub actual: Rate,
    /// The losses that no rule could be expected to avoid.
    pub floor: Unavoidable,
    /// Losses by where they happened.
    pub lost: IndexMap<String, u64>,
}

/// Losses that no rule that sees only the recorded fields could be expected to avoid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Unavoidable {
    /// Their expected number.
    pub expected_losses: f64,
    /// Requests.
    pub trials: u64,
    /// Their share of the requests; null without requests.
    pub share: Option<f64>,
}

impl Floor {
    pub(super) fn of(floor: &evaluation::Floor) -> Floor {
        let groups = floor.by_group.iter().map(|(attribute, of_values)| {
            let values = attribute.values.iter().zip(of_values);
            (attribute.name.to_string(), values.map(|(value, of)| (value.to_string(), Losses::of(of))).collect())
        });
        let Losses { actual, floor: unavoidable, lost } = Losses::of(&floor.all);
        Floor { actual, floor: unavoidable, lost, by_group: groups.collect() }
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
            floor: Unavoidable {
                expected_losses: losses.floor,
                trials,
                share: (trials > 0).then(|| losses.floor / trials as f64),
            },
            lost: stages.chain(others).map(|(place, n)| (place.to_string(), n)).collect(),
        }
    }
}
