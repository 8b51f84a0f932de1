//! How far the assumed values move the headline, over their plausible ranges: one at a time, and all together.
//!
//! The headline is the share of somebody else among the persons returned. Worlds are smaller than the scenario's, since
//! some hundreds are run, and share all luck, so that two of them differ by what was moved and little else.
//!
//! 1. *Screening.* Each assumption goes to either end of its range, and to each alternative that a scenario can have, in
//!    a country of [`SCREENED`] people.
//! 2. *A closer look.* The [`CLOSER`] that moved it most are run again among [`LOOKED_AT`] people.
//! 3. *All together.* A Latin hypercube of [`TOGETHER`] points over all assumptions (M. D. McKay, R. J. Beckman, W. J.
//!    Conover (1979), *Technometrics* 21, 239–245), among as many. Each value is the median of its own draws: half of
//!    them lie evenly between it and the lower end of its range, half between it and the upper.

use super::moved::{At, Move, Moved, Sensitivity, sum};
use super::run::{most_requests, wrong_of_returned};
use crate::parallel::{Progress, Watch, in_parallel};
use crate::random::{Decision, Permutation};
use crate::scenario::{Assumption, Basis, Scenario};
use crate::stats::{Rate, clustered};
use std::collections::BTreeSet;

/// People of the country in which every assumption is tried.
pub const SCREENED: u64 = 80_000;
/// People of the country in which those that move the headline most are tried again, and all together.
pub const LOOKED_AT: u64 = 300_000;
/// How many assumptions are tried again.
pub const CLOSER: usize = 12;
/// Points at which all assumptions are moved together.
pub const TOGETHER: u64 = 32;
/// In the smaller countries at most one in so many people is asked for.
const PEOPLE_A_REQUEST: u64 = 20;
/// Assumptions that mean something only together: of capture the proportions count, and a country's or file's make-up is
/// one assumption in several numbers. They go to their ends together.
const TOGETHER_ONLY: [&str; 10] = [
    "requester.capture.names.",
    "requester.capture.status.",
    "requester.capture.age.",
    "holder.capture.names.",
    "holder.capture.status.",
    "holder.capture.age.",
    "holder.coverage.",
    "holder.coverage_by_group.",
    "population.born_abroad.",
    "agreement.appeal.reach.",
];
/// Shares that sum to 1: one is moved, and the others make room.
const SUMS_TO_ONE: [&str; 5] = [
    "population.groups.",
    "population.final_order_countries.",
    "population.status_hispanic.",
    "population.status_others.",
    "population.status_with_order.",
];

const STRATA: Decision = Decision::named("sensitivity.strata");
const WITHIN: Decision = Decision::named("sensitivity.within");

/// Moves every assumption of a scenario.
pub fn sensitivity(scenario: &Scenario, watch: Watch<'_>) -> Sensitivity {
    let (units, not_tried) = units(scenario);
    move_all(scenario, &units, not_tried, watch)
}

