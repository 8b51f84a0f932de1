//! The core as a WebAssembly module, with the smallest interface a page or a script can call.
//!
//! ```text
//! alloc(length) -> pointer   room for a request of `length` bytes; write the request there
//! run() -> pointer           runs a scenario and answers with results.json
//! file() -> pointer          answers with a file of the folder of the last run; the request is its name
//! ```
//!
//! An answer is a status (u32), a length (u32), and as many bytes of UTF-8 text; both integers are little-endian. Status 0
//! is an answer, 1 an error message. What `run` reads is JSON, `{ "scenario": "…", "set": ["key=value", …] }`. Every file is
//! what the native program writes for the same scenario, byte for byte. An answer stays where it is until the next call.
//! The module imports nothing from its host: no clock, no files, no randomness.

use namesake::experiment::{measure, most_requests, prepare, stream};
use namesake::report::bundle;
use namesake::results::{Details, Results};
use namesake::scenario::{Scenario, built_in};
use serde::Deserialize;
use std::cell::RefCell;

/// Makes room for a request of `length` bytes and says where.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(length: usize) -> *mut u8 {
    REQUEST.with_borrow_mut(|request| {
        request.clear();
        request.resize(length, 0);
        request.as_mut_ptr()
    })
}

/// Runs the scenario of the request that was written where [`alloc`] said.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> *const u8 {
    placed(REQUEST.with_borrow(|request| answer(request)))
}

/// Answers with the file whose name was written where [`alloc`] said.
#[unsafe(no_mangle)]
pub extern "C" fn file() -> *const u8 {
    placed(REQUEST.with_borrow(|name| file_of_last_run(name)))
}

/// Puts an answer where the host can read it.
fn placed(answer: Result<Vec<u8>, String>) -> *const u8 {
    let (status, bytes) = match answer {
        Ok(bytes) => (0_u32, bytes),
        Err(message) => (1, message.into_bytes()),
    };
    let length = u32::try_from(bytes.len()).expect("an answer fits in the 4 GiB a module can address");
    ANSWER.with_borrow_mut(|answer| {
        answer.clear();
        answer.extend_from_slice(&status.to_le_bytes());
        answer.extend_from_slice(&length.to_le_bytes());
        answer.extend_from_slice(&bytes);
        answer.as_ptr()
    })
}

/// Runs the scenario of a request, keeps the files of its folder, and answers with results.json.
pub fn answer(request: &[u8]) -> Result<Vec<u8>, String> {
    let request: Request = serde_json::from_slice(request).map_err(|error| format!("the request: {error}"))?;
    let files = files(&request)?;
    FILES.set(files);
    file_of_last_run(b"results.json")
}

/// A file of the folder of the last run.
pub fn file_of_last_run(name: &[u8]) -> Result<Vec<u8>, String> {
    FILES.with_borrow(|files| {
        let found = files.iter().find(|(known, _)| known.as_bytes() == name);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| {
            let known: Vec<&str> = files.iter().map(|(known, _)| *known).collect();
            let known = if known.is_empty() { "nothing was run yet".to_string() } else { known.join(", ") };
            format!("{}: no file of the last run; there are: {known}", String::from_utf8_lossy(name))
        })
    })
}

/// The request: a scenario, and values that take the place of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    scenario: String,
    #[serde(default)]
    set: Vec<String>,
}

/// The files of a run folder, as the native program writes them.
fn files(request: &Request) -> Result<Vec<(&'static str, Vec<u8>)>, String> {
    // A name is one line; a scenario's text is more.
    let (text, origin) = match request.scenario.contains('\n') {
        true => (request.scenario.as_str(), "the scenario"),
        false => (built_in(&request.scenario).map_err(|error| error.to_string())?, request.scenario.as_str()),
    };
    let scenario = Scenario::parse_with(text, origin, &request.set).map_err(|error| error.to_string())?;
    let most = most_requests(&scenario);
    if scenario.requester.requests > most {
        return Err(format!("requester.requests: at most {most} in this country"));
    }
    let runs = prepare(&scenario, &|_| {});
    let blocks = 0..runs[0].world().country().blocks();
    let outcome = measure(&runs, &stream(&runs, blocks, &|_| {}), &|_| {});
    Ok(bundle(&Results::of(&scenario, &outcome), &scenario, &Details::of(&runs[0], &outcome)))
}

// One request at a time, on one thread: a module's instance has no other. Holding the buffers here is what lets this
// file do without raw reads and writes of memory.
thread_local! {
    static REQUEST: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static FILES: RefCell<Vec<(&'static str, Vec<u8>)>> = const { RefCell::new(Vec::new()) };
}
