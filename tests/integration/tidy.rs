//! The rules of the source tree that can be checked by reading it. Each failure names the file and the line.
//!
//! Sources are read as tokens, so that a word in a comment, a documentation example or a string breaks no rule. Every
//! rule also has to catch a violation made for it here: a rule that finds nothing anywhere may just be blind.

use crate::support::root;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which module may import which, in reading order. A child file belongs to its parent's row, unless it has a row of its
/// own; a row allows what lies below the modules it names.
const IMPORTS: &[(&str, &[&str])] = &[
    ("record", &[]),
    ("stats", &[]),
    ("random", &["stats"]),
    // The one loop over blocks, for those who run an exchange and those who count a country.
    ("parallel", &[]),
    // Warnings for readers of figures: every stage may add one.
    ("notice", &[]),
    ("linkage::comparison", &["record"]),
    ("linkage::blocking", &["record", "linkage::comparison", "notice"]),
    ("linkage::decision", &["record", "linkage::comparison", "stats", "notice"]),
    // The drivers, the trainer and the grammar of the three.
    (
        "linkage",
        &["record", "stats", "random", "notice", "linkage::comparison", "linkage::blocking", "linkage::decision"],
    ),
    // A scenario knows no stage, except the grammar in which a route describes its blocking and its model.
    ("scenario", &["record", "stats", "random", "linkage"]),
    ("population", &["record", "stats", "random", "scenario"]),
    ("agency", &["record", "stats", "random", "scenario", "population"]),
    ("agreement", &["record", "stats", "random", "linkage::decision", "scenario"]),
    (
        "evaluation",
        &[
            "record",
            "stats",
            "random",
            "notice",
            "linkage::blocking",
            "linkage::decision",
            "scenario",
            "agency",
            "agreement",
        ],
    ),
    ("bridge", &["record", "stats", "notice"]),
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
    ("validation", &["stats", "parallel", "population", "agency"]),
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
            "agreement",
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
    ("lab", &["report", "experiment"]),
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
const ONE_WAY: &[&str] = &["experiment"];

/// Modules that speak to the world; all others are the quiet core.
const OUTSIDE_THE_CORE: &[&str] = &["report", "lab", "main", "cli", "lib"];

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
}

#[test]
fn every_file_says_what_it_is_in_its_first_line() {
    check(all_rust().iter().flat_map(header));

    assert_eq!(lines(header(&Source::new("src/x.rs", "use std::fmt;\n//! Late."))), [1]);
    assert_eq!(lines(header(&Source::new("src/x.rs", "//!\n"))), [1]);
    assert_eq!(lines(header(&Source::new("src/x.rs", "\n//! Said.\n"))), [0; 0]);
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
fn a_long_file_has_a_child() {
    let files = sources("src");
    check(files.iter().flat_map(|file| long(file, &files)));

    let parent = Source::new("src/agency.rs", &"fn f() {}\n".repeat(801));
    let child = Source::new("src/agency/errors.rs", "//! Errors.");
    assert_eq!(lines(long(&parent, &[])), [801]);
    assert_eq!(lines(long(&parent, &[child])), [0; 0]);
    let tested = format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", "fn f() {}\n".repeat(700), "fn g() {}\n".repeat(200));
    assert_eq!(lines(long(&Source::new("src/agency.rs", &tested), &[])), [0; 0]);
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

// --- The rules. Each reads one file and returns what breaks it. ---

fn imports(file: &Source) -> Vec<Violation> {
    let module = file.module();
    let mut found = Vec::new();
    if matches!(module, "main" | "cli") {
        for path in file.paths().iter().filter(|path| !path.in_test) {
            if path.first() == "crate" && path.second() != Some("cli") {
                found.push(file.at(path.line, format!("{module} uses the public API only, as namesake::…")));
            }
        }
        for (line, name) in file.declared_modules() {
            if module == "main" && name != "cli" {
                found.push(file.at(line, format!("mod {name} belongs to the library")));
            }
        }
        return found;
    }
    if module == "lib" {
        return found;
    }
    let Some((own, allowed)) = row(&file.place()) else {
        return vec![file.at(1, format!("{module} is not in the table of modules"))];
    };
    for (line, path) in file.crate_paths() {
        let target = row(&path).map_or(path.first().map_or("", String::as_str), |(name, _)| name);
        if target == *own {
            continue;
        }
        if !allowed.iter().any(|name| lies_in(target, name)) {
            found.push(file.at(line, format!("{own} may not import {target}")));
            continue;
        }
        let partial = PARTIAL.iter().find(|(from, to, _)| (*from, *to) == (module, target));
        if let Some((_, _, items)) = partial {
            let item = path.get(target.split("::").count()).map_or("all of it", String::as_str);
            if !items.contains(&item) {
                found.push(file.at(line, format!("{module} may import of {target} only {items:?}, not {item}")));
            }
        }
    }
    found
}

/// The most specific row of the table for a module.
fn row(place: &[String]) -> Option<&'static (&'static str, &'static [&'static str])> {
    let path = place.join("::");
    IMPORTS.iter().filter(|(name, _)| lies_in(&path, name)).max_by_key(|(name, _)| name.len())
}