fn move_all(scenario: &Scenario, units: &[Unit], not_tried: Vec<String>, watch: Watch<'_>) -> Sensitivity {
    let mut worlds = 0;
    let mut run = |people: u64, sets: &[Vec<String>], stage| {
        worlds += sets.len() as u64;
        run_all(scenario, people, sets, stage, watch)
    };
    let look = |people: u64| people.min(scenario.population.people);
    let (small, large) = (look(SCREENED), look(LOOKED_AT));
    let mut one_at_a_time = try_each(units, small, |sets| run(small, sets, "screening"));
    order(&mut one_at_a_time);
    // What is as small as the screening already was looked at closely.
    if large > small {
        let chosen: BTreeSet<&str> = one_at_a_time.iter().take(CLOSER).map(|moved| moved.key.as_str()).collect();
        let again: Vec<Unit> = units.iter().filter(|unit| chosen.contains(unit.key.as_str())).cloned().collect();
        let closer = try_each(&again, large, |sets| run(large, sets, "closer look"));
        one_at_a_time.retain(|moved| again.iter().all(|unit| unit.key != moved.key));
        one_at_a_time.extend(closer);
        order(&mut one_at_a_time);
    }
    let seed = scenario.requests_seed();
    let point = |i: u64| -> Vec<String> {
        let place = |(number, unit): (usize, &Unit)| {
            let stratum = Permutation::new(seed, STRATA.about(number as u64), TOGETHER).forward(i);
            let within = seed.uniform(WITHIN.about(number as u64), i);
            unit.at((stratum as f64 + within) / TOGETHER as f64)
        };
        units.iter().enumerate().flat_map(place).collect()
    };
    let points: Vec<Vec<String>> = std::iter::once(Vec::new()).chain((0..TOGETHER).map(point)).collect();
    let mut points = run(large, &points, "all together").into_iter();
    let base = points.next().unwrap_or_default();
    let together: Vec<Move> =
        points.enumerate().map(|(i, requests)| Move::new(format!("point {}", i + 1), &base, &requests)).collect();
    let close = one_at_a_time.iter().filter(|moved| moved.people == large).flat_map(|moved| &moved.moves);
    let told = close.chain(&together).filter(|m| m.told_from_chance()).filter_map(|m| m.share);
    let ends = sum(&base).value().and_then(|own| {
        told.fold(None, |ends: Option<[f64; 2]>, share| {
            let [low, high] = ends.unwrap_or([own, own]);
            Some([low.min(share), high.max(share)])
        })
    });
    let assumed = scenario.assumptions().iter().filter(|assumption| assumption.basis == Basis::Assumed).count() as u64;
    let moved = units.iter().map(Unit::assumptions).sum();
    let base = At {
        people: large,
        requests: base.len() as u64,
        rate: sum(&base),
        interval: clustered(base.iter().copied()).map(|e| e.interval),
    };
    Sensitivity { worlds, base, ends, assumed, moved, one_at_a_time, together, not_tried }
}

/// The strongest first; of equals in the order of keys.
fn order(moved: &mut [Moved]) {
    moved.sort_by(|a, b| {
        let strength = |m: &Moved| (m.told_from_chance(), m.farthest());
        let ((told_a, far_a), (told_b, far_b)) = (strength(a), strength(b));
        told_b.cmp(&told_a).then(far_b.total_cmp(&far_a)).then(a.key.cmp(&b.key))
    });
}

/// Runs every value of every unit beside the base.
fn try_each(units: &[Unit], people: u64, run: impl FnOnce(&[Vec<String>]) -> Vec<Vec<Rate>>) -> Vec<Moved> {
    let sets = units.iter().flat_map(|unit| unit.values.iter().map(|(_, sets)| sets.clone()));
    let sets: Vec<Vec<String>> = std::iter::once(Vec::new()).chain(sets).collect();
    let mut answers = run(&sets).into_iter();
    let base = answers.next().unwrap_or_default();
    units
        .iter()
        .map(|unit| Moved {
            key: unit.key.clone(),
            own: unit.own(),
            people,
            base: sum(&base).value(),
            moves: unit
                .values
                .iter()
                .zip(&mut answers)
                .map(|((value, _), requests)| Move::new(value.clone(), &base, &requests))
                .collect(),
        })
        .collect()
}

/// Runs a world for each list of values, several at a time: for each request the wrong of the persons returned. A world
/// that no scenario can be gives no requests.
fn run_all(
    scenario: &Scenario,
    people: u64,
    sets: &[Vec<String>],
    stage: &'static str,
    watch: Watch<'_>,
) -> Vec<Vec<Rate>> {
    let quiet = |_: Progress| {};
    let run = |i: u64| {
        let size = format!("population.people={people}");
        let all: Vec<String> = std::iter::once(size).chain(sets[i as usize].iter().cloned()).collect();
        let Ok(mut moved) = scenario.with("sensitivity", &all) else { return Vec::new() };
        let most = most_requests(&moved).min((people / PEOPLE_A_REQUEST).max(1));
        moved.requester.requests = scenario.requester.requests.min(most);
        if moved.requester.requests == 0 {
            return Vec::new();
        }
        wrong_of_returned(&moved, &quiet)
    };
    let parts = in_parallel(
        0..sets.len() as u64,
        Vec::new,
        |done: &mut Vec<(u64, Vec<Rate>)>, i| done.push((i, run(i))),
        stage,
        watch,
    );
    let mut all: Vec<(u64, Vec<Rate>)> = parts.into_iter().flatten().collect();
    all.sort_unstable_by_key(|(i, _)| *i);
    all.into_iter().map(|(_, requests)| requests).collect()
}

