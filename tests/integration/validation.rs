//! The page of published and simulated figures says what the command says, and the command says it in every format.

use crate::support::{namesake, root};
use serde_json::Value;
use std::fs;

const PEOPLE: &str = "200k";

fn rows(args: &[&str]) -> Vec<Value> {
    let run = namesake(&[&["validate", "--people", PEOPLE, "--quiet", "--json", "-"], args].concat());
    // 1 says that a row is out, which in a small country luck alone may do.
    assert!(matches!(run.code, Some(0 | 1)), "{run:?}");
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    json["rows"].as_array().unwrap().clone()
}

#[test]
fn every_row_of_a_small_country_holds_as_far_as_luck_can_tell() {
    let rows = rows(&["--seed", "3"]);
    // Of 130 intervals of 95 % a few miss; a row is out only where one misses by its whole tolerance as well.
    let out: Vec<&Value> = rows.iter().filter(|row| row["verdict"] == "out").collect();
    assert!(out.len() <= 2, "{out:?}");
    for row in &rows {
        assert!(row["published"].is_number() && row["simulated"].is_number(), "{row}");
        assert!(["input", "fitted", "predicted"].contains(&row["kind"].as_str().unwrap()), "{row}");
    }
}

#[test]
fn the_page_has_the_rows_of_a_run_with_the_same_published_figures() {
    let page = fs::read_to_string(root().join("docs/validation.md")).unwrap();
    let lines: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| figure"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let run = namesake(&["validate", "--people", PEOPLE, "--markdown"]);
    let table: Vec<Vec<&str>> = run
        .stdout
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| figure"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(table.len() > 100);
    // Figure, population, kind and source of every row; the ratios of the survey's mobility depend on our own ages.
    let key = |row: &[&str]| [row[0], row[1], row[7], row[8]].map(String::from);
    // What the page has beyond a sampled run are the rows of the whole nation.
    let of_nation = |row: &Vec<&str>| {
        (row[0].starts_with("surnames borne") || row[0].starts_with("pairs")) && row[1] != "as captured"
    };
    let (nation, sampled): (Vec<_>, Vec<_>) = lines.iter().cloned().partition(of_nation);
    assert!(nation.len() >= 13, "the page lacks the rows of the whole nation");
    assert_eq!(table.len(), sampled.len());
    for (row, of_page) in table.iter().zip(&sampled) {
        assert_eq!(key(row), key(of_page));
        if !row[0].contains("over the mean") {
            assert_eq!(row[2], of_page[2], "{}", row[0]);
        }
    }
    // Where a row of the page is out, the page says so above the table.
    for row in lines.iter().filter(|row| row[6].starts_with("out")) {
        assert!(
            page.contains(&format!("*{}", row[0].replace("surnames", "Surnames").replace(" times", ""))),
            "{row:?}"
        );
    }
}

#[test]
fn rows_do_not_depend_on_the_number_of_threads() {
    assert_eq!(rows(&["--threads", "1"]), rows(&["--threads", "3"]));
}

#[test]
fn a_row_that_is_out_is_an_exit_code() {
    // Nobody moves, so that the moves of the survey cannot be met.
    let sets = ["within_county", "within_state", "beyond"].map(|key| format!("population.moved_{key}=0"));
    let mut args = vec!["validate", "--people", "50k", "--quiet"];
    sets.iter().for_each(|set| args.extend(["--set", set.as_str()]));
    assert_eq!(namesake(&args).code, Some(1));
}
