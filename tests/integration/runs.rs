//! Runs: the same bytes however they are made, and results that agree with each other.

use crate::support::{MUCH, done_in, files, namesake_in, results_of, root};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

const SIZE: [&str; 8] = ["--people", "60k", "--requests", "900", "--set", "population.final_order=0.02", "--seed", "7"];

#[test]
fn threads_shards_and_repeats_give_the_same_bytes() {
    for scenario in ["tax-address-request", "tax-address-request-weighted"] {
        let temporary = tempfile::tempdir().unwrap();
        let here = temporary.path();
        let with = |more: &[&'static str]| [&["run", scenario, "--quiet"][..], &SIZE, more].concat();
        done_in(here, &with(&["--threads", "1", "--out", "one"]));
        let one = files(&here.join("one"));
        assert_eq!(
            one.keys().collect::<Vec<_>>(),
            [
                "curve.csv",
                "data-dictionary.md",
                "disclosures.csv",
                "groups.csv",
                "outcomes.csv",
                "report.html",
                "results.json",
                "scenario.toml"
            ]
        );
        done_in(here, &with(&["--threads", "3", "--out", "three"]));
        assert!(one == files(&here.join("three")), "{scenario}: threads");
        for (shard, out) in [("1/3", "s1"), ("2/3", "s2"), ("3/3", "s3")] {
            done_in(here, &with(&["--shard", shard, "--out", out]));
        }
        // In any order.
        done_in(here, &["merge", "s2", "s3", "s1", "--quiet", "--out", "merged"]);
        assert!(one == files(&here.join("merged")), "{scenario}: shards");
        done_in(here, &["run", "one/scenario.toml", "--quiet", "--out", "again"]);
        assert!(one == files(&here.join("again")), "{scenario}: its own scenario.toml");
        // Another seed is another country.
        let other = [&["run", scenario, "--quiet"][..], &SIZE[..6], &["--seed", "8", "--out", "other"]].concat();
        done_in(here, &other);
        assert!(one["outcomes.csv"] != files(&here.join("other"))["outcomes.csv"]);
    }
}

#[test]
fn shards_that_do_not_belong_together_are_refused() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let size = ["run", "--quiet", "--people", "5k", "--requests", "40", "--set", "population.final_order=0.02"];
    done_in(here, &[&size[..], &["--shard", "1/2", "--out", "a"]].concat());
    done_in(here, &[&size[..], &["--shard", "2/2", "--seed", "9", "--out", "b"]].concat());
    for (folders, hint) in
        [(&["a"][..], "2/2 are missing"), (&["a", "b"], "another run"), (&["a", "a"], "is part 1 of 2")]
    {
        let merge = [&["merge"][..], folders, &["--out", "merged"]].concat();
        let said = namesake_in(here, &merge);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.stderr.contains(hint), "{hint}: {said:?}");
        assert!(!here.join("merged").exists());
    }
}