fn lies_in(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Imports of a child module from one that its parent declares below it, or from the parent itself.
fn upward(module: &str, files: &[Source]) -> Vec<Violation> {
    let parent = files.iter().find(|file| file.place() == [module]).expect("the module has a file");
    let children: Vec<&str> = parent.declared_modules().into_iter().map(|(_, name)| name).collect();
    let position = |name: &str| children.iter().position(|child| *child == name);
    let mut found = Vec::new();
    for file in files {
        let place = file.place();
        let [first, child, ..] = &place[..] else { continue };
        let (true, Some(own)) = (first == module, position(child)) else { continue };
        for (line, path) in file.crate_paths() {
            let [first, target, ..] = &path[..] else { continue };
            if first != module || target == child {
                continue;
            }
            match position(target) {
                Some(at) if at < own => {}
                Some(_) => found.push(file.at(line, format!("{child} imports {target}, which is declared below it"))),
                None => found.push(file.at(line, format!("{child} imports {target} from {module} itself"))),
            }
        }
    }
    found
}

fn header(file: &Source) -> Vec<Violation> {
    let first = file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    if first.strip_prefix("//!").is_some_and(|words| !words.trim().is_empty()) {
        Vec::new()
    } else {
        vec![file.at(1, "the file does not begin with a //! line".into())]
    }
}

fn promises(file: &Source) -> Vec<Violation> {
    ["#![forbid(unsafe_code)]", "#![deny(missing_docs)]"]
        .into_iter()
        .filter(|promise| !file.text.lines().any(|line| line.trim() == *promise))
        .map(|promise| file.at(1, format!("{promise} is missing")))
        .collect()
}

fn speech(file: &Source) -> Vec<Violation> {
    const MACROS: [&str; 5] = ["println", "eprintln", "print", "eprint", "dbg"];
    const OF_STD: [&str; 6] = ["fs", "time", "thread", "env", "process", "net"];
    const ANYWHERE: [&str; 5] = ["HashMap", "HashSet", "RandomState", "SystemTime", "Instant"];
    let module = file.module();
    if OUTSIDE_THE_CORE.contains(&module) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for path in file.paths().iter().filter(|path| !path.in_test) {
        let last = path.segments.last().map_or("", String::as_str);
        let of_std = path.first() == "std" && path.second().is_some_and(|second| OF_STD.contains(&second));
        let bridge_reads = module == "bridge" && path.second() == Some("fs");
        let named = path.segments.iter().any(|segment| ANYWHERE.contains(&segment.as_str()));
        if (path.is_macro && MACROS.contains(&last)) || (of_std && !bridge_reads) || named {
            found.push(file.at(path.line, format!("{} below report", path.segments.join("::"))));
        }
    }
    found
}

fn transcendental(file: &Source) -> Vec<Violation> {
    const NAMES: [&str; 27] = [
        "ln", "ln_1p", "log", "log2", "log10", "exp", "exp2", "exp_m1", "powf", "powi", "sin", "cos", "tan", "asin",
        "acos", "atan", "atan2", "sin_cos", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "cbrt", "hypot",
        "gamma",
    ];
    let mut found = Vec::new();
    for window in file.tokens.windows(3) {
        let [before, name, after] = window else { continue };
        let method = before.text == "." && after.text == "(";
        if method && NAMES.contains(&name.text.as_str()) {
            found.push(file.at(name.line, format!(".{}() differs between machines; use libm", name.text)));
        }
        if matches!(before.text.as_str(), "f64" | "f32") && name.text == "::" && NAMES.contains(&after.text.as_str()) {
            found.push(file.at(after.line, format!("{}::{} differs between machines", before.text, after.text)));
        }
    }
    found
}

fn unwraps(file: &Source) -> Vec<Violation> {
    let named = file.tokens.windows(2).filter(|pair| pair[1].text == "unwrap" && !pair[1].in_test);
    named
        .filter(|pair| matches!(pair[0].text.as_str(), "." | "::"))
        .map(|pair| file.at(pair[1].line, "unwrap outside tests; `expect` can say why it holds".into()))
        .collect()
}

fn generators(file: &Source) -> Vec<Violation> {
    const PREFIXES: [&str; 10] =
        ["StdRng", "SmallRng", "ThreadRng", "SysRng", "OsRng", "ChaCha", "rand_chacha", "Pcg", "rand_pcg", "Xoshiro"];
    const OF_RAND: [&str; 6] = ["rng", "random", "random_range", "random_bool", "make_rng", "thread_rng"];
    if file.module() == "random" {
        return Vec::new();
    }
    let mut found = Vec::new();
    for path in file.paths() {
        let generator = path.segments.iter().any(|segment| PREFIXES.iter().any(|prefix| segment.starts_with(prefix)));
        let of_rand = path.first() == "rand" && path.second().is_some_and(|second| OF_RAND.contains(&second));
        if generator || of_rand {
            found.push(file.at(path.line, format!("{} outside random", path.segments.join("::"))));
        }
    }
    found
}

fn long(file: &Source, files: &[Source]) -> Vec<Violation> {
    const MOST: usize = 800;
    let folder = file.path.with_extension("");
    let has_child = files.iter().any(|other| other.path.parent() == Some(&folder));
    let in_tests: usize = file.test_lines();
    let count = file.text.lines().count();
    if count - in_tests > MOST && !has_child {
        vec![file.at(MOST + 1, format!("{} lines without tests, and no child", count - in_tests))]
    } else {
        Vec::new()
    }
}

/// `module::test` in backticks, of which no file of that name has the function. A word alone is no name of a test.
fn promised_tests(path: &str, text: &str, files: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for quoted in line.split('`').skip(1).step_by(2) {
            let Some((module, name)) = quoted.split_once("::").filter(|(_, name)| name.contains('_')) else { continue };
            let is_there = |file: &Source| {
                file.place().iter().any(|part| part == module)
                    && file.tokens.windows(2).any(|two| two[0].text == "fn" && two[1].text == name)
            };
            if !files.iter().any(is_there) {
                let what = format!("there is no test {quoted}");
                found.push(Violation { path: path.into(), line: number + 1, what });
            }
        }
    }
    found
}

