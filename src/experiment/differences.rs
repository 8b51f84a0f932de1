//! Differences between groups and their parts: what a full factorial of runs says of them.

use crate::evaluation::{FEW_HITS, Profile, RateId};
use crate::scenario::Attribute;
use crate::stats::{Contrast, Rate, jackknife, shapley};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::ops::Not;

named! {
    /// A respect in which groups differ.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum Switch {
        /// Names. Equal: everybody is named as white people born here are.
        Names = "names",
        /// Frequencies of errors. Equal: as among the people sought on average.
        Capture = "capture",
        /// Chances to be on file. Equal: for everybody of age as among the people sought on average.
        Coverage = "coverage",
        /// The list. Equal: anybody is sought.
        Sought = "who_is_sought",
    }
}

/// The rates whose differences are taken apart.
pub const RATES: [RateId; 3] = [RateId::WrongPerson, RateId::WrongAmongAnswers, RateId::Missed];

/// The attributes by which people are compared. The others hang on names or on errors, which switches change.
pub(super) const COMPARED: [&str; 4] = ["group", "status", "sex", "age"];

/// The attributes by which two groups may be composed differently.
const COMPOSED: [&str; 3] = ["status", "age", "sex"];

/// The differences between groups, taken apart by names, capture, coverage and who is sought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Decomposition {
    /// The switches of the factorial. One that changes nothing in the scenario is left out.
    pub switches: Vec<Switch>,
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
    #[serde(default, skip_serializing_if = "Not::not")]
    pub too_few_to_compare: bool,
    /// The difference as it is.
    pub observed: Option<Contrast>,
    /// The Shapley value of each switch; with `rest` they sum to `observed`.
    pub parts: IndexMap<Switch, Option<Contrast>>,
    /// The difference that is left with everything equal.
    pub rest: Option<Contrast>,
    /// The difference in each combination, by the switches that are as they are, joined by `+`; `none` with everything
    /// equal.
    pub combinations: IndexMap<String, Option<f64>>,
    /// The difference as it is, by composition.
    pub composition: Vec<Composition>,
}

/// A difference split by what the two groups are composed of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Composition {
    /// The attributes.
    pub by: Vec<String>,
    /// The part due to composition, by Kitagawa's formula.
    pub composition: Option<Contrast>,
    /// The part due to rates within strata.
    pub rates: Option<Contrast>,
    /// The difference with both groups standardised to all people sought.
    pub standardised: Option<Contrast>,
    /// The share of both groups' trials in strata that both have.
    pub common: Option<f64>,
}

/// The ends of the requests of each combination.
pub(super) struct Table<'t> {
    pub attributes: &'t [Attribute],
    /// The switches: bit *i* of the place of a combination is switch *i* as it is.
    pub switches: Vec<Switch>,
    /// The requests of each combination.
    pub requests: Vec<Vec<Ended>>,
    /// The number of clusters.
    pub clusters: usize,
}

/// The end of a request.
pub(super) struct Ended {
    /// Its cluster.
    pub cluster: usize,
    /// The person sought.
    pub profile: Profile,
    /// Its hits and trials in each of the [`RATES`].
    pub rates: [Rate; RATES.len()],
}

