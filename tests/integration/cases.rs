//! The library of documented cases.

use crate::support::{self, root};
use namesake::experiment::run;
use namesake::report::cases::Cells;
use namesake::report::{self, cases};
use namesake::results::Results;
use namesake::scenario::case::{ALIASES, FigureOrigin};
use namesake::scenario::{BUILT_IN, Scenario};
use serde_json::Value;
use std::fs;

/// A country in which every case runs in a moment.
const SIZE: [&str; 3] = ["population.people=25600", "requester.requests=400", support::MANY_ORDERS];

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

/// The case's own words, without the text in quotation marks.
fn texts(case: &Scenario) -> Vec<&str> {
    let teaching = &case.teaching;
    let facts = case.documented.iter().chain(&case.outcome).map(|fact| &fact.text);
    let views = case.counter_views.iter().map(|view| &view.text);
    let lists =
        [&case.gaps, &teaching.things_to_notice, &teaching.things_to_try, &teaching.extending, &teaching.references];
    let plain = [&case.title, &case.summary, &case.content_note];
    let plain = plain.into_iter().chain([&teaching.what_is_it, &teaching.how_it_works, &teaching.how_to_use_it]);
    let figures = case.published.iter().flat_map(|row| [&row.figure, &row.derived, &row.discussion]);
    let all = plain.chain(lists.into_iter().flatten()).chain(facts).chain(views).chain(figures);
    all.map(String::as_str).collect()
}

#[test]
fn there_are_enough_cases_and_each_says_as_of_when_with_which_note_and_what_is_not_documented() {
    let library = cases::library().unwrap();
    assert!(library.len() >= 28, "{}", library.len());
    assert!(library.iter().filter(|case| case.documented.len() > 1 && case.version_of.is_none()).count() >= 20);
    for case in &library {
        assert!(case.as_of.is_some(), "{} has no as-of date", case.name);
        assert!(case.content_note.len() > 10, "{} has no content note", case.name);
        assert!(!case.gaps.is_empty() && !case.counter_views.is_empty() && case.theme != "Your own", "{}", case.name);
    }
}

#[test]
fn every_fact_and_figure_has_a_source_with_strength_and_date_and_every_view_one_or_the_mark_that_it_has_none() {
    for case in cases::library().unwrap() {
        let facts = || case.documented.iter().chain(&case.outcome);
        let used =
            facts().flat_map(|fact| &fact.sources).chain(case.counter_views.iter().flat_map(|view| &view.sources));
        let used: Vec<&String> = used.chain(case.published.iter().map(|row| &row.source)).collect();
        assert!(facts().all(|fact| !fact.sources.is_empty()), "{}", case.name);
        assert!(case.counter_views.iter().all(|view| view.sources.is_empty() == view.no_source), "{}", case.name);
        for name in &used {
            // Strength and date are types; a source without them is no scenario.
            assert!(case.sources[*name].title.len() >= 3, "{}: {name}", case.name);
        }
        if case.version_of.is_none() {
            let idle: Vec<&String> = case.sources.keys().filter(|name| !used.contains(name)).collect();
            assert!(idle.is_empty(), "{}: no statement rests on {idle:?}", case.name);
        }
    }
    let text = |change: &dyn Fn(&str) -> String| {
        let toml = change(namesake::scenario::built_in("exact-match").unwrap());
        Scenario::parse(&toml, "mine").unwrap_err().to_string()
    };
    for (from, to, said) in [
        ("sources = [\"wabe\", \"ajc\"]", "sources = [\"wabbe\"]", "did you mean \"wabe\""),
        ("sources = [\"atlantic\"]", "sources = []", "has no source; write sources = [\"NAME\"]"),
        ("drive.\"\nsources = [\"ajc\"]", "drive.\"", "no_source = true where none was found"),
        ("date = \"2018-11-02\"", "date = \"November 2018\"", "write 2026-06-30, 2026-06 or 2026"),
        ("strength = \"advocacy\"", "strength = \"strong\"", "unknown word `strong`"),
    ] {
        let error = text(&|toml| toml.replace(from, to));
        assert!(error.contains(said), "{from}: {error}");
    }
}

