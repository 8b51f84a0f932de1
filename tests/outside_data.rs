//! Data kept outside the repository, and an account of the tests that could not check what they are for.
//!
//! The tests of the library and those of the program both include this file.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file below `NAMESAKE_SHARED`, or below `../shared` where that is not set; `None`, and an entry in the account, where
/// it is absent: the caller then has nothing to check.
pub fn shared_data(path: &str) -> Option<PathBuf> {
    let place = std::env::var_os("NAMESAKE_SHARED").map(PathBuf::from);
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let file = place.unwrap_or_else(|| Path::new(&package).join("../shared")).join(path);
    if file.exists() {
        return Some(file);
    }
    skipped(&format!("{path} is not in the folder of shared data"));
    None
}

/// Enters this test in the account of those that checked nothing, or not everything: the file that `NAMESAKE_SKIPPED`
/// names, which `make test` shows at the end, since the runner of tests keeps what a test says to itself.
pub fn skipped(why: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_string();
    eprintln!("SKIPPED {test}: {why}");
    let Some(account) = std::env::var_os("NAMESAKE_SKIPPED") else { return };
    let file = File::options().create(true).append(true).open(&account);
    file.and_then(|mut file| file.write_all(format!("{test}: {why}\n").as_bytes())).expect("the account can be kept");
}
