//! Rates by two attributes at once.

use crate::support::{done_in, namesake_in, results_of};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const SIZE: [&str; 8] =
    ["--people", "25600", "--requests", "400", "--set", "population.final_order=0.02", "--seed", "5"];

fn run(here: &Path, out: &str, more: &[&str]) {
    let arguments = [&["run", "--quiet", "--out", out][..], &SIZE, more].concat();
    done_in(here, &arguments);
}

/// Hits and trials by run, value and rate, summed over whatever has the same value.
fn sums<'v>(
    groups: impl Iterator<Item = (&'v str, &'v Value)>,
) -> BTreeMap<(&'static str, &'v str, &'v String), [u64; 2]> {
    let mut sums: BTreeMap<_, [u64; 2]> = BTreeMap::new();
    for (value, group) in groups {
        for (run, of) in [("this", group), ("equal_capture", &group["equal_capture"]), ("same_mix", &group["same_mix"])]
        {
            for (rate, counted) in of["rates"].as_object().into_iter().flatten() {
                let sum = sums.entry((run, value, rate)).or_default();
                sum[0] += counted["hits"].as_u64().unwrap();
                // Its trials are all persons returned in error, of whomever.
                sum[1] += if rate == "share_of_wrong" { 0 } else { counted["trials"].as_u64().unwrap() };
            }
        }
    }
    sums
}

#[test]
fn the_cells_of_a_pair_add_up_to_each_of_its_attributes() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    run(here, "pairs", &["--by", "group,sex", "--by", "age,recording_quality"]);
    let results = results_of(&here.join("pairs"));
    let pairs = results["by_pair"].as_object().unwrap();
    assert_eq!(pairs.keys().collect::<Vec<_>>(), ["group,sex", "age,recording_quality"]);
    for (pair, cells) in pairs {
        let names: Vec<&str> = pair.split(',').collect();
        for (side, attribute) in names.iter().enumerate() {
            let cells = cells.as_object().unwrap().iter();
            let of_cells = sums(cells.map(|(cell, group)| (cell.split(',').nth(side).unwrap(), group)));
            let groups = results["by_group"][attribute].as_object().unwrap().iter();
            let mut alone = sums(groups.map(|(value, group)| (value.as_str(), group)));
            // Of nobody there is no cell.
            alone.retain(|key, sum| of_cells.contains_key(key) || *sum != [0, 0]);
            assert!(of_cells == alone, "{pair}, {attribute}");
            assert!(of_cells.len() >= 2 * 3 * 12, "{}", of_cells.len());
        }
    }
    let marked = |cell: &Value| cell["compared"]["rates"]["missed"]["too_few_to_tell"] == true;
    let cells = pairs["group,sex"].as_object().unwrap();
    assert!(cells.values().any(marked) && !cells.values().all(marked));
    assert_eq!(
        cells.values().filter(|cell| cell["compared"].is_null()).count(),
        1,
        "the largest is compared with none"
    );
    // One row per rate of a cell in each of three runs, and one table in the report.
    let rows = fs::read_to_string(here.join("pairs/groups.csv")).unwrap();
    let rows = rows.lines().filter(|row| row.starts_with("same_mix,\"group,sex\",\"hispanic,female\",")).count();
    assert_eq!(rows, cells["hispanic,female"]["rates"].as_object().unwrap().len());
    let page = fs::read_to_string(here.join("pairs/report.html")).unwrap();
    assert!(page.contains("Census category and sex") && page.contains("Hispanic, of any race; female"));
}

#[test]
fn pairs_are_the_same_over_threads_shards_and_the_runs_own_scenario_and_change_nothing_else() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let by = ["--by", "sex,status", "--by", "status,sex"];
    run(here, "one", &[&by[..], &["--threads", "1"]].concat());
    run(here, "three", &[&by[..], &["--threads", "3"]].concat());
    run(here, "a", &[&by[..], &["--shard", "1/2"]].concat());
    run(here, "b", &[&by[..], &["--shard", "2/2"]].concat());
    done_in(here, &["merge", "b", "a", "--quiet", "--out", "merged"]);
    done_in(here, &["run", "one/scenario.toml", "--quiet", "--out", "again"]);
    let bytes = |out: &str, file: &str| fs::read(here.join(out).join(file)).unwrap();
    for other in ["three", "merged", "again"] {
        for file in ["results.json", "groups.csv", "report.html"] {
            assert!(bytes("one", file) == bytes(other, file), "{other}, {file}");
        }
    }
    run(here, "plain", &[]);
    let (mut with, plain) = (results_of(&here.join("one")), results_of(&here.join("plain")));
    let pairs = with.as_object_mut().unwrap().remove("by_pair").unwrap();
    assert_eq!(pairs.as_object().unwrap().keys().collect::<Vec<_>>(), ["sex,status"]);
    assert!(with == plain);
}

#[test]
fn pairs_of_attributes_that_are_not_there_are_refused() {
    let temporary = tempfile::tempdir().unwrap();
    for (by, said) in [
        ("grup,sex", "did you mean \"group\"?"),
        ("group,height", "there are group, status, sex, age"),
        ("sex,sex", "sex twice"),
        ("sex", "write two attributes, such as group,sex"),
    ] {
        let run = namesake_in(temporary.path(), &["run", "--by", by]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(said), "{by}: {}", run.stderr);
    }
    let text = "base = \"tax-address-request\"\nname = \"mine\"\nby = [\"sex,age\", \"age,sex\"]\n";
    fs::write(temporary.path().join("mine.toml"), text).unwrap();
    let run = namesake_in(temporary.path(), &["run", "mine.toml"]);
    assert!(run.code == Some(2) && run.stderr.contains("by: the same two attributes twice"), "{run:?}");
}
