//! Records of two files by the ids of a list, and which file each is of.

use super::numbers::{LOST, lost_digits, whole};
use super::{BridgeError, ColumnPair, LabelledPair, Texts};
use crate::record::coded::Dataset;
use rustc_hash::FxHashMap;

/// Records by their ids.
pub(super) struct Lookup<'f> {
    pub(super) name: &'f str,
    files: &'f LabelledPair,
    /// The list's names for the files, where the spec states them.
    called: Option<&'f ColumnPair>,
    a: FxHashMap<&'f str, u32>,
    b: FxHashMap<&'f str, u32>,
    /// The file that each name of the list stands for, where the name says so.
    names: FxHashMap<String, Option<Dataset>>,
    /// Ids that were found as the whole numbers that they are.
    pub(super) whole: u64,
}

/// The positions of a pair's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A row of A and one of B; whether the left one is of A.
    Pair((u32, u32), bool),
    /// Both ids are in both files, and nothing says which is which: the rows if the left one is of A, and if it is of B.
    Either((u32, u32), (u32, u32)),
    /// The pair is within one file, or of a record that was left out.
    LeftOut,
}

impl<'f> Lookup<'f> {
    pub(super) fn new(name: &'f str, files: &'f LabelledPair, called: Option<&'f ColumnPair>) -> Lookup<'f> {
        let by_id = |ids: &'f Texts| ids.iter().enumerate().map(|(row, id)| (id, row as u32)).collect();
        let (a, b) = (by_id(&files.a.ids), by_id(&files.b.ids));
        Lookup { name, files, called, a, b, names: FxHashMap::default(), whole: 0 }
    }

    /// The row of an id in each file. `1.0` is looked for as 1 where no id is called so.
    fn rows(&mut self, id: &str) -> [Option<u32>; 2] {
        let rows = |id: &str| [self.a.get(id).copied(), self.b.get(id).copied()];
        let found = rows(id);
        match whole(id) {
            Some(whole) if found == [None, None] && whole != id && !lost_digits(id) => {
                let found = rows(&whole);
                self.whole += u64::from(found != [None, None]);
                found
            }
            _ => found,
        }
    }

    /// The records of a pair, each an id and the file that it is of, if that is known. One side that is known fixes the
    /// other.
    pub(super) fn pair(
        &mut self,
        l: (&str, Option<Dataset>),
        r: (&str, Option<Dataset>),
        line: u64,
    ) -> Result<Place, BridgeError> {
        let ([l_a, l_b], [r_a, r_b]) = (self.rows(l.0), self.rows(r.0));
        let (forward, backward) = (l_a.zip(r_b), r_a.zip(l_b));
        let place = match (l.1, r.1) {
            (Some(l), Some(r)) if l == r => return Ok(Place::LeftOut),
            (Some(Dataset::A), _) | (_, Some(Dataset::B)) => forward.map(|rows| Place::Pair(rows, true)),
            (Some(Dataset::B), _) | (_, Some(Dataset::A)) => backward.map(|rows| Place::Pair(rows, false)),
            (None, None) => match (forward, backward) {
                (Some(forward), Some(backward)) if forward != backward => Some(Place::Either(forward, backward)),
                (Some(rows), _) => Some(Place::Pair(rows, true)),
                (None, backward) => backward.map(|rows| Place::Pair(rows, false)),
            },
        };
        if let Some(place) = place {
            return Ok(place);
        }
        for (id, rows) in [(l.0, [l_a, l_b]), (r.0, [r_a, r_b])] {
            if rows == [None, None] {
                return self.unknown(id, line).map(|()| Place::LeftOut);
            }
        }
        // Both are there, and in the same file.
        Ok(Place::LeftOut)
    }

    /// The side and row of a record; `None` for one that is left out.
    pub(super) fn record(
        &mut self,
        id: &str,
        dataset: Option<&str>,
        line: u64,
    ) -> Result<Option<(Dataset, u32)>, BridgeError> {
        let side = self.side(dataset);
        match (side, self.rows(id)) {
            (Some(Dataset::A), [Some(row), _]) | (None, [Some(row), None]) => Ok(Some((Dataset::A, row))),
            (Some(Dataset::B), [_, Some(row)]) | (None, [None, Some(row)]) => Ok(Some((Dataset::B, row))),
            (None, [Some(_), Some(_)]) => {
                let problem = format!("the id {id:?} is in both files, and nothing says which is meant");
                let remedy = match dataset {
                    None => "add a column source_dataset with a or b",
                    Some(_) => NAME_THEM,
                };
                Err(BridgeError::new(self.name, problem, remedy).at_line(line))
            }
            _ => self.unknown(id, line).map(|()| None),
        }
    }

    /// Refuses numbers of rows that name other records than the ids beside them.
    pub(super) fn check_rows(&self, (a, b): (u32, u32), numbers: (&str, &str)) -> Result<(), (String, &'static str)> {
        let files = [(&self.files.a, a, numbers.0), (&self.files.b, b, numbers.1)];
        for (file, row, number) in files.into_iter().filter(|(file, ..)| file.ignored == 0) {
            if number.parse::<f64>().is_ok_and(|number| number != f64::from(row) + 1.0) {
                let problem = format!(
                    "row {number} is not the record {:?} of {}, which is row {} there",
                    file.ids.get(row as usize),
                    file.name,
                    row + 1
                );
                let remedy = "if the file was sorted since, take the columns of row numbers out of the list";
                return Err((problem, remedy));
            }
        }
        Ok(())
    }

    /// The row that a number from 1 stands for.
    pub(super) fn row(&self, side: Dataset, number: &str, line: u64) -> Result<u32, BridgeError> {
        let file = if side == Dataset::A { &self.files.a } else { &self.files.b };
        let problem = if file.ignored > 0 {
            "rows are counted here, and some of the file were left out because they have no truth value".to_string()
        } else {
            match number.parse::<f64>() {
                Ok(row) if row.fract() == 0.0 && row >= 1.0 && row <= file.ids.len() as f64 => {
                    return Ok(row as u32 - 1);
                }
                _ => format!("{number:?} is not a row of {}, which has rows 1 to {}", file.name, file.ids.len()),
            }
        };
        Err(BridgeError::new(self.name, problem, "list ids instead, in columns id_a and id_b").at_line(line))
    }

    /// The file that a name stands for, if it says so.
    pub(super) fn side(&mut self, dataset: Option<&str>) -> Option<Dataset> {
        let dataset = dataset?;
        if let Some(side) = self.names.get(dataset) {
            return *side;
        }
        let name = dataset.to_lowercase();
        let stem = |file: &str| {
            let file = file.rsplit('/').next().unwrap_or(file);
            file.split_once('.').map_or(file, |(stem, _)| stem).to_lowercase()
        };
        let of = |file: &str, called: Option<&str>, letter: &str, number: &str| match called {
            Some(called) => called.to_lowercase() == name,
            None => {
                name == letter
                    || name == number
                    || name == stem(file)
                    || name == format!("__splink__input_table_{number}")
            }
        };
        let called = self.called;
        let of_a = of(&self.files.a.name, called.map(|called| called.a.as_str()), "a", "0");
        let of_b = of(&self.files.b.name, called.map(|called| called.b.as_str()), "b", "1");
        let side = match (of_a, of_b) {
            (true, false) => Some(Dataset::A),
            (false, true) => Some(Dataset::B),
            _ => None,
        };
        self.names.insert(dataset.to_owned(), side);
        side
    }

    /// An id that is in neither file is an error, unless records were left out: it may be one of those.
    fn unknown(&self, id: &str, line: u64) -> Result<(), BridgeError> {
        if self.files.a.ignored + self.files.b.ignored > 0 {
            return Ok(());
        }
        let problem = format!("the id {id:?} is in neither {} nor {}", self.files.a.name, self.files.b.name);
        let remedy = match lost_digits(id) {
            true => LOST,
            false => "check that the list is of these two files, and holds ids and not numbers of rows",
        };
        Err(BridgeError::new(self.name, problem, remedy).at_line(line))
    }
}

/// The remedy where names of files in a list say nothing.
pub(super) const NAME_THEM: &str =
    "write datasets = { a = \"…\", b = \"…\" } in the spec, with the names that the list has for the two files";
