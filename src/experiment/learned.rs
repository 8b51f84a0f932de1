//! The Bayes risk, estimated out of sample: the loss of a flexible rule that learned from labelled pairs of other seeds.
//!
//! The loss from exact ties bounds what any rule loses, in hindsight and mostly far below what a rule can reach. A rule that
//! was learned from labels of other countries shows what can be reached: the best rule loses at most as much on average.

use super::run::rates;
use crate::evaluation::{Measured, RateId};
use crate::linkage::{ModelKind, ModelSettings};
use crate::parallel::Watch;
use crate::scenario::{AnswerRule, Scenario};

/// The share of requests that a flexible rule does not resolve correctly, with its interval.
///
/// Each route keeps its blocking rules. The pairs that these propose are decided by boosted trees over all fields that the
/// route uses, with the comparisons that [`crate::bridge`]'s files get by default. The trees learn from the labelled pairs
/// of a country made with other seeds. A request is given the best record, if the odds that it is the person are even or
/// better: for this loss no other answer is better if the odds are right.
pub fn learned_loss(scenario: &Scenario, watch: Watch<'_>) -> Measured {
    let mut flexible = scenario.clone();
    flexible.beside.clear();
    flexible.by.clear();
    flexible.agreement.answers.value = AnswerRule::Best;
    for route in &mut flexible.routes {
        route.model = ModelSettings::of_kind(ModelKind::Boosted, 0.0, &route.fields());
    }
    rates(&flexible, watch).rates.remove(&RateId::NotResolved).expect("every run has this rate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Run;
    use crate::scenario::tests::scenario;

    #[test]
    fn a_learned_rule_loses_less_than_a_crude_one_and_no_less_than_exact_ties() {
        let sets = [
            "population.final_order=0.02",
            "population.people=25600",
            "requester.requests=400",
            "requester.on_file=0.7",
            "requester.number_given=0",
            "routes.address.model.threshold=3",
            "beside=[]",
        ];
        let scenario = scenario(&sets);
        let learned = learned_loss(&scenario, &|_| {});
        let ties = Run::alone(&scenario, &|_| {}).outcome(&|_| {}).evaluation.ties.all;
        let (own, other) = (ties.actual.rate, learned.rate);
        assert_eq!(own.trials, other.trials);
        // People who moved are found by neither; whose names are written otherwise the learned rule finds.
        assert!(other.hits < own.hits, "{other:?} and {own:?}");
        assert!(other.hits as f64 >= ties.from_ties, "{other:?} and {}", ties.from_ties);
        assert!(learned.interval.is_some_and(|interval| interval.high > interval.low));
    }
}
