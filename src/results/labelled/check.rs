//! The input report on two labelled files, before they are matched.

use super::{InputFile, Inputs};
use crate::bridge::LabelledPair;
use crate::experiment::link::{self, Checked, Persons};
use crate::notice::Notice;
use crate::results::VERSION;
use serde::{Deserialize, Serialize};

/// The content of two labelled files before they are matched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckResults {
    /// The version of this format.
    pub schema: CheckSchema,
    /// The version of Namesake.
    pub version: String,
    /// The files.
    pub files: CheckedFiles,
    /// Pairs across the files that are one person.
    pub true_pairs: u64,
    /// The fields.
    pub fields: Vec<CheckedField>,
    /// Notices about the files.
    pub notices: Vec<Notice>,
}

format_of! {
    CheckResults:
    /// The format of [`CheckResults`].
    CheckSchema = "namesake.check/1"
}

/// The two files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckedFiles {
    /// File A.
    pub a: CheckedFile,
    /// File B.
    pub b: CheckedFile,
}

/// One of the two files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckedFile {
    /// Its name.
    pub name: String,
    /// The delimiter of its cells; null in a file that has none.
    pub separated_by: Option<String>,
    /// Its records.
    pub records: u64,
    /// Records without truth that were left out.
    pub ignored: u64,
    /// Its persons.
    pub persons: u64,
    /// Persons with several records.
    pub persons_repeated: u64,
    /// The most records of one person.
    pub most_records_of_a_person: u64,
}

/// A field of both files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckedField {
    /// Its name.
    pub field: String,
    /// Blank cells.
    pub blank: Both,
    /// Distinct values.
    pub distinct: Both,
    /// Values that both files have.
    pub shared: u64,
}

/// A count in each of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// In file A.
    pub a: u64,
    /// In file B.
    pub b: u64,
}

impl CheckResults {
    /// Examines two labelled files.
    pub fn of(files: &LabelledPair, checked: &Checked) -> CheckResults {
        let Inputs { files: [a, b], blank, .. } = Inputs::of(files, &checked.blank);
        let file = |InputFile { name, separated_by, records, ignored }, persons: Persons| CheckedFile {
            name,
            separated_by,
            records,
            ignored,
            persons: persons.persons,
            persons_repeated: persons.repeated,
            most_records_of_a_person: persons.most,
        };
        let both = |[a, b]: [u64; 2]| Both { a, b };
        let field = |(field, (name, blank)): (&link::CheckedField, (String, [u64; 2]))| CheckedField {
            field: name,
            blank: both(blank),
            distinct: both(field.distinct),
            shared: field.shared,
        };
        CheckResults {
            schema: CheckSchema::First,
            version: VERSION.to_string(),
            files: CheckedFiles { a: file(a, checked.persons[0]), b: file(b, checked.persons[1]) },
            true_pairs: checked.true_pairs,
            fields: checked.fields.iter().zip(blank).map(field).collect(),
            notices: checked.notices.clone(),
        }
    }

    /// The two files as they were read.
    pub fn inputs(&self) -> Inputs {
        let CheckedFiles { a, b } = &self.files;
        let file = |file: &CheckedFile| InputFile {
            name: file.name.clone(),
            separated_by: file.separated_by.clone(),
            records: file.records,
            ignored: file.ignored,
        };
        let blank = self.fields.iter().map(|field| (field.field.clone(), [field.blank.a, field.blank.b]));
        Inputs { files: [file(a), file(b)], blank: blank.collect(), learned_before: false }
    }
}
