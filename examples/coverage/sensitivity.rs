//! A planted doubling among all assumptions of the default scenario, and what does nothing: how often `--sensitivity` tells
//! either.
//!
//! Worlds are smaller than those of a screening of the default, with at most as many events: ten times as many people are
//! under an order.
//! No route compares dates of birth, so errors in dates do nothing.

use namesake::experiment::most_requests;
use namesake::experiment::sensitivity::sensitivity;
use namesake::parallel::in_parallel;
use namesake::scenario::{Scenario, Seeds};
use namesake::stats::Rate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The scenario: what is planted are numbers of relatives.
pub const SCENARIO: &str = r#"
base = "tax-address-request"
name = "planted"
title = "A planted doubling"
summary = "The range of one assumption is such that the share of wrong returns doubles."

[population]
people = 10_240
final_order = { value = 0.04, basis = "assumed", range = [0.035, 0.045], source = "ten times as many as in the default scenario" }

[requester]
requests = 400

[requester.number_given]
value = 0.7
basis = "assumed"
range = [0.6, 0.8]
source = "so that about a third of the requests are answered"

[requester.on_file_with_number]
value = 0.9
basis = "assumed"
range = [0.85, 0.95]
source = "so that about a third of the requests are answered"

[requester.on_file_without_number]
value = 0.6
basis = "assumed"
range = [0.5, 0.7]
source = "so that about a third of the requests are answered"

[requester.errors]
number_of_relative = { value = 0.031, range = [0.0, 0.062], basis = "assumed", source = "planted" }
"#;

/// The assumption that is planted.
pub const PLANTED: &str = "requester.errors.number_of_relative";

/// Errors that do nothing.
const INERT: [&str; 4] =
    ["errors.year_off", "errors.day_month_exchanged", "errors.default_birthday", "errors.age_rounded"];

/// How often what was planted and what does nothing were told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told {
    /// Seeds.
    pub seeds: u64,
    /// Those in which the planted assumption was told in the screening.
    pub planted: u64,
    /// Those in which it was told in the closer look, in other worlds.
    pub planted_again: u64,
    /// The effect of what was planted, from all seeds together.
    pub times: f64,
    /// Assumptions moved.
    pub moved: u64,
    /// Worlds of a screening.
    pub worlds: u64,
    /// Wrong returns in all worlds of a screening, on average.
    pub events: f64,
    /// By assumption that does nothing the seeds in which it was told.
    pub inert: BTreeMap<String, u64>,
    /// The smallest effect that a screening said it could have told, on average.
    pub visible: f64,
}

/// Runs the sensitivity analysis with seeds from 1 up.
pub fn study(seeds: u64) -> Told {
    let scenario = Scenario::parse(SCENARIO, "planted").expect("settings that fit the scenario");
    let one = |all: &mut Vec<(u64, _)>, seed: u64| {
        let mut scenario = scenario.clone();
        scenario.seed = Seeds::all(seed);
        // As the command line does where a country has fewer people to ask for.
        scenario.requester.requests = scenario.requester.requests.min(most_requests(&scenario));
        all.push((seed, sensitivity(&scenario, &|_| {})));
    };
    let mut all: Vec<_> = in_parallel(1..seeds + 1, Vec::new, one, "seeds", &|_| {}).into_iter().flatten().collect();
    all.sort_by_key(|(seed, _)| *seed);
    let mut told = Told {
        seeds,
        planted: 0,
        planted_again: 0,
        times: 0.0,
        moved: 0,
        worlds: 0,
        events: 0.0,
        inert: BTreeMap::new(),
        visible: 0.0,
    };
    let mut log = 0.0;
    for (_, found) in &all {
        let screening = &found.screening;
        told.moved = screening.moved.len() as u64;
        told.worlds = screening.worlds.len() as u64;
        told.events +=
            screening.worlds.iter().fold(Rate::default(), |sum, rate| sum.with(*rate)).hits as f64 / seeds as f64;
        told.visible += screening.screened.visible().unwrap_or(f64::INFINITY) / seeds as f64;
        for (moved, effect) in screening.moved.iter().zip(&screening.screened.effects) {
            if moved.key == PLANTED {
                told.planted += u64::from(effect.told);
                log += effect.times.ln() / seeds as f64;
            } else if INERT.iter().any(|inert| moved.key.ends_with(inert)) {
                *told.inert.entry(moved.key.clone()).or_default() += u64::from(effect.told);
            }
        }
        let again = found.closer.moved.iter().zip(&found.closer.screened.effects);
        told.planted_again += again.filter(|(moved, effect)| moved.key == PLANTED && effect.told).count() as u64;
    }
    told.times = log.exp();
    told
}
