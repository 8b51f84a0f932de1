//! The teaching kit: its figures are those of its runs, and each step of the lesson shows what it promises.
//! `NAMESAKE_BLESS=1 cargo test teaching` writes the figures anew, and the worksheet and the slides as HTML.

#[path = "../../examples/teaching/figures.rs"]
mod figures;
#[path = "../../examples/teaching/lab.rs"]
mod lab;
#[path = "../../examples/teaching/pages.rs"]
mod pages;

use crate::support::{root, same_or_blessed};
use figures::{LAB, RUNS, figures};
use pages::{SHEETS, Track, as_html, filled, of_track, sheet_of};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// The pages of the kit, by name.
fn kit() -> BTreeMap<String, String> {
    let entries = fs::read_dir(root().join("docs/teaching")).unwrap().map(|entry| entry.unwrap().path());
    let pages = entries.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let named =
        pages.map(|path| (path.file_name().unwrap().to_str().unwrap().to_string(), fs::read_to_string(&path).unwrap()));
    named.collect()
}

#[test]
fn the_figures_of_the_kit_are_those_of_its_runs_and_each_step_shows_what_it_promises() {
    let said = figures(&root(), 1);
    for (name, text) in kit() {
        let page = filled(&text, &said.texts).unwrap_or_else(|error| panic!("docs/teaching/{name}: {error}"));
        same_or_blessed(&format!("docs/teaching/{name}"), None, &page);
        for sheet in SHEETS.iter().filter(|sheet| sheet.of == name) {
            same_or_blessed(&format!("docs/teaching/{}", sheet.file), None, &sheet_of(&page, *sheet));
        }
    }
    for (promise, happens) in said.reveals {
        assert!(happens, "no longer so: {promise}");
    }
}

#[test]
fn every_run_that_a_page_of_the_kit_names_is_one_whose_figures_are_computed() {
    let plain = |command: &str| {
        let words: Vec<&str> = command.split_whitespace().collect();
        // Another seed, a second agreement and another folder are the same runs.
        let mut kept = Vec::new();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word {
                "--seed" | "--against" | "--out" => drop(words.next()),
                _ => kept.push(word),
            }
        }
        kept.join(" ")
    };
    for name in ["lesson.md", "slides.md", "worksheets.md", "answers.md", "homework.md", "module.md", "lab.md"] {
        let text = fs::read_to_string(root().join("docs/teaching").join(name)).unwrap();
        for command in text.lines().filter(|line| line.starts_with("namesake run ")) {
            let command = plain(command);
            assert!(
                RUNS.iter().chain(&LAB).any(|(_, known)| *known == command),
                "{name}: no figures are computed of: {command}"
            );
        }
    }
}

#[test]
fn the_minutes_of_the_lesson_and_of_the_lab_add_up_and_each_step_predicts_reveals_and_asks() {
    for (name, whole) in [("lesson.md", 50), ("lab.md", 90)] {
        let text = fs::read_to_string(root().join("docs/teaching").join(name)).unwrap();
        let minutes = |heading: &str| heading.rsplit_once('(')?.1.strip_suffix(" minutes)")?.parse::<u32>().ok();
        let sections: Vec<(&str, u32)> =
            text.split("\n## ").filter_map(|section| Some((section, minutes(section.lines().next()?)?))).collect();
        assert_eq!(sections.iter().map(|(_, minutes)| minutes).sum::<u32>(), whole, "{name}");
        let steps = sections.iter().filter(|(section, _)| name == "lesson.md" && section.starts_with(char::is_numeric));
        for (step, _) in steps {
            let has = ["**Predict:**", "**Reveal:**", "\n1. ", "\n2. ", "\n3. "].iter().all(|part| step.contains(part));
            assert!(has, "{name}: {step}");
        }
    }
}

