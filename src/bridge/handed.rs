//! Columns of a list of clusters that may say which records are in their cluster: [`Said`].

use super::contents::Contents;

/// The cells of a column, record by record.
#[derive(Default)]
pub(super) struct Said {
    pub(super) column: usize,
    values: Vec<String>,
    /// The number of each record's value; [`Said::OTHER`] for one beyond the first.
    codes: Vec<u8>,
}

impl Said {
    /// So many different values say what a column holds; this stands for all others.
    const OTHER: u8 = 16;

    pub(super) fn of(column: usize) -> Said {
        Said { column, ..Said::default() }
    }

    /// Takes in the cell of the next record.
    pub(super) fn push(&mut self, text: &str) {
        let code = match self.values.iter().position(|value| value == text) {
            Some(known) => known,
            None if self.values.len() < usize::from(Said::OTHER) => {
                self.values.push(text.to_owned());
                self.values.len() - 1
            }
            None => usize::from(Said::OTHER),
        };
        self.codes.push(code as u8);
    }

    /// The contents among some records, each with whether another of its cluster and the other file is the same person.
    pub(super) fn among(&self, records: impl Iterator<Item = (usize, bool)>) -> Contents {
        let mut contents = Contents::default();
        let text = |record: usize| self.values.get(usize::from(self.codes[record])).map_or("…", String::as_str);
        records.for_each(|(record, right)| contents.see(text(record), right));
        contents
    }
}