#[test]
fn every_request_has_one_fate_and_all_sums_agree() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    for sets in [
        &[][..],
        &["--set", "agreement.answers=unique"],
        &["--set", "routes.address.model.threshold=1", "--set", "agreement.most_answers=2"],
    ] {
        let out = [&["run", "--out", "out"][..], &SIZE, sets].concat();
        let summary = namesake_in(here, &out).stdout;
        let results: Value = results_of(&here.join("out"));
        let count = |key: &str| results["counts"][key].as_u64().unwrap();
        let mut outcomes = csv::Reader::from_path(here.join("out/outcomes.csv")).unwrap();
        let column = |name: &str, headers: &csv::StringRecord| headers.iter().position(|h| h == name).unwrap();
        let headers = outcomes.headers().unwrap().clone();
        let [fate, lost_at, on_file, returned, wrong] =
            ["fate", "lost_at", "on_file", "persons_returned", "wrong_returned"].map(|name| column(name, &headers));
        let (mut fates, mut lost, mut people, mut somebody_else, mut sought, mut missed) =
            (BTreeMap::new(), BTreeMap::new(), 0, 0, 0, 0);
        for (number, row) in outcomes.records().map(|row| row.unwrap()).enumerate() {
            assert_eq!(row[0], number.to_string());
            *fates.entry(row[fate].to_string()).or_insert(0) += 1;
            people += row[returned].parse::<u64>().unwrap();
            somebody_else += row[wrong].parse::<u64>().unwrap();
            sought += u64::from(&row[on_file] == "true");
            let lost_here = &row[on_file] == "true" && !row[fate].starts_with("right");
            missed += u64::from(lost_here);
            assert_eq!(!row[lost_at].is_empty(), lost_here, "{row:?}");
            if lost_here {
                *lost.entry(row[lost_at].to_string()).or_insert(0) += 1;
            }
        }
        assert_eq!(fates.values().sum::<u64>(), count("requests"));
        for (name, number) in results["fates"].as_object().unwrap() {
            assert_eq!(number.as_u64().unwrap(), fates.get(name).copied().unwrap_or(0), "{name}");
        }
        for (name, number) in results["lost_at"].as_object().unwrap() {
            assert_eq!(number.as_u64().unwrap(), lost.get(name).copied().unwrap_or(0), "{name}");
        }
        assert_eq!(sought, count("requested_on_file"));
        assert_eq!(somebody_else, count("returned_wrong"));
        assert_eq!(people, count("returned_right") + count("returned_wrong"));
        let rate = |name: &str| {
            let rate = &results["rates"][name];
            (rate["hits"].as_u64().unwrap(), rate["trials"].as_u64().unwrap())
        };
        assert_eq!(rate("missed"), (missed, sought));
        assert_eq!(rate("wrong_among_answers"), (somebody_else, people));
        let disclosures = csv::Reader::from_path(here.join("out/disclosures.csv")).unwrap().into_records().count();
        assert_eq!(disclosures as u64, somebody_else);
        let causes = results["causes"].as_object().unwrap();
        assert_eq!(causes.values().map(|cause| cause["primary"].as_u64().unwrap()).sum::<u64>(), somebody_else);
        assert!(summary.contains(&format!("Of persons returned, {somebody_else} of {people} were somebody else")));
        assert!(summary.contains(&format!("Of {sought} sought people on file, {missed} were not returned")));
        for (_, groups) in results["by_group"].as_object().unwrap() {
            let trials =
                groups.as_object().unwrap().values().map(|g| g["rates"]["wrong_person"]["trials"].as_u64().unwrap());
            assert_eq!(trials.sum::<u64>(), count("requests"));
        }
        for (name, rate) in results["rates"].as_object().unwrap() {
            let numbers = ["rate", "low", "high"].map(|part| rate[part].as_f64());
            if let [Some(rate), Some(low), Some(high)] = numbers {
                assert!(low <= rate && rate <= high, "{name}");
            }
            assert!(rate["of"].is_string() && rate["interval"].is_string());
        }
    }
}

#[test]
fn the_curve_at_the_scenarios_threshold_is_the_run_itself() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    // All of its routes have the one threshold of a point of the curve.
    done_in(here, &[&["run", MUCH, "--quiet", "--out", "out"][..], &SIZE].concat());
    let results: Value = results_of(&here.join("out"));
    let point = &results["curve"][0];
    assert_eq!(point["threshold"], 1.0);
    assert_eq!(point["returned_right"], results["counts"]["returned_right"]);
    assert_eq!(point["returned_wrong"], results["counts"]["returned_wrong"]);
    assert_eq!(point["missed"], results["rates"]["missed"]["hits"]);
    for share in ["precision", "recall"] {
        let [band, rate] = [&point[share], &results["rates"][share]];
        assert_eq!(band["rate"], rate["rate"]);
        let number = |of: &Value, part: &str| of[part].as_f64().unwrap();
        let width = number(rate, "high") - number(rate, "low");
        for end in ["low", "high"] {
            assert!((number(band, end) - number(rate, end)).abs() < 0.2 * width, "{share} {band} {rate}");
        }
    }
}