#[test]
fn old_names_of_cases_still_work_and_name_the_case_of_today() {
    for (before, today) in ALIASES {
        let toml = namesake::scenario::built_in(before).unwrap();
        assert_eq!(Scenario::parse(toml, before).unwrap().name, today);
        assert!(BUILT_IN.iter().all(|(name, _)| *name != before));
    }
}

#[test]
fn each_case_is_a_handout_that_says_each_fact_once_and_a_variant_says_what_differs() {
    let library = cases::library().unwrap();
    let mut wanted: Vec<String> = Vec::new();
    for case in library.iter().filter(|case| case.version_of.is_none()) {
        let page = report::handout(case, &library, &cells_on_the_page(case));
        support::same_or_blessed(&format!("docs/cases/{}.md", case.name), None, &page);
        wanted.push(format!("{}.md", case.name));
        for fact in case.documented.iter().chain(&case.outcome) {
            assert_eq!(page.matches(&fact.text).count(), 1, "{}: {}", case.name, fact.text);
        }
        for source in case.sources.values() {
            assert!(page.contains(&source.title), "{}: {}", case.name, source.title);
        }
        let before = page.find(&case.content_note).unwrap();
        for part in ["## Not documented", "## Other views", "## How to run it", "## Questions"] {
            assert!(page.find(part).unwrap() > before, "{}: {part}", case.name);
        }
    }
    wanted.sort();
    let entries = fs::read_dir(root().join("docs/cases")).unwrap();
    let mut there: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    there.sort();
    assert_eq!(there, wanted, "the pages of docs/cases");

    // Every variant stands in one handout, also a variant of a variant, beside the one that it changes.
    let case = |name: &str| library.iter().find(|case| case.name == name).unwrap();
    let page = report::handout(case("tax-address-request"), &library, &[]);
    for variant in library.iter().filter(|variant| variant.version_of.is_some()) {
        assert_eq!(cases::case_of(variant, &library).name, "tax-address-request");
        assert_eq!(page.matches(&format!("\n`{}`", variant.name)).count(), 1, "{}", variant.name);
    }
    assert!(page.contains("`tax-address-request-weighted` (beside `tax-address-request-assumed`): "));
    assert!(page.contains("`agreement.notice.reaches` = 0.9") && page.contains("the letter is an addition"));
}

/// The cells of a case's figures in docs/cases.md, where runs of every case have filled them; empty for a new figure.
fn cells_on_the_page(case: &Scenario) -> Vec<Cells> {
    let page = fs::read_to_string(root().join("docs/cases.md")).unwrap();
    let section = page.split("\n### ").find(|section| section.starts_with(&format!("{}\n", case.name)));
    let section = section.unwrap_or_default();
    let ranges = section.contains("| over assumed ranges |");
    let rows = section.lines().filter(|line| line.starts_with("| "));
    let rows: Vec<Vec<String>> = rows.map(|row| row.split('|').map(|cell| cell.trim().to_string()).collect()).collect();
    let cells = |figure: &String| {
        let row = rows.iter().find(|row| row.len() > 5 && row[1] == *figure);
        row.map_or(Cells::default(), |row| Cells {
            simulated: row[3].clone(),
            interval: row[4].clone(),
            ends: if ranges { row[5].clone() } else { String::new() },
        })
    };
    case.published.iter().map(|row| cells(&row.figure)).collect()
}

