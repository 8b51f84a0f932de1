//! The tables of a run folder. Each declares its columns beside its rows, once: the file takes its header from there, and
//! the dictionary that lies beside it says what every column holds.

use super::written::csv_of;
use crate::evaluation::{End, Stop};
use crate::results::{Details, Results};
use crate::scenario::{Consequence, attributes};

/// A CSV file of a run folder.
pub(super) struct Table {
    /// Its name.
    pub file: &'static str,
    /// The meaning of one row.
    pub row: &'static str,
    /// Its columns.
    pub columns: fn() -> Columns,
    /// Its rows; `None` where the run has nothing for it.
    pub rows: for<'r> fn(&'r Results, &'r Details) -> Option<Rows<'r>>,
}

/// The rows of a table, each with a cell for every column.
pub(super) type Rows<'r> = Box<dyn Iterator<Item = Vec<String>> + 'r>;

impl Table {
    /// The file, where the run has something for it.
    pub fn csv(&self, results: &Results, details: &Details) -> Option<Vec<u8>> {
        let Columns(columns) = (self.columns)();
        let rows = (self.rows)(results, details)?;
        Some(csv_of(columns.iter().map(|(name, _)| name), rows))
    }

    /// The section of the dictionary.
    pub fn section(&self) -> String {
        let Columns(columns) = (self.columns)();
        let columns: String = columns.iter().map(|(name, holds)| format!("| `{name}` | {holds} |\n")).collect();
        format!("\n## {}\n\nOne row is {}.\n\n| column | holds |\n|---|---|\n{columns}", self.file, self.row)
    }
}

/// The name of each column, and what it holds.
pub(super) struct Columns(Vec<(String, String)>);

impl Columns {
    /// Columns that are always the same.
    pub fn of(columns: &[(&str, &str)]) -> Columns {
        Columns(columns.iter().map(|(name, holds)| (name.to_string(), holds.to_string())).collect())
    }

    /// A column for each attribute of people.
    pub fn with_attributes(mut self, of: &str) -> Columns {
        self.0.extend(attributes().iter().map(|a| (a.name.to_string(), format!("{of}: its `{}`", a.name))));
        self
    }

    /// The columns about an answer, after a prefix.
    pub fn with_answer(mut self, prefix: &str, of: &str) -> Columns {
        let (held_back_by, ended_by) = (one_of(&Stop::ALL.map(Stop::name)), one_of(&End::ALL.map(End::name)));
        let held_back_by = format!("{held_back_by}, if somebody held it back; blank if it was handed over");
        let ended_by = format!("{ended_by}, if one ended the consequences early");
        let own = [
            ("held_back_by", held_back_by.as_str()),
            ("address_out_of_date", "whether the person does not live at the address on file"),
            ("check_not_made", "whether the route leaves out a comparison that the terms require"),
            ("sought_in_error", "whether the person sought is on the list in error"),
        ];
        let own = own.map(|(name, holds)| (name.to_string(), holds.to_string()));
        let days = Consequence::ALL.into_iter().map(|kind| {
            let name = kind.name();
            (format!("{name}_days"), format!("days under `{name}`; blank without any"))
        });
        let last = [
            ("record_kept_days", "days for which the record is kept, where the terms limit them"),
            ("ended_by", &ended_by),
        ];
        let last = last.map(|(name, holds)| (name.to_string(), holds.to_string()));
        let columns = own.into_iter().chain(days).chain(last);
        self.0.extend(columns.map(|(name, holds)| (format!("{prefix}{name}"), format!("{of}: {holds}"))));
        self
    }
}

/// Names of values, as the dictionary gives them: `review` or `notice`.
fn one_of(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}
