//! What several modules need: running the program in a folder of its own, and finding data kept outside.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The package's folder, asked of Cargo when the test runs: two checkouts that share a target folder share this binary.
pub fn root() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into()).into()
}

/// What a run of the program left behind.
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

/// Runs the program in a folder of its own that is gone afterwards.
pub fn namesake<S: AsRef<OsStr>>(arguments: &[S]) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    namesake_in(folder.path(), arguments)
}

/// A file of the data kept outside the repository: below `NAMESAKE_SHARED`, or `../shared` where that is not set.
///
/// Says on stderr when it is absent; the caller then has nothing to check.
pub fn shared_data(path: &str) -> Option<PathBuf> {
    let place = std::env::var_os("NAMESAKE_SHARED").map(PathBuf::from);
    let place = place.unwrap_or_else(|| root().join("../shared"));
    let file = place.join(path);
    if file.exists() {
        Some(file)
    } else {
        eprintln!("SKIPPED: {} is absent, so nothing was checked against it", file.display());
        None
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
fn data_that_is_absent_is_no_failure() {
    assert_eq!(shared_data("no/such/file.csv"), None);
}
