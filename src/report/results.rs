//! The tree of results.json.

use super::{VERSION, cases, claimed, floor, groups, missing, outcomes, sensitivity};
use crate::evaluation::{Band, CurvePoint, FEW_HITS, Measured, Rates, TOO_FEW};
use crate::experiment::{Coincidence, Counted, Outcome};
use crate::linkage::decision::Score;
use crate::linkage::decision::fellegi_sunter::{Source, Trained};
use crate::scenario::{Assumption, Scenario, Situation};
use serde_json::{Map, Value, json};

/// The results of a run as JSON, the same bytes wherever they are made.
pub fn results_json(scenario: &Scenario, outcome: &Outcome) -> String {
    let e = &outcome.evaluation;
    let counted = |pairs: &mut dyn Iterator<Item = (&'static str, u64)>| -> Map<String, Value> {
        pairs.map(|(name, count)| (name.to_string(), json!(count))).collect()
    };
    let causes: Map<String, Value> = e
        .causes
        .iter()
        .map(|(cause, n)| (cause.name().to_string(), json!({ "primary": n.primary, "sufficient": n.sufficient })))
        .collect();
    let mut results = json!({
        "schema": "namesake.results/1",
        "version": VERSION,
        "scenario": scenario.name,
        "seed": scenario.seed.population,
        "seeds": scenario.seed,
        "counts": {
            "people": scenario.population.people,
            "requests": e.requests,
            "requested_on_file": e.requested_on_file,
            "holder_records": e.holder_records,
            "candidate_pairs": e.candidate_pairs,
            "returned_right": e.returned_right,
            "returned_wrong": e.returned_wrong,
            "answers_not_handed_over": e.overflow,
            "required_check_skipped": e.check_skipped,
            "right_but_moved": e.aside.right_but_moved,
            "never_sought_at_returned_addresses": e.aside.bystanders,
        },
        "rates": rates_json(&e.groups.rates),
        "fates": counted(&mut e.fates.iter().map(|(fate, n)| (fate.name(), *n))),
        "lost_at": counted(&mut e.lost_at.iter().map(|(place, n)| (place.name(), *n))),
        "who_is_missing": missing::json(outcome),
        "causes": causes,
        "outcomes": outcomes::outcomes_json(e),
        "situations": situations_json(scenario, outcome),
        "by_group": groups::json(outcome),
        "curve": bands_json(&e.curve),
        "floor": floor::json(&e.floor),
        "coincidences": outcome.coincidences.iter().map(coincidence_json).collect::<Vec<_>>(),
        "training": training_json(scenario, outcome),
        "assumptions": scenario.assumptions().iter().map(assumption_json).collect::<Vec<_>>(),
    });
    if !e.groups.by_pair.is_empty() {
        results["by_pair"] = Value::Object(groups::pairs_json(outcome));
    }
    if !scenario.published.is_empty() {
        results["published"] = json!(cases::beside_json(scenario, &cases::beside(scenario, outcome)));
    }
    if let Some(claims) = &e.claimed {
        results["claimed"] = claimed::claimed_json(claims);
    }
    if let Some(moved) = &outcome.sensitivity {
        results["sensitivity"] = sensitivity::sensitivity_json(moved);
    }
    format!("{results:#}\n")
}

/// The threshold curve of an exchange, each point with both shares and their intervals.
fn bands_json(curve: &[(CurvePoint, Band)]) -> Vec<Value> {
    let share = |measured: &Measured| {
        json!({
            "rate": measured.rate.value(),
            "low": measured.interval.map(|interval| interval.low),
            "high": measured.interval.map(|interval| interval.high),
            "interval": measured.method.name(),
        })
    };
    let points: Vec<CurvePoint> = curve.iter().map(|(point, _)| *point).collect();
    let mut points = curve_json(&points, Score::bits);
    for (json, (_, band)) in points.iter_mut().zip(curve) {
        json["precision"] = share(&band.precision);
        json["recall"] = share(&band.recall);
    }
    points
}

/// The threshold curve, of an exchange, of two labelled files or of another program's list.
pub(super) fn curve_json<T: Copy>(curve: &[CurvePoint<T>], number: impl Fn(T) -> f64) -> Vec<Value> {
    let point = |point: &CurvePoint<T>| {
        json!({
            "threshold": number(point.threshold),
            "returned_right": point.returned_right,
            "returned_wrong": point.returned_wrong,
            "missed": point.missed,
        })
    };
    curve.iter().map(point).collect()
}

/// How often each situation of the namesake bank is there.
fn situations_json(scenario: &Scenario, outcome: &Outcome) -> Map<String, Value> {
    let json = |(situation, counted): &(Situation, Counted)| {
        let Counted { added, requests, records, wrong } = counted;
        let switch = scenario.bank.of(*situation);
        let of = json!({ "switch": switch, "added": added, "requests": requests, "records": records, "wrong": wrong });
        (situation.name().to_string(), of)
    };
    outcome.situations.iter().map(json).collect()
}

/// Namesakes of the people sought: pairs expected and counted, with the interval in pairs as well.
fn coincidence_json(coincidence: &Coincidence) -> Value {
    let Coincidence { what, expected, counted } = coincidence;
    let in_pairs = |share: f64| share * counted.rate.trials as f64;
    json!({
        "what": what,
        "expected": expected,
        "simulated": counted.rate.hits,
        "low": counted.interval.map(|interval| in_pairs(interval.low)),
        "high": counted.interval.map(|interval| in_pairs(interval.high)),
        "trials": counted.rate.trials,
        "of": counted.of,
        "interval": counted.method.name(),
    })
}

/// How each route that weighs evidence was trained.
fn training_json(scenario: &Scenario, outcome: &Outcome) -> Map<String, Value> {
    let trained = outcome.trained.iter();
    trained.map(|(route, trained)| (scenario.routes[*route].name.clone(), trained_json(trained))).collect()
}

/// How a model came by its weights.
pub(super) fn trained_json(trained: &Trained) -> Value {
    json!({
        "rounds": trained.rounds,
        "converged": trained.converged,
        "expected_matches": trained.expected_matches,
        "m": match trained.m {
            Source::Estimated => "estimated",
            Source::Default => "documented default, too few matches to estimate",
        },
    })
}

pub(super) fn assumption_json(assumption: &Assumption) -> Value {
    let mut json = json!({
        "key": assumption.key,
        "value": assumption.value,
        "range": assumption.range,
        "basis": assumption.basis.name(),
        "source": assumption.source,
    });
    if !assumption.alternatives.is_empty() {
        json["alternatives"] = json!(assumption.alternatives);
    }
    json
}

pub(super) fn rates_json(rates: &Rates) -> Map<String, Value> {
    let json = |(name, measured): &(&'static str, Measured)| {
        let mut json = rate_json(measured);
        if *name == "people_exposed" {
            // Of 100,000 on file, as exposures are usually given.
            json["per_100000"] = json!(measured.rate.value().map(|value| value * 1e5));
        }
        (name.to_string(), json)
    };
    rates.iter().map(json).collect()
}

pub(super) fn rate_json(measured: &Measured) -> Value {
    let mut json = json!({
        "hits": measured.rate.hits,
        "trials": measured.rate.trials,
        "rate": measured.rate.value(),
        "low": measured.interval.map(|interval| interval.low),
        "high": measured.interval.map(|interval| interval.high),
        "of": measured.of,
        "interval": measured.method.name(),
    });
    if measured.rate.trials < TOO_FEW {
        json["too_few_to_tell"] = json!(true);
    } else if measured.rate.hits < FEW_HITS {
        json["too_few_to_compare"] = json!(true);
    }
    json
}
