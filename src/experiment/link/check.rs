//! Contents of two files before they are matched: [`check`].

use super::apart::apart;
use super::notices::of_fields;
use super::same_people::{differ, whole};
use crate::bridge::{LabelledPair, Texts};
use crate::linkage::batch::{LinkSpec, normal_forms};
use crate::notice::{Code, Notice};
use crate::record::Field;
use crate::record::coded::{Coded, Counts};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// The contents of two files.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The persons of A, and of B.
    pub persons: [Persons; 2],
    /// Pairs of a record of A and one of B that are one person.
    pub true_pairs: u64,
    /// The fields, in their order.
    pub fields: Vec<CheckedField>,
    /// Blank cells of A, and of B, by field.
    pub blank: [Vec<u64>; 2],
    /// Notices about the files.
    pub notices: Vec<Notice>,
}

/// Counts of persons by their records in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Persons {
    /// Persons.
    pub persons: u64,
    /// Persons with several records in the file.
    pub repeated: u64,
    /// The most records that one has.
    pub most: u64,
}

/// The values of a field in both files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedField {
    /// The field.
    pub field: Field,
    /// Distinct normal forms of A, and of B, blanks apart.
    pub distinct: [u64; 2],
    /// Distinct normal forms that are in both.
    pub shared: u64,
}

/// Describes the contents of two files before they are matched.
pub fn check(files: &LabelledPair, spec: &LinkSpec) -> Checked {
    let records = normal_forms(&files.records, &[]);
    let counts = records.counts();
    let field = |(column, field): (usize, &Field)| {
        let of = |side: usize| counts[side][column].iter().skip(1).filter(|&&count| count > 0).count() as u64;
        let both = counts[0][column].iter().zip(&counts[1][column]).skip(1);
        CheckedField {
            field: field.clone(),
            distinct: [of(0), of(1)],
            shared: both.filter(|&(&a, &b)| a > 0 && b > 0).count() as u64,
        }
    };
    let fields: Vec<CheckedField> = files.records.fields().iter().enumerate().map(field).collect();
    let blank = blank(&counts, fields.len());
    Checked {
        persons: files.truth.records_by_person().map(|records| persons(&records)),
        true_pairs: files.truth.pairs(),
        notices: files
            .notices
            .iter()
            .cloned()
            .chain(of_fields(files, &blank, spec))
            .chain(spec.notices.iter().cloned())
            .chain(never_meet(&records, &counts, files.records.fields()))
            .chain(written_otherwise(files, &records, &counts))
            .chain(
                files
                    .check_truth()
                    .err()
                    .map(|error| Notice::new(Code::NoTruePairs, format!("{}: {}.", error.file, error.problem))),
            )
            .collect(),
        fields,
        blank,
    }
}

/// The notices about fields of which no value is in both files.
pub(super) fn never_meet(records: &Coded, counts: &Counts, fields: &[Field]) -> Vec<Notice> {
    let apart = |(column, _): &(usize, &Field)| {
        let has = |side: usize| counts[side][*column].iter().skip(1).any(|&count| count > 0);
        let mut both = counts[0][*column].iter().zip(&counts[1][*column]).skip(1);
        has(0) && has(1) && !both.any(|(&a, &b)| a > 0 && b > 0) && !initials_meet(records, counts, *column)
    };
    let notice = |(_, field): (usize, &Field)| {
        let sentence = format!("No value of {field} is in both files: see whether they write it alike.");
        Notice::new(Code::NoCommonValue, sentence)
    };
    fields.iter().enumerate().filter(apart).map(notice).collect()
}

