//! What two files hold, before they are matched: [`check`].

use super::LinkSpec;
use super::notices::of_fields;
use crate::bridge::LabelledPair;
use crate::notice::{Code, Notice};
use crate::record::Field;

/// What two files hold.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The persons of A, and of B.
    pub persons: [Persons; 2],
    /// Pairs of a record of A and one of B that are one person.
    pub true_pairs: u64,
    /// The fields, in their order.
    pub fields: Vec<CheckedField>,
    /// What to know about the files.
    pub notices: Vec<Notice>,
}

/// How many records the persons of a file have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Persons {
    /// Persons.
    pub persons: u64,
    /// Persons with several records in the file.
    pub repeated: u64,
    /// The most records that one has.
    pub most: u64,
}

/// What a field holds in both files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedField {
    /// The field.
    pub field: Field,
    /// Blank cells of A, and of B.
    pub blank: [u64; 2],
    /// Distinct values of A, and of B, blanks apart.
    pub distinct: [u64; 2],
    /// Distinct values that are in both.
    pub shared: u64,
}

/// What two files hold, before they are matched.
pub fn check(files: &LabelledPair, spec: &LinkSpec) -> Checked {
    let counts = files.records.counts();
    let field = |(column, field): (usize, &Field)| {
        let of = |side: usize| counts[side][column].iter().skip(1).filter(|&&count| count > 0).count() as u64;
        let both = counts[0][column].iter().zip(&counts[1][column]).skip(1);
        CheckedField {
            field: field.clone(),
            blank: [0, 1].map(|side: usize| u64::from(counts[side][column][0])),
            distinct: [of(0), of(1)],
            shared: both.filter(|&(&a, &b)| a > 0 && b > 0).count() as u64,
        }
    };
    let fields: Vec<CheckedField> = files.records.fields().iter().enumerate().map(field).collect();
    let apart = |field: &&CheckedField| field.shared == 0 && field.distinct.iter().all(|&distinct| distinct > 0);
    let never_meet = fields.iter().filter(apart).map(|field| {
        let sentence = format!("No value of {} is in both files: see whether they write it alike.", field.field);
        Notice::new(Code::NoCommonValue, sentence)
    });
    Checked {
        persons: files.truth.records_by_person().map(|records| persons(&records)),
        true_pairs: files.truth.pairs(),
        notices: files.notices.iter().cloned().chain(of_fields(files, spec)).chain(never_meet).collect(),
        fields,
    }
}

fn persons(records: &[u64]) -> Persons {
    let count = |from: u64| records.iter().filter(|&&records| records >= from).count() as u64;
    Persons { persons: count(1), repeated: count(2), most: records.iter().copied().max().unwrap_or(0) }
}
