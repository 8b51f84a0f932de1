//! Rates of pairs with their intervals: pairs about one person are one cluster.

use super::result::PairRates;
use crate::bridge::LabelledPair;
use crate::evaluation::Measured;
use crate::record::coded::both;
use crate::stats::{Joined, Rate};

/// The trials of rates of pairs.
pub(super) const MATCHED: &str = "pairs matched";
pub(super) const ONE_PERSON: &str = "pairs that are one person";
const TWO_PEOPLE: &str = "pairs that are two people";

/// Clusters of the records of both files: those of one person, and of persons whom a match takes for one.
pub(super) struct ByPerson {
    joined: Joined,
    records_a: usize,
}

impl ByPerson {
    /// The clusters of two files of which these pairs of rows are matched.
    pub fn of(files: &LabelledPair, matched: &[(u32, u32)]) -> ByPerson {
        let (records_a, records_b) = (files.a.ids.len(), files.b.ids.len());
        let person = |unit: usize| match unit.checked_sub(records_a) {
            None => files.truth.person_of_a(unit),
            Some(row) => files.truth.person_of_b(row),
        };
        // The first unit of each person, by number.
        let mut first: Vec<Option<u32>> = Vec::new();
        let own = (0..records_a + records_b).map(|unit| {
            let person = person(unit) as usize;
            first.resize(first.len().max(person + 1), None);
            [unit, *first[person].get_or_insert(unit as u32) as usize]
        });
        let further = matched.iter().map(|&(a, b)| [a as usize, records_a + b as usize]);
        ByPerson { joined: Joined::new(records_a + records_b, own, further), records_a }
    }

    /// The unit of a row of B; a row of A is its own.
    pub fn of_b(&self, row: usize) -> usize {
        self.records_a + row
    }

    /// A rate of pairs, each with the unit of one of its records.
    pub fn measured(&self, counted: impl Iterator<Item = (usize, Rate)>, of: &'static str) -> Measured {
        Measured::of_persons(&self.joined.sums(counted), of)
    }

    /// The rates of matched pairs. `seen` are the true pairs that were looked at, `counted` tells which rows of A count, and
    /// `pairs` is the number of all pairs of theirs.
    pub fn rates(
        &self,
        files: &LabelledPair,
        matched: &[(u32, u32)],
        seen: impl Iterator<Item = u32>,
        counted: impl Fn(u32) -> bool,
        pairs: u64,
    ) -> PairRates {
        let right = |&(a, b): &(u32, u32)| files.truth.same(a as usize, b as usize);
        let partners: Vec<(usize, u64)> =
            files.truth.partners().into_iter().enumerate().filter(|(row, _)| counted(*row as u32)).collect();
        let (mut found, mut looked_at) = (vec![0_u64; self.records_a], vec![0_u64; self.records_a]);
        matched.iter().filter(|pair| right(pair)).for_each(|(a, _)| found[*a as usize] += 1);
        seen.for_each(|a| looked_at[a as usize] += 1);
        let of_true = |hits: &(dyn Fn(usize, u64) -> u64 + Sync)| {
            let rate = partners.iter().map(|&(row, partners)| (row, Rate::new(hits(row, partners), partners)));
            self.measured(rate, ONE_PERSON)
        };
        let wrong = matched.iter().filter(|pair| !right(pair));
        // Records of both files, so that it makes no difference which is A.
        let of_a = partners.iter().map(|&(row, _)| row);
        let of_rows = of_a.chain((0..files.b.ids.len()).map(|row| self.of_b(row))).map(|unit| (unit, Rate::new(0, 1)));
        let hits = of_rows.chain(wrong.clone().map(|&(a, _)| (a as usize, Rate::new(1, 0))));
        let true_pairs: u64 = partners.iter().map(|(_, partners)| partners).sum();
        let two_people = Rate::new(wrong.count() as u64, pairs - true_pairs);
        let of_matched = matched.iter().map(|pair| (pair.0 as usize, Rate::new(u64::from(right(pair)), 1)));
        // Each goes through all records.
        let ((precision, recall), (pair_false_match, never_seen)) = both(
            || (self.measured(of_matched, MATCHED), of_true(&|row, _| found[row])),
            || {
                let sums = self.joined.sums(hits);
                let never_seen = of_true(&|row, partners| partners - looked_at[row]);
                (Measured::of_count_by_person(two_people, TWO_PEOPLE, &sums), never_seen)
            },
        );
        PairRates { precision, recall, pair_false_match, never_seen }
    }
}
