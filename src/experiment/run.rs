//! The principal functions: each calls the phases of a run in order, once.

use super::judgement::{Judgement, groups_of, judged};
use super::list;
use super::outcome::{Outcome, outcome_of};
use super::prepared::{Run, prepare, prepare_with};
use super::stream::{Streamed, stream};
use super::world::country_of;
use crate::agency::OwnErrors;
use crate::evaluation::{Groups, Judged};
use crate::parallel::Watch;
use crate::scenario::Scenario;
use crate::stats::Rate;
use std::slice;

/// Simulates, matches and measures: the main job.
pub fn run(scenario: &Scenario, watch: Watch<'_>) -> Outcome {
    run_with(scenario, &OwnErrors::none(), watch)
}

/// The same, with custom kinds of error in the files. A scenario does not hold such kinds: whatever else is done with it
/// (sensitivity, decomposition, the rule learned in other worlds, sweeps, parts, judging again) is done without them.
pub fn run_with(scenario: &Scenario, own: &OwnErrors, watch: Watch<'_>) -> Outcome {
    let runs = prepare_with(scenario, own, watch);
    let streamed = stream(&runs, 0..runs[0].world.country().blocks(), watch);
    measure(&runs, &streamed, watch)
}

/// Streams the `part`-th (from 1) of `parts` parts of the holder's file, for [`conclude`] to join with the others.
pub fn run_part(scenario: &Scenario, part: u64, parts: u64, watch: Watch<'_>) -> Streamed {
    let runs = prepare(scenario, watch);
    let blocks = runs[0].world.country().blocks();
    // Parts differ by at most one block.
    let from = |part: u64| (u128::from(blocks) * u128::from(part) / u128::from(parts)) as u64;
    stream(&runs, from(part - 1)..from(part), watch)
}

/// Joins all parts of the holder's file and measures the exchange, as [`run`] does of the whole.
pub fn conclude(scenario: &Scenario, parts: &[Streamed], watch: Watch<'_>) -> Outcome {
    let runs = prepare(scenario, watch);
    measure(&runs, &Streamed::joined(&runs, parts), watch)
}

/// Applies the terms to what was streamed and measures: the phases after the holder's file streamed by.
pub fn measure(runs: &[Run<'_>], streamed: &Streamed, watch: Watch<'_>) -> Outcome {
    let assigned = streamed.assigned(runs);
    let streamed: &Streamed = &assigned;
    let judgement = Judgement::of(&runs[0], &streamed.runs[0], watch);
    let beside = runs.iter().zip(&streamed.runs);
    let beside = beside.filter_map(|(run, seen)| Some((run.beside?, groups_of(run, seen, watch))));
    outcome_of(&runs[0], streamed, judgement, beside.collect(), watch)
}

/// Streams the holder's file of a scenario and returns the rates only, without causes and without the runs beside it.
pub fn rates(scenario: &Scenario, watch: Watch<'_>) -> Groups {
    let run = [Run::alone(scenario, watch)];
    let streamed = stream(&run, 0..run[0].world.country().blocks(), watch);
    groups_of(&run[0], &streamed.assigned(&run).runs[0], watch)
}

/// Streams the holder's file of a scenario: for each request how many of the persons returned are somebody else.
pub(super) fn wrong_of_returned(scenario: &Scenario, watch: Watch<'_>) -> Vec<Rate> {
    let run = [Run::alone(scenario, watch)];
    let streamed = stream(&run, 0..run[0].world.country().blocks(), watch);
    let wrong = |j: &Judged| j.returned.iter().filter(|(_, right)| !right).count() as u64;
    let judged = judged(&run[0], &streamed.assigned(&run).runs[0], watch);
    judged.iter().map(|j| Rate::new(wrong(j), j.returned.len() as u64)).collect()
}

/// The greatest number of requests that a country can give.
pub fn most_requests(scenario: &Scenario) -> u64 {
    list::most(scenario, &country_of(scenario))
}

impl Run<'_> {
    /// Streams the holder's file and measures.
    pub fn outcome(&self, watch: Watch<'_>) -> Outcome {
        let run = slice::from_ref(self);
        measure(run, &stream(run, 0..self.world.country().blocks(), watch), watch)
    }
}

