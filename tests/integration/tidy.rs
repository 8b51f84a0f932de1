//! The rules of the source tree that can be checked by reading it. Each failure names the file and the line.
//!
//! Sources are read as tokens, so that a word in a comment, a documentation example or a string breaks no rule. Every
//! rule also has to catch a violation made for it here: a rule that finds nothing anywhere may just be blind.

mod rules;
mod source;

use crate::support::{root, same_or_blessed};
use rules::{
    circles, generators, header, house_words, imports, long, openings, permissions, places, promised_tests, promises,
    speech, transcendental, unwraps, upward,
};
use source::{Source, Violation, all_rust, sources, tracked};
use std::collections::BTreeSet;
use std::fs;

/// The modules that each module may import, in reading order. A child file belongs to its parent's row, unless it has a
/// row of its own; a row allows what lies below the modules it names.
const IMPORTS: &[(&str, &[&str])] = &[
    // The macro of enums with names.
    ("named", &[]),
    ("record", &[]),
    ("stats", &[]),
    ("random", &[]),
    // The one loop over blocks, for those who run an exchange and those who count a country.
    ("parallel", &[]),
    // Warnings for readers of figures: every stage may add one.
    ("notice", &[]),
    ("linkage::comparison", &["record"]),
    ("linkage::blocking", &["record", "linkage::comparison"]),
    ("linkage::decision", &["record", "linkage::comparison", "stats"]),
    // The drivers, the trainer and the grammar of the three.
    (
        "linkage",
        &["record", "stats", "random", "notice", "linkage::comparison", "linkage::blocking", "linkage::decision"],
    ),
    // A scenario knows no stage, except the grammar in which a route describes its blocking and its model.
    ("scenario", &["record", "stats", "random", "linkage"]),
    ("population", &["record", "random", "scenario"]),
    ("agency", &["record", "stats", "random", "scenario", "population"]),
    ("agreement", &["record", "linkage::decision", "scenario"]),
    ("evaluation", &["record", "stats", "random", "linkage::decision", "scenario", "agency", "agreement"]),
    ("bridge", &["record", "notice"]),
    (
        "experiment",
        &[
            "record",
            "stats",
            "random",
            "parallel",
            "notice",
            "linkage",
            "scenario",
            "population",
            "agency",
            "agreement",
            "evaluation",
            // Two ways to two files and their truth: the agency stage invents them, the bridge reads them.
            "bridge",
        ],
    ),
    ("validation", &["stats", "parallel", "scenario", "population", "agency"]),
    // The outcomes of every stage as one tree of plain values.
    (
        "results",
        &[
            "record",
            "stats",
            "notice",
            "linkage",
            "scenario",
            "population",
            "agency",
            "evaluation",
            "bridge",
            "experiment",
        ],
    ),
    // The last stage of the core reads the nouns of every stage before it, and nothing reads it but the page.
    (
        "report",
        &[
            "record",
            "stats",
            "parallel",
            "notice",
            "linkage::comparison",
            "linkage::decision",
            "scenario",
            "population",
            "agency",
            "agreement",
            "evaluation",
            "bridge",
            "experiment",
            "validation",
            "results",
        ],
    ),
];

/// Modules that may import only part of another: the written grammar of linkage, the truth about a record, and how the
/// record came about.
const PARTIAL: &[(&str, &str, &[&str])] = &[
    ("scenario", "linkage", &["BlockingSettings", "Complaint", "Driver", "Extensions", "ModelPlan", "ModelSettings"]),
    ("scenario", "linkage::comparison", &[]),
    ("scenario", "linkage::blocking", &[]),
    ("scenario", "linkage::decision", &["Score"]),
    ("evaluation", "agency", &["Truth", "Cell", "ErrorKind", "ErrorRef", "Side"]),
];

/// Modules whose list of children is in reading order: each child imports only from those declared above it.
const ONE_WAY: &[&str] = &["experiment", "experiment::infer", "experiment::link", "report"];

/// Modules that speak to the world; all others are the quiet core.
const OUTSIDE_THE_CORE: &[&str] = &["report", "main", "cli", "lib"];

