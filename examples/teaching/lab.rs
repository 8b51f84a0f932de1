//! The engine of the Lab, for the pairs of its first step: a worksheet has the ten pairs that the page shows.

#[path = "../../lab/engine/calls.rs"]
mod calls;
#[path = "../../lab/engine/explained.rs"]
mod explained;
#[path = "../../lab/engine/pairs.rs"]
mod pairs;
#[path = "../../lab/engine/session.rs"]
mod session;

use calls::Engine;
use serde_json::{Value, json};

/// Two records that the clerk decides on.
pub struct Pair {
    /// The fields of the request and of the record, in the order of the file.
    pub fields: Vec<(String, String, String)>,
    /// The truth.
    pub same_person: bool,
    /// The answer of the library's rule.
    pub machine_says_same: bool,
    /// The reason for choosing the pair: `relative`, `moved` and so on.
    pub kind: String,
}

/// The ten pairs of the Lab's first step.
pub fn pairs(seed: u64) -> Vec<Pair> {
    let setups: Value = serde_json::from_str(include_str!("../../lab/data/setups.json")).expect("the setups are JSON");
    let clerk = &setups["clerk"];
    let mut engine = Engine::default();
    let mut ask = |call: &str, arguments: Value| -> Value {
        let call = json!({ "call": call, "args": arguments }).to_string();
        let answer = engine.answer(call.as_bytes(), &|_, _, _| {}).unwrap_or_else(|error| panic!("{call}: {error}"));
        serde_json::from_str(&answer).expect("an answer is JSON")
    };
    let opened = ask("open", json!([{ "scenario": clerk["scenario"], "seed": seed, "set": clerk["set"] }]));
    ask("run", json!([opened["handle"]]));
    let pairs = ask("pairs", json!([opened["handle"], 10]));
    pairs.as_array().expect("a list of pairs").iter().map(Pair::of).collect()
}

impl Pair {
    fn of(pair: &Value) -> Pair {
        let recorded = |side: &Value| side["as_recorded"].as_object().cloned().expect("a record has fields");
        let explained = &pair["explained"];
        let (asked, held) = (recorded(&explained["requester"]), recorded(&explained["records"][0]["holder"]));
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_string();
        let yes = |key: &str| pair[key].as_bool().expect("true or false");
        Pair {
            fields: asked.iter().map(|(name, value)| (name.clone(), text(Some(value)), text(held.get(name)))).collect(),
            same_person: yes("same_person"),
            machine_says_same: yes("machine_says_same"),
            kind: text(pair.get("kind")),
        }
    }
}