/// What is moved at once.
#[derive(Clone, Debug)]
struct Unit {
    key: String,
    /// Values other than its own, each with what is to be set.
    values: Vec<(String, Vec<String>)>,
    kind: Domain,
}

#[derive(Clone, Debug)]
enum Domain {
    Numbers(Vec<Number>),
    /// A share, and the others with which it sums to 1.
    ShareOf(Number, Vec<(String, f64)>),
    /// Its own value first.
    Choice(String, Vec<String>),
}

#[derive(Clone, Debug)]
struct Number {
    key: String,
    value: f64,
    range: [f64; 2],
    whole: bool,
}

impl Number {
    fn of(assumption: &Assumption) -> Option<Number> {
        let range = assumption.range.filter(|[low, high]| low < high)?;
        let whole = assumption.value.is_i64() || assumption.value.is_u64();
        Some(Number { key: assumption.key.clone(), value: assumption.value.as_f64()?, range, whole })
    }

    /// The value at `u` from 0 to 1: its own at one half, the ends of the range at the ends.
    fn at(&self, u: f64) -> f64 {
        let [low, high] = self.range;
        let value = if u < 0.5 {
            low + 2.0 * u * (self.value - low)
        } else {
            self.value + (2.0 * u - 1.0) * (high - self.value)
        };
        if self.whole { value.round() } else { value.clamp(low, high) }
    }

    fn set(&self, u: f64) -> String {
        format!("{}={}", self.key, self.at(u))
    }
}

impl Unit {
    fn new(key: String, kind: Domain) -> Unit {
        let mut unit = Unit { key, values: Vec::new(), kind };
        unit.values = match &unit.kind {
            Domain::Numbers(numbers) => [0.0, 1.0]
                .into_iter()
                .filter(|&u| numbers.iter().any(|number| number.at(u) != number.value))
                .map(|u| (end(numbers, u), unit.at(u)))
                .collect(),
            Domain::ShareOf(number, _) => [0.0, 1.0]
                .into_iter()
                .filter(|&u| number.at(u) != number.value)
                .map(|u| (number.at(u).to_string(), unit.at(u)))
                .collect(),
            Domain::Choice(key, options) => {
                options[1..].iter().map(|option| (option.clone(), vec![format!("{key}={option}")])).collect()
            }
        };
        unit
    }

    /// How many assumed values it moves.
    fn assumptions(&self) -> u64 {
        match &self.kind {
            Domain::Numbers(numbers) => numbers.len() as u64,
            Domain::ShareOf(..) | Domain::Choice(..) => 1,
        }
    }

    /// Its own value.
    fn own(&self) -> String {
        match &self.kind {
            Domain::Numbers(numbers) if numbers.len() != 1 => "as they are".to_string(),
            Domain::Numbers(numbers) => numbers[0].value.to_string(),
            Domain::ShareOf(number, _) => number.value.to_string(),
            Domain::Choice(_, options) => options[0].clone(),
        }
    }

    /// What is to be set at `u` from 0 to 1.
    fn at(&self, u: f64) -> Vec<String> {
        match &self.kind {
            Domain::Numbers(numbers) => numbers.iter().map(|number| number.set(u)).collect(),
            Domain::ShareOf(number, others) => {
                let share = number.at(u);
                let room = (1.0 - share) / (1.0 - number.value);
                let others = others.iter().map(|(key, value)| format!("{key}={}", value * room));
                std::iter::once(format!("{}={share}", number.key)).chain(others).collect()
            }
            Domain::Choice(key, options) => {
                let at = ((u * options.len() as f64) as usize).min(options.len() - 1);
                vec![format!("{key}={}", options[at])]
            }
        }
    }
}

/// How an end is called: its value, or which end it is of several.
fn end(numbers: &[Number], u: f64) -> String {
    match numbers {
        [number] => number.at(u).to_string(),
        _ if u == 0.0 => "all lowest".to_string(),
        _ => "all highest".to_string(),
    }
}

