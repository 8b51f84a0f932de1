//! Signs that a file or a list was cut: a last line that does not end, and records in their order of which the last are
//! missing.

use super::pair::Reading;
use super::rows::Batch;
use super::{BridgeError, FoundPair, LabelledPair};
use crate::notice::{Code, Notice, by_number};
use crate::record::coded::Dataset;

/// The last record of a file.
#[derive(Default)]
pub(super) struct Last {
    /// Its line, and its last cell.
    pub(super) line: u64,
    pub(super) text: String,
}

impl Last {
    /// Takes in a batch, of which the last record may be that of the file.
    pub(super) fn see(&mut self, batch: &Batch<'_>) {
        let Some(row) = batch.len().checked_sub(1) else { return };
        self.line = batch.line(row);
        self.text.clear();
        self.text.push_str(batch.last_text(row).unwrap_or_default());
    }

    /// The same error, with the remedy for a file that was cut, where it is about the last line and that does not end.
    pub(super) fn explain(&self, mut error: BridgeError, is_unended: bool) -> BridgeError {
        if is_unended && error.line.is_some_and(|line| line >= self.line) {
            error.remedy += "; the file ends within this line, so it may have been cut here: write it again";
        }
        error
    }
}

/// Returns `true` if other texts begin with this one.
pub(super) fn begins_others<'t>(text: &str, mut others: impl Iterator<Item = &'t str>) -> bool {
    !text.is_empty() && others.any(|other| other.len() > text.len() && other.starts_with(text))
}

/// The notice that the last record of a file may have been cut, since its last cell is the beginning of other values.
pub(super) fn within_a_line<'t>(file: &str, last: &Last, others: impl Iterator<Item = &'t str>) -> Notice {
    let longer = others.filter(|other| other.len() > last.text.len() && other.starts_with(&last.text));
    let mut longer: Vec<&str> = longer.collect();
    longer.sort_unstable();
    longer.dedup();
    let sentence = format!(
        "{file}, line {}: the file ends within this line, and its last cell {:?} is the beginning of other values. If the \
         file was cut there, the record is read as another than it is: write the file again.",
        last.line, last.text
    );
    Notice::new(Code::FileCut, sentence).counting(1).with_examples(longer)
}

/// The notice about a file that ends within its last truth value, if that makes a second record of a person.
pub(super) fn truth_cut(reading: &Reading, last: &Last) -> Option<Notice> {
    let persons = || reading.persons.iter();
    let times = persons().filter(|person| *person == last.text).count();
    let is_last = persons().last() == Some(last.text.as_str());
    let is_cut = is_last && times > 1 && begins_others(&last.text, persons());
    is_cut.then(|| within_a_line(&reading.file.name, last, persons()))
}

/// The notice that a list in the order of a file has none of the true pairs of the records at that file's end. `pairs` are
/// in the order of the list.
pub(super) fn stops_early(list: &str, files: &LabelledPair, pairs: &[FoundPair]) -> Option<Notice> {
    of_side(list, files, pairs, Dataset::A).or_else(|| of_side(list, files, pairs, Dataset::B))
}

fn of_side(list: &str, files: &LabelledPair, pairs: &[FoundPair], side: Dataset) -> Option<Notice> {
    /// Of fewer pairs the order may be chance.
    const FEWEST: usize = 20;
    /// So rarely does chance take all missing pairs from the end.
    const RARELY: f64 = 1e-6;
    let (file, name) = if side == Dataset::A { (&files.a, "A") } else { (&files.b, "B") };
    let row = |pair: &FoundPair| if side == Dataset::A { pair.a } else { pair.b };
    let rows: Vec<u32> = pairs.iter().map(row).collect();
    let last = *rows.last()? as usize;
    if rows.len() < FEWEST || !rows.is_sorted() || rows[0] as usize == last {
        return None;
    }
    let partners = if side == Dataset::A { files.truth.partners() } else { files.truth.partners_of_b() };
    // The pairs of the last record itself may be cut.
    let sum = |partners: &[u64]| partners.iter().sum::<u64>();
    let (before, behind) = (sum(&partners[..=last]), sum(&partners[last + 1..]));
    let found = pairs.iter().filter(|pair| files.truth.same(pair.a as usize, pair.b as usize)).count() as u64;
    // Of a few pairs this share may be chance.
    let missed = (before.saturating_sub(found) + 1) as f64 / (before + 2) as f64;
    let by_chance = libm::pow(missed, behind as f64);
    let is_told = found as usize >= FEWEST / 2 && found * 4 > before && by_chance < RARELY;
    (is_told && behind > 1).then(|| {
        let sentence = format!(
            "{list} is in the order of {name} and ends at record {} of {}: of the {before} pairs of one person up to there it \
             has {found}, and of the {behind} behind it none. If it was cut there, write it again.",
            last + 1,
            by_number(file.ids.len() as u64, "one", &file.ids.len().to_string()),
        );
        Notice::new(Code::ListCut, sentence).counting(behind)
    })
}
