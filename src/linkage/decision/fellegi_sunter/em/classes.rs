//! The probabilities of one comparison, by class: [`Classes`]; and where each stands: [`Places`].

use super::super::{Given, Shared, given::place, states};
use crate::linkage::comparison::{Comparison, Evidence};

/// The probabilities of the levels of one comparison in each class, and what they are told from.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    pub(super) m: Vec<f64>,
    pub(super) h: Vec<f64>,
    pub(super) r: Vec<f64>,
    pub(super) t: Vec<f64>,
    pub(super) u: Vec<f64>,
    pub(super) shared: Shared,
    /// The things that relatives have in common: those of a household, and without addresses a number that was
    /// borrowed.
    pub(super) of_relatives: Shared,
    pub(super) default_m: Vec<f64>,
    /// Number of pairs of relatives that reach each level; empty where it is not known.
    pub(super) relatives: Vec<f64>,
    pub(super) random: Vec<f64>,
    pub(super) same: Option<f64>,
    /// Levels in each state of the comparison that this one depends on; all there are if it depends on none.
    pub(super) levels: usize,
    /// The share of persons in each state.
    pub(super) states: Vec<f64>,
}

impl Classes {
    /// `r` as relatives have it, with one pair's worth of `u`; of surname and home they have as much in common as the two
    /// records of one person, and no more is known.
    pub(super) fn settle_r(&mut self) {
        if self.of_relatives == Shared::ByHousehold {
            self.r.clone_from(&self.m);
            return;
        }
        self.r = self.as_counted(&self.relatives);
    }

    /// The probabilities that counts of levels show, with one pair's worth of `u`.
    pub(super) fn as_counted(&self, counts: &[f64]) -> Vec<f64> {
        let mut p = self.u.clone();
        for (p, counts) in p.chunks_mut(self.levels).zip(counts.chunks(self.levels)) {
            let total = counts.iter().sum::<f64>() + 1.0;
            p.iter_mut().zip(counts).for_each(|(p, count)| *p = (count + *p) / total);
        }
        p
    }

    /// `u` from random pairs, less the persons among them, with half a pair added to each level; and the highest level
    /// from the frequencies of values where those are known.
    pub(super) fn settle_u(&mut self, person: f64, pairs: f64) {
        let drawn: f64 = self.random.iter().sum();
        let mut seen = Vec::with_capacity(self.states.len());
        for (state, share) in self.states.iter().enumerate() {
            let places = state * self.levels..(state + 1) * self.levels;
            let persons = drawn * person * share;
            // Where the other comparison agrees too, two strangers are hardly ever seen, and what they share is not
            // independent of it. What nobody has seen is no evidence: as much as for persons. Where it is the same, two
            // strangers share what they share where it is similar. Where many are seen it is half a pair as elsewhere.
            let seen_here: f64 = self.random[places.clone()].iter().sum();
            let as_elsewhere = 0.5 * seen_here / (seen_here + self.levels as f64);
            let unseen = |level: usize| match state {
                0 | 1 => 0.5,
                2 => self.m[places.start + level].max(as_elsewhere),
                _ => self.u[places.start - self.levels + level].max(as_elsewhere),
            };
            let of_level = |level: usize| {
                let place = places.start + level;
                (self.random[place] - persons * self.m[place]).max(0.0) + unseen(level)
            };
            let counts: Vec<f64> = (0..self.levels).map(of_level).collect();
            let total: f64 = counts.iter().sum();
            self.u[places].iter_mut().zip(&counts).for_each(|(u, count)| *u = count / total);
            seen.push(total);
        }
        if let Some(same) = self.same {
            self.settle_same(same, &seen, pairs);
        }
    }

    /// The highest level of `u`, given how often two values are the same by chance and the random pairs in each state.
    fn settle_same(&mut self, same: f64, seen: &[f64], pairs: f64) {
        let top = |state: usize| (state + 1) * self.levels - 1;
        // Where the other comparison agrees, random pairs are all that is known. Where it is missing two values are the
        // same as often as everywhere, and where it differs so often that all states together come to that.
        let alike: f64 = (2..seen.len()).map(|state| seen[state] * (self.u[top(state)] - same)).sum();
        let left = (same - alike / seen[0]).max(0.1 * same);
        for (state, same) in [left, same].into_iter().take(seen.len()).enumerate() {
            // Where no two agree, half a pair is as near to never as these files can say.
            let same = same.clamp((0.5 / pairs).min(0.5), 0.999);
            let top = top(state);
            let rest = 1.0 - self.u[top];
            self.u[top + 1 - self.levels..top].iter_mut().for_each(|u| *u *= (1.0 - same) / rest);
            self.u[top] = same;
        }
    }
}

/// The place of each level among the probabilities of its comparison.
#[derive(Clone, Debug)]
pub(super) struct Places(Vec<(Option<Given>, usize)>);

impl Places {
    pub(super) fn new(comparisons: &[Comparison]) -> Places {
        let levels = comparisons.iter().map(|comparison| comparison.labels().len());
        Places(Given::of(comparisons).into_iter().zip(levels).collect())
    }

    /// The number of places of a comparison.
    pub(super) fn number(&self, comparison: usize) -> usize {
        let (given, levels) = &self.0[comparison];
        states(given.as_ref()) * levels
    }

    /// The place of the level that a pair reached.
    pub(super) fn of_level(&self, evidence: &Evidence, comparison: usize) -> Option<usize> {
        let (given, levels) = &self.0[comparison];
        evidence.level(comparison).map(|level| place(given.as_ref(), *levels, level, evidence))
    }

    /// The places of all levels that a pair reached, in the form of evidence.
    pub(super) fn of(&self, evidence: &Evidence) -> Evidence {
        let places: Vec<Option<u8>> =
            (0..evidence.len()).map(|i| self.of_level(evidence, i).map(|place| place as u8)).collect();
        Evidence::new(&places)
    }
}
