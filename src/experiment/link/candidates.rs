//! What blocking proposes of two files: [`Candidates`].

use super::{LinkSpec, RuleCounts, ScoredPair};
use crate::blocking::{Guard, Joined, join};
use crate::bridge::Truth;
use crate::comparison::Evidence;
use crate::decision::Score;
use crate::record::coded::{Coded, each};
use std::ops::Range;

/// Rows of A whose pairs are brought together at a time: few enough for their pairs to stay near at hand.
const ROWS_AT_A_TIME: usize = 1 << 14;

/// What the blocking rules make of two files.
pub(super) struct Candidates {
    /// Every candidate pair once, with its first rule, by row of A and then of B; not compared yet.
    pub pairs: Vec<ScoredPair>,
    /// What each rule was good for.
    pub by_rule: Vec<RuleCounts>,
}

impl Candidates {
    /// Joins two files of normal forms, as many rules at a time as there are threads.
    pub(super) fn of(records: &Coded, truth: &Truth, spec: &LinkSpec) -> Candidates {
        let guard = Guard { max_pairs_per_key: spec.max_pairs_per_key, max_pairs_per_rule: spec.max_pairs_per_rule };
        #[cfg(feature = "parallel")]
        let at_a_time = rayon::current_num_threads();
        #[cfg(not(feature = "parallel"))]
        let at_a_time = 1;
        let rules = spec.blocking.chunks(at_a_time);
        let joined: Vec<Joined> = rules.flat_map(|rules| each(rules, |rule| join(rule, records, guard))).collect();
        let starts: Vec<u32> = (0..records.a.len() as u32).step_by(ROWS_AT_A_TIME).collect();
        let parts = each(&starts, |&start| Part::of(start..start + ROWS_AT_A_TIME as u32, &joined, truth));
        let of_rule = |(number, (rule, joined)): (usize, (_, &Joined))| {
            let sum = |count: fn(&Count) -> u64| parts.iter().map(|part| count(&part.counts[number])).sum();
            RuleCounts {
                rule: Clone::clone(rule),
                pairs: sum(|count| count.first),
                true_pairs: sum(|count| count.first_true),
                alone: sum(|count| count.alone),
                alone_true: sum(|count| count.alone_true),
                largest: joined.largest,
                left_out: joined.left_out,
            }
        };
        let by_rule = spec.blocking.iter().zip(&joined).enumerate().map(of_rule).collect();
        drop(joined);
        let mut pairs = Vec::with_capacity(parts.iter().map(|part| part.pairs.len()).sum());
        let pair = |(a, b, rule)| ScoredPair { a, b, rule, evidence: Evidence::new(&[]), score: Score(0) };
        parts.into_iter().for_each(|part| pairs.extend(part.pairs.into_iter().map(pair)));
        Candidates { pairs, by_rule }
    }
}

/// The candidates of some rows of A.
struct Part {
    pairs: Vec<(u32, u32, u8)>,
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

impl Part {
    fn of(rows: Range<u32>, joined: &[Joined], truth: &Truth) -> Part {
        // A pair and a rule in one number, since numbers are soon sorted: the row of A from the first of these, the row
        // of B, the rule.
        let mut found: Vec<u64> = Vec::new();
        for (rule, joined) in joined.iter().enumerate() {
            let number = |(a, b): (u32, u32)| u64::from(a - rows.start) << 40 | u64::from(b) << 8 | rule as u64;
            found.extend(joined.of_rows(rows.clone()).map(number));
        }
        found.sort_unstable();
        found.dedup();
        let mut part = Part { pairs: Vec::with_capacity(found.len()), counts: vec![Count::default(); joined.len()] };
        for pair in found.chunk_by(|x, y| x >> 8 == y >> 8) {
            let (a, b, first) = (rows.start + (pair[0] >> 40) as u32, (pair[0] >> 8) as u32, pair[0] as u8);
            let right = u64::from(truth.same(a as usize, b as usize));
            part.pairs.push((a, b, first));
            part.counts[usize::from(first)].first += 1;
            part.counts[usize::from(first)].first_true += right;
            for rule in pair.iter().map(|&number| usize::from(number as u8)) {
                part.counts[rule].alone += 1;
                part.counts[rule].alone_true += right;
            }
        }
        part
    }
}
