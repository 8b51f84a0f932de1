//! The shares that the published figures allow, as inference found them, beside those of the run.

use crate::experiment::Outcome;
use crate::experiment::infer::made_for;
use crate::experiment::published::{beside, measured};
use crate::scenario::{AllowedShare, Inferred, Scenario};
use serde::{Deserialize, Serialize};

/// The shares that the published figures allow, beside those of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// The command that found them.
    pub command: String,
    /// The version of Namesake that ran it.
    pub version: String,
    /// The seed of its draws.
    pub seed: u64,
    /// Its draws.
    pub draws: u64,
    /// The reason why the ranges were not made for the settings of this run; null if they were.
    pub not_made_for: Option<String>,
    /// The published figures that the run misses: those whose range its own, of luck alone, does not touch.
    pub missed: Vec<String>,
    /// The shares, the quantity of interest first.
    pub shares: Vec<Share>,
}

/// A share that the published figures allow, beside that of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, schemars(rename = "AllowedShare"))]
pub struct Share {
    /// The measure.
    pub measure: String,
    /// The ends of the middle 90 % of what the assumptions allow.
    pub before: [f64; 2],
    /// The ends of the middle 90 % of what the published figures leave of it.
    pub after: [f64; 2],
    /// The median of what they leave.
    pub median: f64,
    /// The share of this run; null where nothing of its kind happened.
    pub here: Option<f64>,
    /// A picture of both: shares, and the densities there on the logit scale. Of the first share only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub density: Vec<[f64; 3]>,
}

/// The shares that the published figures of a scenario allow; none where nothing was inferred from them.
pub(super) fn allowed(scenario: &Scenario, outcome: &Outcome) -> Option<Allowed> {
    // A variant without published figures is not what they were published of.
    let inferred = scenario.inferred.as_ref().filter(|_| scenario.published.iter().any(|one| one.target.is_some()))?;
    let Inferred { command, version, seed, draws, shares, .. } = inferred.clone();
    let share = |AllowedShare { measure, before, after, median, density }: AllowedShare| {
        let here = measured(&measure, scenario, outcome).0;
        Share { measure: measure.to_string(), before, after, median, here, density }
    };
    let missed = scenario.published.iter().zip(beside(scenario, outcome)).filter(|(published, here)| {
        let ranges = published.target.as_ref().zip(here.interval);
        ranges.is_some_and(|(target, here)| here.high < target.range[0] || here.low > target.range[1])
    });
    Some(Allowed {
        command,
        version,
        seed,
        draws,
        not_made_for: made_for(inferred, scenario).err(),
        missed: missed.map(|(published, _)| published.figure.clone()).collect(),
        shares: shares.into_iter().map(share).collect(),
    })
}
