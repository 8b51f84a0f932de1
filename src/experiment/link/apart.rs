//! People who agree in every field and are two by the truth, more often than by chance: [`apart`].
//!
//! A truth value may be damaged in more ways than can be listed: hyphens go, a spreadsheet takes `1-3` for a date, an id is
//! given anew, a column moves by a row. Then the two records of a person are of two people. Whatever became of the values,
//! the records still show it: two files then have more people in common than either has with itself.

use super::same_people::{Agreement, whole};
use crate::bridge::LabelledPair;
use crate::notice::{Code, Notice};
use crate::record::coded::{Coded, Dataset};
use rustc_hash::{FxBuildHasher, FxHasher};
use std::cmp::Reverse;
use std::hash::{BuildHasher, Hasher};

/// The fewest such people that are told, and the fewest for each person whose records agree as they should.
const FEWEST: u64 = 5;
const FEWEST_FOR_A_PERSON: f64 = 0.002;

/// So many times as many as by chance are told.
const TIMES: f64 = 3.0;

/// Of more records one in [`ONE_IN`] is looked at, told by the value of one field.
const MOST_RECORDS: usize = 1 << 18;
const ONE_IN: u64 = 8;

/// A record with these fields.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// A hash of the fields.
    key: u64,
    side: Dataset,
    person: u32,
    row: u32,
}

/// The notice about people who agree in every field and are two by the truth. The first columns of `records` are the normal
/// forms of the fields, and `agreement` is that of the people in both files, by field.
pub(super) fn apart(files: &LabelledPair, records: &Coded, agreement: &[Agreement]) -> Option<Notice> {
    let all_fields = files.records.fields();
    // A field in which the same people agree far less than in others is written otherwise, and says nothing here.
    let shares: Vec<Option<f64>> = agreement.iter().map(Agreement::share).collect();
    let most = shares.iter().flatten().fold(0.0_f64, |most, &share| most.max(share));
    let is_of_use = |field: &usize| shares[*field].is_some_and(|share| share > 0.0 && share * 2.0 >= most);
    let fields: Vec<usize> = (0..all_fields.len()).filter(is_of_use).collect();
    if fields.len() < all_fields.len().min(2) {
        return None;
    }
    let (entries, one_in) = entries(files, records, &fields);
    let (mut found, mut common, mut sizes, mut within) = (0, 0_u64, [0_u64; 2], [0_u64; 2]);
    let mut examples: Vec<[&str; 2]> = Vec::new();
    for of_key in entries.chunk_by(|x, y| x.key == y.key) {
        let of_a = of_key.partition_point(|entry| entry.side == Dataset::A);
        // Nearly all are alone, or one person.
        if of_key.iter().all(|entry| entry.person == of_key[0].person) {
            let in_file = [of_a > 0, of_a < of_key.len()];
            sizes.iter_mut().zip(in_file).for_each(|(size, is_there)| *size += u64::from(is_there));
            common += u64::from(in_file == [true; 2]);
            continue;
        }
        let mut sides = [&of_key[..of_a], &of_key[of_a..]].map(<[Entry]>::to_vec);
        sides.iter_mut().for_each(|side| side.dedup_by_key(|entry| entry.person));
        for (place, side) in sides.iter().enumerate() {
            let persons = side.len() as u64;
            sizes[place] += persons;
            within[place] += persons * (persons - persons.min(1)) / 2;
        }
        let [a, b] = &sides;
        let lacks = |side: &[Entry], entry: &Entry| side.binary_search_by_key(&entry.person, |of| of.person).is_err();
        let alone_in_a: Vec<&Entry> = a.iter().filter(|entry| lacks(b, entry)).collect();
        let alone_in_b: Vec<&Entry> = b.iter().filter(|entry| lacks(a, entry)).collect();
        common += (a.len() - alone_in_a.len()) as u64;
        // If these are one person in two files, one goes with one; by chance each goes with each.
        found += alone_in_a.len().min(alone_in_b.len()) as u64;
        if !alone_in_a.is_empty() && !alone_in_b.is_empty() {
            let id_in_a = alone_in_a.iter().map(|entry| files.a.ids.get(entry.row as usize)).min();
            let id_in_b = alone_in_b.iter().map(|entry| files.b.ids.get(entry.row as usize)).min();
            examples.extend(id_in_a.zip(id_in_b).map(|(in_a, in_b)| [in_a, in_b]));
        }
    }
    // Different people of one file agree by chance alone, if the file has nobody twice: the lower rate of the two files.
    let expected = |more: f64| {
        let rate = |side: usize| {
            let size = sizes[side] as f64;
            (within[side] as f64 + more) / (size * (size - 1.0) / 2.0)
        };
        rate(0).min(rate(1)) * sizes[0] as f64 * sizes[1] as f64
    };
    let are_few =
        found < FEWEST || (examples.len() as u64) < FEWEST || (found as f64) < FEWEST_FOR_A_PERSON * common as f64;
    // Of what was not seen there may be as much as would not be seen in one case of twenty: three.
    if are_few || found as f64 <= TIMES * expected(3.0) || is_told(files, found) {
        return None;
    }
    // The same examples whichever file is A.
    examples.sort_unstable_by_key(|ids| [ids[0].min(ids[1]), ids[0].max(ids[1])]);
    let examples: Vec<String> = examples.iter().map(|ids| ids.join(" in A, ") + " in B").collect();
    let in_fields = match fields.len() == all_fields.len() {
        true => "in every field".to_owned(),
        false => {
            let names: Vec<String> = fields.iter().map(|&field| all_fields[field].to_string()).collect();
            format!("in {}", names.join(", "))
        }
    };
    let looked_at = if one_in > 1 { format!(" (one record in {one_in} was looked at)") } else { String::new() };
    let sentence = format!(
        "truth: {found} people of A agree {in_fields} with a person of B who is another one by the truth; by chance it would be \
         {}{looked_at}. If they are the same people, their truth was damaged or is written otherwise, and each counts as two. \
         Compare the truth of the examples by their ids.",
        whole(expected(0.0)),
    );
    let notice = Notice::new(Code::TruthApart, sentence).counting(found);
    Some(notice.with_examples(examples.iter().map(String::as_str)))
}

