//! One tree of results: its text, and the files that are made from it.

use crate::support::{MANY_ORDERS, MUCH, done_in, files, root, scenario};
use namesake::experiment::{measure, prepare, stream};
use namesake::report::bundle;
use namesake::results::labelled::{BlockingResults, CheckResults, LinkResults, ScoreResults};
use namesake::results::{Details, Results, json_text};
use serde::Serialize;
use serde::de::DeserializeOwned;
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

/// Two files with a group column each, a spec of both columns, and a list of pairs.
const LABELLED: [(&str, &str); 4] = [
    ("a.csv", "id,person,sex,surname,zip\n1,x,f,Nuñez,12\n2,y,m,Li,34\n3,z,f,O’Neil,\n"),
    ("b.csv", "id,person,sex,surname,zip\n1,y,m,Li,34\n2,x,f,Nunez,12\n3,w,m,Lee,\n4,z,f,Oneil,56\n"),
    (
        "spec.toml",
        "id = \"id\"\ntruth = \"person\"\ngroups = [\"sex\", { column = \"sex\", file = \"b\" }]\n\
         [fields]\nsurname = \"surname\"\nzip = \"zip\"\n",
    ),
    ("list.csv", "id_a,id_b,score\n1,2,7.5\n2,1,3\n2,3,3\n3,4,-1\n"),
];

#[test]
fn results_of_two_files_that_are_read_and_written_again_are_the_same_bytes() {
    fn again<T: Serialize + DeserializeOwned>(text: &str) -> Option<String> {
        serde_json::from_str::<T>(text).ok().map(|tree| json_text(&tree))
    }
    let folder = tempfile::tempdir().unwrap();
    LABELLED.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
    let link = ["link", "a.csv", "b.csv", "--spec", "spec.toml", "--json", "-"];
    let score = ["score", "list.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml", "--json", "-"];
    type Again = fn(&str) -> Option<String>;
    let commands: [(&[&str], &[&str], Again, &str); 4] = [
        (&link, &[], again::<LinkResults>, "namesake.link/1"),
        (&link, &["--check"], again::<CheckResults>, "namesake.check/1"),
        (&link, &["--analyse-blocking"], again::<BlockingResults>, "namesake.blocking/1"),
        (&score, &[], again::<ScoreResults>, "namesake.score/1"),
    ];
    for (command, more, again, schema) in commands {
        let text = done_in(folder.path(), &[command, more].concat()).stdout;
        assert!(text.starts_with(&format!("{{\n  \"schema\": \"{schema}\",")), "{text:.60}");
        assert!(again(&text).as_ref() == Some(&text), "{schema} is written differently");
        assert_eq!(again(&text.replacen(schema, "namesake.other/1", 1)), None, "{schema}");
    }
}

#[test]
fn a_group_column_of_both_files_is_told_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    LABELLED.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
    let score = ["score", "list.csv", "--a", "a.csv", "--b", "b.csv", "--spec", "spec.toml"];
    let text = done_in(folder.path(), &score).stdout;
    let groups: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("GROUP     ")?.split(':').next()).collect();
    let expected =
        ["sex in a = f (2 records)", "sex in a = m (1 record)", "sex in b = f (2 records)", "sex in b = m (2 records)"];
    assert_eq!(groups, expected, "{text}");
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
