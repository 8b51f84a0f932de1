//! The reach of the assumed values: the headline at both ends of every plausible range.
//!
//! The headline is the share of somebody else among the persons returned. Worlds are smaller than the scenario's, since
//! some hundreds are run, and each has a country, errors and requests of its own.
//!
//! 1. *Screening.* Every assumption is at either end of its range in half of the worlds of a folded design, so that each
//!    effect is an average over all worlds and all other assumptions.
//! 2. *A closer look.* The [`CLOSER`] that moved it most are run again in larger worlds with the rest as it is: what they
//!    did by luck in the screening they do not do again.

pub mod units;

use super::moved::{Base, Look, Moved, Sensitivity};
use super::run::{most_requests, wrong_of_returned};
use crate::parallel::{Progress, Watch, in_parallel};
use crate::random::Decision;
use crate::scenario::{Basis, Scenario, Seeds};
use crate::stats::{Folded, Rate, Screened, clustered};
use units::{Level, Unit};

/// People of a world of the screening: as many as the default scenario needs to tell a doubling of its headline.
pub const SCREENED: u64 = 250_000;
/// People of a world of the closer look.
pub const LOOKED_AT: u64 = 300_000;
/// The assumptions that are looked at closely.
pub const CLOSER: usize = 8;
/// Columns of a design that stand for nothing, at least.
const DUMMIES: usize = 12;
/// In the smaller countries at most one in so many people is asked for.
const PEOPLE_A_REQUEST: u64 = 20;

const WORLD: Decision = Decision::named("sensitivity.world");

/// Moves every assumption of a scenario.
pub fn sensitivity(scenario: &Scenario, watch: Watch<'_>) -> Sensitivity {
    let (units, not_tried) = units::units(scenario);
    let [small, large] = [SCREENED, LOOKED_AT].map(|people| people.min(scenario.population.people));
    let moved = units.iter().map(Unit::assumptions).sum();
    let screening = look(scenario, &units, small, "screening", watch);
    let effects = &screening.screened.effects;
    let mut order: Vec<usize> = (0..effects.len()).collect();
    order.sort_by(|&a, &b| effects[a].p.total_cmp(&effects[b].p).then(a.cmp(&b)));
    let strongest: Vec<Unit> = order.iter().take(CLOSER).map(|&unit| units[unit].clone()).collect();
    let closer = look(scenario, &strongest, large, "closer look", watch);
    let assumed = scenario.assumptions().iter().filter(|assumption| assumption.basis == Basis::Assumed).count() as u64;
    Sensitivity { base: base(scenario, large), screening, closer, assumed, moved, not_tried }
}

/// The headline as it is.
fn base(scenario: &Scenario, people: u64) -> Base {
    let requests = world(scenario, people, Vec::new(), scenario.seed).unwrap_or_default();
    Base {
        people,
        requests: requests.len() as u64,
        rate: sum(&requests),
        interval: clustered(requests.iter().copied()).map(|e| e.interval),
    }
}

/// Runs the worlds of a design, several at a time.
fn look(scenario: &Scenario, units: &[Unit], people: u64, stage: &'static str, watch: Watch<'_>) -> Look {
    let design = Folded::new(units.len() + DUMMIES);
    let experiments = design.experiments() as u64;
    let run = |experiment: u64| {
        let level = |column| match design.upper(experiment as usize, column) {
            true => Level::Upper(experiment as usize),
            false => Level::Lower,
        };
        let levels: Vec<(&Unit, Level)> =
            units.iter().enumerate().map(|(column, unit)| (unit, level(column))).collect();
        // The closer look has other worlds than the screening, and every scenario its own.
        let seed = scenario.requests_seed().stream(WORLD.about(people), experiment).bits();
        world(scenario, people, units::sets(scenario, &levels), Seeds::all(seed)).map(|requests| sum(&requests))
    };
    let parts = in_parallel(
        0..experiments,
        Vec::new,
        |done: &mut Vec<(u64, Option<Rate>)>, experiment| done.push((experiment, run(experiment))),
        stage,
        watch,
    );
    let mut all: Vec<(u64, Option<Rate>)> = parts.into_iter().flatten().collect();
    all.sort_unstable_by_key(|(experiment, _)| *experiment);
    let impossible = all.iter().filter(|(_, rate)| rate.is_none()).count() as u64;
    let worlds: Vec<Rate> = all.into_iter().map(|(_, rate)| rate.unwrap_or_default()).collect();
    let screened = Screened::of(&design, units.len(), &worlds);
    let moved = units.iter().map(|unit| Moved { key: unit.key.clone(), ends: unit.ends() }).collect();
    Look { people, worlds, impossible, moved, screened }
}

/// For each request of a world the wrong of the persons returned; `None` where no scenario has these values.
fn world(scenario: &Scenario, people: u64, mut sets: Vec<String>, seeds: Seeds) -> Option<Vec<Rate>> {
    let quiet = |_: Progress| {};
    sets.insert(0, format!("population.people={people}"));
    let mut moved = scenario.with("sensitivity", &sets).ok()?;
    moved.seed = seeds;
    let most = most_requests(&moved).min((people / PEOPLE_A_REQUEST).max(1));
    moved.requester.requests = scenario.requester.requests.min(most);
    if moved.requester.requests == 0 {
        return Some(Vec::new());
    }
    Some(wrong_of_returned(&moved, &quiet))
}

/// All requests as one rate.
fn sum(requests: &[Rate]) -> Rate {
    requests.iter().copied().fold(Rate::default(), Rate::with)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agency::ErrorKind;
    use crate::scenario::tests::scenario;

    #[test]
    fn the_base_is_the_run_itself_and_every_assumed_value_is_accounted_for() {
        let scenario = scenario(&["population.final_order=0.02", "population.people=7680", "requester.requests=60"]);
        let run = crate::experiment::run(&scenario, &|_| {}).evaluation;
        let base = base(&scenario, 7_680);
        assert_eq!(base.rate, Rate::new(run.returned_wrong, run.returned_wrong + run.returned_right));
        let assumptions = scenario.assumptions();
        let (units, not_tried) = units::units(&scenario);
        let assumed: Vec<_> = assumptions.iter().filter(|a| a.basis == Basis::Assumed).collect();
        let moved: u64 = units.iter().map(Unit::assumptions).sum();
        let still = assumed.iter().filter(|a| {
            let fixed = a.range.is_some_and(|[low, high]| low == high);
            fixed || (a.range.is_none() && a.alternatives.is_empty())
        });
        assert!(moved > units.len() as u64, "some are moved together");
        assert_eq!(assumed.len() as u64, moved + not_tried.len() as u64 + still.count() as u64);
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
        let (mut units, _) = units::units(&scenario);
        units.retain(|unit| unit.key.starts_with("requester.errors.number_") || unit.key.ends_with("errors.nickname"));
        assert!(units.len() > 3, "it is one of several");
        let look = look(&scenario, &units, 7_680, "screening", &|_| {});
        assert_eq!((look.impossible, look.worlds.len()), (0, Folded::new(look.moved.len() + DUMMIES).experiments()));
        let strength = |(_, effect): &(&Moved, &crate::stats::Effect)| libm::log(effect.times).abs();
        let moved = look.moved.iter().zip(&look.screened.effects);
        let (most, effect) = moved.max_by(|a, b| strength(a).total_cmp(&strength(b))).unwrap();
        assert_eq!(most.key, "requester.errors.number_of_relative", "{look:?}");
        assert!(effect.told && effect.times > 10.0 && effect.interval.low > 1.0, "{effect:?}");
    }
}