/// Returns `true` if one file has the initials of names that the other has.
fn initials_meet(records: &Coded, counts: &Counts, column: usize) -> bool {
    if !matches!(records.fields()[column], Field::GivenName | Field::MiddleName) {
        return false;
    }
    let of = |side: usize| {
        let values = records.values(column).iter().zip(&counts[side][column]);
        values.filter(|(text, count)| !text.is_empty() && **count > 0).map(|(text, _)| text).collect::<Vec<&str>>()
    };
    let sides = [of(0), of(1)];
    [0, 1].into_iter().any(|side| {
        let begins: FxHashSet<char> = sides[1 - side].iter().filter_map(|name| name.chars().next()).collect();
        sides[side].iter().any(|name| name.chars().count() == 1 && name.chars().any(|c| begins.contains(&c)))
    })
}

/// The notices about fields that the same people have otherwise in the other file: a frequent value of a field of few values
/// is in one file alone, values agree no more often than by chance, or many differ in one way; and about records that
/// agree in every field, where the same people may have another truth.
pub(super) fn written_otherwise(files: &LabelledPair, records: &Coded, counts: &Counts) -> Vec<Notice> {
    let people = people(files);
    // Those that are compared as recorded come behind, once more.
    let fields = files.records.fields();
    let columns = fields.iter().enumerate();
    let otherwise = columns.filter_map(|(column, field)| otherwise(records, counts, &people, column, field));
    let (differ, agreement) = differ(records, fields, &people);
    otherwise.chain(differ).chain(apart(files, records, &agreement)).collect()
}

/// The notice about people whose truth may be damaged.
pub(super) fn damaged_truth(files: &LabelledPair, records: &Coded) -> Option<Notice> {
    let (_, agreement) = differ(records, files.records.fields(), &people(files));
    apart(files, records, &agreement)
}

/// The rows of A and B of those who are in both files: of several that of the least id, in any order of rows.
fn people(files: &LabelledPair) -> Vec<[u32; 2]> {
    let [in_a, in_b] = [&files.a.ids, &files.b.ids];
    let truth = &files.truth;
    let persons = (0..in_a.len()).map(|row| truth.person_of_a(row)).max().map_or(0, |last| last as usize + 1);
    const NONE: u32 = u32::MAX;
    let of_side = |ids: &Texts, person: &dyn Fn(usize) -> u32| {
        let mut of_person = vec![NONE; persons];
        for row in 0..ids.len() {
            let Some(known) = of_person.get_mut(person(row) as usize) else { continue };
            if *known == NONE || ids.get(row) < ids.get(*known as usize) {
                *known = row as u32;
            }
        }
        of_person
    };
    let of_a = of_side(in_a, &|row| truth.person_of_a(row));
    let of_b = of_side(in_b, &|row| truth.person_of_b(row));
    let people = of_a.into_iter().zip(of_b).filter(|rows| rows.0 != NONE && rows.1 != NONE);
    people.map(|(a, b)| [a, b]).collect()
}

