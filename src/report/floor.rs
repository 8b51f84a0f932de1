//! Losses beside those that nobody could avoid.

use super::rate_json;
use crate::evaluation::{Floor, Losses};
use serde_json::{Map, Value, json};

/// The section `floor` of results.json.
pub(super) fn json(floor: &Floor) -> Value {
    let losses = |losses: &Losses| {
        let trials = losses.actual.rate.trials;
        json!({
            "actual": rate_json(&losses.actual),
            "floor": {
                "expected_losses": losses.floor,
                "trials": trials,
                "share": (trials > 0).then(|| losses.floor / trials as f64),
            },
        })
    };
    let mut lost: Map<String, Value> =
        floor.lost_at.iter().map(|(place, n)| (place.name().to_string(), json!(n))).collect();
    lost.insert("right_with_others".to_string(), json!(floor.right_with_others));
    lost.insert("answered_though_absent".to_string(), json!(floor.answered_though_absent));
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
    json["lost"] = Value::Object(lost);
    json["by_group"] = Value::Object(by_group);
    json
}

#[cfg(test)]
mod tests {
    use crate::experiment::run;
    use crate::experiment::scenario::{Scenario, built_in};
    use crate::random::{Decision, Seed};

    /// Whoever has the given name and the surname of the request answers: people of one name cannot be told apart.
    const NAMES_ALONE: &str = r#"
base = "tax-address-request"
name = "names-alone"
title = "Names alone"
summary = "Whoever has the given name and the surname of the request answers."

[[routes]]
name = "address"
when = "always"
compares = ["name"]
basis = "assumed"
alternatives = ["more than the name"]
source = "so that many are alike"
blocking = ["surname:4 + given_name:1"]
decision = "rules"
threshold = 1.0
comparisons = [{ name = "surname", kind = "exact", field = "surname" }, { name = "given name", kind = "exact", field = "given_name" }]

[[routes.rules]]
name = "both the same"
strength = 1
all = ["surname: same", "given name: same"]
"#;

    #[test]
    fn no_rule_loses_less_than_the_floor() {
        const SCENARIOS: u64 = 50;
        const SEEDS: u64 = 2;
        let mut floors = 0.0;
        for i in 0..SCENARIOS {
            let mut stream = Seed(7).stream(Decision::named("test.floor"), i);
            let mut one_of = |values: &[&'static str]| values[stream.below(values.len() as u64) as usize];
            let text = one_of(&[
                NAMES_ALONE,
                NAMES_ALONE,
                built_in("tax-address-request").unwrap(),
                built_in("tax-address-request-weighted").unwrap(),
            ]);
            let sets: Vec<String> = [
                one_of(&["population.people=2560", "population.people=10240"]),
                "requester.requests=40",
                one_of(&["requester.list=orders", "requester.list=like_population"]),
                one_of(&[
                    "agreement.answers=all",
                    "agreement.answers=best",
                    "agreement.answers=best",
                    "agreement.answers=unique",
                ]),
                one_of(&["routes.address.threshold=1", "routes.address.threshold=1", "routes.address.threshold=2"]),
                one_of(&["requester.errors.typing=0", "requester.errors.typing=0.2"]),
                one_of(&["holder.coverage_by_group.white=1", "holder.coverage_by_group.white=0.5"]),
            ]
            .map(String::from)
            .to_vec();
            let mut scenario = Scenario::parse_with(text, "a random scenario", &sets).unwrap();
            scenario.beside.clear();
            let (mut lost, mut floor) = (0.0, 0.0);
            for seed in 1..=SEEDS {
                (scenario.seed.population, scenario.seed.errors, scenario.seed.requests) = (seed, seed, seed);
                let evaluation = run(&scenario, &|_| {}).evaluation;
                lost += evaluation.floor.all.actual.rate.hits as f64;
                floor += evaluation.floor.all.floor;
                let of_groups: f64 = evaluation.floor.by_group[0].1.iter().map(|losses| losses.floor).sum();
                assert!((of_groups - evaluation.floor.all.floor).abs() < 1e-9);
            }
            // Who of those alike is taken is luck, whose variance is no more than the floor itself.
            assert!(lost >= floor - 3.0 * (floor + 1.0).sqrt(), "{sets:?}: {lost} lost, floor {floor}");
            floors += floor;
        }
        assert!(floors > 2.0, "the floors add up to {floors}: too little to fall below");
    }
}
