//! The table of groups: the run itself, and the runs beside it.

use super::dictionary;
use super::written::csv_of;
use crate::results::{Group, Rates, Results};
use crate::scenario::Beside;

/// One row per rate of a group, or of a combination of two, in a run: this one, or one beside it.
pub(super) fn csv(results: &Results) -> Vec<u8> {
    let groups = || {
        let attributes = results.by_group.iter().chain(&results.by_pair);
        attributes.flat_map(|(attribute, values)| values.iter().map(move |(value, group)| (attribute, value, group)))
    };
    let beside: Vec<Beside> =
        groups().next().map_or_else(Vec::new, |(.., group)| group.beside.keys().copied().collect());
    let this = groups().flat_map(|(attribute, value, group)| rows(["this", attribute, value], &group.rates));
    let others = beside.into_iter().flat_map(|beside| {
        groups().flat_map(move |(attribute, value, group): (_, _, &Group)| {
            rows([beside.name(), attribute, value], &group.beside[&beside].rates)
        })
    });
    csv_of(dictionary::groups().header(), this.chain(others))
}

/// A row a rate, each beginning with whose it is.
fn rows(of: [&str; 3], rates: &Rates) -> impl Iterator<Item = Vec<String>> {
    let number = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
    let of = of.map(str::to_string);
    rates.iter().map(move |(id, rate)| {
        let [run, attribute, value] = of.clone();
        vec![
            run,
            attribute,
            value,
            id.to_string(),
            rate.hits.to_string(),
            rate.trials.to_string(),
            number(rate.rate),
            number(rate.low),
            number(rate.high),
            rate.interval.clone(),
            rate.caution().to_string(),
        ]
    })
}