fn places(path: &str, text: &str) -> Vec<Violation> {
    // Put together here, or this file would break its own rule.
    let folders = ["home", "work", "root", "Users", "workspace"].map(|name| format!("/{name}/"));
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for folder in &folders {
            let absolute = |(at, _): (usize, &str)| {
                !line[..at]
                    .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | ')' | '~' | '*'))
            };
            if line.match_indices(folder.as_str()).any(absolute) {
                let what = format!("{folder} is a folder of one machine");
                found.push(Violation { path: path.into(), line: number + 1, what });
            }
        }
    }
    found
}

// --- What the rules read. ---

struct Violation {
    path: PathBuf,
    line: usize,
    what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.what)
    }
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

/// The Rust files below a folder of the package, children included.
fn sources(folder: &str) -> Vec<Source> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    walk(&root().join(folder), &mut files);
    files.sort();
    assert!(folder != "src" || !files.is_empty(), "no sources in {}", root().display());
    files.iter().map(|path| Source::read(path)).collect()
}

fn all_rust() -> Vec<Source> {
    ["src", "tests", "benches", "examples"].into_iter().flat_map(sources).collect()
}

/// The files under version control and those that are about to be.
fn tracked() -> Vec<PathBuf> {
    let git = Command::new("git").args(["ls-files", "-co", "--exclude-standard"]).current_dir(root()).output();
    match git {
        Ok(output) if output.status.success() => {
            String::from_utf8(output.stdout).unwrap().lines().map(|line| root().join(line)).collect()
        }
        // An unpacked release has no git.
        _ => all_rust().into_iter().map(|file| root().join(file.path)).collect(),
    }
}

struct Source {
    /// Relative to the package.
    path: PathBuf,
    text: String,
    tokens: Vec<Token>,
}

struct Token {
    text: String,
    line: usize,
    /// Whether it stands in an item marked `#[cfg(test)]`.
    in_test: bool,
}

/// A path as written: `std::fs`, `crate::record::Field`; a use tree gives one for each leaf.
struct Named {
    segments: Vec<String>,
    line: usize,
    in_test: bool,
    is_macro: bool,
    /// Index of its first token.
    start: usize,
}

impl Named {
    fn first(&self) -> &str {
        self.segments.first().map_or("", |segment| segment.strip_prefix('$').unwrap_or(segment))
    }

    fn second(&self) -> Option<&str> {
        self.segments.get(1).map(String::as_str)
    }
}

