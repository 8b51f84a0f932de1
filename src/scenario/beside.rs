//! The runs that stand beside a run in every table of groups.
//!
//! Groups differ in their names, in how well files capture them, and in who is sought. The last two are assumptions:
//! beside the run stands the same country with equal capture, and with a list composed like the population.

use super::scenario::Scenario;
use crate::agency::ListOf;
use serde::{Deserialize, Serialize};

/// A run of the same people with one assumption taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beside {
    /// Both files capture everybody alike: errors are as frequent, and nobody has more of them.
    EqualCapture,
    /// The list is composed like the population, so that group and status say nothing about who is sought.
    SameMix,
}

impl Beside {
    /// All of them, in the order in which they are reported.
    pub fn all() -> Vec<Beside> {
        vec![Beside::EqualCapture, Beside::SameMix]
    }

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Beside::EqualCapture => "equal_capture",
            Beside::SameMix => "same_mix",
        }
    }

    /// In a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Beside::EqualCapture => "with equal capture",
            Beside::SameMix => "with a list like the population",
        }
    }

    /// The scenario of it, or `None` where that is the scenario itself.
    pub(super) fn of(self, scenario: &Scenario) -> Option<Scenario> {
        let mut other = scenario.clone();
        match self {
            Beside::EqualCapture => {
                other.requester.equal_capture = true;
                other.holder.equal_capture = true;
            }
            Beside::SameMix => other.requester.list.value = ListOf::LikePopulation,
        }
        (other != *scenario).then_some(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::scenario::tests::scenario;
    use crate::experiment::{World, run};

    #[test]
    fn a_run_beside_another_is_the_run_of_its_own_scenario() {
        let size = ["population.people=25600", "requester.requests=300", "holder.dependence=0.5"];
        let first = scenario(&size);
        let outcome = run(&first, &|_| {});
        assert_eq!(outcome.beside.iter().map(|(beside, _)| *beside).collect::<Vec<_>>(), Beside::all());
        for (beside, groups) in &outcome.beside {
            let own = beside.of(&first).unwrap();
            let alone = World::new(&own, &|_| {}).run(&|_| {});
            assert_eq!(*groups, alone.evaluation.groups, "{beside:?}");
            assert!(alone.beside.is_empty());
            assert_ne!(*groups, outcome.evaluation.groups, "{beside:?}");
            // It is no run beside itself.
            assert_eq!(beside.of(&own), None);
        }
    }

    #[test]
    fn with_equal_capture_and_equal_mix_nothing_differs_by_capture_or_list() {
        // In the list like the population the groups are sought as often as they are in the country.
        let outcome = run(&scenario(&["population.people=51200", "requester.requests=900"]), &|_| {});
        let trials = |groups: &crate::evaluation::Groups| groups.by_group[0].1[0][1].1.rate.trials as f64 / 900.0;
        let (_, same_mix) = outcome.beside.iter().find(|(beside, _)| *beside == Beside::SameMix).unwrap();
        assert!((trials(same_mix) - 0.643).abs() < 0.1, "white people sought: {}", trials(same_mix));
        assert!(trials(&outcome.evaluation.groups) < 0.3);
    }
}