/// Words made in this house, in lower case, and the standard ones that replace them. CONTRIBUTING.md has the same list.
const HOUSE_WORDS: &[(&str, &str)] = &[
    ("by less than nothing", "must not be negative"),
    ("come to rest", "converge"),
    ("came to rest", "converged"),
    ("comes to rest", "converges"),
    ("file goes by", "the file streams by"),
    ("for want of", "because … is missing"),
    ("hang together", "depend on each other, are correlated"),
    ("hangs together", "depends on each other, is correlated"),
    ("that is no probability", "is outside 0–1"),
    ("laid at the door", "attributed to"),
    ("so-manieth", "at regular intervals"),
    ("stand ready", "preset"),
    ("stands ready", "preset"),
    ("stands there twice", "is listed twice"),
    ("the rooms", "the modules"),
    ("was come by", "was trained, was obtained"),
    ("weigh evidence", "use match weights"),
    ("weighs evidence", "uses match weights"),
];

#[test]
fn every_module_imports_only_what_the_table_allows() {
    check(sources("src").iter().flat_map(imports));

    let caught = |path: &str, text: &str| lines(imports(&Source::new(path, text)));
    assert_eq!(caught("src/stats.rs", "//! S.\nuse crate::record::Field;"), [2]);
    assert_eq!(caught("src/stats.rs", "fn f() {\n    crate::random::Seed(1);\n}"), [2]);
    assert_eq!(caught("src/record.rs", "use crate::{\n    record::Field,\n    stats::{Rate, Z95},\n};"), [3]);
    assert_eq!(caught("src/agency/errors.rs", "use super::Truth;\nuse super::super::decision;"), [2]);
    assert_eq!(caught("src/agreement.rs", "mod inner {\n    use super::super::agency::Truth;\n}"), [2]);
    assert_eq!(caught("src/agreement.rs", "use super::agency::Truth;"), [1]);
    assert_eq!(caught("src/linkage/decision.rs", "use crate::agency as a;\nuse crate::*;"), [1, 2]);
    assert_eq!(caught("src/linkage/decision.rs", "use super::comparison::Evidence;\nuse super::Engine;"), [2]);
    assert_eq!(caught("src/linkage/comparison/text.rs", "use crate::linkage::blocking::Index;"), [1]);
    assert_eq!(caught("src/evaluation.rs", "use crate::linkage::{decision::Score, comparison::Evidence};"), [1]);
    assert_eq!(caught("src/experiment.rs", "use crate::linkage::comparison::Evidence;"), [0; 0]);
    assert_eq!(caught("src/evaluation.rs", "use crate::agency::{Truth, Extract};"), [1]);
    assert_eq!(caught("src/evaluation.rs", "use crate::agency::*;\nuse crate::agency;"), [1, 2]);
    assert_eq!(caught("src/evaluation.rs", "use crate::agency::{Truth, ErrorKind};"), [0; 0]);
    assert_eq!(caught("src/gossip.rs", ""), [1]);
    assert_eq!(caught("src/cli.rs", "use crate::experiment::run;\nuse namesake::experiment::run;"), [1]);
    assert_eq!(caught("src/main.rs", "mod cli;\nmod record;"), [2]);
    assert_eq!(
        caught("src/stats.rs", "#[cfg(test)]\nmod tests {\n    use super::*;\n    use crate::random::Seed;\n}"),
        [0; 0]
    );
    assert_eq!(caught("src/stats.rs", "//! See [`crate::agency::Truth`].\n// crate::agency\n"), [0; 0]);
}

#[test]
fn a_module_imports_only_from_above_it_in_the_table() {
    for (at, (module, allowed)) in IMPORTS.iter().enumerate() {
        for name in *allowed {
            let above = IMPORTS[..at].iter().any(|(earlier, _)| earlier == name);
            assert!(above, "{module} may import {name}, which is not above it");
        }
    }
}

#[test]
fn every_permission_of_the_table_is_used_and_the_page_shows_the_table() {
    let used: BTreeSet<(&str, &str)> = sources("src").iter().flat_map(permissions).collect();
    let unused: Vec<String> = IMPORTS
        .iter()
        .flat_map(|(module, allowed)| allowed.iter().map(move |name| (*module, *name)))
        .filter(|(module, name)| !module.starts_with(&format!("{name}::")) && !used.contains(&(*module, *name)))
        .map(|(module, name)| format!("{module} may import {name} and does not"))
        .collect();
    assert_eq!(unused, [""; 0]);

    let cell = |module: &str, name: &str| match PARTIAL.iter().find(|(from, to, _)| (*from, *to) == (module, name)) {
        Some((_, _, items)) => format!("of {name} only {}", items.join(", ")),
        None => name.to_string(),
    };
    let row = |(module, allowed): &(&str, &[&str])| {
        let cells: Vec<String> = allowed.iter().map(|name| cell(module, name)).collect();
        format!("| {module} | {} |\n", if cells.is_empty() { "nothing".to_string() } else { cells.join("; ") })
    };
    let rows: String = IMPORTS.iter().map(row).collect();
    let table = format!("| module | may import |\n|---|---|\n{rows}| main, cli, lab/engine | the public API only |\n");
    same_or_blessed("docs/architecture.md", Some("imports"), &table);
}

