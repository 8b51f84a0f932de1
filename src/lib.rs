//! Namesake simulates record matching between agencies, in a country that it invents, and measures who is
//! misidentified: how many, why, which groups, and what a change in the rule, the data or the terms would do.
//!
//! Data flows one way, one stage to a module:
//!
//! ```
//! use namesake::experiment::run;
//! use namesake::report;
//! use namesake::scenario::{Scenario, built_in};
//! use namesake::results::Results;
//!
//! // A scenario says what is simulated and under which terms …
//! let toml = built_in("tax-address-request")?;
//! let sets = ["population.people=100k".to_string(), "requester.requests=300".to_string()];
//! let scenario = Scenario::parse_with(toml, "tax-address-request", &sets)?;
//!
//! // … a run calls each stage once: population, agency, blocking, comparison, decision, agreement, evaluation …
//! let outcome = run(&scenario, &|_| {});
//! let fates: u64 = outcome.evaluation.fates.values().sum();
//! assert_eq!(fates, 300);
//!
//! // … the outcome becomes one tree of results, and a report turns that into text.
//! let results = Results::of(&scenario, &outcome);
//! assert!(report::summary(&results, &scenario, "namesake").contains("Of persons returned"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Everything is synthetic. Below [`report`] nothing prints, reads a clock or fails on a scenario that was read, and
//! only [`bridge`] opens a file, those that its user names.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

#[macro_use]
mod named;
pub mod record;
pub mod stats;
pub mod random;
pub mod parallel;
pub mod notice;
pub mod linkage;
pub mod scenario;
pub mod population;
pub mod agency;
pub mod bridge;
pub mod agreement;
pub mod evaluation;
pub mod experiment;
pub mod validation;
pub mod results;
pub mod report;

// Tests of the library and of the program share it.
#[cfg(test)]
#[path = "../tests/outside_data.rs"]
mod outside_data;
