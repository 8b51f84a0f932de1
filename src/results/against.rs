//! The same people under two agreements.

use super::VERSION;
use crate::evaluation::RateId;
use crate::experiment::against;
use crate::scenario::Scenario;
use crate::stats::Contrast;
use serde::{Deserialize, Serialize};

/// Two runs of the same people, by who is returned under which agreement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Against {
    /// The version of this format.
    pub schema: AgainstSchema,
    /// The version of Namesake that made the runs.
    pub version: String,
    /// The name of the first scenario.
    pub scenario: String,
    /// The name of the second scenario.
    pub against: String,
    /// The seed of the population.
    pub seed: u64,
    /// People who are sought and on file.
    pub sought: Fourfold,
    /// People on file whom no request seeks.
    pub never_sought: Fourfold,
    /// The change of each rate from the first agreement to the second.
    pub changes: Vec<Change>,
    /// The method of the intervals of the changes.
    pub interval: String,
}

/// The change of a rate from the first agreement to the second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The rate.
    pub rate: RateId,
    /// Its value under the first; null without trials.
    pub first: Option<f64>,
    /// Its value under the second.
    pub second: Option<f64>,
    /// The second less the first, with its 95 % interval.
    pub change: Option<Contrast>,
}

format_of! {
    Against:
    /// The format of [`Against`].
    AgainstSchema = "namesake.against/1"
}

/// People on the holder's file, in four parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fourfold {
    /// All of them.
    pub people: u64,
    /// Returned under both.
    pub both: u64,
    /// Returned under the first only.
    pub spared: u64,
    /// Returned under the second only.
    pub newly_returned: u64,
    /// Returned under neither.
    pub neither: u64,
    /// The p-value of McNemar's exact test that as many are spared as newly returned. It takes people as independent, which
    /// kin are not: beside the changes it is the weaker evidence.
    pub mcnemar: f64,
}

impl Fourfold {
    fn of(fourfold: against::Fourfold) -> Fourfold {
        let against::Fourfold { both, spared, newly_returned, neither } = fourfold;
        Fourfold { people: fourfold.total(), both, spared, newly_returned, neither, mcnemar: fourfold.mcnemar() }
    }
}

impl Against {
    /// The results of two runs of the same people.
    pub fn of(first: &Scenario, second: &Scenario, against: &against::Against, changes: &[against::Change]) -> Against {
        let change = |change: &against::Change| Change {
            rate: change.rate,
            first: change.of[0].value(),
            second: change.of[1].value(),
            change: change.change,
        };
        Against {
            schema: AgainstSchema::First,
            version: VERSION.to_string(),
            scenario: first.name.clone(),
            against: second.name.clone(),
            seed: first.seed.population,
            sought: Fourfold::of(against.sought),
            never_sought: Fourfold::of(against.never_sought),
            changes: changes.iter().map(change).collect(),
            interval:
                "paired jackknife over neighbourhoods and persons returned, Student's t; where fewer than 30 of these \
                       differ, MOVER of what requests gain and lose"
                    .to_string(),
        }
    }
}