#[test]
fn inside_a_module_imports_run_one_way_too() {
    let files = sources("src");
    check(ONE_WAY.iter().flat_map(|module| upward(module, &files)));

    let parent = Source::new("src/experiment.rs", "mod list;\nmod world;\npub use world::World;");
    let caught = |path: &str, text: &str| {
        lines(upward("experiment", &[Source::new("src/experiment.rs", &parent.text), Source::new(path, text)]))
    };
    assert_eq!(caught("src/experiment/world.rs", "use super::list::asked_for;"), [0; 0]);
    assert_eq!(caught("src/experiment/list.rs", "use super::world::World;"), [1]);
    assert_eq!(caught("src/experiment/world.rs", "fn f() {}\nuse super::World;"), [2]);
    assert_eq!(caught("src/experiment/list/roll.rs", "use super::Roll;\nuse super::super::world::World;"), [2]);
    let parent = Source::new("src/experiment/link.rs", "mod result;\nmod check;");
    let caught = |path: &str, text: &str| {
        lines(upward(
            "experiment::link",
            &[Source::new("src/experiment/link.rs", &parent.text), Source::new(path, text)],
        ))
    };
    assert_eq!(
        caught("src/experiment/link/check.rs", "use super::result::LinkResult;\nuse super::super::world::World;"),
        [0; 0]
    );
    assert_eq!(caught("src/experiment/link/result.rs", "use super::check::check;\nuse super::link;"), [1, 2]);
}

#[test]
fn modules_of_one_parent_import_each_other_in_no_circle() {
    for files in ["src", "lab/engine"].map(sources) {
        files.iter().for_each(|parent| check(circles(parent, &files)));
    }

    let parent = "mod list;\nmod world;\nmod crowd;\npub use world::World;";
    let caught = |list: &str, world: &str, crowd: &str| {
        let files = [
            ("src/town.rs", parent),
            ("src/town/list.rs", list),
            ("src/town/world.rs", world),
            ("src/town/crowd/street.rs", crowd),
        ];
        let files = files.map(|(path, text)| Source::new(path, text));
        lines(circles(&files[0], &files))
    };
    assert_eq!(caught("use super::world::World;", "use crate::stats::Rate;", "use super::super::list::roll;"), [0; 0]);
    assert_eq!(caught("\nuse super::world::World;", "use super::list::roll;", ""), [2, 1]);
    assert_eq!(caught("\nuse super::World;", "use super::list::roll;", ""), [2, 1]);
    let through = caught("\nuse super::world::World;", "\n\nuse super::crowd::street;", "use crate::town::list::roll;");
    assert_eq!(through, [2, 3, 1]);
    let engine = ["mod calls;\nmod session;", "use super::session::Terms;", "\nuse super::calls::Tell;"];
    let files = ["lib", "calls", "session"].into_iter().zip(engine);
    let files: Vec<_> = files.map(|(name, text)| Source::new(&format!("lab/engine/{name}.rs"), text)).collect();
    assert_eq!(lines(circles(&files[0], &files)), [1, 2]);
}

#[test]
fn every_file_says_what_it_is_in_its_first_line() {
    check(all_rust().iter().flat_map(header));

    assert_eq!(lines(header(&Source::new("src/x.rs", "use std::fmt;\n//! Late."))), [1]);
    assert_eq!(lines(header(&Source::new("src/x.rs", "//!\n"))), [1]);
    assert_eq!(lines(header(&Source::new("src/x.rs", "\n//! Said.\n"))), [0; 0]);
}

#[test]
fn doc_comments_open_with_a_noun_phrase_or_a_verb() {
    check(["src", "lab/engine", "tests", "benches"].into_iter().flat_map(sources).flat_map(|file| openings(&file)));

    let caught = |text: &str| lines(openings(&Source::new("src/x.rs", text)));
    assert_eq!(caught("//! What it is.\n\n/// Whether so.\nfn f() {}\n    /// Of whom.\n"), [1, 3, 5]);
    assert_eq!(caught("//! A thing.\n//! What it does.\n/// `true` if so.\n// How come?\nfn f() {}\n"), [0; 0]);
    assert_eq!(caught("/// Of people on file, the share who moved.\n"), [0; 0]);
}

