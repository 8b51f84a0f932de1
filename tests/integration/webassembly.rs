//! The same scenario gives the same bytes from the native build and from WebAssembly.
//!
//! `make wasm-test` builds the module and names it in `NAMESAKE_WASM`; without that, only the native half runs.

#[path = "../../examples/wasm.rs"]
mod module;

use crate::support::{namesake_in, root, skipped};
use std::fs;
use std::process::Command;

const SETS: [&str; 6] = [
    "population.people=20000",
    "population.final_order=0.02",
    "requester.requests=300",
    "seed.population=7",
    "seed.errors=7",
    "seed.requests=7",
];

#[test]
fn a_scenario_gives_the_same_bytes_natively_and_in_webassembly() {
    // Rules and integers only, and then weights: EM, logarithms, frequencies.
    for scenario in ["tax-address-request", "tax-address-request-weighted"] {
        let native = native(scenario, &SETS).unwrap();
        let page = String::from_utf8(module::file_of_last_run(b"report.html").unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let run = [
            "run",
            scenario,
            "--people",
            "20k",
            "--requests",
            "300",
            "--set",
            "population.final_order=0.02",
            "--seed",
            "7",
            "--json",
            "-",
        ];
        assert_eq!(namesake_in(folder.path(), &run).stdout, native, "the program and the library differ");
        let expected = folder.path().join("native.json");
        fs::write(&expected, native).unwrap();
        let sets: Vec<&str> = SETS.iter().flat_map(|set| ["--set", set]).collect();
        let expect = [&[scenario][..], &sets, &["--expect", expected.to_str().unwrap()]].concat();
        let Some((code, message)) = node(&expect) else { continue };
        assert_eq!(code, Some(0), "{scenario}: {message}");

        // The rest of the folder is served as well.
        let served = folder.path().join("native.html");
        fs::write(&served, &page).unwrap();
        let file = ["--file", "report.html", "--expect", served.to_str().unwrap()];
        let (code, message) = node(&[&[scenario][..], &sets, &file].concat()).unwrap();
        assert_eq!(code, Some(0), "{scenario}: {message}");

        // A comparison that could not fail would prove nothing.
        let (code, message) = node(&[&expect[..], &["--set", "seed.errors=8"]].concat()).unwrap();
        assert_eq!(code, Some(1), "{message}");
        assert!(message.contains("differs"), "{message}");
    }
}

#[test]
fn a_bad_request_is_an_error_message_in_both() {
    let message = native("tax-address-request", &["sede=7"]).unwrap_err();
    assert!(message.contains("did you mean \"seed\""), "{message}");
    let Some((code, said)) = node(&["tax-address-request", "--set", "sede=7"]) else { return };
    assert_eq!((code, said.trim()), (Some(2), message.as_str()));
}

/// The native answer.
fn native(scenario: &str, set: &[&str]) -> Result<String, String> {
    let request = serde_json::json!({ "scenario": scenario, "set": set }).to_string();
    module::answer(request.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap())
}

/// Exit code and stderr of the module's run in Node; `None`, and a word on stderr, where no module was built.
fn node(arguments: &[&str]) -> Option<(Option<i32>, String)> {
    let Some(module) = std::env::var_os("NAMESAKE_WASM") else {
        skipped("no WebAssembly module in NAMESAKE_WASM; `make wasm` builds one");
        return None;
    };
    let script = root().join("tests/wasm/run.mjs");
    let output = Command::new("node").arg(script).arg(module).args(arguments).output().expect("node is installed");
    Some((output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned()))
}
