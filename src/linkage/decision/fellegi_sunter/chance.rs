//! Agreement by chance of two unrelated people: [`Chance`], and the frequency of each value: [`Frequencies`].

use crate::linkage::comparison::Comparison;
use crate::record::Field;
use crate::record::coded::{Coded, Counts, Values};
use std::sync::Arc;

/// The frequency of each value of a field. Missing values do not count.
#[derive(Clone, Debug)]
pub struct Frequencies {
    field: Field,
    /// Shared, since the files, the model and what it was trained on keep the same.
    values: Arc<Values>,
    counts: Arc<[u64]>,
    total: u64,
}

impl PartialEq for Frequencies {
    fn eq(&self, other: &Frequencies) -> bool {
        let same = |value| self.count(value) == other.count(value);
        self.field == other.field && self.total == other.total && self.values.iter().all(same)
    }
}

impl Frequencies {
    /// The values of a field, and how often each was seen, by code.
    pub fn new(field: Field, values: Arc<Values>, counts: impl IntoIterator<Item = u64>) -> Frequencies {
        let counts: Arc<[u64]> = std::iter::once(0).chain(counts.into_iter().skip(1)).collect();
        Frequencies { field, values, total: counts.iter().sum(), counts }
    }

    /// The field.
    pub(super) fn field(&self) -> &Field {
        &self.field
    }

    /// The values, by code.
    pub(super) fn values(&self) -> &Arc<Values> {
        &self.values
    }

    /// The count of each value, by code.
    pub(super) fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The count of a value.
    pub fn count(&self, value: &str) -> u64 {
        self.values.find(value).map_or(0, |code| self.counts[code as usize])
    }

    /// Number of values seen, repetitions counted.
    pub fn total(&self) -> u64 {
        self.total
    }
}

/// The chance that two unrelated people agree on one comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chance {
    /// The probability that they agree exactly; `None` to take it from random pairs, which is poor where agreement is
    /// rarer than one in the number of random pairs.
    pub same: Option<f64>,
    /// The frequency of each value, where agreement on a rare one shall weigh more.
    pub frequencies: Option<Frequencies>,
}

impl Chance {
    /// The chance agreement on each comparison, counted from two files.
    ///
    /// Values weigh by how common they are for the fields in which some are far more common than others and nobody is to
    /// blame: names.
    pub fn of(comparisons: &[Comparison], files: &Coded, counts: &Counts) -> Vec<Chance> {
        let of = |comparison: &Comparison| {
            let field = comparison.kind.field()?;
            let column = files.column(field)?;
            let [of_a, of_b] = counts.each_ref().map(|counts| counts[column].as_slice());
            let pooled = || {
                let counts = of_a.iter().zip(of_b).map(|(&x, &y)| u64::from(x) + u64::from(y));
                Frequencies::new(field.clone(), Arc::clone(files.values(column)), counts)
            };
            let names = matches!(field.column(), Field::GivenName | Field::MiddleName | Field::Surname);
            Some(Chance { same: same_by_chance(&of_a[1..], &of_b[1..]), frequencies: names.then(pooled) })
        };
        comparisons.iter().map(|comparison| of(comparison).unwrap_or_default()).collect()
    }
}

/// The probability that two unrelated people have one value, of how often each value comes in either file.
///
/// Records of two files agree by chance or because they are one person, records of one file by chance or because it
/// holds somebody twice; the lesser of the two rates is the better estimate of chance.
fn same_by_chance(of_a: &[u32], of_b: &[u32]) -> Option<f64> {
    let wide = |count: u32| u128::from(count);
    let total = |counts: &[u32]| counts.iter().map(|&count| u64::from(count)).sum::<u64>();
    let (total_a, total_b) = (total(of_a), total(of_b));
    let share = |same: u128, pairs: u128| (pairs > 0).then(|| same as f64 / pairs as f64);
    let twice = |counts: &[u32], total: u64| {
        let same = counts.iter().map(|&count| wide(count) * wide(count.saturating_sub(1))).sum();
        share(same, u128::from(total) * u128::from(total.saturating_sub(1)))
    };
    let both = of_a.iter().zip(of_b).map(|(&x, &y)| wide(x) * wide(y)).sum();
    let across = share(both, u128::from(total_a) * u128::from(total_b));
    let pairs = |n: u64| n as f64 * n.saturating_sub(1) as f64;
    let (pairs_a, pairs_b) = (pairs(total_a), pairs(total_b));
    let within = twice(of_a, total_a)
        .zip(twice(of_b, total_b))
        .map(|(same_a, same_b)| (same_a * pairs_a + same_b * pairs_b) / (pairs_a + pairs_b));
    across.map(|across| within.map_or(across, |within| across.min(within)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linkage::comparison::ComparisonKind;
    use crate::record::coded::Coding;
    use crate::record::{RecordId, Records};

    #[test]
    fn frequencies_know_how_often_chance_agrees() {
        let fields = [Field::Surname];
        let coded = |names: &[&str]| {
            let mut records = Records::new(&fields);
            names.iter().for_each(|name| records.push(RecordId(0), &[name]));
            Coding::of(&records, &fields)
        };
        let files = Coded::of(coded(&["SMITH", "", "SMITH", "ŌE", "SMITH"]), coded(&["SMITH", "SMITH", ""]));
        let comparisons = [Comparison::new(ComparisonKind::Surname { field: Field::Surname.into() })];
        let chance = &Chance::of(&comparisons, &files, &files.counts())[0];
        // Across the files 6 of 8 pairs agree; within them 6 of 12 and 2 of 2 ordered pairs, which is 8 of 14.
        assert!((chance.same.unwrap() - 8.0 / 14.0).abs() < 1e-12);
        let frequencies = chance.frequencies.as_ref().unwrap();
        let count = |name| frequencies.count(name);
        assert_eq!((frequencies.total(), count("SMITH"), count("OE"), count("")), (6, 5, 0, 0));
        // They are the same in whatever order the values came.
        let turned = Coded::of(coded(&["", "ŌE", "SMITH", "SMITH"]), coded(&["SMITH", "SMITH", "SMITH"]));
        assert_eq!(Chance::of(&comparisons, &turned, &turned.counts())[0].frequencies.as_ref(), Some(frequencies));
        let other = Coded::of(coded(&["LI", "SMITH"]), coded(&["SMITH", "SMITH", "SMITH", "SMITH"]));
        assert_ne!(Chance::of(&comparisons, &other, &other.counts())[0].frequencies.as_ref(), Some(frequencies));
        let none = Coded::of(coded(&[""]), coded(&["SMITH"]));
        assert_eq!(Chance::of(&comparisons, &none, &none.counts())[0].same, None);
    }
}
