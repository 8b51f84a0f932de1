//! Records that agree in every field and are of two people, each of whom one file alone has: [`apart`].
//!
//! A truth value may be damaged in more ways than can be listed: hyphens go, a spreadsheet takes `1-3` for a date, an id is
//! given anew. Then the two records of a person are of two people, of whom either file lacks one. Whatever became of the
//! values, the records still show it.

use super::same_people::whole;
use crate::bridge::LabelledPair;
use crate::notice::{Code, Notice};
use crate::record::coded::{Coded, Dataset, both};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher;

/// The fewest pairs of such records, and the fewest different ones, that are told, and the fewest for each true pair.
const FEWEST: u64 = 5;
const FEWEST_FOR_A_TRUE_PAIR: f64 = 0.002;

/// So many more than by chance are told.
const TIMES: f64 = 3.0;

/// The notice about records of people whom one file alone has that agree in every field with such a record of the other.
/// The first columns of `records` are the normal forms of the fields.
pub(super) fn apart(files: &LabelledPair, records: &Coded) -> Option<Notice> {
    let width = files.records.fields().len();
    // Values that differ in writing alone are told already.
    if files.notices.iter().any(|notice| notice.code == Code::TruthAlike) {
        return None;
    }
    let truth = &files.truth;
    let persons = [Dataset::A, Dataset::B].map(|side| truth.of_file(side));
    let most = persons.into_iter().flatten().max().map_or(0, |&last| last as usize + 1);
    let [in_a, in_b] = persons.map(|persons| {
        let mut has = vec![false; most];
        persons.iter().for_each(|&person| has[person as usize] = true);
        has
    });
    // Of two fields or more one alone that is not blank says too little.
    let tells = |row: &[u32]| row.iter().filter(|&&code| code > 0).count() >= width.min(2);
    // By a hash of the fields: the record of the least id that has them, and how many records do.
    let of = |side: Dataset, other: &[bool], wanted: bool| {
        let (rows, ids) = match side {
            Dataset::A => (&records.a, &files.a.ids),
            Dataset::B => (&records.b, &files.b.ids),
        };
        let mut found = Found::default();
        for ((row, codes), &person) in (0..).zip(rows.iter()).zip(truth.of_file(side)) {
            if other[person as usize] == wanted && tells(&codes[..width]) {
                let (known, times) = found.entry(FxBuildHasher.hash_one(&codes[..width])).or_insert((row, 0));
                *times += 1;
                if ids.get(row as usize) < ids.get(*known as usize) {
                    *known = row;
                }
            }
        }
        found
    };
    let alone = both(|| of(Dataset::A, &in_b, false), || of(Dataset::B, &in_a, false));
    // If these are one person in two files, one record of A goes with one of B; by chance each goes with each.
    let found = meet(&alone.0, &alone.1, |a, b| a.min(b));
    if found < FEWEST || (found as f64) < FEWEST_FOR_A_TRUE_PAIR * truth.pairs() as f64 {
        return None;
    }
    // Records of people whom both files have agree with them by chance alone.
    let common = both(|| of(Dataset::A, &in_b, true), || of(Dataset::B, &in_a, true));
    let met = (meet(&common.0, &alone.1, |a, b| a * b) + meet(&common.1, &alone.0, |a, b| a * b)) as f64;
    let [of_a, of_b] = [size(&alone.0), size(&alone.1)];
    let compared = size(&common.0) * of_b + size(&common.1) * of_a;
    let expected = |met: f64| met / compared * of_a * of_b;
    // Of what was not seen there may be as much as would not be seen in one case of twenty: three.
    if compared == 0.0 || found as f64 <= TIMES * expected(met + 3.0) {
        return None;
    }
    let of_one_key = |(key, &(row, _)): (&u64, &(u32, u64))| Some([row, alone.1.get(key)?.0]);
    let mut alike: Vec<[u32; 2]> = alone.0.iter().filter_map(of_one_key).collect();
    if (alike.len() as u64) < FEWEST {
        return None;
    }
    let ids = |[in_a, in_b]: [u32; 2]| [files.a.ids.get(in_a as usize), files.b.ids.get(in_b as usize)];
    alike.sort_unstable_by_key(|rows| ids(*rows));
    let examples: Vec<String> = alike.iter().map(|&rows| ids(rows).join(" in A, ") + " in B").collect();
    let sentence = format!(
        "truth: {found} pairs of a person whom A alone has and one whom B alone has agree in every field; by chance it would be \
         {}. If these are the same people, their truth is written otherwise in the two files, and they \
         count as two people now. Compare the truth of the examples by their ids.",
        whole(expected(met)),
    );
    let notice = Notice::new(Code::TruthApart, sentence).counting(found);
    Some(notice.with_examples(examples.iter().map(String::as_str)))
}

/// By a hash of its fields, a record of a file, and how many records have these fields.
type Found = FxHashMap<u64, (u32, u64)>;

/// The pairs of a record of either that have the same fields, by how many records of either do.
fn meet(some: &Found, others: &Found, pairs: impl Fn(u64, u64) -> u64) -> u64 {
    some.iter().filter_map(|(key, (_, times))| Some(pairs(*times, others.get(key)?.1))).sum()
}

/// The number of records.
fn size(found: &Found) -> f64 {
    found.values().map(|(_, times)| *times as f64).sum()
}
