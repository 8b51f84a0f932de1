//! Signs that a file or a list was cut: a last line that does not end, and records in their order of which the last are
//! missing.

use super::pair::{Last, Reading};
use super::rows::Batch;
use super::{BridgeError, FoundPair, LabelledFile, LabelledPair, Texts, TruthColumns};
use crate::notice::{Code, Notice};
use crate::record::coded::Dataset;

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

/// So rarely does a whole value look like one that was cut, among the others of the file.
const RARELY: usize = 20;

/// The notice about a file that ends within its last truth value, if that makes a second record of a person.
pub(super) fn truth_cut(reading: &Reading, last: &Last) -> Option<Notice> {
    let persons = || reading.persons.iter();
    let is_last = persons().last() == Some(last.text.as_str());
    if !is_last || !begins_others(&last.text, persons()) {
        return None;
    }
    let mut sorted: Vec<&str> = persons().collect();
    sorted.sort_unstable();
    // Of each person whether there are several records, and whether the name is the beginning of another.
    let is_like = |of_one: &&[&str]| {
        let place = sorted.partition_point(|person| *person <= of_one[0]);
        of_one.len() > 1 && sorted.get(place).is_some_and(|next| next.starts_with(of_one[0]))
    };
    let like: Vec<&[&str]> = sorted.chunk_by(|x, y| x == y).filter(is_like).collect();
    let others = like.iter().filter(|of_one| of_one[0] != last.text).map(|of_one| of_one.len()).sum::<usize>();
    let is_cut = like.iter().any(|of_one| of_one[0] == last.text)
        && others * RARELY <= sorted.len()
        && !goes_on_downwards(persons());
    is_cut.then(|| within_a_line(&reading.file.name, last, persons()))
}

/// Returns `true` if texts are whole numbers, perhaps with one text in front of all, that get smaller, the last one by no more
/// than others before: then the last is short because it is small.
fn goes_on_downwards<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    let (mut before, mut last, mut most) = (None, 0, 0);
    let mut in_front: Option<&str> = None;
    for text in texts {
        let (front, digits) = text.split_at(text.trim_end_matches(|c: char| c.is_ascii_digit()).len());
        let Ok(number) = digits.parse::<u64>() else { return false };
        if *in_front.get_or_insert(front) != front {
            return false;
        }
        if let Some(before) = before {
            if number > before {
                return false;
            }
            most = most.max(last);
            last = before - number;
        }
        before = Some(number);
    }
    last <= most
}

/// The notice that the last truth value of a file may be the beginning of one of the other file, which nobody has here.
/// `persons` are the texts that name the persons of A and of B.
pub(super) fn truth_shortened(
    file: &LabelledFile,
    last: &Last,
    side: Dataset,
    persons: [&Texts; 2],
    truth: &TruthColumns,
) -> Option<Notice> {
    let (of_file, of_other) = (persons[side as usize], persons[1 - side as usize]);
    let end = of_file.len().checked_sub(1).filter(|&end| of_file.get(end) == last.text)?;
    let (here, elsewhere) = match side {
        Dataset::A => (truth.partners(), truth.partners_of_b()),
        Dataset::B => (truth.partners_of_b(), truth.partners()),
    };
    let alone = of_other.iter().zip(&elsewhere).filter(|(_, partners)| **partners == 0).map(|(text, _)| text);
    let mut alone: Vec<&str> = alone.collect();
    alone.sort_unstable();
    let begins_one = |text: &str| {
        let behind = alone.partition_point(|other| *other <= text);
        alone.get(behind).is_some_and(|other| other.starts_with(text))
    };
    let is_like = |row: usize| (here[row] > 0) == (here[end] > 0) && begins_one(of_file.get(row));
    let like = (0..end).filter(|&row| is_like(row)).count();
    let is_twice = (0..end).any(|row| of_file.get(row) == last.text);
    let is_shortest = || (0..end).all(|row| of_file.get(row).len() > last.text.len());
    let is_told = !is_twice
        && is_like(end)
        && like * RARELY <= end
        && (end >= RARELY || is_shortest())
        && !goes_on_downwards(of_file.iter());
    is_told.then(|| within_a_line(&file.name, last, alone.into_iter()))
}

