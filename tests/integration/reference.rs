//! The pages of reference: every key of every scenario, every command, and what an installation puts where.

use crate::support::{done_in, namesake_in, root, same_or_blessed};
use namesake::linkage::{BlockingSettings, ModelSettings};
use namesake::report::settings::settings_markdown;
use namesake::scenario::{BUILT_IN, KeyText, Scenario, built_in, key_text, reference};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use toml::Value as Toml;

/// Keys that no built-in scenario has and every file may have.
const OF_FILES: [&str; 7] = [
    "by",
    "documented",
    "outcome",
    "counter_views",
    "infer.prior[].shape",
    "routes.ROUTE.model.comparison[].fields",
    "routes.ROUTE.model.comparison[].given",
];

#[test]
fn the_page_of_settings_is_that_of_the_program() {
    same_or_blessed("docs/reference/settings.md", None, &settings_markdown().unwrap());
}

#[test]
fn the_page_of_commands_is_that_of_the_program() {
    let temporary = tempfile::tempdir().unwrap();
    let page = done_in(temporary.path(), &["manual", "commands"]).stdout;
    same_or_blessed("docs/reference/commands.md", None, &page);
}

#[test]
fn every_key_of_every_scenario_is_in_the_reference() {
    let page = settings_markdown().unwrap();
    let mut seen = BTreeSet::new();
    let mut text_of = |key: &str| -> &KeyText {
        let text = key_text(key).unwrap_or_else(|| panic!("src/scenario/keys.toml has no entry for {key}"));
        seen.insert(text.name.as_str());
        assert!(page.contains(&format!("`{}`", text.name)), "{key}");
        text
    };
    for (name, toml) in BUILT_IN {
        let scenario = Scenario::parse(toml, name).unwrap();
        let mut settings = scenario.assumptions();
        settings.extend(scenario.settings_switched_off().unwrap());
        for setting in settings {
            let text = text_of(&setting.key);
            assert!(!text.extreme.is_empty(), "{} has no extreme", setting.key);
            let shown = text.name == setting.key || page.contains(&format!("| `{}` |", setting.key));
            assert!(shown, "{} is not on the page", setting.key);
        }
        let plain = scenario.with_every_safeguard().unwrap().plain_keys();
        for (key, _) in plain {
            text_of(&key);
        }
        // As the file is written: keys that are gone once it is read.
        for key in written_keys(&toml.parse::<toml::Table>().unwrap().into(), "") {
            text_of(&key);
        }
    }
    for key in BlockingSettings::KEYS.iter().map(|key| format!("routes.number.blocking.{key}")) {
        text_of(&key);
    }
    for key in ModelSettings::KEYS.iter().map(|key| format!("routes.number.model.{key}")) {
        text_of(&key);
    }
    let known = reference().iter().flat_map(|section| &section.keys).map(|text| text.name.as_str());
    let unused: Vec<&str> = known.filter(|name| !seen.contains(name) && !OF_FILES.contains(name)).collect();
    assert!(unused.is_empty(), "src/scenario/keys.toml has entries for keys that do not exist: {unused:?}");
}

/// The keys of a file; a value with its basis is one key, and so is a list of plain values.
fn written_keys(value: &Toml, key: &str) -> Vec<String> {
    const OF_A_SETTING: [&str; 5] = ["value", "basis", "range", "alternatives", "source"];
    let below = |part: &str| if key.is_empty() { part.to_string() } else { format!("{key}.{part}") };
    match value {
        Toml::Table(table) if table.keys().all(|part| OF_A_SETTING.contains(&part.as_str())) => vec![key.to_string()],
        Toml::Table(table) => table.iter().flat_map(|(part, value)| written_keys(value, &below(part))).collect(),
        Toml::Array(entries) if entries.iter().any(Toml::is_table) => {
            let of_entry = |entry: &Toml| {
                let name = entry.get("name").and_then(Toml::as_str).filter(|_| key == "routes");
                written_keys(entry, &name.map_or(format!("{key}[]"), below))
            };
            entries.iter().flat_map(of_entry).collect()
        }
        _ => vec![key.to_string()],
    }
}

