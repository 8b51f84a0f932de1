//! Two labelled files and a list of pairs, as values: whatever reads, checks or compares them.

use super::texts::Texts;
use crate::notice::Notice;
use crate::record::coded::{Coded, Coding};

/// Two labelled files, and apart from them their truth.
#[derive(Clone, Debug)]
pub struct LabelledPair {
    /// The requester's file.
    pub a: LabelledFile,
    /// The holder's file.
    pub b: LabelledFile,
    /// The records of both, with their cells as the files have them, spaces at the ends apart.
    pub records: Coded,
    /// The persons whom the records are about.
    pub truth: TruthColumns,
    /// Notices about the files.
    pub notices: Vec<Notice>,
}

/// The content of a file besides its fields.
#[derive(Clone, Debug)]
pub struct LabelledFile {
    /// The name of the file in errors.
    pub name: String,
    /// The ids of the file, by row.
    pub ids: Texts,
    /// For each group column of this file its name and the values by row.
    pub groups: Vec<(String, Texts)>,
    /// Records left out because they have no truth value.
    pub ignored: u64,
    /// The delimiter in words; `None` for Parquet.
    pub separated_by: Option<String>,
    /// The names of its columns.
    pub(super) columns: Vec<String>,
    /// The first ids with their truth values, for messages.
    pub(super) first: Vec<(String, String)>,
}

/// The person each record is about, as a number. Equal numbers mean the same person.
#[derive(Clone, Debug, Default)]
pub struct TruthColumns {
    pub(super) a: Vec<u32>,
    pub(super) b: Vec<u32>,
    /// Pairs that are one person.
    pub(super) pairs: u64,
}

/// A file as it was read.
pub(super) struct Reading {
    pub(super) file: LabelledFile,
    pub(super) cells: Coding,
    /// The person each record is about.
    pub(super) persons: Texts,
    /// Notices about the file.
    pub(super) notices: Vec<Notice>,
    /// For each word for a missing value, `true` if a cell holds it.
    pub(super) words: Vec<bool>,
    /// The line that each record begins on.
    pub(super) lines: Vec<u32>,
    /// The last record, where the file ends within a truth value.
    pub(super) cut: Option<Last>,
}

/// The last record of a file.
#[derive(Default)]
pub(super) struct Last {
    /// Its line, and its last cell.
    pub(super) line: u64,
    pub(super) text: String,
}

/// A pair that another program found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundPair {
    /// The row in file A.
    pub a: u32,
    /// The row in file B.
    pub b: u32,
    /// The score that the program gave it.
    pub score: Option<f64>,
    /// `false` if the list says that it is no match.
    pub is_match: bool,
}