impl Table<'_> {
    /// The name of a combination: the switches that are as they are.
    fn name(&self, combination: usize) -> String {
        let as_they_are = self.switches.iter().enumerate().filter(|(i, _)| combination >> i & 1 == 1);
        let names: Vec<&str> = as_they_are.map(|(_, switch)| switch.name()).collect();
        if names.is_empty() { "none".to_string() } else { names.join("+") }
    }

    /// The differences between the values of an attribute and its `reference`.
    pub fn differences(&self, attribute: usize, reference: usize) -> Vec<Difference> {
        let cells = Cells::of(self.attributes, attribute, self.requests.len());
        let mut clusters: Vec<Vec<(usize, Rate)>> = vec![Vec::new(); self.clusters];
        for (combination, requests) in self.requests.iter().enumerate() {
            let as_it_is = combination + 1 == self.requests.len();
            for Ended { cluster, profile, rates } in requests {
                for (rate, &counted) in rates.iter().enumerate().filter(|(_, rate)| rate.trials > 0) {
                    let value = usize::from(profile[attribute]);
                    clusters[*cluster].push((cells.combined(combination, value, rate), counted));
                    if as_it_is {
                        clusters[*cluster].push((cells.stratum(cells.joint(profile), value, rate), counted));
                    }
                }
            }
        }
        let values: Vec<usize> =
            (0..self.attributes[attribute].values.len()).filter(|&value| value != reference).collect();
        let wanted = || values.iter().flat_map(|&value| (0..RATES.len()).map(move |rate| (value, rate)));
        let estimates = |sums: &[Rate]| {
            wanted().flat_map(|(value, rate)| cells.estimates(sums, [value, reference], rate)).collect()
        };
        let found = jackknife(&clusters, cells.count(), estimates);
        let found: Vec<Option<Contrast>> = found.into_iter().map(|found| found.map(Contrast::of_shares)).collect();
        let mut sums = vec![Rate::default(); cells.count()];
        clusters.iter().flatten().for_each(|&(cell, rate)| sums[cell] = sums[cell].with(rate));
        let each = found.len() / wanted().count().max(1);
        let switches = self.switches.len();
        let name = |value: usize| self.attributes[attribute].values[value].to_string();
        let difference = |((value, rate), found): ((usize, usize), &[Option<Contrast>])| {
            let hits = [value, reference].map(|v| sums[cells.combined(cells.combinations - 1, v, rate)].hits);
            let composed = found[2 + switches..].chunks(3).enumerate().map(|(by, of)| Composition {
                by: cells.composed[by].iter().map(|&at| self.attributes[at].name.to_string()).collect(),
                composition: of[0],
                rates: of[1],
                standardised: of[2],
                common: cells.common(&sums, [value, reference], rate, by),
            });
            Difference {
                attribute: self.attributes[attribute].name.to_string(),
                value: name(value),
                reference: name(reference),
                rate: RATES[rate],
                too_few_to_compare: hits.iter().any(|&hits| hits < FEW_HITS),
                observed: found[0],
                rest: found[1],
                parts: self.switches.iter().copied().zip(found[2..].iter().copied()).collect(),
                combinations: cells
                    .combinations_of(&sums, [value, reference], rate)
                    .into_iter()
                    .enumerate()
                    .map(|(combination, difference)| (self.name(combination), difference))
                    .collect(),
                composition: composed.collect(),
            }
        };
        wanted().zip(found.chunks(each.max(1))).map(difference).collect()
    }
}

/// The places of sums: by combination, value and rate, and of the run as it is by stratum, value and rate.
struct Cells<'t> {
    attributes: &'t [Attribute],
    combinations: usize,
    values: usize,
    /// The attributes of the joint strata.
    by: Vec<usize>,
    strata: usize,
    /// The attributes of each composition: each alone, then all at once.
    composed: Vec<Vec<usize>>,
}

