//! A researcher's own matcher in the whole procedure: a comparison and a decision model that Namesake does not have,
//! run on `tax-address-request` with its agreement, fates, causes, groups and intervals.
//!
//! `cargo run --release --example own_matcher`

use namesake::experiment::{Outcome, run};
use namesake::linkage::Extensions;
use namesake::linkage::comparison::{CustomComparison, Evidence};
use namesake::linkage::decision::{CustomModel, Score, Term};
use namesake::report;
use namesake::results::Results;
use namesake::scenario::{Scenario, ScenarioError};

/// Names that agree but for their vowels: ALVAREZ and ALVEREZ, MUHAMMAD and MOHAMED.
#[derive(Debug)]
struct Consonants;

impl CustomComparison for Consonants {
    fn labels(&self) -> Vec<String> {
        ["differs", "same consonants", "same"].map(String::from).to_vec()
    }

    fn level(&self, a: &[&str], b: &[&str]) -> Option<u8> {
        let (&[a], &[b]) = (a, b) else { return None };
        if a.is_empty() || b.is_empty() {
            return None;
        }
        Some(if a == b { 2 } else { u8::from(skeleton(a) == skeleton(b)) })
    }
}

/// The consonants of a name in their order, each once where it is doubled.
fn skeleton(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().filter(|letter| !"AEIOUY ".contains(*letter)).collect();
    letters.dedup();
    letters.into_iter().collect()
}

/// Half a step for each level that a comparison reaches, and a step off for each that disagrees.
#[derive(Debug)]
struct Ballot;

impl Ballot {
    fn vote(level: Option<u8>) -> i32 {
        match level {
            None => 0,
            Some(0) => -1_000,
            Some(level) => 500 * i32::from(level),
        }
    }
}

impl CustomModel for Ballot {
    fn scores(&self, pairs: &[Evidence]) -> Vec<Score> {
        let score = |pair: &Evidence| Score((0..pair.len()).map(|i| Ballot::vote(pair.level(i))).sum());
        pairs.iter().map(score).collect()
    }

    fn terms(&self, pair: &Evidence) -> Vec<Term> {
        let term = |i: usize| Term {
            name: format!("vote {}", i + 1),
            level: pair.level(i).map_or("missing".to_owned(), |level| format!("level {level}")),
            value: Ballot::vote(pair.level(i)),
        };
        (0..pair.len()).map(term).collect()
    }

    fn default_threshold(&self) -> Score {
        Score(3_000)
    }
}

/// The default scenario, but that one route takes all requests and decides with the matcher above.
const SCENARIO: &str = r#"
base = "tax-address-request"
name = "own-matcher"

[[routes]]
name = "name and address"
when = "always"
compares = ["name", "address"]
basis = "assumed"
alternatives = ["any other matcher"]
source = "the matcher of this example"

[routes.blocking]
rules = ["surname:4 + zip", "street + house_number"]

[routes.model]
kind = "custom"
use = "ballot"
comparison = [
    { name = "given name", kind = "custom", use = "consonants", fields = ["given_name"] },
    { name = "surname", kind = "custom", use = "consonants", fields = ["surname"] },
    { name = "address", kind = "address" },
]
"#;

/// The code, by the names that scenarios and specs use for it.
pub fn extensions() -> Extensions {
    let mut extensions = Extensions::new();
    extensions.add_comparison("consonants", Consonants);
    extensions.add_model("ballot", Ballot);
    extensions
}

/// The scenario, read with the code that it names.
pub fn scenario(sets: &[&str]) -> Result<Scenario, ScenarioError> {
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    Scenario::extended(SCENARIO, "own_matcher.rs", &sets, &extensions())
}

/// What became of everybody.
pub fn outcome(sets: &[&str]) -> Result<(Scenario, Outcome), ScenarioError> {
    let scenario = scenario(sets)?;
    let outcome = run(&scenario, &|_| {});
    Ok((scenario, outcome))
}

#[cfg_attr(test, allow(dead_code))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (scenario, outcome) = outcome(&["population.people=50k", "requester.requests=2k"])?;
    let results = Results::of(&scenario, &outcome);
    println!("{}", report::summary(&results, &scenario, "cargo run --example own_matcher"));
    Ok(())
}
