//! The counts a model is trained on: [`Training`].

use crate::linkage::comparison::Evidence;
use std::collections::BTreeMap;

/// Counts from which a model is trained: integers, so that parts of a stream add up to the whole in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Training {
    pub(super) candidates: BTreeMap<Evidence, u64>,
    by_rule: BTreeMap<u8, u64>,
    pub(super) random: BTreeMap<Evidence, u64>,
    pub(super) relatives: BTreeMap<Evidence, u64>,
    pub(super) twins: BTreeMap<Evidence, u64>,
    /// Of those as many as chance makes within the files.
    pub(super) twins_by_chance: u64,
    /// Pairs within files of which the relatives and twins were looked for.
    pub(super) within: u64,
    /// Of members of a household who agree by chance alone on all but surname and address: how many blocking proposes,
    /// and of how many.
    pub(super) proposed: [u64; 2],
}

impl Training {
    /// Nothing seen yet.
    pub fn new() -> Training {
        Training::default()
    }

    /// Counts a candidate pair with the blocking rule that proposed it.
    pub fn add(&mut self, evidence: Evidence, rule: u8) {
        self.add_times(evidence, rule, 1);
    }

    /// Counts as many candidate pairs of one evidence and one rule.
    pub fn add_times(&mut self, evidence: Evidence, rule: u8, times: u64) {
        *self.candidates.entry(evidence).or_default() += times;
        *self.by_rule.entry(rule).or_default() += times;
    }

    /// Counts a pair drawn at random among all pairs.
    pub fn add_random(&mut self, evidence: Evidence) {
        self.add_random_times(evidence, 1);
    }

    /// Counts as many random pairs of one evidence.
    pub fn add_random_times(&mut self, evidence: Evidence, times: u64) {
        *self.random.entry(evidence).or_default() += times;
    }

    /// Counts as many pairs of records of *one* file that have one surname and one address: relatives, as long as the
    /// file holds nobody twice. From `FEWEST_RELATIVES` of them is learned how many there are and what they share.
    pub fn add_relatives_times(&mut self, evidence: Evidence, times: u64) {
        *self.relatives.entry(evidence).or_default() += times;
    }

    /// Counts as many pairs of records of *one* file that have one surname and one birth date and not one address: twins
    /// who live apart, namesakes, and people whom the file holds twice.
    pub fn add_twins_times(&mut self, evidence: Evidence, times: u64) {
        *self.twins.entry(evidence).or_default() += times;
    }

    /// Counts as many such pairs that chance is expected to make, by how common surnames and birth dates are in the file.
    pub fn add_twins_by_chance(&mut self, pairs: u64) {
        self.twins_by_chance += pairs;
    }

    /// Counts pairs within a file, of whatever records, among which all relatives and twins were looked for.
    pub fn add_within(&mut self, pairs: u64) {
        self.within += pairs;
    }

    /// Counts how many of some members of a household who agree by chance alone on all but surname and address blocking
    /// would propose.
    pub fn add_proposed(&mut self, proposed: u64, all: u64) {
        self.proposed = [self.proposed[0] + proposed, self.proposed[1] + all];
    }

    /// Adds what another part of the stream counted.
    pub fn merge(&mut self, other: &Training) {
        other.candidates.iter().for_each(|(&evidence, n)| *self.candidates.entry(evidence).or_default() += n);
        other.by_rule.iter().for_each(|(&rule, n)| *self.by_rule.entry(rule).or_default() += n);
        other.random.iter().for_each(|(&evidence, n)| *self.random.entry(evidence).or_default() += n);
        other.relatives.iter().for_each(|(&evidence, n)| *self.relatives.entry(evidence).or_default() += n);
        other.twins.iter().for_each(|(&evidence, n)| *self.twins.entry(evidence).or_default() += n);
        self.add_twins_by_chance(other.twins_by_chance);
        self.add_within(other.within);
        self.add_proposed(other.proposed[0], other.proposed[1]);
    }
}