/// What can be moved, and the keys that cannot.
fn units(scenario: &Scenario) -> (Vec<Unit>, Vec<String>) {
    let assumptions = scenario.assumptions();
    let assumed = || assumptions.iter().filter(|assumption| assumption.basis == Basis::Assumed);
    let (mut units, mut not_tried) = (Vec::new(), Vec::new());
    for assumption in assumed() {
        let key = &assumption.key;
        let group = TOGETHER_ONLY.into_iter().find(|group| key.starts_with(group));
        if let Some(group) = group {
            let name = format!("{group}*");
            if units.iter().all(|unit: &Unit| unit.key != name) {
                let members = assumed().filter(|other| other.key.starts_with(group)).filter_map(Number::of);
                units.push(Unit::new(name, Domain::Numbers(members.collect())));
            }
        } else if let Some(number) = Number::of(assumption) {
            let sum = SUMS_TO_ONE.into_iter().find(|sum| key.starts_with(sum) && number.value < 1.0);
            let kind = match sum {
                Some(sum) => {
                    let others = assumptions.iter().filter(|other| other.key.starts_with(sum) && other.key != *key);
                    let others = others.filter_map(|other| Some((other.key.clone(), other.value.as_f64()?)));
                    Domain::ShareOf(number, others.collect())
                }
                None => Domain::Numbers(vec![number]),
            };
            units.push(Unit::new(key.clone(), kind));
        } else {
            let fits = |option: &&String| scenario.with("sensitivity", &[format!("{key}={option}")]).is_ok();
            let others: Vec<String> = assumption.alternatives.iter().filter(fits).cloned().collect();
            if others.is_empty() {
                // A number with no range but itself is a choice of the user's.
                if assumption.range.is_none() {
                    not_tried.push(key.clone());
                }
                continue;
            }
            let own = own_text(assumption);
            units.push(Unit::new(key.clone(), Domain::Choice(key.clone(), [vec![own], others].concat())));
        }
    }
    units.retain(|unit| !unit.values.is_empty());
    (units, not_tried)
}

