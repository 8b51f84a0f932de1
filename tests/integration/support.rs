//! Helpers of several modules: scenarios with values set, running the program in a folder of its own, reading what it
//! wrote, pages that are written from the program, and data kept outside.

pub use crate::outside_data::{shared_data, skipped};
use namesake::scenario::{Scenario, built_in};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The package's folder, asked of Cargo when the test runs: two checkouts that share a target folder share this binary.
pub fn root() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into()).into()
}

/// Five times as many people under an order as there are: what a small country needs to have people enough to ask for.
pub const MANY_ORDERS: &str = "population.final_order=0.02";

/// A case that answers many of its requests, so that a small run has something of everything.
pub const MUCH: &str = "tax-address-request-assumed";

/// That case with many orders and some values set, as `--set` does.
pub fn scenario(sets: &[&str]) -> Scenario {
    case(MUCH, &[&[MANY_ORDERS], sets].concat())
}

/// A built-in scenario with some values set.
pub fn case(name: &str, sets: &[&str]) -> Scenario {
    let text = built_in(name).unwrap_or_else(|error| panic!("{error}"));
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    Scenario::parse_with(text, name, &sets).unwrap_or_else(|error| panic!("{error}"))
}

/// The result of running the program.
#[derive(Debug)]
pub struct Run {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Data.
    pub stdout: String,
    /// Talk.
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Run { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }
}

/// The program, about to run in `folder` with nothing on stdin.
pub fn command<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_namesake"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs the program in `folder`.
pub fn namesake_in<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Run {
    command(folder, arguments).output().expect("the program was built with this test").into()
}

/// Runs the program in `folder`, where it has to end well.
pub fn done_in<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Run {
    let run = namesake_in(folder, arguments);
    let arguments: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
    assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
    run
}

/// Runs the program in a folder of its own that is gone afterwards.
pub fn namesake<S: AsRef<OsStr>>(arguments: &[S]) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    namesake_in(folder.path(), arguments)
}

/// Every file of a run folder but the one that may differ.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name != "timings.json")
        .collect()
}

/// The `results.json` of a run folder.
pub fn results_of(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("results.json")).unwrap()).unwrap()
}

/// A page, or a part of one between two marks, that is written from the program: equal, or written anew on request.
pub fn same_or_blessed(page: &str, mark: Option<&str>, expected: &str) {
    let path = root().join(page);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let (begin, end) = match mark {
        None => (0, text.len()),
        Some(mark) => {
            let begin = text.find(&format!("<!-- {mark} -->\n")).expect("the page has the mark") + mark.len() + 10;
            (begin, begin + text[begin..].find("<!-- end -->").expect("the mark has an end"))
        }
    };
    if std::env::var_os("NAMESAKE_BLESS").is_some() {
        fs::write(&path, format!("{}{expected}{}", &text[..begin], &text[end..])).unwrap();
    } else {
        assert!(text[begin..end] == *expected, "{page} is out of date; NAMESAKE_BLESS=1 with this test writes it");
    }
}

#[test]
fn the_program_runs_in_a_folder_of_its_own() {
    let run = namesake(&["--version"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(run.stderr, "", "stdout is data, stderr is talk");
    assert!(run.stdout.lines().count() <= 1, "{run:?}");
}

#[test]
fn data_that_is_absent_is_no_failure_and_is_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    let account = folder.path().join("skipped");
    // The account is named by a variable of the process, so another process keeps it.
    let test = "support::absent_data_for_the_test_of_the_account";
    let tests = std::env::current_exe().unwrap();
    let run = Command::new(tests).args([test, "--exact", "--ignored"]).env("NAMESAKE_SKIPPED", &account).output();
    assert!(run.unwrap().status.success());
    let account = fs::read_to_string(account).unwrap();
    assert_eq!(account, format!("{test}: no/such/file.csv is not in the folder of shared data\n"));
}

#[test]
#[ignore = "a part of the test above"]
fn absent_data_for_the_test_of_the_account() {
    assert_eq!(shared_data("no/such/file.csv"), None);
}
