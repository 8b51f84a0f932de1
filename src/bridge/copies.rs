//! A file that is a copy of the other ([`same_records`]), and a field that is one of the truth ([`truth_in_fields`]).

use super::{LabelledFile, Texts, TruthColumns};
use crate::notice::{Code, Notice};
use crate::record::Field;
use crate::record::coded::Dataset::{A, B};
use crate::record::coded::{Coded, both, each};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::hash::BuildHasher;

/// The notice that one file seems to be a copy of the other, under the same ids or under others: nearly all records of
/// either are in the other, capitals apart. Some records of each file are looked up among those of the same person.
pub(super) fn same_records(
    a: &LabelledFile,
    b: &LabelledFile,
    records: &Coded,
    truth: &TruthColumns,
) -> Option<Notice> {
    let is_same = |l: &[u32], r: &[u32]| {
        let text = |column: usize, code: u32| records.text(column, code).to_lowercase();
        (0..l.len()).all(|column| l[column] == r[column] || text(column, l[column]) == text(column, r[column]))
    };
    let all = [(a, truth.of_file(A), &records.a), (b, truth.of_file(B), &records.b)];
    // Records looked up, those found, and those found under their own id.
    let looked_up = |of: usize| {
        let [(file, persons, rows), (other, others, rows_of_other)] = [all[of], all[1 - of]];
        let sample = sample(file);
        let mut of_person: FxHashMap<u32, Vec<usize>> = sample.iter().map(|&row| (persons[row], Vec::new())).collect();
        for (row, person) in others.iter().enumerate() {
            if let Some(rows) = of_person.get_mut(person) {
                rows.push(row);
            }
        }
        let mut counts = [sample.len(), 0, 0];
        for row in sample {
            let copies =
                || of_person[&persons[row]].iter().filter(|&&copy| is_same(rows.get(row), rows_of_other.get(copy)));
            counts[1] += usize::from(copies().next().is_some());
            counts[2] += usize::from(copies().any(|&copy| other.ids.get(copy) == file.ids.get(row)));
        }
        counts
    };
    let (of_a, of_b) = both(|| looked_up(0), || looked_up(1));
    let counts = [of_a, of_b];
    // Of few records some are alike in any two files.
    let is_small = a.ids.len().min(b.ids.len()) < FEW_RECORDS;
    let nearly_all =
        |[looked_up, found]: [usize; 2]| if is_small { found == looked_up } else { found * 20 >= looked_up * 19 };
    let found = counts.map(|[looked_up, found, _]| nearly_all([looked_up, found]));
    let under_their_ids = counts.map(|[looked_up, _, same_id]| nearly_all([looked_up, same_id]));
    let under = match (under_their_ids, found) {
        ([true, true], _) => "the same ids: each is matched with itself",
        ([true, false] | [false, true], _) if !is_small => "the same ids: each is matched with itself",
        (_, [true, true]) if !is_small => "other ids: one seems to be a copy of the other",
        _ => return None,
    };
    let [[of_a, in_b, _], [of_b, in_a, _]] = counts;
    let of = |looked_up: usize, file: &LabelledFile| match file.ids.len() {
        all if all > looked_up => format!("{looked_up} records drawn from {all}"),
        all => format!("{all} records"),
    };
    let sentence = format!(
        "A and B seem to hold the same records under {under}, and the figures say little about two files: of {} of A {in_b} \
         are in B, and of {} of B {in_a} are in A, capitals apart. To look for repeats within a file, divide it in two.",
        of(of_a, a),
        of(of_b, b),
    );
    Some(Notice::new(Code::SameRecords, sentence))
}

/// The rows of some records, the same in any order of rows.
fn sample(file: &LabelledFile) -> Vec<usize> {
    let mut rows: Vec<(u64, usize)> = file.ids.iter().map(|id| FxBuildHasher.hash_one(id)).zip(0..).collect();
    if rows.len() > LOOKED_UP {
        rows.select_nth_unstable(LOOKED_UP);
        rows.truncate(LOOKED_UP);
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Records of a file that are looked up in the other.
const LOOKED_UP: usize = 100;

/// Fewer records than this may be alike in two files that are no copies.
const FEW_RECORDS: usize = 64;

/// The notices about fields that say the truth: each cell is the truth value, or a number or another code has one value for
/// each person and one person for each value. `persons` are the truth values of A and of B.
pub(super) fn truth_in_fields(records: &Coded, truth: &TruthColumns, persons: [&Texts; 2]) -> Vec<Notice> {
    let rows = || {
        let of_a = (0..records.a.len()).map(|row| (A, row, records.a.get(row)));
        of_a.chain((0..records.b.len()).map(|row| (B, row, records.b.get(row))))
    };
    let all = records.a.len() + records.b.len();
    let blanks = |column: usize| rows().filter(|(_, _, codes)| codes[column] == 0).count();
    let is_equal = |column: usize| {
        rows().all(|(side, row, codes)| match codes[column] {
            0 => true,
            code => records.text(column, code) == persons[side as usize].get(row),
        })
    };
    // Of few people every name is another one, and a name is no code.
    let is_code = |field: &Field| match field {
        Field::Number => true,
        Field::Other(_) => !field.is_phone() && !field.is_email() && !field.is_date(),
        _ => false,
    };
    let is_one_to_one = |column: usize| {
        let mut persons: FxHashMap<u32, u32> = FxHashMap::default();
        let mut values: FxHashMap<u32, u32> = FxHashMap::default();
        let mut in_a: FxHashSet<u32> = FxHashSet::default();
        let mut in_both: FxHashSet<u32> = FxHashSet::default();
        let is_so = rows().filter(|(_, _, codes)| codes[column] > 0).all(|(side, row, codes)| {
            let (value, person) = (codes[column], truth.of_file(side)[row]);
            if side == A {
                in_a.insert(person);
            } else if in_a.contains(&person) {
                in_both.insert(person);
            }
            *persons.entry(value).or_insert(person) == person && *values.entry(person).or_insert(value) == value
        });
        is_so && in_both.len() >= FEW_PEOPLE
    };
    let notice = |(column, field): (usize, &Field)| {
        let says = match blanks(column) * 2 < all {
            true if is_equal(column) => "holds the truth values themselves",
            true if is_code(field) && is_one_to_one(column) => {
                "has one value for each person of the truth, and one person for each value"
            }
            _ => return None,
        };
        let sentence = format!(
            "The field {field} {says}. If one was made from the other, matches by it say nothing about other files: leave it out \
             of [fields]."
        );
        Some(Notice::new(Code::CopiesTruth, sentence).counting((all - blanks(column)) as u64))
    };
    let fields: Vec<(usize, &Field)> = records.fields().iter().enumerate().collect();
    each(&fields, |&field| notice(field)).into_iter().flatten().collect()
}

/// Of fewer people in both files, a field may be right for all.
const FEW_PEOPLE: usize = 10;