impl<'t> Cells<'t> {
    fn of(attributes: &'t [Attribute], compared: usize, combinations: usize) -> Cells<'t> {
        let place = |name: &&str| attributes.iter().position(|attribute| attribute.name == *name);
        let by: Vec<usize> = COMPOSED.iter().filter_map(place).filter(|at| *at != compared).collect();
        let composed = by.iter().map(|&at| vec![at]).chain([by.clone()]).collect();
        let strata = by.iter().map(|&at| attributes[at].values.len()).product();
        Cells { attributes, combinations, values: attributes[compared].values.len(), by, strata, composed }
    }

    fn switches(&self) -> usize {
        self.combinations.trailing_zeros() as usize
    }

    fn count(&self) -> usize {
        (self.combinations + self.strata) * self.values * RATES.len()
    }

    fn combined(&self, combination: usize, value: usize, rate: usize) -> usize {
        (combination * self.values + value) * RATES.len() + rate
    }

    fn stratum(&self, stratum: usize, value: usize, rate: usize) -> usize {
        self.combined(self.combinations + stratum, value, rate)
    }

    /// The joint stratum of a person.
    fn joint(&self, profile: &Profile) -> usize {
        self.by.iter().fold(0, |place, &at| place * self.attributes[at].values.len() + usize::from(profile[at]))
    }

    /// The stratum of a composition that a joint stratum lies in.
    fn coarse(&self, joint: usize, by: usize) -> usize {
        let (mut rest, mut place, mut size) = (joint, 0, 1);
        for &at in self.by.iter().rev() {
            let values = self.attributes[at].values.len();
            if self.composed[by].contains(&at) {
                place += rest % values * size;
                size *= values;
            }
            rest /= values;
        }
        place
    }

    /// The difference of two values in each combination.
    fn combinations_of(&self, sums: &[Rate], values: [usize; 2], rate: usize) -> Vec<Option<f64>> {
        let difference = |combination: usize| {
            let [own, other] = values.map(|value| sums[self.combined(combination, value, rate)].value());
            Some(own? - other?)
        };
        (0..self.combinations).map(difference).collect()
    }

    /// The difference as it is, the rest, what each switch makes of it, and by each composition the part of composition,
    /// that of rates, and the standardised difference.
    fn estimates(&self, sums: &[Rate], values: [usize; 2], rate: usize) -> Vec<Option<f64>> {
        let combined = self.combinations_of(sums, values, rate);
        let mut found = vec![combined[self.combinations - 1], combined[0]];
        match combined.iter().copied().collect::<Option<Vec<f64>>>() {
            Some(combined) => found.extend(shapley(&combined).into_iter().map(Some)),
            None => found.resize(2 + self.switches(), None),
        }
        for by in 0..self.composed.len() {
            let split = split(&self.strata_of(sums, values, rate, by));
            found.extend((0..3).map(|i| split.map(|split| split[i])));
        }
        found
    }

    /// Of each stratum of a composition the rates of both values, and the trials of all values.
    fn strata_of(&self, sums: &[Rate], values: [usize; 2], rate: usize, by: usize) -> Vec<Stratum> {
        let mut strata = vec![Stratum::default(); self.strata];
        for joint in 0..self.strata {
            let stratum = &mut strata[self.coarse(joint, by)];
            for value in 0..self.values {
                let sum = sums[self.stratum(joint, value, rate)];
                stratum.all += sum.trials;
                for (own, _) in stratum.of.iter_mut().zip(values).filter(|(_, wanted)| *wanted == value) {
                    *own = own.with(sum);
                }
            }
        }
        strata
    }

    /// The share of both values' trials in strata that both have.
    fn common(&self, sums: &[Rate], values: [usize; 2], rate: usize, by: usize) -> Option<f64> {
        let strata = self.strata_of(sums, values, rate, by);
        let trials = |stratum: &Stratum| stratum.of.iter().map(|rate| rate.trials).sum::<u64>();
        let both = strata.iter().filter(|stratum| stratum.of.iter().all(|rate| rate.trials > 0));
        Rate::new(both.map(trials).sum(), strata.iter().map(trials).sum()).value()
    }
}

/// People of one stratum.
#[derive(Clone, Copy, Default)]
struct Stratum {
    /// The rate of each of the two values compared.
    of: [Rate; 2],
    /// Trials of all values.
    all: u64,
}

/// A difference of two rates split into composition and rates (E. M. Kitagawa (1955), "Components of a difference between
/// two rates", JASA 50, 1168–1194), and the difference of both standardised to everybody. Where one of the two has nobody
/// in a stratum the other's rate stands in: then that stratum is a matter of composition alone.
fn split(strata: &[Stratum]) -> Option<[f64; 3]> {
    let [own, other] = [0, 1].map(|i| strata.iter().map(|stratum| stratum.of[i].trials).sum::<u64>() as f64);
    let all = strata.iter().map(|stratum| stratum.all).sum::<u64>() as f64;
    if own == 0.0 || other == 0.0 {
        return None;
    }
    let mut split = [0.0; 3];
    for stratum in strata {
        let [a, b] = stratum.of;
        let (Some(p), Some(q)) = (a.value().or(b.value()), b.value().or(a.value())) else { continue };
        let (v, w) = (a.trials as f64 / own, b.trials as f64 / other);
        split[0] += (v - w) * (p + q) / 2.0;
        split[1] += (p - q) * (v + w) / 2.0;
        split[2] += (p - q) * stratum.all as f64 / all;
    }
    Some(split)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composition_and_rates_are_those_worked_out_by_hand() {
        let stratum =
            |a: [u64; 2], b: [u64; 2]| Stratum { of: [Rate::new(a[0], a[1]), Rate::new(b[0], b[1])], all: a[1] + b[1] };
        // Rates 0.1 and 0.5 in both groups, composed 20:80 and 80:20: all of the difference is composition.
        let [composition, rates, standardised] =
            split(&[stratum([2, 20], [8, 80]), stratum([40, 80], [10, 20])]).unwrap();
        assert!((composition - 0.24).abs() < 1e-12 && rates.abs() < 1e-12 && standardised.abs() < 1e-12);
        // Composed alike, 0.2 and 0.1 in both strata: all of it is rates.
        let [composition, rates, standardised] =
            split(&[stratum([10, 50], [5, 50]), stratum([10, 50], [5, 50])]).unwrap();
        assert!(composition.abs() < 1e-12 && (rates - 0.1).abs() < 1e-12 && (standardised - 0.1).abs() < 1e-12);
        // A stratum that only one has is composition.
        let [composition, rates, _] = split(&[stratum([10, 50], [0, 0]), stratum([5, 50], [10, 100])]).unwrap();
        assert!((composition - 0.05).abs() < 1e-12 && rates.abs() < 1e-12);
        assert_eq!(split(&[stratum([1, 2], [0, 0])]), None);
    }
}
