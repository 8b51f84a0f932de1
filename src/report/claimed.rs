//! What routes that weigh evidence claim, beside the truth: the section `claimed`.

use super::rate_json;
use crate::evaluation::{BelinRubin, Claimed, FalseMatch, Tenth};
use serde_json::{Map, Value, json};

/// The section of results.json.
pub(super) fn claimed_json(claims: &Claimed) -> Value {
    let by_group: Map<String, Value> = claims
        .by_group
        .iter()
        .map(|(attribute, of_values)| {
            let values = attribute.values.iter().zip(of_values);
            let values: Map<String, Value> =
                values.map(|(value, of)| (value.to_string(), json!({ "false_match": false_match_json(of) }))).collect();
            (attribute.name.to_string(), Value::Object(values))
        })
        .collect();
    json!({
        "calibration": claims.calibration.iter().map(tenth_json).collect::<Vec<_>>(),
        "false_match": false_match_json(&claims.false_match),
        "by_group": by_group,
    })
}

/// `low` and `high` are the ends of the tenth; those of the interval of `true` are `true_low` and `true_high`.
fn tenth_json(tenth: &Tenth) -> Value {
    json!({
        "low": tenth.tenth as f64 / 10.0,
        "high": (tenth.tenth + 1) as f64 / 10.0,
        "pairs": tenth.truth.rate.trials,
        "one_person": tenth.truth.rate.hits,
        "claimed": tenth.claimed,
        "true": tenth.truth.rate.value(),
        "true_low": tenth.truth.interval.map(|interval| interval.low),
        "true_high": tenth.truth.interval.map(|interval| interval.high),
        "interval": tenth.truth.method.name(),
    })
}

fn false_match_json(estimate: &FalseMatch) -> Value {
    let mut json = json!({ "true": rate_json(&estimate.truth) });
    if let Some(posterior) = estimate.posterior {
        json["posterior"] = json!(posterior);
    }
    if let Some(estimate) = &estimate.belin_rubin {
        if let Ok(fitted) = estimate.fit {
            json["belin_rubin"] = json!(fitted.share);
        }
        json["belin_rubin_fit"] = belin_rubin_json(estimate);
    }
    json
}

/// What the method of Belin and Rubin had, and what it found; `absent` says why it found nothing.
fn belin_rubin_json(estimate: &BelinRubin) -> Value {
    let BelinRubin { reviewed, scores, truth, posterior, fit } = estimate;
    let mut json = json!({
        "reviewed": { "one_person": reviewed.right, "two_people": reviewed.wrong },
        "scores": scores,
        "true": rate_json(truth),
    });
    if let Some(posterior) = posterior {
        json["posterior"] = json!(posterior);
    }
    match fit {
        Err(unfit) => json["absent"] = json!(unfit.says()),
        Ok(fitted) => {
            let (shape, mixture) = (fitted.shape, fitted.mixture);
            json["parameters"] = json!({
                "power_one_person": shape.right.power,
                "power_two_people": shape.wrong.power,
                "variance_ratio": shape.ratio,
                "share_two_people": mixture.wrong,
            });
            if let Some(interval) = fitted.interval {
                json["low"] = json!(interval.low);
                json["high"] = json!(interval.high);
                json["interval"] = json!("bootstrap over requests, both halves, 99 resamples, normal on the logit");
            }
        }
    }
    json
}