impl Source {
    fn new(path: &str, text: &str) -> Source {
        let mut tokens = tokens(text);
        if path.ends_with("/tests.rs") {
            tokens.iter_mut().for_each(|token| token.in_test = true);
        } else {
            mark_tests(&mut tokens);
        }
        Source { path: path.into(), text: text.into(), tokens }
    }

    fn read(path: &Path) -> Source {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Source::new(path.strip_prefix(root()).unwrap().to_str().unwrap(), &text)
    }

    fn at(&self, line: usize, what: String) -> Violation {
        Violation { path: self.path.clone(), line, what }
    }

    /// The top module a file belongs to: `agency` for `src/agency.rs` and `src/agency/errors.rs`.
    fn module(&self) -> &str {
        let part = self.path.components().nth(1).map_or("", |part| part.as_os_str().to_str().unwrap());
        part.strip_suffix(".rs").unwrap_or(part)
    }

    /// The file's own place: `[agency, errors]` for `src/agency/errors.rs`.
    fn place(&self) -> Vec<String> {
        let parts = self.path.components().skip(1).map(|part| part.as_os_str().to_str().unwrap());
        parts.map(|part| part.strip_suffix(".rs").unwrap_or(part).to_string()).filter(|part| part != "mod").collect()
    }

    fn test_lines(&self) -> usize {
        let marked: BTreeMap<usize, bool> = self.tokens.iter().map(|token| (token.line, token.in_test)).collect();
        // Blank lines and comments carry no token; they count as the line above them does.
        let mut in_test = false;
        (1..=self.text.lines().count())
            .filter(|line| {
                in_test = marked.get(line).copied().unwrap_or(in_test);
                in_test
            })
            .count()
    }

    /// `mod name;`, with its line.
    fn declared_modules(&self) -> Vec<(usize, &str)> {
        let declared = self.tokens.windows(3).filter(|t| t[0].text == "mod" && t[2].text == ";");
        declared.map(|t| (t[1].line, t[1].text.as_str())).collect()
    }

    fn paths(&self) -> Vec<Named> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            // A keyword before `::` begins no path: `use ::std::fs`.
            let keyword =
                matches!(self.tokens[at].text.as_str(), "use" | "as" | "dyn" | "impl" | "in" | "mut" | "return");
            if self.tokens[at].is_word() && !keyword {
                at = self.path_from(at, at, &[], &mut found);
            } else {
                at += 1;
            }
        }
        found
    }

    /// Reads one path, or use tree, at `at`; returns where it ends.
    fn path_from(&self, start: usize, mut at: usize, before: &[String], found: &mut Vec<Named>) -> usize {
        let text = |at: usize| self.tokens.get(at).map_or("", |token| token.text.as_str());
        let mut segments = before.to_vec();
        let mut line = self.tokens[at].line;
        while at < self.tokens.len() && (self.tokens[at].is_word() || text(at) == "*") {
            line = self.tokens[at].line;
            segments.push(text(at).to_string());
            at += 1;
            if text(at) != "::" {
                break;
            }
            at += 1;
            if text(at) == "{" {
                at += 1;
                while at < self.tokens.len() && text(at) != "}" {
                    let end = self.path_from(start, at, &segments, found);
                    at = end.max(at + 1);
                    if text(at) == "as" {
                        at += 2;
                    }
                    if text(at) == "," {
                        at += 1;
                    }
                }
                return at + 1;
            }
        }
        // A leaf `self` of a use tree names the tree itself.
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        let is_macro = text(at) == "!" && text(at + 1) != "=";
        found.push(Named { segments, line, in_test: self.tokens[start].in_test, is_macro, start });
        at
    }

    /// Paths outside tests that lead to a module of the crate, with `crate`, `super` and `self` resolved.
    fn crate_paths(&self) -> Vec<(usize, Vec<String>)> {
        let mut resolved = Vec::new();
        for path in self.paths().into_iter().filter(|path| !path.in_test) {
            let mut rest = path.segments.as_slice();
            let mut place = match path.first() {
                "crate" => {
                    rest = &rest[1..];
                    Vec::new()
                }
                "super" | "self" => [self.place(), self.inline_modules(path.start)].concat(),
                _ => continue,
            };
            while let Some((first, others)) = rest.split_first() {
                match first.as_str() {
                    "super" => drop(place.pop()),
                    "self" => {}
                    _ => break,
                }
                rest = others;
            }
            place.extend(rest.iter().cloned());
            resolved.push((path.line, place));
        }
        resolved
    }

    /// The `mod name { … }` around a token.
    fn inline_modules(&self, at: usize) -> Vec<String> {
        let mut open: Vec<Option<&str>> = Vec::new();
        for (i, token) in self.tokens[..at].iter().enumerate() {
            match token.text.as_str() {
                "{" => {
                    let named = i >= 2 && self.tokens[i - 2].text == "mod";
                    open.push(named.then(|| self.tokens[i - 1].text.as_str()));
                }
                "}" => drop(open.pop()),
                _ => {}
            }
        }
        open.into_iter().flatten().map(str::to_string).collect()
    }
}

