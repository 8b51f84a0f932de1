//! Tables of groups: the run itself, and beside it the runs with equal capture and with a list composed like the
//! population.

use super::{csv_of, rates_json};
use crate::evaluation::{Compared, Groups, Rates, RatesByPair, compared, reference};
use crate::experiment::Outcome;
use crate::scenario::{Attribute, Pair};
use crate::stats::Contrast;
use serde_json::{Map, Value, json};

/// Rates by attribute and value, those of the runs beside it under their names.
pub(super) fn json(outcome: &Outcome) -> Map<String, Value> {
    let mut attributes = Map::new();
    for (i, (attribute, groups)) in outcome.evaluation.groups.by_group.iter().enumerate() {
        let reference = reference(i, &outcome.evaluation.on_file);
        let mut values = Map::new();
        for (j, (value, rates)) in attribute.values.iter().zip(groups).enumerate() {
            let mut group = json!({ "rates": rates_json(rates) });
            if j != reference {
                group["compared"] = compared_json(attribute.values[reference], &compared(rates, &groups[reference]));
            }
            for (beside, other) in &outcome.beside {
                group[beside.name()] = json!({ "rates": rates_json(&other.by_group[i].1[j]) });
            }
            values.insert(value.to_string(), group);
        }
        attributes.insert(attribute.name.to_string(), Value::Object(values));
    }
    attributes
}

/// Rates by each pair of attributes that was asked for, and by both values; beside the combination that most people on
/// file have.
pub(super) fn pairs_json(outcome: &Outcome) -> Map<String, Value> {
    let mut pairs = Map::new();
    for (i, RatesByPair { pair, cells }) in outcome.evaluation.groups.by_pair.iter().enumerate() {
        let mut values = Map::new();
        // Of equals the first.
        let largest = cells.iter().rev().max_by_key(|(_, cell)| cell.on_file);
        for of in inhabited(outcome, i) {
            let rates = &cells[&of].rates;
            let mut group = json!({ "rates": rates_json(rates) });
            if let Some((largest, most)) = largest
                && of != *largest
            {
                let to = value_name(&outcome.attributes, *pair, *largest);
                group["compared"] = compared_json(&to, &compared(rates, &most.rates));
            }
            for (beside, other) in &outcome.beside {
                group[beside.name()] = json!({ "rates": rates_json(&other.by_pair[i].cells[&of].rates) });
            }
            values.insert(value_name(&outcome.attributes, *pair, of), group);
        }
        pairs.insert(pair_name(&outcome.attributes, *pair), Value::Object(values));
    }
    pairs
}

/// The combinations of a pair's values of which somebody is on file or sought, in this run or one beside it.
fn inhabited(outcome: &Outcome, pair: usize) -> Vec<[usize; 2]> {
    let somebody = |of: &[usize; 2]| {
        let mut cells = runs(outcome).map(|(_, groups)| &groups.by_pair[pair].cells[of]);
        cells.any(|cell| cell.on_file + cell.sought > 0)
    };
    outcome.evaluation.groups.by_pair[pair].cells.keys().copied().filter(somebody).collect()
}

/// `group,sex`.
fn pair_name(attributes: &[Attribute], pair: Pair) -> String {
    pair.map(|attribute| attributes[attribute].name).join(",")
}

/// `hispanic,female`.
fn value_name(attributes: &[Attribute], pair: Pair, [first, second]: [usize; 2]) -> String {
    [attributes[pair[0]].values[first], attributes[pair[1]].values[second]].join(",")
}

/// Ratios and differences to the reference group; an upper end without bound is null.
fn compared_json(to: &str, compared: &[Compared]) -> Value {
    let contrast =
        |c: Contrast| json!({ "value": c.value, "low": c.low, "high": c.high.is_finite().then_some(c.high) });
    let rates: Map<String, Value> = compared
        .iter()
        .map(|compared| {
            let mut json = json!({
                "ratio": compared.ratio.map(contrast),
                "difference": compared.difference.map(contrast),
            });
            if compared.too_few {
                json["too_few_to_tell"] = json!(true);
            } else if compared.few_hits {
                json["too_few_to_compare"] = json!(true);
            }
            (compared.rate.to_string(), json)
        })
        .collect();
    json!({ "to": to, "interval": "MOVER, from the interval of each group", "rates": rates })
}

/// The run itself and those beside it, with their names.
fn runs(outcome: &Outcome) -> impl Iterator<Item = (&'static str, &Groups)> {
    let beside = outcome.beside.iter().map(|(beside, groups)| (beside.name(), groups));
    std::iter::once(("this", &outcome.evaluation.groups)).chain(beside)
}

/// One row a rate of a group, or of a combination of two, in a run: this one, or one beside it.
pub fn csv(outcome: &Outcome) -> Vec<u8> {
    let header = ["run", "attribute", "value", "rate", "hits", "trials", "share", "low", "high", "interval", "caution"];
    let mut rows = Vec::new();
    for (run, groups) in runs(outcome) {
        for (attribute, values) in &groups.by_group {
            for (value, rates) in attribute.values.iter().zip(values) {
                rows.extend(csv_rows([run, attribute.name, value], rates));
            }
        }
        for (i, RatesByPair { pair, cells }) in groups.by_pair.iter().enumerate() {
            let attribute = pair_name(&outcome.attributes, *pair);
            for of in inhabited(outcome, i) {
                let value = value_name(&outcome.attributes, *pair, of);
                rows.extend(csv_rows([run, &attribute, &value], &cells[&of].rates));
            }
        }
    }
    csv_of(&header, rows.into_iter())
}

/// A row a rate, each beginning with whose it is.
fn csv_rows(of: [&str; 3], rates: &Rates) -> impl Iterator<Item = Vec<String>> {
    let number = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
    rates.iter().map(move |(name, measured)| {
        let [run, attribute, value] = of.map(str::to_string);
        vec![
            run,
            attribute,
            value,
            name.to_string(),
            measured.rate.hits.to_string(),
            measured.rate.trials.to_string(),
            number(measured.rate.value()),
            number(measured.interval.map(|interval| interval.low)),
            number(measured.interval.map(|interval| interval.high)),
            measured.method.name().to_string(),
            measured.caution().to_string(),
        ]
    })
}