#[cfg(test)]
mod tests {
    use super::super::world::{Equal, World};
    use super::*;
    use crate::evaluation::RateId;
    use crate::scenario::tests::scenario;
    use crate::scenario::{Beside, ListOf};
    use std::borrow::Cow;
    use std::sync::Arc;

    #[test]
    fn a_run_beside_another_is_the_run_of_its_own_world() {
        let size = [
            "population.final_order=0.02",
            "population.people=25600",
            "requester.requests=300",
            "holder.dependence=0.5",
        ];
        let first = scenario(&size);
        let outcome = run(&first, &|_| {});
        assert_eq!(outcome.beside.iter().map(|(beside, _)| *beside).collect::<Vec<_>>(), Beside::ALL);
        let mut anybody = first.clone();
        anybody.requester.list.value = ListOf::LikePopulation;
        for (beside, groups) in &outcome.beside {
            let (own, capture) = match beside {
                Beside::EqualCapture => (&first, true),
                Beside::SameMix => (&anybody, false),
            };
            let country = Arc::new(country_of(own));
            let list = list::asked_for(own, &country, &|_| {});
            let equal = Equal { capture, coverage: false };
            let world = World::asking(Cow::Borrowed(own), country, &OwnErrors::none(), list, equal);
            let alone = Run::in_world(world, &|_| {}).outcome(&|_| {});
            assert_eq!(*groups, alone.evaluation.groups, "{beside:?}");
            assert!(alone.beside.is_empty());
            assert_ne!(*groups, outcome.evaluation.groups, "{beside:?}");
        }
        // It is no run beside itself.
        assert!(!Beside::SameMix.differs(&anybody) && Beside::EqualCapture.differs(&anybody));
    }

    #[test]
    fn equal_capture_moves_differences_between_groups_and_not_the_level() {
        // Errors in names of Hispanic people are many times as frequent, and most people sought are Hispanic.
        let of_seed = |seed: &str| {
            let sets = [
                "population.final_order=0.02",
                "population.people=51200",
                "requester.requests=900",
                "requester.errors.typing=0.1",
                "requester.capture.names.hispanic=3",
                "requester.number_given=0",
                "requester.on_file=1",
                "beside=[equal_capture]",
                seed,
            ];
            let outcome = run(&scenario(&sets), &|_| {});
            let missed = |groups: &Groups, value: &str| groups.of("group", value).unwrap()[&RateId::Missed].rate;
            [&outcome.evaluation.groups, &outcome.beside[0].1]
                .map(|groups| [groups.rates[&RateId::Missed].rate, missed(groups, "hispanic"), missed(groups, "white")])
        };
        let seeds = ["seed.errors=1", "seed.errors=2", "seed.errors=3"].map(of_seed);
        let share = |run: usize, of: usize| {
            seeds.iter().fold(Rate::default(), |sum, seed| sum.with(seed[run][of])).value().unwrap()
        };
        let apart = |run: usize| share(run, 1) - share(run, 2);
        assert!((share(0, 0) - share(1, 0)).abs() < 0.02, "{} and {}", share(0, 0), share(1, 0));
        assert!(apart(1) < apart(0) - 0.05, "{} and {}", apart(0), apart(1));
    }

    #[test]
    fn with_equal_capture_and_equal_mix_nothing_differs_by_capture_or_list() {
        // In the list like the population the groups are sought as often as they are in the country.
        let outcome = run(
            &scenario(&["population.final_order=0.02", "population.people=51200", "requester.requests=900"]),
            &|_| {},
        );
        let trials = |groups: &Groups| groups.by_group[0].1[0][&RateId::WrongPerson].rate.trials as f64 / 900.0;
        let (_, same_mix) = outcome.beside.iter().find(|(beside, _)| *beside == Beside::SameMix).unwrap();
        assert!((trials(same_mix) - 0.643).abs() < 0.1, "white people sought: {}", trials(same_mix));
        assert!(trials(&outcome.evaluation.groups) < 0.3);
    }
}
