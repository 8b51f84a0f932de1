//! Contents of two files before they are matched: [`check`].

use super::notices::of_fields;
use crate::bridge::LabelledPair;
use crate::linkage::batch::{LinkSpec, normal_forms};
use crate::notice::{Code, Notice};
use crate::record::Field;
use crate::record::coded::{Coded, Rows, each};

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
    let blank = blank(&records, fields.len());
    Checked {
        persons: files.truth.records_by_person().map(|records| persons(&records)),
        true_pairs: files.truth.pairs(),
        notices: files
            .notices
            .iter()
            .cloned()
            .chain(of_fields(files, &blank, spec))
            .chain(spec.notices.iter().cloned())
            .chain(never_meet(&records, files.records.fields()))
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
pub(super) fn never_meet(records: &Coded, fields: &[Field]) -> Vec<Notice> {
    let counts = records.counts();
    let apart = |(column, _): &(usize, &Field)| {
        let has = |side: usize| counts[side][*column].iter().skip(1).any(|&count| count > 0);
        let mut both = counts[0][*column].iter().zip(&counts[1][*column]).skip(1);
        has(0) && has(1) && !both.any(|(&a, &b)| a > 0 && b > 0)
    };
    let notice = |(_, field): (usize, &Field)| {
        let sentence = format!("No value of {field} is in both files: see whether they write it alike.");
        Notice::new(Code::NoCommonValue, sentence)
    };
    fields.iter().enumerate().filter(apart).map(notice).collect()
}

/// Cells of A, and of B, without a normal form, by field: empty ones, and those that hold nothing that is compared, such as
/// a dash or a date that cannot be read.
pub(super) fn blank(records: &Coded, fields: usize) -> [Vec<u64>; 2] {
    let of = |rows: &&Rows| {
        let mut blank = vec![0; fields];
        rows.iter().for_each(|row| blank.iter_mut().zip(row).for_each(|(blank, &code)| *blank += u64::from(code == 0)));
        blank
    };
    <[Vec<u64>; 2]>::try_from(each(&[&records.a, &records.b], of)).expect("as many as went in")
}

fn persons(records: &[u64]) -> Persons {
    let count = |from: u64| records.iter().filter(|&&records| records >= from).count() as u64;
    Persons { persons: count(1), repeated: count(2), most: records.iter().copied().max().unwrap_or(0) }
}
