//! Files and lists as people have them: the right figure, a notice, or a refusal that says what to do.

use crate::support::{Run, namesake_in};
use serde_json::Value;
use tempfile::TempDir;

/// A spec whose one field is the surname, matched where it is the same.
const SPEC: &str = "id = \"id\"\ntruth = \"person\"\n[fields]\nsurname = \"last\"\n\
                    [[model.rule]]\nname = \"surname\"\nstrength = 1\nall = [\"surname: same\"]\n";

/// A folder with some files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| std::fs::write(folder.path().join(name), text).unwrap());
    folder
}

fn linked(spec: &str, a: &str, b: &str, more: &[&str]) -> Run {
    let folder = folder(&[("spec.toml", spec), ("a.csv", a), ("b.csv", b)]);
    namesake_in(folder.path(), &[&["link", "a.csv", "b.csv", "--spec", "spec.toml"], more].concat())
}

fn json(run: &Run) -> Value {
    assert_eq!(run.code, Some(0), "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}

/// The codes of the notices of a result.
fn codes(result: &Value) -> Vec<&str> {
    result["notices"].as_array().unwrap().iter().map(|notice| notice["code"].as_str().unwrap()).collect()
}

#[test]
fn keys_left_out_by_a_limit_are_told_in_the_summary() {
    let rows = |side: &str| -> String {
        (0..20).map(|i| format!("{side}{i},p{i},{}\n", if i < 10 { "Abel" } else { "Brook" })).collect()
    };
    let files = ["a", "b"].map(|side| format!("id,person,last\n{}", rows(side)));
    let spec = format!("{SPEC}[blocking]\nrules = [\"surname\"]\nmax_pairs_per_key = 50\n");
    let summary = linked(&spec, &files[0], &files[1], &[]).stdout;
    assert!(
        summary.contains("NOTICE    The blocking rule \"surname\" left out 2 of its keys, with 40 records"),
        "{summary}"
    );
    let result = json(&linked(&spec, &files[0], &files[1], &["--json", "-"]));
    assert_eq!(codes(&result), ["keys-left-out", "nothing-matched"]);
    assert_eq!(result["notices"][0]["count"], 2);
    // Within the limit there is nothing to tell but that each record has ten matches.
    let result = json(&linked(&spec.replace("= 50", "= 100"), &files[0], &files[1], &["--json", "-"]));
    assert_eq!((codes(&result), &result["notices"][0]["count"]), (vec!["many-matches"], &Value::from(200)));
}