#[test]
fn words_made_in_this_house_are_replaced_by_standard_ones() {
    let contributing = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    for (word, standard) in HOUSE_WORDS {
        assert!(contributing.contains(&format!("| {word} | {standard} |\n")), "CONTRIBUTING.md does not list: {word}");
    }
    let listed = contributing.lines().skip_while(|line| *line != "| house-made | standard |").skip(2);
    assert_eq!(listed.take_while(|line| line.starts_with('|')).count(), HOUSE_WORDS.len(), "rows in CONTRIBUTING.md");

    let text = |path: &&std::path::PathBuf| {
        let known = ["rs", "md", "ts", "toml"].into_iter().any(|kind| path.extension().is_some_and(|e| e == kind));
        // The list itself, and what was written before it.
        known && !path.ends_with("tests/integration/tidy.rs") && !path.ends_with("CHANGELOG.md")
    };
    check(tracked().iter().filter(text).filter_map(|path| Some((path, fs::read_to_string(path).ok()?))).flat_map(
        |(path, text)| {
            let path = path.strip_prefix(root()).expect("tracked files lie below the root");
            house_words(&path.display().to_string(), &text)
        },
    ));

    assert_eq!(lines(house_words("a.md", "fine\nErrors hang together.\nSweeps that Stand Ready\n")), [2, 3]);
    assert_eq!(lines(house_words("CONTRIBUTING.md", "| stand ready | preset |\nThey stand ready.\n")), [2]);
}

#[test]
fn the_library_forbids_unsafe_code_and_undocumented_items() {
    check(promises(&Source::read(&root().join("src/lib.rs"))));

    assert_eq!(lines(promises(&Source::new("src/lib.rs", "#![forbid(unsafe_code)]\n"))), [1]);
    assert_eq!(lines(promises(&Source::new("src/lib.rs", "// #![forbid(unsafe_code)]\n#![deny(missing_docs)]"))), [1]);
    assert_eq!(lines(promises(&Source::new("src/lib.rs", "#![forbid(unsafe_code)]\n#![deny(missing_docs)]"))), [0; 0]);
}

#[test]
fn the_core_prints_nothing_reads_no_clock_opens_no_file_and_starts_no_thread() {
    check(sources("src").iter().flat_map(speech));

    let caught = |path: &str, text: &str| lines(speech(&Source::new(path, text)));
    assert_eq!(caught("src/agency.rs", "fn f() {\n    println!(\"x\");\n    std::eprintln!(\"x\");\n}"), [2, 3]);
    assert_eq!(caught("src/agency.rs", "use std::{\n    fs,\n    time::Instant,\n};\nuse ::std::thread;"), [2, 3, 5]);
    assert_eq!(caught("src/agency.rs", "type A = std::collections::HashMap<u8, u8>;"), [1]);
    assert_eq!(caught("src/agency.rs", "type A = rustc_hash::FxHashMap<u8, u8>;\n// HashMap println!"), [0; 0]);
    assert_eq!(caught("src/bridge.rs", "use std::fs::File;\nuse std::time::Instant;"), [2]);
    assert_eq!(caught("src/report.rs", "use std::fs;"), [0; 0]);
    assert_eq!(caught("src/agency.rs", "#[cfg(test)]\nmod tests {\n    use std::fs;\n}\nuse std::fs;"), [5]);
    assert_eq!(caught("src/agency/tests.rs", "use std::fs;"), [0; 0]);
}

#[test]
fn functions_that_differ_between_machines_come_from_libm() {
    check(sources("src").iter().flat_map(transcendental));

    let caught = |text: &str| lines(transcendental(&Source::new("src/stats.rs", text)));
    assert_eq!(caught("let a = p.ln();\nlet b = (1.0 - p).powf(2.0);\nlet c = 2.0_f64.powi(3);"), [1, 2, 3]);
    assert_eq!(caught("let a = xs.map(f64::exp);\nlet b = f32::sin(x);"), [1, 2]);
    assert_eq!(caught("let a = libm::log2(p) + libm::exp(p) + p.sqrt() + 2_u32.pow(3);\n// p.ln()"), [0; 0]);
}

