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

/// Two files of three and four records with three true pairs, and what Splink might say of them.
#[test]
fn a_list_of_another_program_is_counted_as_it_is_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).unwrap();
    write("a.csv", "unique_id,cluster,sex,surname\n1,x,f,Nuñez\n2,y,m,Li\n3,z,f,O’Neil\n");
    write("b.csv", "unique_id,cluster,sex,surname\n1,y,m,Li\n2,x,f,Nunez\n3,w,m,Lee\n4,z,f,Oneil\n");
    let spec =
        "id = \"unique_id\"\ntruth = \"cluster\"\ngroups = [\"sex\"]\n[fields]\nsurname = \"surname\"\nsex = \"sex\"\n";
    write("spec.toml", spec);
    // The last line has B on the left; both files have a record 2 and a record 3.
    write(
        "splink.csv",
        "match_weight,match_probability,source_dataset_l,unique_id_l,source_dataset_r,unique_id_r\n\
         7.5,0.99,a,1,b,2\n3.1,0.9,a,2,b,1\n3.1,0.9,a,2,b,3\n-4,0.06,b,4,a,3\n",
    );
    let score = |more: &[&str]| -> Value {
        let files = ["score", "splink.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml", "--json", "-"];
        let run = namesake_in(here, &[&files, more].concat());
        assert_eq!(run.code, Some(0), "{run:?}");
        serde_json::from_str(&run.stdout).unwrap()
    };
    let counts = |result: &Value| -> [u64; 3] {
        ["returned_right", "returned_wrong", "missed"].map(|name| result["counts"][name].as_u64().unwrap())
    };
    let all = score(&[]);
    assert_eq!(counts(&all), [3, 1, 0]);
    assert_eq!(all["list"]["score"], "match_weight");
    assert_eq!(all["curve"].as_array().unwrap().len(), 3);
    let men = &all["by_group"]["sex"]["m"]["rates"]["precision"];
    assert_eq!((&men["hits"], &men["trials"]), (&Value::from(1), &Value::from(2)));
    assert_eq!(counts(&score(&["--threshold", "3.1"])), [2, 1, 1]);
    assert_eq!(counts(&score(&["--score", "match_probability", "--threshold", "0.95"])), [1, 0, 2]);
    // What `link` writes with --pairs is such a list, and is counted alike.
    let link = ["link", "a.csv", "b.csv", "--spec", "spec.toml", "--pairs", "splink.csv", "--json", "-"];
    let linked: Value = serde_json::from_str(&namesake_in(here, &link).stdout).unwrap();
    let threshold = linked["threshold"].as_f64().unwrap().to_string();
    let again = score(&["--threshold", &threshold]);
    for name in ["returned_right", "returned_wrong"] {
        assert_eq!(again["counts"][name], linked["counts"][name], "{name}");
    }
}
