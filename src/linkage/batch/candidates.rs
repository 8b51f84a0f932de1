//! Candidate pairs of two files: [`Candidates`].

use super::{LinkSpec, RuleCounts, ScoredPair};
use crate::linkage::blocking::{Guard, Joined, join};
use crate::linkage::comparison::Evidence;
use crate::linkage::decision::Score;
use crate::record::coded::{Coded, each, end_to_end};
use std::ops::Range;

/// Rows of A whose pairs are brought together at a time: few enough for their pairs to stay near at hand.
const ROWS_AT_A_TIME: usize = 1 << 13;

/// The candidate pairs that blocking rules propose.
pub(super) struct Candidates {
    /// Every candidate pair once, with its first rule, by row of A and then of B; not compared yet.
    pub pairs: Vec<ScoredPair>,
    /// The pairs of each rule.
    pub by_rule: Vec<RuleCounts>,
}

impl Candidates {
    /// Joins two files of normal forms, as many rules at a time as there are threads.
    pub(super) fn of(records: &Coded, same: &(impl Fn(u32, u32) -> bool + Sync), spec: &LinkSpec) -> Candidates {
        let guard = Guard { max_pairs_per_key: spec.max_pairs_per_key, max_pairs_per_rule: spec.max_pairs_per_rule };
        #[cfg(feature = "parallel")]
        let at_a_time = rayon::current_num_threads();
        #[cfg(not(feature = "parallel"))]
        let at_a_time = 1;
        let starts = (0..records.a.len() as u32).step_by(ROWS_AT_A_TIME);
        let mut parts: Vec<Chunk> = starts.map(|start| Chunk::new(start, spec.blocking.len())).collect();
        let mut by_rule: Vec<RuleCounts> = Vec::with_capacity(spec.blocking.len());
        for rules in spec.blocking.chunks(at_a_time) {
            let joined = each(rules, |rule| join(rule, records, guard));
            let before = by_rule.len();
            parts = each(&parts, |part| part.with(before, &joined, same));
            by_rule.extend(rules.iter().zip(&joined).enumerate().map(|(number, (rule, joined))| {
                let sum =
                    |count: fn(&Count) -> u64| parts.iter().map(|part| count(&part.counts[before + number])).sum();
                RuleCounts {
                    rule: rule.clone(),
                    pairs: sum(|count| count.first),
                    true_pairs: sum(|count| count.first_true),
                    alone: sum(|count| count.alone),
                    alone_true: sum(|count| count.alone_true),
                    largest: joined.largest,
                    left_out: joined.left_out,
                }
            }));
        }
        let lengths: Vec<usize> = parts.iter().map(|part| part.pairs.len()).collect();
        let pairs = end_to_end(&lengths, |part, place| {
            let (a, b, rule) = parts[part].pair(parts[part].pairs[place]);
            ScoredPair { a, b, rule, evidence: Evidence::new(&[]), score: Score(0) }
        });
        Candidates { pairs, by_rule }
    }
}

/// The candidates of some rows of A.
struct Chunk {
    rows: Range<u32>,
    /// Each pair with its first rule in one number, since numbers are soon sorted: the row of A from the first of these
    /// rows, the row of B, the rule.
    pairs: Vec<u64>,
    /// By rule.
    counts: Vec<Count>,
}

/// Pairs of a rule.
#[derive(Clone, Copy, Default)]
struct Count {
    first: u64,
    first_true: u64,
    alone: u64,
    alone_true: u64,
}

impl Chunk {
    /// Without pairs yet.
    fn new(start: u32, rules: usize) -> Chunk {
        Chunk { rows: start..start + ROWS_AT_A_TIME as u32, pairs: Vec::new(), counts: vec![Count::default(); rules] }
    }

    fn pair(&self, number: u64) -> (u32, u32, u8) {
        (self.rows.start + (number >> 40) as u32, (number >> 8) as u32, number as u8)
    }

    /// The same with what further rules propose, of which the first is the rule of number `before`.
    fn with(&self, before: usize, joined: &[Joined], same: impl Fn(u32, u32) -> bool) -> Chunk {
        let mut found = self.pairs.clone();
        for (rule, joined) in (before as u64..).zip(joined) {
            let number = |(a, b): (u32, u32)| u64::from(a - self.rows.start) << 40 | u64::from(b) << 8 | rule;
            found.extend(joined.of_rows(self.rows.clone()).map(number));
        }
        found.sort_unstable();
        found.dedup();
        let pairs = Vec::with_capacity(found.len());
        let mut part = Chunk { rows: self.rows.clone(), pairs, counts: self.counts.clone() };
        for pair in found.chunk_by(|x, y| x >> 8 == y >> 8) {
            part.pairs.push(pair[0]);
            let (a, b, first) = self.pair(pair[0]);
            // Of the rules before, a pair has one number, that of the first of them, and all of theirs is counted.
            let new = &pair[usize::from(usize::from(first) < before)..];
            if new.is_empty() {
                continue;
            }
            let right = u64::from(same(a, b));
            if new.len() == pair.len() {
                part.counts[usize::from(first)].first += 1;
                part.counts[usize::from(first)].first_true += right;
            }
            for rule in new.iter().map(|&number| usize::from(number as u8)) {
                part.counts[rule].alone += 1;
                part.counts[rule].alone_true += right;
            }
        }
        part
    }
}
