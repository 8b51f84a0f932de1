//! An order of records that does not depend on where they stand: [`Keys`].
//!
//! Files often come in an order that gives the answer away: both sorted by person, or matched records side by side. So
//! whatever has to choose among equals, or draws a sample, goes by a keyed hash of the record ids. Neither the order of
//! rows nor which file is A makes a difference to it.

use crate::random::{Decision, Seed};
use crate::record::coded::{Coded, Dataset, Rows, both, end_to_end};
use crate::stats::Probability;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// A key for each record of both files: a hash of its id.
pub struct Keys {
    a: Vec<u64>,
    b: Vec<u64>,
    /// The file that is drawn from first.
    first: Dataset,
    /// About [`SAMPLED`] rows of A and of B with what was drawn for each, once somebody has asked for a sample.
    sampled: [OnceLock<Vec<(u64, u32)>>; 2],
}

/// Records that are drawn from, of each file, where pairs are drawn: many enough for a pair drawn among them to be as
/// good as one drawn among all.
const SAMPLED: usize = 1 << 16;

impl Keys {
    /// The keys of two files, from the ids of their records and, where those do not tell the files apart, from their
    /// values as recorded.
    pub fn of<'t>(
        ids_a: impl Iterator<Item = &'t str> + Send,
        ids_b: impl Iterator<Item = &'t str> + Send,
        records: &Coded,
    ) -> Keys {
        const DECISION: Decision = Decision::named("link.record");
        const CONTENT: Decision = Decision::named("link.content");
        let key = |id: &str| DECISION.of_text(id);
        let (a, b): (Vec<u64>, Vec<u64>) = both(|| ids_a.map(key).collect(), || ids_b.map(key).collect());
        // Files are told apart by what is in them: by size, by ids, and where these are the same by all values.
        let sum = |keys: &[u64]| keys.iter().fold(0, |sum: u64, key| sum.wrapping_add(*key));
        let content = |keys: &[u64], rows: &Rows| {
            let of_row = |(key, row): (&u64, &[u32])| {
                let texts = records.texts(row).enumerate();
                texts.fold(*key, |key, (column, text)| CONTENT.about(key ^ column as u64).of_text(text))
            };
            keys.iter().zip(rows.iter()).fold(0, |sum: u64, row| sum.wrapping_add(of_row(row)))
        };
        let order = a.len().cmp(&b.len()).then_with(|| sum(&a).cmp(&sum(&b)));
        let order = order.then_with(|| content(&a, &records.a).cmp(&content(&b, &records.b)));
        let first = if order.is_le() { Dataset::A } else { Dataset::B };
        Keys { first, a, b, sampled: Default::default() }
    }

    /// The key of a row of file A or B.
    pub(super) fn key(&self, side: Dataset, row: u32) -> u64 {
        self.of_side(side)[row as usize]
    }

    fn of_side(&self, side: Dataset) -> &[u64] {
        if side == Dataset::A { &self.a } else { &self.b }
    }

    /// The key of a pair of rows. Two records of one id are no likelier to come first than two others, and of two ids
    /// that both files hold the two pairs have keys of their own.
    pub fn of_pair(&self, a: u32, b: u32) -> u64 {
        const DECISION: Decision = Decision::named("link.tie");
        let (of_a, of_b) = (self.a[a as usize], self.b[b as usize]);
        let (first, second) = if self.first == Dataset::A { (of_a, of_b) } else { (of_b, of_a) };
        Seed(0).stream(DECISION.about(first), second).bits()
    }

    /// About `size` rows of a file, at most [`SAMPLED`], or all of them where there are no more, by their keys. A smaller
    /// sample is the beginning of a larger one.
    pub(super) fn sample(&self, side: Dataset, size: usize) -> Vec<u32> {
        debug_assert!(size <= SAMPLED);
        let keys = self.of_side(side);
        let limit = |size: usize| ((size as u128) << 64) / keys.len().max(1) as u128;
        let sampled = self.sampled[side as usize].get_or_init(|| {
            // Each file has draws of its own: else those drawn from two files of the same ids would be the same people.
            let decision = Decision::named("link.sample").about(u64::from(side == self.first));
            let limit = limit(SAMPLED);
            let drawn = keys.iter().zip(0..).map(|(&key, row)| (Seed(0).stream(decision, key).bits(), row));
            let mut sampled: Vec<(u64, u32)> = drawn.filter(|&(drawn, _)| u128::from(drawn) < limit).collect();
            sampled.sort_unstable();
            sampled
        });
        let limit = limit(size);
        sampled.iter().take_while(|&&(drawn, _)| u128::from(drawn) < limit).map(|&(_, row)| row).collect()
    }

    /// For each row of A, whether the labels of its person are trained on: a draw of the person's own, so that nobody is
    /// in both parts.
    pub(super) fn trained_on(&self, person_of_a: impl Fn(usize) -> u32, share: Probability) -> Vec<bool> {
        const DECISION: Decision = Decision::named("link.trained_on");
        // A person is told from others by the records about him, whatever number the truth gives him.
        let mut persons: FxHashMap<u32, u64> = FxHashMap::default();
        for (row, key) in self.a.iter().enumerate() {
            let of_person = persons.entry(person_of_a(row)).or_default();
            *of_person = of_person.wrapping_add(*key);
        }
        let drawn = |row| Seed(0).stream(DECISION, persons[&person_of_a(row)]).chance(share.get());
        (0..self.a.len()).map(drawn).collect()
    }

    /// So many pairs of a row of A and a row of B, drawn at random, or each pair once where there are no more.
    pub(super) fn random_pairs(&self, size: u64) -> Vec<(u32, u32)> {
        let (rows_a, rows_b) = (self.a.len() as u64, self.b.len() as u64);
        if rows_a * rows_b <= size {
            return (0..rows_a as u32).flat_map(|a| (0..rows_b as u32).map(move |b| (a, b))).collect();
        }
        const DECISION: Decision = Decision::named("link.random_pairs");
        let (of_a, of_b) = both(|| self.sample(Dataset::A, SAMPLED), || self.sample(Dataset::B, SAMPLED));
        let pair = |i: u64| {
            let mut draws = Seed(0).stream(DECISION, i);
            let mut draw = |rows: &[u32]| rows[draws.below(rows.len() as u64) as usize];
            if self.first == Dataset::A {
                let a = draw(&of_a);
                (a, draw(&of_b))
            } else {
                let b = draw(&of_b);
                (draw(&of_a), b)
            }
        };
        end_to_end(&[size as usize], |_, draw| pair(draw as u64))
    }
}