/// The notice that a list in the order of a file has none of the true pairs of the records at that file's end, or in the
/// reverse order none of those at its beginning. `pairs` are in the order of the list.
pub(super) fn stops_early(list: &str, files: &LabelledPair, pairs: &[FoundPair]) -> Option<Notice> {
    let found = pairs.iter().filter(|pair| files.truth.same(pair.a as usize, pair.b as usize)).count() as u64;
    let of_side = |side: Dataset| {
        let file = if side == Dataset::A { &files.a } else { &files.b };
        let rows: Vec<u32> = pairs.iter().map(|pair| if side == Dataset::A { pair.a } else { pair.b }).collect();
        let fitting = Order::ALL.into_iter();
        fitting.filter(|order| order.fits(&rows, &file.ids)).find_map(|order| {
            let partners = if side == Dataset::A { files.truth.partners() } else { files.truth.partners_of_b() };
            let ended = order.ended(*rows.last()?, &file.ids, &partners, found)?;
            Some((order, file, ended))
        })
    };
    [Dataset::A, Dataset::B].into_iter().find_map(|side| {
        let (order, file, Ended { last, before, behind }) = of_side(side)?;
        let ends = match order {
            Order::Forward => format!("in the order of {side:?} and ends"),
            Order::Backward => format!("in the reverse order of {side:?} and ends"),
            Order::ById | Order::ByNumber => {
                format!("in the order of the ids of {side:?} and ends with {:?},", file.ids.get(last))
            }
            Order::ByIdBackward | Order::ByNumberBackward => {
                format!("in the reverse order of the ids of {side:?} and ends with {:?},", file.ids.get(last))
            }
        };
        let sentence = format!(
            "{list} is {ends} at record {} of {}: of the {before} pairs of one person up to there it has {found}, and of the \
             {behind} behind it none. If it was cut there, write it again.",
            last + 1,
            file.ids.len(),
        );
        Some(Notice::new(Code::ListCut, sentence).counting(behind))
    })
}

/// The order of a list by the records of a file.
#[derive(Clone, Copy)]
enum Order {
    Forward,
    Backward,
    /// By ids as texts.
    ById,
    ByIdBackward,
    /// By ids of which a longer one is a larger number.
    ByNumber,
    ByNumberBackward,
}

/// The end of a list in an order of records.
struct Ended {
    /// The last row of the list.
    last: usize,
    /// Pairs of one person of the records up to it, and of those behind it.
    before: u64,
    behind: u64,
}

/// Fewer records are in any order by chance.
const FEWEST: usize = 6;

impl Order {
    const ALL: [Order; 6] =
        [Order::Forward, Order::Backward, Order::ById, Order::ByIdBackward, Order::ByNumber, Order::ByNumberBackward];

    /// Returns `true` if rows of a file are in this order.
    fn fits(self, rows: &[u32], ids: &Texts) -> bool {
        let id = |row: &u32| ids.get(*row as usize);
        let number = |row: &u32| (id(row).len(), id(row));
        let is_sorted = match self {
            Order::Forward => rows.is_sorted(),
            Order::Backward => rows.is_sorted_by(|x, y| x >= y),
            Order::ById => rows.is_sorted_by(|x, y| id(x) <= id(y)),
            Order::ByIdBackward => rows.is_sorted_by(|x, y| id(x) >= id(y)),
            Order::ByNumber => rows.is_sorted_by(|x, y| number(x) <= number(y)),
            Order::ByNumberBackward => rows.is_sorted_by(|x, y| number(x) >= number(y)),
        };
        is_sorted && rows.windows(2).filter(|two| two[0] != two[1]).count() + 1 >= FEWEST
    }

    /// The end of a list in this order with `last` in its last row and `found` pairs of one person, if it lacks all pairs
    /// behind that. `partners` says of each record of the file how many pairs it is in.
    fn ended(self, last: u32, ids: &Texts, partners: &[u64], found: u64) -> Option<Ended> {
        /// So rarely does chance take all missing pairs from the end.
        const RARELY: f64 = 1e-6;
        let id = |row: u32| ids.get(row as usize);
        let number = |row: u32| (id(row).len(), id(row));
        let is_behind = |row: u32| match self {
            Order::Forward => row > last,
            Order::Backward => row < last,
            Order::ById => id(row) > id(last),
            Order::ByIdBackward => id(row) < id(last),
            Order::ByNumber => number(row) > number(last),
            Order::ByNumberBackward => number(row) < number(last),
        };
        let (mut before, mut behind) = (0, 0);
        for (row, partners) in (0..).zip(partners) {
            *(if is_behind(row) { &mut behind } else { &mut before }) += partners;
        }
        // The pairs of the last record itself may be cut. Of a few pairs this share may be chance.
        let missed = (before.saturating_sub(found) + 1) as f64 / (before + 2) as f64;
        let is_told = found as usize * 2 >= FEWEST && found * 4 > before && behind > 1;
        (is_told && libm::pow(missed, behind as f64) < RARELY).then_some(Ended { last: last as usize, before, behind })
    }
}