#[test]
fn a_run_replaces_an_earlier_one_whole() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    done_in(
        here,
        &[
            "run",
            "--quiet",
            "--people",
            "5k",
            "--requests",
            "40",
            "--set",
            "population.final_order=0.02",
            "--out",
            "out",
        ],
    );
    let before = files(&here.join("out"));
    done_in(
        here,
        &[
            "run",
            "--quiet",
            "--people",
            "5k",
            "--requests",
            "50",
            "--set",
            "population.final_order=0.02",
            "--out",
            "out",
        ],
    );
    assert!(before != files(&here.join("out")));
    assert_eq!(fs::read_dir(here).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn generated_files_agree_with_each_other_and_with_the_run() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    done_in(here, &[&["generate", "--quiet", "--out", "files"][..], &SIZE].concat());
    done_in(here, &[&["run", "--quiet", "--out", "out"][..], &SIZE].concat());
    let rows = |name: &str| -> Vec<csv::StringRecord> {
        let mut reader = csv::Reader::from_path(here.join("files").join(format!("{name}.csv"))).unwrap();
        reader.records().map(|row| row.unwrap()).collect()
    };
    let results: Value = results_of(&here.join("out"));
    let (requester, holder, truth, people) = (rows("requester"), rows("holder"), rows("truth"), rows("people"));
    assert_eq!(people.len(), 60_000);
    assert_eq!(requester.len(), 900);
    assert_eq!(holder.len() as u64, results["counts"]["holder_records"].as_u64().unwrap());
    assert_eq!(truth.len(), requester.len() + holder.len());
    let on_file = people.iter().filter(|row| &row[18] == "true").count();
    assert_eq!(on_file, holder.len());
    let sought = people.iter().filter(|row| &row[19] == "true").count();
    assert_eq!(sought, 900);
    // Every error that provenance names changed the cell that it names.
    for row in rows("provenance") {
        assert_ne!(row[5], row[6]);
    }
    let ids: std::collections::BTreeSet<&str> = holder.iter().map(|row| &row[0]).collect();
    assert_eq!(ids.len(), holder.len());
}

#[test]
fn explain_gives_terms_that_sum_to_the_score() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    for scenario in ["tax-address-request-assumed", "tax-address-request-weighted"] {
        let mut compared = 0;
        for request in ["0", "1", "2", "3", "4", "5", "6", "7"] {
            let arguments = [
                "explain",
                scenario,
                "--people",
                "20k",
                "--requests",
                "300",
                "--set",
                "population.final_order=0.02",
                "--request",
                request,
            ];
            let said = done_in(here, &[&arguments[..], &["--json", "-"]].concat());
            let json: Value = serde_json::from_str(&said.stdout).unwrap();
            for record in json["records"].as_array().unwrap() {
                let why = &record["why"];
                if let Some(terms) = why["terms"].as_array() {
                    let sum: i64 = terms.iter().map(|term| term["value"].as_i64().unwrap()).sum();
                    assert_eq!(Some(sum), why["score"].as_i64());
                    compared += 1;
                }
            }
            let text = namesake_in(here, &arguments).stdout;
            assert!(text.starts_with(&format!("REQUEST {request}:")), "{text}");
        }
        assert!(compared > 0);
    }
}

#[test]
fn scenarios_are_listed_and_shown() {
    let temporary = tempfile::tempdir().unwrap();
    let list = namesake_in(temporary.path(), &["scenarios", "--json", "-"]);
    let json: Value = serde_json::from_str(&list.stdout).unwrap();
    for scenario in json["scenarios"].as_array().unwrap() {
        let name = scenario["name"].as_str().unwrap();
        let page = namesake_in(temporary.path(), &["scenarios", "show", name]).stdout;
        for part in [&format!("namesake run {name}\n")[..], "\nTERMS\n", "\nROUTES\n", "requests."] {
            assert!(page.contains(part), "{name}: {part}");
        }
        assert!(page.lines().all(|line| line.chars().count() <= 100 || !line.trim_start().contains(' ')), "{page}");
        let shown = namesake_in(temporary.path(), &["scenarios", "show", name, "--toml"]);
        let file = root().join(format!("synthetic-data/scenarios/{name}.toml"));
        // The file as it stands, and behind it every setting as a comment.
        let toml = fs::read_to_string(file).unwrap();
        assert!(shown.stdout.starts_with(toml.trim_end()) && shown.stdout.contains("# population.clustering = 0.5"));
        namesake::scenario::Scenario::parse(&shown.stdout, name).unwrap();
        let shown = namesake_in(temporary.path(), &["scenarios", "show", name, "--json", "-"]);
        let json: Value = serde_json::from_str(&shown.stdout).unwrap();
        assert!(json["name"] == name && json["assumptions"].as_array().unwrap().len() > 30);
    }
}
