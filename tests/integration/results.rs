//! One tree of results: its text, and the files that are made from it.

use crate::support::{MANY_ORDERS, MUCH, done_in, files, root, scenario};
use namesake::experiment::{measure, prepare, stream};
use namesake::report::bundle;
use namesake::results::{Details, Results};
use std::collections::BTreeMap;
use std::fs;

fn golden() -> Vec<String> {
    let folder = root().join("synthetic-data/golden");
    let texts: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert!(texts.len() >= 2);
    texts
}

#[test]
fn results_that_are_read_and_written_again_are_the_same_bytes() {
    for text in golden() {
        let results = Results::from_json(&text).unwrap();
        assert!(results.to_json() == text, "{} is written differently", results.scenario);
    }
}

#[test]
fn a_text_that_is_not_results_json_is_an_error_that_says_where() {
    let text = &golden()[0];
    let refused = |text: &str| Results::from_json(text).unwrap_err().to_string();
    for (from, to, said) in [
        ("namesake.results/1", "namesake.results/9", "unknown variant `namesake.results/9`"),
        ("\"returned_wrong\"", "\"returned_wrongly\"", "unknown field `returned_wrongly`"),
        ("\"wrong_person\"", "\"wrong_persons\"", "there is no rate \"wrong_persons\"; did you mean \"wrong_person\"?"),
        ("\"people\":", "\"people\": -", "invalid number"),
        ("\"fates\":", "\"fate\":", "unknown field `fate`"),
    ] {
        let message = refused(&text.replacen(from, to, 1));
        assert!(message.contains(said) && message.contains(" at line "), "{from}: {message}");
    }
    for broken in ["{}", "[]", "", &text[..text.len() / 2]] {
        assert!(refused(broken).starts_with("results.json: "), "{broken:.40}");
    }
    assert!(refused("{}").contains("missing field `schema`"));
}

#[test]
fn a_run_folder_and_the_bundle_of_the_library_are_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let sets = [MANY_ORDERS, "population.people=20000", "requester.requests=200", "by=group,sex"];
    let run = ["run", MUCH, "--people", "20k", "--requests", "200", "--by", "group,sex", "--set", MANY_ORDERS];
    done_in(folder.path(), &[&run[..], &["--out", "run", "--quiet"]].concat());
    let scenario = scenario(&sets);
    let runs = prepare(&scenario, &|_| {});
    let streamed = stream(&runs, 0..runs[0].world().country().blocks(), &|_| {});
    let outcome = measure(&runs, &streamed, &|_| {});
    let made = bundle(&Results::of(&scenario, &outcome), &scenario, &Details::of(&runs[0], &outcome));
    let names: Vec<&str> = made.iter().map(|(name, _)| *name).collect();
    let made: BTreeMap<String, Vec<u8>> = made.iter().map(|(name, bytes)| (name.to_string(), bytes.clone())).collect();
    assert_eq!(made.len(), names.len(), "a name is there twice: {names:?}");
    let written = files(&folder.path().join("run"));
    assert_eq!(written.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>());
    for (name, bytes) in &made {
        assert!(written[name] == *bytes, "{name} differs");
    }
}
