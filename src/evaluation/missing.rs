//! Missing groups and cities: those of whose people nobody was returned, though many were sought and on file.
//!
//! A list can be right about everybody on it and leave a whole group out. No record returned shows that; a count by
//! group and by place does. A group is missing where at least [`EXPECTED`] of its people would have been returned at
//! the rate of everybody, and nobody was: by luck alone that happens less than once in twenty thousand times.

use super::{Evaluation, RateId, Rates, TOO_FEW};
use crate::stats::Rate;
use serde::{Deserialize, Serialize};

/// The smallest number of expected returns at which no return at all is a finding.
const EXPECTED: f64 = 10.0;

/// Groups and cities of whom nobody was returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// Those of whom nobody was returned, though many would have been at the rate of everybody.
    pub nobody_returned: Vec<MissingGroup>,
    /// Groups with enough people sought and on file to tell.
    pub groups_looked_at: u64,
    /// Cities with enough people sought and on file to tell.
    pub cities_looked_at: u64,
    /// Of these cities, the one with the smallest share returned.
    pub least_city: Option<City>,
}

/// A group or a city of whom nobody was returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MissingGroup {
    /// The attribute, or `city`.
    pub attribute: String,
    /// The group, or the name of the city.
    pub value: String,
    /// Its people who are sought and on file.
    pub on_file: u64,
}

/// A city, and how many of its people who are sought and on file were returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct City {
    /// Its name.
    pub city: String,
    /// People returned.
    pub hits: u64,
    /// People sought and on file.
    pub trials: u64,
}

impl City {
    /// The share returned.
    pub fn rate(&self) -> Rate {
        Rate::new(self.hits, self.trials)
    }
}

/// Finds the groups and cities of whom nobody was returned.
pub fn missing(evaluation: &Evaluation, by_city: &[(String, Rate)]) -> Missing {
    let groups = evaluation.groups.by_group.iter().flat_map(|(attribute, groups)| {
        let rate = |(value, rates): (&&'static str, &Rates)| (attribute.name, *value, rates[&RateId::Recall].rate);
        attribute.values.iter().zip(groups).map(rate)
    });
    let groups: Vec<(&str, &str, Rate)> = groups.collect();
    let cities = || by_city.iter().map(|(city, rate)| ("city", city.as_str(), *rate));
    let share = Rate::new(evaluation.returned_right, evaluation.requested_on_file).value().unwrap_or(0.0);
    let gone = |(_, _, rate): &(&str, &str, Rate)| rate.hits == 0 && rate.trials as f64 * share >= EXPECTED;
    let enough = |rate: Rate| rate.trials >= TOO_FEW;
    Missing {
        nobody_returned: groups
            .iter()
            .copied()
            .chain(cities())
            .filter(gone)
            .map(|(attribute, value, rate)| MissingGroup {
                attribute: attribute.to_string(),
                value: value.to_string(),
                on_file: rate.trials,
            })
            .collect(),
        groups_looked_at: groups.iter().filter(|(.., rate)| enough(*rate)).count() as u64,
        cities_looked_at: cities().filter(|(.., rate)| enough(*rate)).count() as u64,
        least_city: least_city(by_city),
    }
}

/// The city in which the smallest share of the people sought and on file was returned, of those with enough to tell.
pub fn least_city(by_city: &[(String, Rate)]) -> Option<City> {
    let large = by_city.iter().filter(|(_, rate)| rate.trials >= TOO_FEW);
    let least = large.min_by(|a, b| a.1.value().partial_cmp(&b.1.value()).expect("shares of trials are numbers"));
    least.map(|(city, rate)| City { city: city.clone(), hits: rate.hits, trials: rate.trials })
}
