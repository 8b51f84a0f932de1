//! The core as a WebAssembly module, with the smallest interface a page or a script can call.
//!
//! ```text
//! alloc(length) -> pointer   room for a request of so many bytes; write the request there
//! run() -> pointer           answers it: status u32, length u32, then so many bytes of UTF-8 text
//! ```
//!
//! Both integers are little-endian. Status 0 is an answer, 1 an error message. The request is JSON,
//! `{ "scenario": "…", "set": ["key=value", …] }`; the answer is what the native program writes for the same scenario,
//! byte for byte. The answer stays where it is until the next `run`. The module imports nothing from its host: no
//! clock, no files, no randomness.

use namesake::experiment::{most_requests, run as run_scenario};
use namesake::results::Results;
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

/// Answers the request that was written where [`alloc`] said.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> *const u8 {
    let (status, text) = match REQUEST.with_borrow(|request| answer(request)) {
        Ok(text) => (0_u32, text),
        Err(message) => (1, message),
    };
    let length = u32::try_from(text.len()).expect("an answer fits in the 4 GiB a module can address");
    ANSWER.with_borrow_mut(|answer| {
        answer.clear();
        answer.extend_from_slice(&status.to_le_bytes());
        answer.extend_from_slice(&length.to_le_bytes());
        answer.extend_from_slice(text.as_bytes());
        answer.as_ptr()
    })
}

/// The answer to a request, or what is wrong with it.
pub fn answer(request: &[u8]) -> Result<String, String> {
    let request: Request = serde_json::from_slice(request).map_err(|error| format!("the request: {error}"))?;
    results(&request)
}

/// What is asked: a scenario, and values that take the place of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    scenario: String,
    #[serde(default)]
    set: Vec<String>,
}

/// The results of a run, as the native program writes them to results.json.
fn results(request: &Request) -> Result<String, String> {
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
    Ok(Results::of(&scenario, &run_scenario(&scenario, &|_| {})).to_json())
}

// One request at a time, on one thread: a module's instance has no other. Holding both buffers here is what lets this
// file do without raw reads and writes of memory.
thread_local! {
    static REQUEST: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}