#[test]
fn a_setting_is_explained_by_its_key_or_the_beginning_of_it() {
    let temporary = tempfile::tempdir().unwrap();
    let explained = |key: &str| done_in(temporary.path(), &["scenarios", "settings", key]).stdout;
    let one = explained("requester.number_given");
    for part in
        ["requester.number_given = 0.264\n", "Basis: assumed", "Range: 0.08 to 0.7", "Source: ", "Extreme: At 0"]
    {
        assert!(one.contains(part), "{one}");
    }
    let review = explained("agreement.review");
    assert!(review.contains("agreement.review.share = 1") && review.contains("off by default"), "{review}");
    assert!(explained("population.people").contains("Number of people"));
    let wrong = namesake_in(temporary.path(), &["scenarios", "settings", "requester.number_givn"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (Some(2), ""));
    assert!(wrong.stderr.contains("did you mean \"requester.number_given\"?"), "{wrong:?}");
    // Some parts of a key find every key that has them; the name of no key finds the nearest.
    let short = explained("number_given");
    assert!(
        ["requester.number_given = 0.264\n", "holder.number_given = "].iter().all(|key| short.contains(key)),
        "{short}"
    );
    assert!(explained("clustering").starts_with("population.clustering = "));
    let near = namesake_in(temporary.path(), &["scenarios", "settings", "number_givn"]).stderr;
    let asked = near.split_once("did you mean ").map_or("", |(_, asked)| asked);
    assert!(
        ["\"requester.number_given\"", "\"holder.number_given\"", " or "].iter().all(|key| asked.contains(key)),
        "{near}"
    );
    let json = done_in(temporary.path(), &["scenarios", "settings", "--json", "-"]).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    let settings = json["settings"].as_array().unwrap();
    let complete = |setting: &Value| ["meaning", "source", "extreme"].iter().all(|part| setting[part] != "");
    assert!(settings.len() > 300 && settings.iter().all(complete));
}

#[test]
fn an_installation_has_the_program_man_pages_and_completions() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let program = env!("CARGO_BIN_EXE_namesake");
    let ran = Command::new(root().join("tools/install.sh")).arg(program).arg(here.join("usr")).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let read = |path: &str| fs::read_to_string(here.join("usr").join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let version = Command::new(here.join("usr/bin/namesake")).arg("--version").output().unwrap();
    assert!(version.status.success());
    let run = read("share/man/man1/namesake-run.1");
    assert!(run.contains(".TH") && run.contains("sensitivity") && run.contains("namesake run my.toml"), "{run}");
    assert!(read("share/man/man1/namesake.1").contains("namesake\\-sweep"));
    for completions in [
        "share/bash-completion/completions/namesake",
        "share/zsh/site-functions/_namesake",
        "share/fish/vendor_completions.d/namesake.fish",
    ] {
        let text = read(completions);
        assert!(text.contains("analyse-blocking") && text.contains("sensitivity"), "{completions}");
    }
}

/// Runs the examples that `--help` gives, in the order of the page, on small files and in a small country. Those of
/// `sweep`, `infer`, `validate` and `--sensitivity` take minutes even there; that they can be typed is tested with the
/// command line.
#[test]
fn every_example_of_the_help_runs() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    for (example, name) in [("small_a.csv", "a.csv"), ("small_b.csv", "b.csv"), ("small.toml", "spec.toml")] {
        fs::copy(root().join("docs/examples").join(example), here.join(name)).unwrap();
    }
    fs::write(here.join("predictions.csv"), "id_a,id_b,match_probability\na1,b1,0.99\na2,b2,0.4\n").unwrap();
    fs::write(here.join("clusters.csv"), "source_dataset,record_id,cluster_id\na,a1,1\nb,b1,1\n").unwrap();
    let library_card = built_in("library-card").unwrap();
    fs::write(here.join("my.toml"), library_card).unwrap();

    let page = done_in(here, &["manual", "commands"]).stdout;
    let mut ran = 0;
    for block in page.split("\n```sh\n").skip(1) {
        let block = block.split("\n```").next().unwrap();
        for example in block.lines() {
            let typed = example.split("  # ").next().unwrap();
            let (typed, _) = typed.split_once(" > ").unwrap_or((typed, ""));
            let words = small(typed);
            if words.is_empty() {
                continue;
            }
            let run = namesake_in(here, &words);
            assert_eq!(run.code, Some(0), "{example}\n{words:?}\n{}", run.stderr);
            ran += 1;
        }
    }
    assert!(ran > 30, "only {ran} examples ran");
}

/// The arguments of an example, in a country small enough for a test; none for an example that takes minutes there.
fn small(typed: &str) -> Vec<String> {
    // As a shell divides it: quoted words are one.
    let words = typed.split('"').enumerate().flat_map(|(i, part)| match i % 2 {
        0 => part.split_whitespace().map(str::to_string).collect(),
        _ => vec![part.to_string()],
    });
    let mut words: Vec<String> = words.skip(1).collect();
    let command = words.first().cloned().unwrap_or_else(|| "run".to_string());
    let many_runs = words.iter().any(|word| word == "--sensitivity");
    if many_runs || ["sweep", "infer", "validate"].contains(&command.as_str()) {
        return Vec::new();
    }
    let simulates = ["run", "generate"].contains(&command.as_str()) || words.iter().any(|word| word == "--request");
    if simulates {
        for (flag, value) in [("--people", "12800"), ("--requests", "300")] {
            match words.iter().position(|word| word == flag) {
                Some(at) => words[at + 1] = value.to_string(),
                None if words.is_empty() => words.extend(["run", flag, value].map(str::to_string)),
                None => words.extend([flag, value].map(str::to_string)),
            }
        }
        words.extend(["--set", "population.final_order=0.03"].map(str::to_string));
    }
    if command == "lab" && !words.iter().any(|word| word == "--no-open") {
        words.push("--no-open".to_string());
    }
    words
}
