//! The same scenario gives the same bytes from the native build and from WebAssembly.
//!
//! `make wasm-test` builds the module and names it in `NAMESAKE_WASM`; without that, only the native half runs.

#[path = "../../examples/wasm.rs"]
mod module;

use crate::support::root;
use std::fs;
use std::process::Command;

#[test]
fn a_scenario_gives_the_same_bytes_natively_and_in_webassembly() {
    let native = native("Nuñez", &["seed=7"]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let expected = folder.path().join("native.json");
    fs::write(&expected, native).unwrap();
    let expect = ["Nuñez", "--set", "seed=7", "--expect", expected.to_str().unwrap()];
    let Some((code, message)) = node(&expect) else { return };
    assert_eq!(code, Some(0), "{message}");

    // A comparison that could not fail would prove nothing.
    let (code, message) = node(&[&["Nunez"], &expect[1..]].concat()).unwrap();
    assert_eq!(code, Some(1), "{message}");
    assert!(message.contains("differs"), "{message}");
}

#[test]
fn a_bad_request_is_an_error_message_in_both() {
    let message = native("x", &["sede=7"]).unwrap_err();
    assert!(message.contains("sede"), "{message}");
    let Some((code, said)) = node(&["x", "--set", "sede=7"]) else { return };
    assert_eq!((code, said.trim()), (Some(2), message.as_str()));
}

/// The native answer.
fn native(scenario: &str, set: &[&str]) -> Result<String, String> {
    module::answer(serde_json::json!({ "scenario": scenario, "set": set }).to_string().as_bytes())
}

/// Exit code and stderr of the module's run in Node; `None`, and a word on stderr, where no module was built.
fn node(arguments: &[&str]) -> Option<(Option<i32>, String)> {
    let Some(module) = std::env::var_os("NAMESAKE_WASM") else {
        eprintln!("SKIPPED: no WebAssembly module in NAMESAKE_WASM; `make wasm-test` builds one");
        return None;
    };
    let script = root().join("tests/wasm/run.mjs");
    let output = Command::new("node").arg(script).arg(module).args(arguments).output().expect("node is installed");
    Some((output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned()))
}