/// The value of a choice as `--set` takes it.
fn own_text(assumption: &Assumption) -> String {
    match &assumption.value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agency::ErrorKind;
    use crate::scenario::tests::scenario;

    #[test]
    fn every_assumption_is_moved_or_named_as_one_that_is_not() {
        let scenario = scenario(&[]);
        let (units, not_tried) = units(&scenario);
        for assumption in scenario.assumptions() {
            let stands_still = assumption.range.is_some_and(|[low, high]| low == high);
            if assumption.basis == Basis::Published || stands_still {
                continue;
            }
            let key = &assumption.key;
            let named =
                |unit: &Unit| unit.key == *key || unit.key.strip_suffix('*').is_some_and(|p| key.starts_with(p));
            assert!(units.iter().any(named) || not_tried.contains(key), "{key}");
        }
        // Everything that is set is a scenario.
        let text = scenario.to_toml();
        for unit in &units {
            for (value, sets) in &unit.values {
                let moved = Scenario::parse_with(&text, "moved", sets);
                assert!(moved.is_ok_and(|moved| moved != scenario), "{} {value}", unit.key);
            }
            assert!(Scenario::parse_with(&text, "moved", &unit.at(0.3)).is_ok(), "{}", unit.key);
        }
    }

    #[test]
    fn the_base_is_the_run_itself_and_fewer_numbers_of_relatives_are_fewer_wrong_returns() {
        let scenario = scenario(&[
            "population.final_order=0.02",
            "population.people=7680",
            "requester.requests=120",
            "requester.number_given=1",
            "requester.errors.number_of_relative=0.9",
        ]);
        let (mut units, _) = units(&scenario);
        units.retain(|unit| ["requester.errors.number_of_relative", "requester.errors.po_box"].contains(&&*unit.key));
        let moved = move_all(&scenario, &units, Vec::new(), &|_| {});
        // The base, one end of the one that stands at its other, both ends of the other; the base again, and the points.
        assert_eq!(moved.worlds, 1 + 1 + 2 + 1 + TOGETHER);
        let run = crate::experiment::run(&scenario, &|_| {}).evaluation;
        assert_eq!(moved.base.rate, Rate::new(run.returned_wrong, run.returned_wrong + run.returned_right));
        let strong = moved.one_at_a_time.iter().find(|m| m.key == "requester.errors.number_of_relative").unwrap();
        assert!(strong.moves[0].difference < 0.0, "{strong:?}");
        assert_eq!(moved.together.len() as u64, TOGETHER);
    }

    #[test]
    fn a_range_that_is_luck_is_not_claimed_and_every_assumed_value_is_accounted_for() {
        // A handful of requests: whatever differs, differs by luck.
        let scenario = scenario(&["population.final_order=0.02", "population.people=7680", "requester.requests=60"]);
        let (units, not_tried) = units(&scenario);
        let assumed: Vec<_> = scenario.assumptions().into_iter().filter(|a| a.basis == Basis::Assumed).collect();
        let few: Vec<Unit> = units.iter().filter(|unit| unit.key.contains("errors.nickname")).cloned().collect();
        let lucky = move_all(&scenario, &few, not_tried.clone(), &|_| {});
        let told = |m: &Move| m.told_from_chance();
        assert!(!lucky.together.iter().any(told) && !lucky.one_at_a_time.iter().any(Moved::told_from_chance));
        assert_eq!(lucky.ends, None, "{lucky:?}");
        // Moved, not tried and without another value are all.
        let still = |a: &&Assumption| {
            let fixed = a.range.is_some_and(|[low, high]| low == high);
            fixed || (a.range.is_none() && a.alternatives.is_empty())
        };
        let whole = Sensitivity { moved: units.iter().map(Unit::assumptions).sum(), not_tried, ..lucky };
        assert_eq!(whole.assumed, assumed.len() as u64);
        assert!(whole.moved > units.len() as u64, "some are moved together");
        assert_eq!(whole.fixed(), assumed.iter().filter(still).count() as u64);
    }

    #[test]
    fn the_assumption_that_moves_it_most_is_the_one_that_alone_makes_wrong_returns() {
        // Everybody is asked for by number, files have no errors but numbers of relatives, and who is returned for a
        // relative's number is somebody else: without these numbers nobody is.
        let mut sets = vec![
            "population.people=7680".to_string(),
            "requester.requests=200".to_string(),
            "requester.list=like_population".to_string(),
            "requester.number_given=1".to_string(),
            "holder.number_given=1".to_string(),
        ];
        for error in ErrorKind::ALL {
            sets.extend(["requester", "holder"].map(|side| format!("{side}.errors.{}=0", error.name())));
        }
        sets.push("requester.errors.number_of_relative=0.5".to_string());
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let scenario = scenario(&sets);
        let (mut units, _) = units(&scenario);
        units.retain(|unit| unit.key.starts_with("requester.errors."));
        assert!(units.len() > 30, "it is one of many");
        let moved = move_all(&scenario, &units, Vec::new(), &|_| {});
        let most = moved.most().expect("it is told from chance");
        assert_eq!(most.key, "requester.errors.number_of_relative", "{:?}", moved.one_at_a_time);
        let [none] = &most.moves[..] else { panic!("its other end is its own value: {most:?}") };
        assert!(none.value == "0" && none.share == Some(0.0) && none.difference < -0.1, "{most:?}");
    }

    #[test]
    fn a_value_is_the_median_of_its_draws_and_the_ends_are_reached() {
        let number = Number { key: "k".into(), value: 0.01, range: [0.0, 0.1], whole: false };
        assert_eq!([0.0, 0.5, 1.0].map(|u| number.at(u)), [0.0, 0.01, 0.1]);
        assert!((number.at(0.25) - 0.005).abs() < 1e-12 && (number.at(0.75) - 0.055).abs() < 1e-12);
        let share = Unit::new("k".into(), Domain::ShareOf(number, vec![("a".into(), 0.66), ("b".into(), 0.33)]));
        assert_eq!(share.at(1.0)[0], "k=0.1");
        let sum: f64 = share.at(1.0).iter().map(|set| set.split_once('=').unwrap().1.parse::<f64>().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }
}
