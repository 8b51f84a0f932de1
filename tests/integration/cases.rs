//! The library of documented cases.

use crate::support::{self, root};
use namesake::experiment::run;
use namesake::experiment::scenario::case::Comes;
use namesake::experiment::scenario::{BUILT_IN, Scenario};
use namesake::report::cases;
use std::fs;

/// A country in which every case runs in a moment.
const SIZE: [&str; 2] = ["population.people=25600", "requester.requests=400"];

/// Words that the project does not use of people or of groups, whatever a source says.
const AVOIDED: [&str; 18] = [
    "target",
    "suspect",
    "victim",
    "innocent",
    "caught",
    "escaped",
    "illegal",
    "alien",
    "aliens",
    "unfair",
    "bias",
    "biased",
    "realistic",
    "non-standard",
    "foreign",
    "ethnic",
    "exposed",
    "fair",
];

/// What a case says in its own words, without what stands in quotation marks.
fn texts(case: &Scenario) -> Vec<&str> {
    let teaching = &case.teaching;
    let lists = [&case.documented, &case.gaps, &case.counter_views, &teaching.things_to_notice];
    let more = [&teaching.things_to_try, &teaching.extending, &teaching.references];
    let plain = [&case.title, &case.summary, &teaching.what_is_it, &teaching.how_it_works, &teaching.how_to_use_it];
    let figures = case.published.iter().flat_map(|row| [&row.figure, &row.source, &row.discussion]);
    let all = plain.into_iter().chain(lists.into_iter().flatten()).chain(more.into_iter().flatten()).chain(figures);
    all.map(String::as_str).collect()
}

#[test]
fn there_are_enough_documented_cases_and_each_says_what_is_not_documented() {
    let library = cases::library().unwrap();
    let documented: Vec<&Scenario> = library.iter().filter(|case| case.documented.len() > 1).collect();
    assert!(documented.len() >= 14, "{}", documented.len());
    for case in &documented {
        assert!(!case.gaps.is_empty() && !case.counter_views.is_empty(), "{}", case.name);
        assert!(case.documented.iter().all(|fact| fact.contains(')') || fact.contains('"')), "{}", case.name);
    }
    assert!(library.iter().all(|case| !case.gaps.is_empty() && case.theme != "Your own"));
}

#[test]
fn every_case_can_be_taught_and_every_published_figure_has_a_source_and_a_discussion() {
    for case in cases::library().unwrap() {
        let t = &case.teaching;
        for text in [&t.what_is_it, &t.how_it_works, &t.how_to_use_it] {
            assert!(text.len() > 40, "{}", case.name);
        }
        for list in [&t.things_to_notice, &t.things_to_try, &t.extending, &t.references] {
            assert!(!list.is_empty() && list.iter().all(|item| !item.is_empty()), "{}", case.name);
        }
        for row in &case.published {
            assert!(!row.source.is_empty() && !row.discussion.is_empty() && !row.figure.is_empty(), "{}", case.name);
            let keys: Vec<String> = case.assumptions().into_iter().map(|assumption| assumption.key).collect();
            assert!(row.over.iter().all(|key| keys.contains(key)), "{}: {:?}", case.name, row.over);
        }
    }
}

#[test]
fn no_case_uses_a_word_that_the_project_avoids() {
    for case in cases::library().unwrap() {
        for text in texts(&case) {
            let unquoted: String = text.split('"').step_by(2).collect();
            let words = unquoted.split(|c: char| !c.is_alphabetic() && c != '-').map(str::to_lowercase);
            let found: Vec<String> = words.filter(|word| AVOIDED.contains(&word.as_str())).collect();
            assert!(found.is_empty(), "{}: {found:?} in: {text}", case.name);
        }
    }
}

#[test]
fn every_case_runs_small_and_gives_a_line_for_every_figure() {
    for (name, _) in BUILT_IN {
        let case = support::case(name, &SIZE);
        let outcome = run(&case, &|_| {});
        assert_eq!(outcome.evaluation.requests, 400, "{name}");
        let rows = cases::beside(&case, &outcome);
        assert_eq!(rows.len(), case.published.len(), "{name}");
        for row in rows {
            let input = row.published.kind == Comes::Input;
            let of_setting = row.published.measure.to_string().starts_with("setting");
            assert!(!of_setting || input && row.simulated.is_some(), "{name}: {}", row.published.figure);
        }
        let json: serde_json::Value = serde_json::from_str(&namesake::report::results_json(&case, &outcome)).unwrap();
        assert_eq!(json["published"].as_array().map_or(0, Vec::len), case.published.len(), "{name}");
    }
}

#[test]
fn a_share_of_wrong_returns_is_carried_over_to_the_size_of_the_file() {
    let case = support::case("interstate-crosscheck", &SIZE);
    let outcome = run(&case, &|_| {});
    let row = cases::beside(&case, &outcome).into_iter().find(|row| row.published.at_records.is_some()).unwrap();
    let grown = outcome.evaluation.holder_records as f64 / 84_877_703.0;
    let odds = 0.899 / 0.101 * grown;
    assert!((row.expected_here.unwrap() - odds / (1.0 + odds)).abs() < 1e-12);
}

/// A page without what depends on a run: the simulated cells of its tables.
fn skeleton(page: &str) -> Vec<String> {
    let blank = |line: &str| {
        let mut cells: Vec<&str> = line.split('|').collect();
        if cells.len() == 9 && !line.contains("---") && !cells[1].contains("figure") {
            cells[3..6].fill("");
        }
        cells.join("|")
    };
    page.lines().map(blank).collect()
}

#[test]
fn the_page_of_cases_says_what_the_scenarios_say() {
    let page = fs::read_to_string(root().join("docs/cases.md")).unwrap();
    let wanted = cases::page(&cases::library().unwrap(), &[]);
    for (is, should) in skeleton(&page).iter().zip(skeleton(&wanted)) {
        assert_eq!(*is, should, "docs/cases.md is out of date: tools/refresh-readme.sh writes it");
    }
    assert_eq!(page.lines().count(), wanted.lines().count());
}