#[test]
fn unwrap_is_for_tests() {
    check(sources("src").iter().chain(&sources("examples")).flat_map(unwraps));

    let caught = |text: &str| lines(unwraps(&Source::new("src/stats.rs", text)));
    assert_eq!(caught("fn f() {\n    Some(1).unwrap();\n    xs.map(Option::unwrap);\n}"), [2, 3]);
    assert_eq!(caught("fn f() { x.unwrap_or(1); x.expect(\"why it holds\"); }"), [0; 0]);
    assert_eq!(caught("#[cfg(test)]\nmod tests {\n    fn f() { Some(1).unwrap(); }\n}"), [0; 0]);
    assert_eq!(caught("#[cfg(test)]\nfn f() { Some(1).unwrap(); }\nfn g() { Some(1).unwrap(); }"), [3]);
    assert_eq!(caught("#[cfg(test)]\nuse x::y;\nfn g() { let c = '\\''; Some(1).unwrap(); }"), [3]);
}

#[test]
fn only_random_names_a_generator() {
    check(sources("src").iter().flat_map(generators));

    let caught = |path: &str, text: &str| lines(generators(&Source::new(path, text)));
    assert_eq!(caught("src/agency.rs", "use rand::rngs::StdRng;\nuse rand_chacha::ChaCha8Rng;"), [1, 2]);
    assert_eq!(caught("src/agency.rs", "fn f() {\n    rand::rng();\n    rand::random::<u8>();\n}"), [2, 3]);
    assert_eq!(caught("src/agency.rs", "use rand::RngExt;\n// StdRng would differ by version.\n"), [0; 0]);
    assert_eq!(caught("src/random.rs", "use rand::rngs::StdRng;"), [0; 0]);
}

#[test]
fn a_file_over_500_lines_says_why_at_its_top() {
    check(all_rust().iter().flat_map(long));

    let text = |lines: usize| format!("//! Agencies.\n{}", "fn f() {}\n".repeat(lines - 1));
    let reason = "//! Longer than 500 lines: one row for each kind of error.\n";
    assert_eq!(lines(long(&Source::new("src/agency.rs", &text(500)))), [0; 0]);
    assert_eq!(lines(long(&Source::new("src/agency.rs", &text(501)))), [501]);
    assert_eq!(lines(long(&Source::new("src/agency.rs", &format!("{reason}{}", text(501))))), [0; 0]);
    // Further down it is no reason, and in a shorter file it is out of date.
    assert_eq!(lines(long(&Source::new("src/agency.rs", &format!("{}{reason}", text(501))))), [501]);
    assert_eq!(lines(long(&Source::new("src/agency.rs", &format!("{reason}{}", text(100))))), [1]);
    assert_eq!(
        lines(long(&Source::new("src/agency.rs", &format!("//! Longer than 500 lines:\n{}", text(501))))),
        [501]
    );
}

#[test]
fn every_test_that_the_architecture_names_is_there() {
    let path = "docs/architecture.md";
    let text = fs::read_to_string(root().join(path)).unwrap();
    let files: Vec<Source> = ["src", "tests"].into_iter().flat_map(sources).collect();
    check(promised_tests(path, &text, &files));

    let file = Source::new("src/random.rs", "fn values_are_stable() {}");
    let caught = |text: &str| lines(promised_tests("a.md", text, std::slice::from_ref(&file)));
    assert_eq!(caught("`random::values_are_stable`, `random::Seed`, `terms::*`"), [0; 0]);
    assert_eq!(caught("once\n`random::values_move`"), [2]);
    assert_eq!(caught("`records::values_are_stable`"), [1]);
}

#[test]
fn no_file_names_a_folder_of_somebody_s_machine() {
    let files = tracked();
    check(files.iter().filter_map(|path| Some((path, fs::read_to_string(path).ok()?))).flat_map(|(path, text)| {
        let path = path.strip_prefix(root()).expect("tracked files lie below the root");
        places(&path.display().to_string(), &text)
    }));
    assert!(files.len() > 10, "hardly any files found: {files:?}");

    let home = ["", "home", "ada", "x"].join("/");
    assert_eq!(lines(places("a.md", &format!("fine\nsee {home}\n"))), [2]);
    assert_eq!(lines(places("a.md", &format!("https://example.org{home} and net{home}\n"))), [0; 0]);
}

fn check(violations: impl IntoIterator<Item = Violation>) {
    let found: Vec<String> = violations.into_iter().map(|violation| violation.to_string()).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// The lines a rule complains about, each once.
fn lines(violations: Vec<Violation>) -> Vec<usize> {
    let mut lines: Vec<usize> = violations.iter().map(|violation| violation.line).collect();
    lines.dedup();
    lines
}