#[test]
fn the_lesson_and_the_teacher_s_page_of_the_lab_are_one_plan() {
    let lesson = fs::read_to_string(root().join("docs/teaching/lesson.md")).unwrap();
    let steps = lesson.lines().filter_map(|line| {
        let (title, minutes) = line.strip_prefix("## ")?.strip_suffix(" minutes)")?.rsplit_once(" (")?;
        let title = title.split_once(". ").map_or(title, |(_, title)| title);
        Some((title.to_string(), minutes.parse().unwrap()))
    });
    let steps: Vec<(String, u64)> = steps.collect();
    let words: Value = serde_json::from_str(include_str!("../../lab/text/en.json")).unwrap();
    let setups: Value = serde_json::from_str(include_str!("../../lab/data/setups.json")).unwrap();
    let plan = words["teach"]["plan"].as_array().unwrap();
    let planned = plan.iter().map(|row| (row["title"].as_str().unwrap().to_string(), row["minutes"].as_u64().unwrap()));
    assert_eq!(planned.collect::<Vec<_>>(), steps);
    for row in plan.iter().filter(|row| row["say"] != "") {
        let say = row["say"].as_str().unwrap();
        assert!(lesson.contains(&format!("\"{say}\"")), "the lesson does not have: {say}");
    }
    // The runs of the page are those of the lesson.
    let same = |setup: &str, name: &str| {
        let (_, command) = RUNS.into_iter().find(|(known, _)| *known == name).unwrap();
        let of_lesson = figures::scenario(&root(), command, 1);
        let set: Vec<String> = serde_json::from_value(setups[setup]["set"].clone()).unwrap();
        let seeds = ["population", "errors", "requests"].map(|part| format!("seed.{part}=1"));
        let base = setups[setup]["scenario"].as_str().unwrap();
        let text = namesake::scenario::built_in(base).unwrap();
        let sets: Vec<String> = seeds.into_iter().chain(set).collect();
        let mut of_lab = namesake::scenario::Scenario::parse_with(text, base, &sets).unwrap();
        of_lab.beside.clear();
        let counts = |scenario| {
            let of = namesake::experiment::run(scenario, &|_| {}).evaluation;
            [of.requests, of.holder_records, of.returned_right, of.returned_wrong]
        };
        assert_eq!(counts(&of_lab), counts(&of_lesson), "{setup} and {name}");
    };
    for name in ["library", "library_strict", "by_number", "paid", "paid_strict"] {
        same(name, name);
    }
    same("rates", "asked");
}

#[test]
fn figures_are_put_between_their_marks_and_fields_become_forms() {
    let texts = BTreeMap::from([("a.wrong".to_string(), "12".to_string())]);
    let put = |text: &str| filled(text, &texts);
    assert_eq!(
        put("x <!--a.wrong-->7<!--/--> y <!-- note --> z").unwrap(),
        "x <!--a.wrong-->12<!--/--> y <!-- note --> z"
    );
    assert!(put("x <!--a.right-->7<!--/-->").unwrap_err().contains("a.right"));
    assert!(put("x <!--a.wrong-->7").unwrap_err().contains("not closed"));
    assert!(put("x\n- <!--a.wrong-->7<!--/--> y").unwrap_err().contains("begins a line"));

    let sheet = as_html("# Blätter\n\nÉmile said ____ of 10:\n\n---\n\n- [ ] one\n", pages::Kind::Worksheet);
    for part in ["<title>Blätter</title>", "aria-label=\"Émile said\"", "<textarea", "<label><input type=\"checkbox\">"]
    {
        assert!(sheet.contains(part), "{part}\n{sheet}");
    }
    let parted = "one\n<!-- main track -->\ntwo\n<!-- library track -->\nthree\n<!-- both tracks -->\nfour\n";
    assert_eq!(of_track(parted, Track::Main), "one\ntwo\nfour\n");
    assert_eq!(of_track(parted, Track::Library), "one\nthree\nfour\n");
    let slides = as_html("# One\n\n---\n\n## Two <!--a.wrong-->12<!--/-->\n", pages::Kind::Slides);
    assert_eq!(slides.matches("<section>").count(), 2);
    assert!(!slides.contains("a.wrong") && slides.contains("Two 12"), "{slides}");
}
