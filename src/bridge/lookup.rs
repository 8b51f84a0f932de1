//! Records of two files by the ids of a list.

use super::damage::is_count;
use super::two_readings::{complaint, without_points};
use super::whole::{LOST, lost_digits, whole};
use super::{BridgeError, LabelledFile, LabelledPair, Texts};
use crate::record::coded::Dataset;
use rustc_hash::FxHashMap;
use std::num::NonZeroU32;

/// Records by their ids.
pub(super) struct Lookup<'f> {
    pub(super) name: &'f str,
    pub(super) files: &'f LabelledPair,
    a: FxHashMap<&'f str, u32>,
    b: FxHashMap<&'f str, u32>,
    /// Ids that were found as the whole numbers that they are.
    pub(super) whole: u64,
}

/// The rows that have an id, in A and in B. Lists are long, so a row takes four bytes: it is held counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place([Option<NonZeroU32>; 2]);

impl Place {
    fn of(rows: [Option<u32>; 2]) -> Place {
        Place(rows.map(|row| row.and_then(|row| NonZeroU32::new(row + 1))))
    }

    /// The row in a file.
    pub(super) fn row(self, side: Dataset) -> Option<u32> {
        self.0[side as usize].map(|row| row.get() - 1)
    }
}

impl<'f> Lookup<'f> {
    pub(super) fn new(name: &'f str, files: &'f LabelledPair) -> Lookup<'f> {
        let by_id = |ids: &'f Texts| ids.iter().enumerate().map(|(row, id)| (id, row as u32)).collect();
        let (a, b) = (by_id(&files.a.ids), by_id(&files.b.ids));
        Lookup { name, files, a, b, whole: 0 }
    }

    /// The rows that have an id; `None` for one in neither file, which may be of a record that was left out. `1.0` is
    /// looked for as 1 where no id is called so.
    pub(super) fn find(&mut self, id: &str, line: u64) -> Result<Option<Place>, BridgeError> {
        let rows = |id: &str| [self.a.get(id).copied(), self.b.get(id).copied()];
        let mut found = rows(id);
        if let Some(whole) = whole(id)
            && found == [None, None]
            && whole != id
            && !lost_digits(id)
        {
            found = rows(&whole);
            if found != [None, None] && without_points(id).is_some_and(|other| rows(&other) != [None, None]) {
                let (problem, remedy) = complaint(id);
                return Err(BridgeError::new(self.name, problem, remedy).at_line(line));
            }
            self.whole += u64::from(found != [None, None]);
        }
        if found != [None, None] {
            return Ok(Some(Place::of(found)));
        }
        if self.files.a.ignored + self.files.b.ignored > 0 {
            return Ok(None);
        }
        let mut problem = format!("the id {id:?} is in neither {} nor {}", self.files.a.name, self.files.b.name);
        let remedy = match self.but_for_zeros(id) {
            _ if is_count(id) => "it counts the rows of the list: take the line out".to_owned(),
            _ if lost_digits(id) => LOST.to_owned(),
            Some((file, known)) => {
                problem += &format!("; {file} has {known:?}, the same number with other zeros at its front");
                let digits = whole(id).map_or(id.len(), |number| number.len());
                let lost_by = if known.len() > digits { "the list" } else { file };
                format!(
                    "zeros at the front were lost when {lost_by} was written: write the column as text in the program that made it"
                )
            }
            None => "check that the list is of these two files, and holds ids and not numbers of rows".to_owned(),
        };
        Err(BridgeError::new(self.name, problem, remedy).at_line(line))
    }

    /// The first id that differs from this one in nothing but zeros at the front, with the name of its file.
    fn but_for_zeros(&self, id: &str) -> Option<(&'f str, &'f str)> {
        let number = whole(id).filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))?;
        let is_it = |known: &&str| {
            let is_number = !known.is_empty() && known.bytes().all(|byte| byte.is_ascii_digit());
            is_number && known.trim_start_matches('0') == number.trim_start_matches('0')
        };
        let files: [&'f LabelledFile; 2] = [&self.files.a, &self.files.b];
        files.into_iter().find_map(|file| Some((file.name.as_str(), file.ids.iter().find(is_it)?)))
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
}