impl Token {
    fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c == '_' || c == '$' || c.is_alphabetic())
    }
}

/// The words and signs of a Rust source, without comments and literals.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let peek = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let word = |c: char| c == '_' || c.is_alphanumeric();
    let (mut at, mut line) = (0, 1);
    let mut found: Vec<Token> = Vec::new();
    while at < chars.len() {
        let start = at;
        let mut kept = None;
        match chars[at] {
            '/' if peek(at + 1) == '/' => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
            }
            '/' if peek(at + 1) == '*' => {
                let mut depth = 0;
                loop {
                    match (peek(at), peek(at + 1)) {
                        ('/', '*') => (depth, at) = (depth + 1, at + 2),
                        ('*', '/') => (depth, at) = (depth - 1, at + 2),
                        _ => at += 1,
                    }
                    if depth == 0 || at >= chars.len() {
                        break;
                    }
                }
            }
            '"' => at = end_of_string(&chars, at),
            // A character, unless it is a lifetime.
            '\'' if peek(at + 1) == '\\' => {
                at += 3;
                while at < chars.len() && chars[at] != '\'' {
                    at += 1;
                }
                at += 1;
            }
            '\'' if peek(at + 2) == '\'' => at += 3,
            '\'' => {
                at += 1;
                while word(peek(at)) {
                    at += 1;
                }
            }
            'r' | 'b' | 'c' if raw_string(&chars, at).is_some() => {
                at = raw_string(&chars, at).expect("the guard has just found one");
            }
            c if c.is_ascii_digit() => {
                while word(peek(at)) || (peek(at) == '.' && peek(at + 1).is_ascii_digit()) {
                    at += 1;
                }
                kept = Some("0".to_string());
            }
            c if word(c) || c == '$' => {
                at += 1;
                while word(peek(at)) {
                    at += 1;
                }
                kept = Some(chars[start..at].iter().collect());
            }
            ':' if peek(at + 1) == ':' => {
                at += 2;
                kept = Some("::".to_string());
            }
            c => {
                at += 1;
                kept = (!c.is_whitespace()).then(|| c.to_string());
            }
        }
        at = at.min(chars.len());
        if let Some(text) = kept {
            found.push(Token { text, line, in_test: false });
        }
        line += chars[start..at].iter().filter(|&&c| c == '\n').count();
    }
    found
}

fn end_of_string(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The end of a literal with a prefix, `r"…"`, `br#"…"#`, `b"…"`, if one begins here.
fn raw_string(chars: &[char], mut at: usize) -> Option<usize> {
    while matches!(chars.get(at), Some('b' | 'c')) {
        at += 1;
    }
    if chars.get(at) == Some(&'"') {
        return Some(end_of_string(chars, at));
    }
    if chars.get(at) != Some(&'r') {
        return None;
    }
    let hashes = chars[at + 1..].iter().take_while(|&&c| c == '#').count();
    at += 1 + hashes;
    if chars.get(at) != Some(&'"') {
        return None;
    }
    let closing: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let end = (at + 1..chars.len()).find(|&i| chars[i..].starts_with(&closing));
    Some(end.map_or(chars.len(), |end| end + closing.len()))
}

/// Marks the items that carry `#[cfg(test)]`: up to the closing brace, or to the semicolon of one without braces.
fn mark_tests(tokens: &mut [Token]) {
    const ATTRIBUTE: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut at = 0;
    while at + ATTRIBUTE.len() <= tokens.len() {
        if !tokens[at..].iter().zip(ATTRIBUTE).all(|(token, sign)| token.text == sign) {
            at += 1;
            continue;
        }
        let (mut end, mut depth) = (at + ATTRIBUTE.len(), 0);
        while end < tokens.len() {
            match tokens[end].text.as_str() {
                "{" | "[" | "(" => depth += 1,
                "}" | "]" | ")" => depth -= 1,
                _ => {}
            }
            let closed = depth == 0 && matches!(tokens[end].text.as_str(), "}" | ";");
            end += 1;
            if closed {
                break;
            }
        }
        tokens[at..end].iter_mut().for_each(|token| token.in_test = true);
        at = end;
    }
}
