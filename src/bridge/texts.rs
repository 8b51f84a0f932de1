//! A column of texts that nearly all differ, ids for example: [`Texts`], and which of them are the same: [`firsts`].

use crate::record::buckets::{Buckets, Entries, shared_out, shares_for};
use crate::record::coded::each;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::borrow::Cow;
use std::hash::BuildHasher;

/// Many short texts in one piece of memory, by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    /// Number of texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns `true` if there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a row.
    pub fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.text[start..self.ends[row] as usize]
    }

    /// All of them, by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|row| self.get(row))
    }

    /// All of them, end to end.
    pub(super) fn all(&self) -> &str {
        &self.text
    }

    /// The texts, each changed by `form`.
    pub(super) fn mapped<'t>(&'t self, form: impl Fn(&'t str) -> Cow<'t, str>) -> Texts {
        let mut mapped = Texts::default();
        self.iter().for_each(|text| mapped.push(&form(text)));
        mapped
    }

    /// Number of bytes they take.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).expect("whoever pushes stops at a gibibyte"));
    }
}

/// For each text the first that is the same, itself where none stands further ahead. Texts are numbered by row, through
/// all columns.
pub(super) fn firsts(columns: &[&Texts]) -> Vec<u32> {
    firsts_by(columns, |text| FxBuildHasher.hash_one(text))
}

/// The same by any hash of texts, however poor.
fn firsts_by(columns: &[&Texts], hash: impl Fn(&str) -> u64 + Sync) -> Vec<u32> {
    let starts: Vec<usize> = (0..columns.len()).map(|i| columns[..i].iter().map(|texts| texts.len()).sum()).collect();
    let text = |row: u32| {
        let column = starts.partition_point(|&start| start <= row as usize) - 1;
        columns[column].get(row as usize - starts[column])
    };
    let rows = columns.iter().map(|texts| texts.len()).sum();
    let shares = shares_for(rows);
    let numbered: Vec<(u32, &Texts)> = starts.iter().map(|&start| start as u32).zip(columns.iter().copied()).collect();
    let shared: Vec<Vec<Entries>> = each(&numbered, |(start, texts)| {
        shared_out((*start..).zip(texts.iter()).map(|(row, text)| (hash(text), row)), texts.len(), shares)
    });
    let with_others = |&share: &usize| {
        let entries = shared.iter().map(|of_column| of_column[share].as_slice()).collect::<Vec<_>>().concat();
        let buckets = Buckets::new(&entries, shares);
        let after_first = buckets.runs().flat_map(|run| run[1..].iter().map(|&(_, row)| (row, run[0].1)));
        after_first.collect::<Vec<(u32, u32)>>()
    };
    let mut firsts: Vec<u32> = (0..rows as u32).collect();
    for (row, first) in each(&(0..shares).collect::<Vec<usize>>(), with_others).into_iter().flatten() {
        firsts[row as usize] = first;
    }
    // One hash is not yet one text. The rows are looked at in their order, in which their texts lie side by side.
    let parts: Vec<(usize, &[u32])> = firsts.chunks(SEEN_AT_A_TIME).enumerate().collect();
    let sound = each(&parts, |(part, firsts)| {
        let row = |place: usize| (part * SEEN_AT_A_TIME + place) as u32;
        firsts.iter().enumerate().all(|(place, &first)| first == row(place) || text(first) == text(row(place)))
    });
    if sound.into_iter().all(|sound| sound) {
        return firsts;
    }
    let mut known: FxHashMap<&str, u32> = FxHashMap::default();
    (0..rows as u32).map(|row| *known.entry(text(row)).or_insert(row)).collect()
}

/// Rows that are looked at at a time.
const SEEN_AT_A_TIME: usize = 1 << 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_same_texts_is_named_whatever_the_hash() {
        fn texts<T: AsRef<str>>(all: impl IntoIterator<Item = T>) -> Texts {
            let mut texts = Texts::default();
            all.into_iter().for_each(|text| texts.push(text.as_ref()));
            texts
        }
        let (a, b) = (texts(["Ōe", "1", "", "1", "Ōe"]), texts(["2", "", "1", "2"]));
        for hash in [|text: &str| FxBuildHasher.hash_one(text), |_: &str| 7, |text: &str| text.len() as u64] {
            assert_eq!(firsts_by(&[&a, &b], hash), [0, 1, 2, 1, 0, 5, 2, 1, 5]);
        }
        assert_eq!(firsts(&[&texts(["1", "2"])]), [0, 1]);
        assert_eq!(firsts(&[&texts([""; 0]), &texts(["x"])]), [0]);
        // More than one share of them.
        let many = texts((0..100_000).map(|i| (i % 70_000).to_string()));
        assert!((0..100_000).zip(firsts(&[&many])).all(|(row, first)| first == row % 70_000));
    }
}