#[test]
fn every_command_that_a_case_suggests_runs() {
    for case in cases::library().unwrap() {
        for command in case.teaching.things_to_try.iter().filter(|text| text.starts_with("namesake run ")) {
            let folder = tempfile::tempdir().unwrap();
            let words = shell_words(command);
            let mut kept: Vec<&str> = Vec::new();
            let mut words = words.iter().skip(1).map(String::as_str);
            while let Some(word) = words.next() {
                match word {
                    "--people" | "--requests" => drop(words.next()),
                    _ => kept.push(word),
                }
            }
            let sizes = ["--people", "25600", "--requests", "50", "--set", support::MANY_ORDERS, "--set", "beside=[]"];
            let run = std::process::Command::new(env!("CARGO_BIN_EXE_namesake"))
                .args(&kept)
                .args(sizes)
                .args(["--quiet", "--out", "out"])
                .current_dir(folder.path())
                .output()
                .unwrap();
            assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
        }
    }
    assert_eq!(shell_words("namesake run 'a b' --set \"c=['d']\" # e"), ["namesake", "run", "a b", "--set", "c=['d']"]);
}

/// The words of a command, as a shell splits them, without a comment.
fn shell_words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in command.split(" # ").next().unwrap_or_default().chars().chain([' ']) {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') if word.is_empty() => {}
            (None, ' ') => words.push(std::mem::take(&mut word)),
            _ => word.push(c),
        }
    }
    words
}

#[test]
fn a_city_in_the_wrong_column_is_never_drawn_and_the_report_finds_who_is_missing() {
    let results = |sets: &[&str]| {
        let case = support::case("jury-list", sets);
        let outcome = run(&case, &|_| {});
        let json: Value = serde_json::from_str(&Results::of(&case, &outcome).to_json()).unwrap();
        let summary = namesake::report::summary(&Results::of(&case, &outcome), &case, "again");
        (json["who_is_missing"].clone(), json["rates"]["recall"]["rate"].as_f64().unwrap(), summary)
    };
    let size = ["population.people=250000", "requester.requests=4000", "beside=[]"];
    let (missing, drawn, summary) = results(&size);
    let gone = missing["nobody_returned"].as_array().unwrap();
    assert!(!gone.is_empty() && gone.iter().all(|one| one["attribute"] == "city"), "{missing}");
    assert_eq!(missing["least_city"]["hits"], 0);
    // The share of all people drawn hardly tells.
    assert!(drawn > 0.6, "{drawn}");
    assert!(summary.contains("MISSING"), "{summary}");
    let (missing, _, summary) = results(&[&size[..], &["holder.errors.shifted_column=0"]].concat());
    assert_eq!(missing["nobody_returned"], serde_json::json!([]));
    assert!(missing["least_city"]["hits"].as_u64() > Some(0) && !summary.contains("MISSING"));
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
            assert!(!row.discussion.is_empty() && !row.figure.is_empty(), "{}", case.name);
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
        let rows = Results::of(&case, &outcome).published;
        assert_eq!(rows.len(), case.published.len(), "{name}");
        for row in rows {
            let of_setting = row.measure.starts_with("setting");
            assert!(
                !of_setting || row.kind == FigureOrigin::Input && row.simulated.is_some(),
                "{name}: {}",
                row.figure
            );
        }
    }
}

#[test]
fn a_share_of_wrong_returns_is_carried_over_to_the_size_of_the_file() {
    let case = support::case("interstate-crosscheck", &SIZE);
    let outcome = run(&case, &|_| {});
    let rows = Results::of(&case, &outcome).published;
    let row = rows.into_iter().find(|row| row.published_at_records.is_some()).unwrap();
    let grown = outcome.evaluation.holder_records as f64 / 84_877_703.0;
    let odds = 0.899 / 0.101 * grown;
    assert!((row.expected_at_this_size.unwrap() - odds / (1.0 + odds)).abs() < 1e-12);
}

#[test]
fn the_page_of_cases_says_what_the_scenarios_say_and_no_simulated_cell_is_empty() {
    let library = cases::library().unwrap();
    let cells: Vec<Vec<Cells>> = library.iter().map(cells_on_the_page).collect();
    support::same_or_blessed("docs/cases.md", None, &cases::page(&library, &cells));
    let filled = cells.iter().flatten().all(|cells| !cells.simulated.is_empty());
    assert!(filled, "docs/cases.md has figures without a simulated one: tools/refresh-readme.sh runs every case");
}
