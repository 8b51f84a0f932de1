//! Planted differences between groups, taken apart.
//!
//! Of what is taken apart, groups differ in the ways that are planted and in no other. A part is covered where its interval holds
//! the part's expectation over seeds, which is the mean of all of them.

use namesake::evaluation::RateId;
use namesake::experiment::decompose::{Switch, decompose_where};
use namesake::scenario::{Scenario, Seeds, built_in};
use namesake::stats::Contrast;
use serde::{Deserialize, Serialize};
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

/// The settings of the country: anybody is sought, and errors in names are frequent.
pub const SETS: [&str; 8] = [
    "population.people=20480",
    "requester.requests=1000",
    "requester.list=like_population",
    "requester.errors.second_surname_dropped=0.9",
    "requester.errors.typing=0.1",
    "requester.on_file_with_number=0.9",
    "requester.on_file_without_number=0.9",
    "beside=[]",
];

/// How one part fared over all seeds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// What is planted.
    pub planted: String,
    /// The part: a switch, the difference as it is, or the rest.
    pub part: String,
    /// Its mean over seeds.
    pub mean: f64,
    /// Its standard deviation over seeds.
    pub deviation: f64,
    /// Seeds with an interval.
    pub seeds: u64,
    /// Those whose interval lies above the mean.
    pub above: u64,
    /// Those whose interval lies below the mean.
    pub below: u64,
}

/// The parts of the difference in `missed` between Hispanic and white people, over `seeds` seeds.
pub fn study(seeds: u64) -> Vec<Part> {
    PLANTED.iter().flat_map(|planted| of(planted, seeds)).collect()
}

fn of(planted: &Planted, seeds: u64) -> Vec<Part> {
    let mut parts: BTreeMap<&'static str, Vec<Contrast>> = BTreeMap::new();
    for seed in 1..=seeds {
        let found = decompose_where(&scenario(seed), planted.equal, &|_| {});
        let difference = found.differences.iter().find(|d| d.value == "hispanic" && d.rate == RateId::Missed);
        let difference = difference.expect("Hispanic people are compared");
        for (switch, part) in &difference.parts {
            parts.entry(switch.name()).or_default().extend(*part);
        }
        parts.entry("observed").or_default().extend(difference.observed);
        parts.entry("rest").or_default().extend(difference.rest);
    }
    let told = |(part, of): (&'static str, Vec<Contrast>)| {
        let count = of.len() as f64;
        let mean = of.iter().map(|part| part.value).sum::<f64>() / count;
        let squares: f64 = of.iter().map(|part| (part.value - mean) * (part.value - mean)).sum();
        Part {
            planted: planted.title.to_string(),
            part: part.to_string(),
            mean,
            deviation: (squares / (count - 1.0)).sqrt(),
            seeds: of.len() as u64,
            above: of.iter().filter(|part| part.low > mean).count() as u64,
            below: of.iter().filter(|part| part.high < mean).count() as u64,
        }
    };
    parts.into_iter().filter(|(_, of)| of.len() > 1).map(told).collect()
}

fn scenario(seed: u64) -> Scenario {
    let text = built_in("tax-address-request-assumed").expect("a built-in scenario");
    let mut scenario =
        Scenario::parse_with(text, "decomposition", &SETS.map(str::to_string)).expect("settings that fit the scenario");
    scenario.seed = Seeds::all(seed);
    scenario
}
