//! Rates of pairs with their intervals: pairs about one person are one cluster.

use super::result::PairRates;
use crate::bridge::LabelledPair;
use crate::evaluation::Measured;
use crate::record::coded::{both, each};
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
        seen: impl Iterator<Item = u32> + Send,
        counted: impl Fn(u32) -> bool + Sync,
        pairs: u64,
    ) -> PairRates {
        // Looked up once, since rows of B lie far apart in memory.
        let right = each(matched, |&(a, b)| files.truth.same(a as usize, b as usize));
        let of_right = |is_right: bool| {
            matched.iter().zip(&right).filter(move |(_, right)| **right == is_right).map(|(pair, _)| pair)
        };
        let of_found = || times(self.records_a, of_right(true).map(|pair| pair.0));
        let ((found, looked_at), partners) = both(
            || (of_found(), times(self.records_a, seen)),
            || {
                let all = files.truth.partners().into_iter().enumerate();
                all.filter(|(row, _)| counted(*row as u32)).collect::<Vec<(usize, u64)>>()
            },
        );
        let of_true = |hits: &dyn Fn(usize, u64) -> u64| {
            let rate = partners.iter().map(|&(row, partners)| (row, Rate::new(hits(row, partners), partners)));
            self.measured(rate, ONE_PERSON)
        };
        let wrong = of_right(false);
        // Records of both files, so that it makes no difference which is A.
        let of_a = partners.iter().map(|&(row, _)| row);
        let of_rows = of_a.chain((0..files.b.ids.len()).map(|row| self.of_b(row))).map(|unit| (unit, Rate::new(0, 1)));
        let hits = of_rows.chain(wrong.clone().map(|&(a, _)| (a as usize, Rate::new(1, 0))));
        let true_pairs: u64 = partners.iter().map(|(_, partners)| partners).sum();
        let two_people = Rate::new(wrong.count() as u64, pairs - true_pairs);
        let of_matched =
            matched.iter().zip(&right).map(|(pair, &right)| (pair.0 as usize, Rate::new(u64::from(right), 1)));
        // Each goes through all records.
        let ((precision, recall), (pair_false_match, never_seen)) = both(
            || both(|| self.measured(of_matched, MATCHED), || of_true(&|row, _| u64::from(found[row]))),
            || {
                let false_match = || Measured::of_count_by_person(two_people, TWO_PEOPLE, &self.joined.sums(hits));
                both(false_match, || of_true(&|row, partners| partners - u64::from(looked_at[row])))
            },
        );
        PairRates { precision, recall, pair_false_match, never_seen }
    }
}

/// The times that each of so many rows comes.
fn times(rows: usize, counted: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut times = vec![0; rows];
    counted.for_each(|row| times[row as usize] += 1);
    times
}