/// Such a notice about a field. `people` are the rows of A and B of those who are in both files.
fn otherwise(records: &Coded, counts: &Counts, people: &[[u32; 2]], column: usize, field: &Field) -> Option<Notice> {
    /// A field has few values if they come so often on average, and are no more than these.
    const TIMES: u64 = 3;
    const MOST: u64 = 100;
    /// Of more values a placeholder may be one, to which nothing in the other file answers.
    const FEW: u64 = 20;
    let of = |side: usize| {
        let (mut values, mut cells) = (0, 0);
        for &count in counts[side][column].iter().skip(1).filter(|&&count| count > 0) {
            (values, cells) = (values + 1, cells + u64::from(count));
        }
        (values, (2..=MOST).contains(&values) && values * TIMES <= cells)
    };
    let [(of_a, few_in_a), (of_b, few_in_b)] = [of(0), of(1)];
    let mut in_both = counts[0][column].iter().zip(&counts[1][column]).skip(1).filter(|(a, b)| **a > 0 && **b > 0);
    // Where no value is in both files, that is told instead; initials are written so on purpose.
    if !few_in_a || !few_in_b || in_both.next().is_none() || initials_meet(records, counts, column) {
        return None;
    }
    let mut pairs: BTreeMap<[u32; 2], u64> = BTreeMap::new();
    let of_both = people.iter().map(|[a, b]| [records.a.get(*a as usize)[column], records.b.get(*b as usize)[column]]);
    of_both.filter(|codes| codes.iter().all(|&code| code > 0)).for_each(|codes| *pairs.entry(codes).or_default() += 1);
    let all: u64 = pairs.values().sum();
    let text = |code: u32| records.text(column, code);
    let (mut told, mut examples, mut affected) = (Vec::new(), Vec::new(), 0);
    for (side, name, other) in [(0, "A", "B"), (1, "B", "A")] {
        let values = (1..).zip(counts[side][column].iter().skip(1)).zip(counts[1 - side][column].iter().skip(1));
        for (code, _) in values.filter(|&((_, &here), &there)| here > 0 && there == 0).map(|(of, _)| of) {
            let with = || pairs.iter().filter(|(codes, _)| codes[side] == code);
            let people: u64 = with().map(|(_, times)| times).sum();
            // Few people may have any value, and rare values are in one file by chance.
            if people < 3 || people * 50 < all || (people < 5 && people * 5 < all) {
                continue;
            }
            let (codes, times) = with().max_by_key(|(codes, times)| (**times, std::cmp::Reverse(**codes)))?;
            if of_a.max(of_b) > FEW && times * 2 < people {
                continue;
            }
            let there = text(codes[1 - side]);
            affected += people;
            told.push(format!(
                "{people} of {all} people in both files have {:?} in {name}, which no record of {other} has, and most often \
                 {there:?} there ({times})",
                text(code),
            ));
            examples.push(match side {
                0 => format!("{} in A, {there} in B", text(code)),
                _ => format!("{there} in A, {} in B", text(code)),
            });
        }
    }
    if !told.is_empty() {
        examples.sort_unstable();
        examples.dedup();
        let sentence = format!("The field {field}: {}. See whether the files write it alike.", told.join("; "));
        let notice = Notice::new(Code::OneSidedValue, sentence).counting(affected);
        return Some(notice.with_examples(examples.iter().map(String::as_str)));
    }
    // Of people drawn from each file at random so many would agree.
    let share = |side: usize, code: u32| {
        let times = pairs.iter().filter(|(codes, _)| codes[side] == code).map(|(_, times)| times).sum::<u64>();
        times as f64 / all as f64
    };
    let values: BTreeSet<u32> = pairs.keys().map(|codes| codes[0]).collect();
    let by_chance: f64 = values.iter().map(|&code| share(0, code) * share(1, code)).sum();
    let agree: u64 = pairs.iter().filter(|([a, b], _)| a == b).map(|(_, times)| times).sum();
    let (expected, spread) = (by_chance * all as f64, (all as f64 * by_chance * (1.0 - by_chance)).sqrt());
    (all > 0 && (agree as f64) < expected - 3.0 * spread).then(|| {
        let sentence = format!(
            "The field {field} is the same for {agree} of {all} people in both files, and would be for {} if they were drawn at \
             random. See whether one file has its values exchanged.",
            whole(expected)
        );
        Notice::new(Code::ValuesExchanged, sentence).counting(all - agree)
    })
}

/// Cells of A, and of B, without a normal form, by field: empty ones, and those that hold nothing that is compared, such as
/// a dash or a date that cannot be read.
pub(super) fn blank(counts: &Counts, fields: usize) -> [Vec<u64>; 2] {
    counts.each_ref().map(|of_file| of_file[..fields].iter().map(|counts| u64::from(counts[0])).collect())
}

fn persons(records: &[u64]) -> Persons {
    let count = |from: u64| records.iter().filter(|&&records| records >= from).count() as u64;
    Persons { persons: count(1), repeated: count(2), most: records.iter().copied().max().unwrap_or(0) }
}
