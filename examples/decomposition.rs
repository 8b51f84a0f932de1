//! Planted differences between groups, taken apart: `cargo run --release --example decomposition -- 200`.
//!
//! The number is that of seeds a setting; without one it is 20. In each setting groups differ in the ways that are planted
//! and in no other. A part is recovered where its interval holds the part's expectation over seeds, which is the mean of all
//! of them; a part that is not planted has to be 0.

use namesake::evaluation::RateId;
use namesake::experiment::decompose::{Switch, decompose_where};
use namesake::scenario::{Scenario, Seeds, built_in};
use namesake::stats::Jackknifed;
use std::collections::BTreeMap;

/// Differences that are planted, and what is equal to begin with.
struct Planted {
    title: &'static str,
    equal: &'static [Switch],
}

const PLANTED: [Planted; 3] = [
    Planted { title: "names only", equal: &[Switch::Capture, Switch::Coverage, Switch::Sought] },
    Planted { title: "capture only", equal: &[Switch::Names, Switch::Coverage, Switch::Sought] },
    Planted { title: "names and capture, with their interaction", equal: &[Switch::Coverage, Switch::Sought] },
];

/// Every difference of people sought is of names and capture: anybody is sought, and errors in names are frequent.
const SETS: [&str; 6] = [
    "population.people=51200",
    "requester.requests=1200",
    "requester.list=like_population",
    "requester.errors.second_surname_dropped=0.9",
    "requester.errors.typing=0.1",
    "beside=[]",
];

fn main() {
    let seeds: u64 = std::env::args().nth(1).and_then(|seeds| seeds.parse().ok()).unwrap_or(20);
    println!("| planted | part | mean, points | recovered, of {seeds} |\n|---|---|---:|---:|");
    for planted in &PLANTED {
        for (part, found) in parts(planted, seeds) {
            let told: Vec<Jackknifed> = found.into_iter().flatten().collect();
            let mean = told.iter().map(|part| part.value).sum::<f64>() / told.len() as f64;
            let held = told.iter().filter(|part| part.low <= mean && mean <= part.high).count();
            println!("| {} | {part} | {:+.2} | {held} of {} |", planted.title, mean * 100.0, told.len());
        }
    }
}

/// The parts of the difference in `missed` between Hispanic and white people, each over all seeds.
fn parts(planted: &Planted, seeds: u64) -> BTreeMap<&'static str, Vec<Option<Jackknifed>>> {
    let mut parts: BTreeMap<&'static str, Vec<Option<Jackknifed>>> = BTreeMap::new();
    for seed in 1..=seeds {
        let found = decompose_where(&scenario(seed), planted.equal, &|_| {});
        let difference = found.differences.iter().find(|d| d.value == "hispanic" && d.rate == RateId::Missed);
        let difference = difference.expect("Hispanic people are compared");
        for (switch, part) in found.switches.iter().zip(&difference.parts) {
            parts.entry(switch.name()).or_default().push(*part);
        }
        parts.entry("observed").or_default().push(difference.observed);
        parts.entry("rest").or_default().push(difference.rest);
    }
    parts
}

fn scenario(seed: u64) -> Scenario {
    let text = built_in("tax-address-request-assumed").expect("a built-in scenario");
    let sets = SETS.map(str::to_string);
    let mut scenario =
        Scenario::parse_with(text, "tax-address-request-assumed", &sets).expect("the settings are checked");
    scenario.seed = Seeds::all(seed);
    scenario
}
