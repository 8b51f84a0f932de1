//! A route's own estimates of its pairs, beside the truth.

use crate::support::{MANY_ORDERS, case};
use namesake::experiment::run;
use namesake::results::Results;
use serde_json::Value;

fn results_of(name: &str, people: u64, requests: u64) -> Value {
    let (people, requests) = (format!("population.people={people}"), format!("requester.requests={requests}"));
    let scenario = case(name, &[MANY_ORDERS, &people, &requests, "beside=[]"]);
    serde_json::from_str(&Results::of(&scenario, &run(&scenario, &|_| {})).to_json()).unwrap()
}

fn results(name: &str) -> Value {
    results_of(name, 40_000, 700)
}

#[test]
fn claims_stand_beside_the_truth_and_add_up() {
    let results = results_of("tax-address-request-weighted", 200_000, 3_000);
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

#[test]
fn the_estimate_from_reviewed_scores_stands_beside_the_truth_of_the_same_answers_or_says_why_there_is_none() {
    let weighted = "tax-address-request-weighted";
    let results = results_of(weighted, 40_000, 3_000);
    let fit = &results["claimed"]["false_match"]["belin_rubin_fit"];
    let count = |at: &Value| at.as_u64().unwrap();
    let (reviewed, truth) = (&fit["reviewed"], &fit["true"]);
    // Half of the requests that got any answer on this route.
    let (half, scores) = (count(&reviewed["one_person"]) + count(&reviewed["two_people"]), count(&fit["scores"]));
    assert!(half.abs_diff(scores) * 4 < scores, "{fit}");
    assert!(count(&truth["trials"]) > 50 && count(&truth["trials"]) < scores, "{fit}");
    let estimate = &results["claimed"]["false_match"]["belin_rubin"];
    assert_eq!(estimate.is_number(), fit.get("absent").is_none(), "{fit}");
    if let Some(share) = estimate.as_f64() {
        let of = |key: &str| fit[key].as_f64().unwrap();
        assert!(0.0 < share && share < 0.5 && of("low") < share && share < of("high"), "{fit}");
    }
    // Groups are parts of all, and small ones say that they are too small.
    for (attribute, values) in results["claimed"]["by_group"].as_object().unwrap() {
        let fits = values.as_object().unwrap().values().map(|value| &value["false_match"]["belin_rubin_fit"]);
        assert_eq!(fits.clone().map(|fit| count(&fit["scores"])).sum::<u64>(), scores, "{attribute}");
        for fit in fits.filter(|fit| count(&fit["scores"]) < 100) {
            assert!(fit["absent"].is_string(), "{fit}");
        }
    }
    // Of few requests too few are somebody else to learn what their scores look like.
    let few = results_of(weighted, 40_000, 60);
    let absent = &few["claimed"]["false_match"];
    assert_eq!(absent.get("belin_rubin"), None);
    assert!(absent["belin_rubin_fit"]["absent"].as_str().unwrap().contains("too few to learn from"), "{absent}");
}
