//! The candidates of each blocking rule apart, for training in sessions.

use super::{LinkSpec, ScoredPair};
use crate::linkage::blocking::{BlockingRule, Guard, join};
use crate::linkage::comparison::Evidence;
use crate::linkage::decision::fellegi_sunter::{OfRule, Training};
use crate::record::coded::Coded;
use rustc_hash::FxHashMap;

/// The pairs that each rule proposes, other rules or not. The candidates, which hold all of it, come by row of A and then of B.
pub(super) fn of_rules(records: &Coded, candidates: &[ScoredPair], spec: &LinkSpec) -> Vec<OfRule> {
    let guard = Guard { max_pairs_per_key: spec.max_pairs_per_key, max_pairs_per_rule: spec.max_pairs_per_rule };
    let of_rule = |(number, rule): (usize, &BlockingRule)| {
        let mut counts: FxHashMap<Evidence, u64> = FxHashMap::default();
        let mut rest = candidates.iter();
        for pair in join(rule, records, guard).pairs() {
            if let Some(known) = rest.find(|known| (known.a, known.b) == pair) {
                *counts.entry(known.evidence).or_default() += 1;
            }
        }
        let mut training = Training::new();
        counts.into_iter().for_each(|(evidence, times)| training.add_times(evidence, number as u8, times));
        let fields = rule.parts.iter().map(|part| part.field.clone()).collect();
        OfRule { rule: rule.to_string(), fields, training }
    };
    spec.blocking.iter().enumerate().map(of_rule).collect()
}
