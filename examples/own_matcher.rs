//! A researcher's own code in the whole procedure: a comparison, a decision model and a kind of error that Namesake does
//! not have, run on `tax-address-request` with its agreement, fates, causes, groups and intervals.
//!
//! `cargo run --release --example own_matcher`

use namesake::agency::{Cell, ErrorKind, ErrorRow, OwnErrors};
use namesake::experiment::{Outcome, run_with};
use namesake::linkage::Extensions;
use namesake::linkage::comparison::{CustomComparison, Evidence};
use namesake::linkage::decision::{CustomModel, Score, Term};
use namesake::report;
use namesake::results::Results;
use namesake::scenario::{Scenario, ScenarioError};
use namesake::stats::Probability;

/// Names that agree except for their vowels: ALVAREZ and ALVEREZ, MUHAMMAD and MOHAMED.
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

/// A clerk who writes names as they sound drops an H that is not heard: Tomas for Thomas, Sara for Sarah.
static SILENT_H: ErrorRow = ErrorRow::new("silent_h", &[Cell::GIVEN, Cell::SURNAME], |making| {
    let dropped = making.text().chars().skip(1).position(|letter| letter == 'h').map(|at| at + 1);
    let Some(dropped) = dropped else { return false };
    let kept = making.text().chars().enumerate().filter(|(at, _)| *at != dropped).map(|(_, letter)| letter).collect();
    making.put(kept)
})
.story("The name was written as it sounds.");

/// The error, made before names are mistyped: in 10 of 100 names that have such an H in the list, and in 30 of 100 in the
/// file. The rates are invented.
pub fn errors() -> OwnErrors {
    let rates = [0.1, 0.3].map(|rate| Probability::new(rate).expect("both lie in 0-1"));
    OwnErrors::none().with(&SILENT_H, Some(ErrorKind::TYPING), rates).expect("no other kind has this name")
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

/// The outcome of the run, with the scenario.
pub fn outcome(sets: &[&str]) -> Result<(Scenario, Outcome), ScenarioError> {
    let scenario = scenario(sets)?;
    let outcome = run_with(&scenario, &errors(), &|_| {});
    Ok((scenario, outcome))
}

#[cfg_attr(test, allow(dead_code))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (scenario, outcome) = outcome(&["population.people=50k", "requester.requests=2k"])?;
    let results = Results::of(&scenario, &outcome);
    println!("{}", report::summary(&results, &scenario, "cargo run --example own_matcher"));
    Ok(())
}
