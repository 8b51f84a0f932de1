//! What a route that weighs evidence claims of its pairs, beside the truth.

use crate::support::case;
use namesake::experiment::run;
use namesake::report::results_json;
use serde_json::Value;

fn results(name: &str) -> Value {
    let scenario = case(name, &["population.people=40000", "requester.requests=700", "beside=[]"]);
    serde_json::from_str(&results_json(&scenario, &run(&scenario, &|_| {}))).unwrap()
}

#[test]
fn claims_stand_beside_the_truth_and_add_up() {
    let results = results("tax-address-request-weighted");
    let claimed = &results["claimed"];
    let truth = &claimed["false_match"]["true"];
    let (hits, trials) = (truth["hits"].as_u64().unwrap(), truth["trials"].as_u64().unwrap());
    assert!(hits > 0 && trials > hits, "{truth}");
    // The model errs, and not by orders of magnitude.
    let posterior = claimed["false_match"]["posterior"].as_f64().unwrap();
    assert!((0.0..0.5).contains(&posterior), "{posterior}");
    for (attribute, values) in claimed["by_group"].as_object().unwrap() {
        let sum = |key: &str| -> u64 {
            values.as_object().unwrap().values().map(|v| v["false_match"]["true"][key].as_u64().unwrap()).sum()
        };
        assert_eq!((sum("hits"), sum("trials")), (hits, trials), "{attribute}");
    }
    let calibration = claimed["calibration"].as_array().unwrap();
    let of = |bin: &Value, key: &str| bin[key].as_f64().unwrap();
    let mut pairs = 0;
    for bin in calibration {
        assert!(of(bin, "low") <= of(bin, "claimed") && of(bin, "claimed") <= of(bin, "high"), "{bin}");
        assert!(of(bin, "true_low") <= of(bin, "true") && of(bin, "true") <= of(bin, "true_high"), "{bin}");
        pairs += bin["pairs"].as_u64().unwrap();
    }
    // The other route follows rules and claims nothing.
    assert!(pairs > trials && pairs < results["counts"]["candidate_pairs"].as_u64().unwrap());
    let (first, last) = (&calibration[0], &calibration[calibration.len() - 1]);
    assert!(of(first, "true") < 0.1 && of(last, "true") > 0.5, "{first} {last}");
}

#[test]
fn rules_claim_nothing() {
    assert_eq!(results("tax-address-request").get("claimed"), None);
}
