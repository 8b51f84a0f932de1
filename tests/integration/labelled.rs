//! Matching labelled files made by others, with the example specs of the documentation.

use crate::support::{namesake_in, root, shared_data};
use serde_json::Value;
use std::path::PathBuf;

fn linked(spec: &str, a: &str, b: &str, more: &[&str]) -> Option<Value> {
    let (a, b) = (shared_data(&format!("data/labelled/{a}"))?, shared_data(&format!("data/labelled/{b}"))?);
    let spec: PathBuf = root().join("docs/examples").join(spec);
    let paths = [a, b].map(|path| path.canonicalize().unwrap().to_str().unwrap().to_string());
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        [&["link", &paths[0], &paths[1], "--spec", spec.to_str().unwrap(), "--json", "-"][..], more].concat();
    let run = namesake_in(folder.path(), &arguments);
    assert_eq!(run.code, Some(0), "{run:?}");
    Some(serde_json::from_str(&run.stdout).unwrap())
}

#[test]
fn febrl_files_are_matched_nearly_without_error() {
    let Some(result) = linked("febrl4.toml", "febrl4a.csv", "febrl4b.csv", &[]) else { return };
    assert_eq!(result["counts"]["true_pairs"], 5_000);
    assert!(result["best_f1"]["f1"].as_f64().unwrap() >= 0.995, "{}", result["best_f1"]);
}

#[test]
fn seven_fields_of_the_febrl_files_leave_at_most_two_errors() {
    let Some(result) = linked("febrl4_seven.toml", "febrl4a.csv", "febrl4b.csv", &[]) else { return };
    let curve: Vec<[u64; 3]> = result["curve"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| ["returned_right", "returned_wrong", "missed"].map(|count| point[count].as_u64().unwrap()))
        .collect();
    let fewest = curve.iter().map(|[_, wrong, missed]| wrong + missed).min().unwrap();
    assert!(fewest <= 2, "{fewest} errors");
    let all_right = curve.iter().filter(|[_, wrong, _]| *wrong == 0).map(|[right, ..]| *right).max().unwrap();
    assert!(all_right >= 4_990, "without a wrong pair only {all_right} of 5,000 are found");
}

#[test]
fn a_census_and_a_tax_file_are_matched_by_name_and_address_without_labels() {
    let files = ("pseudopeople_census_2020.csv", "pseudopeople_tax1040_2020.csv");
    let Some(result) = linked("census_tax.toml", files.0, files.1, &[]) else { return };
    assert_eq!(result["counts"]["true_pairs"], 5_811);
    assert!(result["best_f1"]["f1"].as_f64().unwrap() >= 0.90, "{}", result["best_f1"]);
    let one = linked("census_tax.toml", files.0, files.1, &["--assignment", "one-to-one"]).unwrap();
    assert!(one["best_f1"]["f1"].as_f64() > result["best_f1"]["f1"].as_f64());
    assert!(!result["by_group"].as_object().unwrap().is_empty());
}