/// Returns `true` if as many values are told already, since they differ in writing alone.
fn is_told(files: &LabelledPair, found: u64) -> bool {
    let alike = files.notices.iter().filter(|notice| notice.code == Code::TruthAlike);
    alike.filter_map(|notice| notice.count).any(|values| values >= found)
}

/// The records that are looked at, by their fields, and of how many records one is.
fn entries(files: &LabelledPair, records: &Coded, fields: &[usize]) -> (Vec<Entry>, u64) {
    let all = records.a.len() + records.b.len();
    let one_in = if all > MOST_RECORDS { ONE_IN } else { 1 };
    // By the field of most values, so that no value brings many records.
    let column = fields.iter().copied().max_by_key(|&field| (records.values(field).len(), Reverse(field)));
    let is_chosen: Vec<bool> = column.map_or(Vec::new(), |column| {
        let by_hash =
            |text: &str| one_in == 1 || (!text.is_empty() && FxBuildHasher.hash_one(text) >> 32 & (ONE_IN - 1) == 0);
        records.values(column).iter().map(by_hash).collect()
    });
    let mut entries = Vec::with_capacity(all / one_in as usize);
    for (side, rows) in [(Dataset::A, &records.a), (Dataset::B, &records.b)] {
        for ((row, codes), &person) in (0..).zip(rows.iter()).zip(files.truth.of_file(side)) {
            if !column.is_some_and(|column| is_chosen[codes[column] as usize]) {
                continue;
            }
            let (mut hasher, mut known) = (FxHasher::default(), 0);
            for &field in fields {
                hasher.write_u32(codes[field]);
                known += usize::from(codes[field] > 0);
            }
            // Of two fields or more one alone that is not blank says too little.
            if known >= fields.len().min(2) {
                entries.push(Entry { key: hasher.finish(), side, person, row });
            }
        }
    }
    entries.sort_unstable();
    (entries, one_in)
}
