//! Tables of groups: the run itself, and beside it the runs with equal capture and with a list composed like the
//! population.

use super::{csv_of, rates_json};
use crate::evaluation::{Compared, Groups, compared, reference};
use crate::experiment::Outcome;
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

/// One row a rate of a group in a run: this one, or one beside it.
pub fn csv(outcome: &Outcome) -> Vec<u8> {
    let header = ["run", "attribute", "value", "rate", "hits", "trials", "share", "low", "high", "interval"];
    let mut rows = Vec::new();
    for (run, groups) in runs(outcome) {
        for (attribute, values) in &groups.by_group {
            for (value, rates) in attribute.values.iter().zip(values) {
                for (name, measured) in rates {
                    let number = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
                    rows.push(vec![
                        run.to_string(),
                        attribute.name.to_string(),
                        value.to_string(),
                        name.to_string(),
                        measured.rate.hits.to_string(),
                        measured.rate.trials.to_string(),
                        number(measured.rate.value()),
                        number(measured.interval.map(|interval| interval.low)),
                        number(measured.interval.map(|interval| interval.high)),
                        measured.method.name().to_string(),
                    ]);
                }
            }
        }
    }
    csv_of(&header, rows.into_iter())
}
