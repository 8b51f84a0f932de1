//! Who is missing: groups and cities of whose people nobody was returned, though many were sought and on file.
//!
//! A list can be right about everybody on it and leave a whole group out. No record returned shows that; a count by
//! group and by place does. A group is missing where at least [`EXPECTED`] of its people would have been returned at
//! the rate of everybody, and nobody was: by luck alone that happens less than once in twenty thousand times.

use crate::evaluation::TOO_FEW;
use crate::experiment::Outcome;
use crate::stats::Rate;
use serde_json::{Value, json};

/// How many returns are expected before none is a finding.
const EXPECTED: f64 = 10.0;

/// The people sought who are on file, with how many of them were returned, by each value of each attribute and by city.
fn counted(outcome: &Outcome) -> Vec<(&'static str, String, Rate)> {
    let groups =
        outcome.attributes.iter().zip(&outcome.evaluation.groups.by_group).flat_map(|(attribute, (_, rates))| {
            attribute.values.iter().zip(rates).filter_map(|(value, rates)| {
                let (_, measured) = rates.iter().find(|(name, _)| *name == "recall")?;
                Some((attribute.name, value.to_string(), measured.rate))
            })
        });
    let cities = outcome.by_city.iter().map(|(city, rate)| ("city", city.clone(), *rate));
    groups.chain(cities).collect()
}

/// Those of whom nobody was returned.
fn missing(outcome: &Outcome) -> Vec<(&'static str, String, Rate)> {
    let e = &outcome.evaluation;
    let share = Rate::new(e.returned_right, e.requested_on_file).value().unwrap_or(0.0);
    let gone = |rate: &Rate| rate.hits == 0 && rate.trials as f64 * share >= EXPECTED;
    counted(outcome).into_iter().filter(|(.., rate)| gone(rate)).collect()
}

/// The city in which the smallest share of the people sought and on file was returned, of those with enough to tell.
pub(super) fn least(outcome: &Outcome) -> Option<(&str, Rate)> {
    let large = outcome.by_city.iter().filter(|(_, rate)| rate.trials >= TOO_FEW);
    large
        .map(|(city, rate)| (city.as_str(), *rate))
        .min_by(|a, b| a.1.value().partial_cmp(&b.1.value()).expect("trials"))
}

/// What results.json says of it.
pub(super) fn json(outcome: &Outcome) -> Value {
    let one = |(attribute, value, rate): &(&str, String, Rate)| json!({ "attribute": attribute, "value": value, "on_file": rate.trials });
    let enough = |cities: bool| {
        counted(outcome).iter().filter(|(name, _, rate)| (*name == "city") == cities && rate.trials >= TOO_FEW).count()
    };
    json!({
        "nobody_returned": missing(outcome).iter().map(one).collect::<Vec<_>>(),
        "groups_looked_at": enough(false),
        "cities_looked_at": enough(true),
        "least_city": least(outcome).map(|(city, rate)| json!({ "city": city, "hits": rate.hits, "trials": rate.trials })),
    })
}

/// The line of the summary; none where nobody is missing.
pub(super) fn line(outcome: &Outcome) -> Option<String> {
    let missing = missing(outcome);
    let told = missing.iter().map(|(attribute, value, rate)| {
        let value = super::spoken(value);
        format!("{} {value} ({} on file)", super::spoken(attribute), super::thousands(rate.trials))
    });
    let told = told.collect::<Vec<_>>().join(", ");
    (!missing.is_empty()).then(|| format!("Nobody was returned of: {told}."))
}
