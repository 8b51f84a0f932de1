//! Losses beside those that nobody could avoid.

use super::rate_json;
use crate::evaluation::{Floor, Losses, Lost};
use serde_json::{Map, Value, json};

/// The section `floor` of results.json.
pub(super) fn json(floor: &Floor) -> Value {
    let lost = |lost: &Lost| {
        let stages = lost.at.iter().map(|(place, n)| (place.name(), *n));
        let others =
            [("right_with_others", lost.right_with_others), ("answered_though_absent", lost.answered_though_absent)];
        stages.chain(others).map(|(place, n)| (place.to_string(), json!(n))).collect::<Map<String, Value>>()
    };
    let losses = |losses: &Losses| {
        let trials = losses.actual.rate.trials;
        json!({
            "actual": rate_json(&losses.actual),
            "floor": {
                "expected_losses": losses.floor,
                "trials": trials,
                "share": (trials > 0).then(|| losses.floor / trials as f64),
            },
            "lost": lost(&losses.lost),
        })
    };
    let by_group: Map<String, Value> = floor
        .by_group
        .iter()
        .map(|(attribute, of_values)| {
            let values = attribute.values.iter().zip(of_values);
            let values: Map<String, Value> = values.map(|(value, of)| (value.to_string(), losses(of))).collect();
            (attribute.name.to_string(), Value::Object(values))
        })
        .collect();
    let mut json = losses(&floor.all);
    json["by_group"] = Value::Object(by_group);
    json
}
