//! Differences between groups, taken apart.

use crate::evaluation::RateId;
use crate::experiment::decompose as experiment;
use crate::stats::Jackknifed;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The differences between groups, taken apart by names, capture, coverage and who is sought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Decomposition {
    /// The switches of the factorial. One that changes nothing in the scenario is left out.
    pub switches: Vec<String>,
    /// Clusters of requests.
    pub clusters: u64,
    /// The method of the intervals.
    pub interval: String,
    /// Each difference.
    pub differences: Vec<Difference>,
}

/// The difference in a rate between people of one value of an attribute and the reference group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The attribute.
    pub attribute: String,
    /// The value.
    pub value: String,
    /// The value of the reference group.
    pub reference: String,
    /// The rate.
    pub rate: RateId,
    /// `true` if either group has fewer than 10 hits.
    #[serde(default, skip_serializing_if = "super::rates::is_false")]
    pub too_few_to_compare: bool,
    /// The difference as it is.
    pub observed: Option<Part>,
    /// The Shapley value of each switch; with `rest` they sum to `observed`.
    pub parts: IndexMap<String, Option<Part>>,
    /// The difference that is left with everything equal.
    pub rest: Option<Part>,
    /// The difference in each combination, by the switches that are as they are, joined by `+`; `none` with everything
    /// equal.
    pub combinations: IndexMap<String, Option<f64>>,
    /// The difference as it is, by composition.
    pub composition: Vec<Composition>,
}

/// A part of a difference, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The part.
    pub value: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A difference split by what the two groups are composed of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Composition {
    /// The attributes.
    pub by: Vec<String>,
    /// The part due to composition, by Kitagawa's formula.
    pub composition: Option<Part>,
    /// The part due to rates within strata.
    pub rates: Option<Part>,
    /// The difference with both groups standardised to all people sought.
    pub standardised: Option<Part>,
    /// The share of both groups' trials in strata that both have.
    pub common: Option<f64>,
}

impl Part {
    pub(super) fn of(part: Option<Jackknifed>) -> Option<Part> {
        part.map(|Jackknifed { value, low, high }| Part { value, low, high })
    }
}

impl Decomposition {
    pub(super) fn of(found: &experiment::Decomposition) -> Decomposition {
        let switches: Vec<&str> = found.switches.iter().map(|switch| switch.name()).collect();
        let combination = |(bits, difference): (usize, &Option<f64>)| {
            let as_they_are = switches.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1);
            let name = as_they_are.map(|(_, name)| *name).collect::<Vec<_>>().join("+");
            (if name.is_empty() { "none".to_string() } else { name }, *difference)
        };
        let composition = |of: &experiment::Composition| Composition {
            by: of.by.iter().map(|name| name.to_string()).collect(),
            composition: Part::of(of.composition),
            rates: Part::of(of.rates),
            standardised: Part::of(of.standardised),
            common: of.common,
        };
        let difference = |d: &experiment::Difference| Difference {
            attribute: d.attribute.to_string(),
            value: d.value.to_string(),
            reference: d.reference.to_string(),
            rate: d.rate,
            too_few_to_compare: d.few,
            observed: Part::of(d.observed),
            parts: switches.iter().zip(&d.parts).map(|(name, part)| (name.to_string(), Part::of(*part))).collect(),
            rest: Part::of(d.rest),
            combinations: d.combinations.iter().enumerate().map(combination).collect(),
            composition: d.composition.iter().map(composition).collect(),
        };
        Decomposition {
            clusters: found.clusters as u64,
            interval: "jackknife over neighbourhoods and persons returned, Student's t".to_string(),
            differences: found.differences.iter().map(difference).collect(),
            switches: switches.into_iter().map(str::to_string).collect(),
        }
    }
}
