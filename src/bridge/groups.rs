//! Values of a group column that are one group written in several ways, or none: [`of_file`], [`blank`].

use super::missing::Missing;
use super::names::plain;
use super::pair::Reading;
use super::{LabelledFile, Spec};
use crate::notice::{Code, Notice, by_number};
use crate::record::coded::Dataset;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// A column with more different values than this holds no groups.
const MOST: usize = 1_000;

/// The notices about the groups of a file.
pub(super) fn of_file(file: &LabelledFile, missing: &Missing) -> Vec<Notice> {
    let mut notices = Vec::new();
    for (column, texts) in &file.groups {
        let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
        for text in texts.iter() {
            *sizes.entry(text).or_default() += 1;
            if sizes.len() > MOST {
                break;
            }
        }
        if sizes.len() > MOST {
            continue;
        }
        let place = format!("{}, column {column:?}", file.name);
        let blank = sizes.remove("").unwrap_or_default();
        let (words, values): (Vec<&str>, Vec<&str>) =
            sizes.keys().partition(|value| missing.refuse(value, false).is_err());
        notices.extend(written_alike(&place, &values));
        let records: u64 = words.iter().map(|word| sizes[word]).sum();
        if records > 0 {
            let blanks = match blank {
                0 => String::new(),
                _ => format!(" {blank} more {} blank, and a group too.", by_number(blank, "record is", "records are")),
            };
            let all: Vec<&str> = missing.words().iter().map(String::as_str).chain(words.iter().copied()).collect();
            let sentence = format!(
                "{place}: {records} {} a word that usually stands for a missing value, and each word is a group.{blanks} If it \
                 is missing, write missing = {all:?} in the spec.",
                by_number(records, "record has", "records have"),
            );
            notices.push(Notice::new(Code::GroupsAlike, sentence).counting(records).with_examples(words));
        }
    }
    notices
}

/// The notices about records without a value in a group column: they are a group of their own.
pub(super) fn blank(files: [&Reading; 2], spec: &Spec) -> Vec<Notice> {
    let mut notices = Vec::new();
    for side in [Dataset::A, Dataset::B] {
        let reading = files[side as usize];
        for (column, texts) in &reading.file.groups {
            let blank = texts.iter().filter(|text| text.is_empty()).count() as u64;
            if blank == 0 {
                continue;
            }
            let (here, of_all) = (format!("{}, column {column:?}", reading.file.name), texts.len());
            let are = by_number(blank, "record is", "records are");
            // What the same people have in the other file says most.
            if let Some((filled, there)) = elsewhere(files, spec, side, column) {
                let sentence = format!(
                    "{here}: {blank} of {of_all} {are} blank, and a group of their own. {filled} of them {} of people who \
                     have a value in {there}.",
                    by_number(filled, "is", "are")
                );
                notices.push(Notice::new(Code::GroupBlank, sentence).counting(filled));
                continue;
            }
            let mut sizes: FxHashMap<&str, u64> = FxHashMap::default();
            texts.iter().filter(|text| !text.is_empty()).for_each(|text| *sizes.entry(text).or_default() += 1);
            let largest = sizes.values().max().copied().unwrap_or_default();
            if blank >= largest || blank * 5 >= of_all as u64 {
                let sentence = format!(
                    "{here}: {blank} of {of_all} {are} blank, and a group of their own. If they have a value elsewhere, fill it \
                     in; otherwise read the rates of this group as those of records without one."
                );
                notices.push(Notice::new(Code::GroupBlank, sentence).counting(blank));
            }
        }
    }
    notices
}

/// The blank records of a group column whose people have a value in the other file, where far fewer do the other way
/// round, and the column there.
fn elsewhere(files: [&Reading; 2], spec: &Spec, side: Dataset, column: &str) -> Option<(u64, String)> {
    /// Fewer may be errors of typing.
    const FEWEST: u64 = 5;
    let turned = if side == Dataset::A { Dataset::B } else { Dataset::A };
    let (here, there) = (files[side as usize], files[turned as usize]);
    let group = |reading: &Reading, column: &str| {
        let found = reading.file.groups.iter().find(|(name, _)| name == column);
        found.map(|(_, texts)| texts.iter().map(str::is_empty).collect::<Vec<bool>>())
    };
    let field = spec.fields.iter().position(|(_, columns)| columns.of(side) == column);
    let (name, blank_there) = match field {
        Some(place) => {
            let values = there.cells.values(place);
            let blank = there.cells.codes(place).map(|code| values.get(code).is_empty()).collect();
            (spec.fields[place].1.of(turned), blank)
        }
        None => (column, group(there, column)?),
    };
    let blank_here = group(here, column)?;
    let of = |reading: &'_ Reading, blank: &[bool], wanted: bool| -> FxHashSet<String> {
        let with = reading.persons.iter().zip(blank).filter(|(_, blank)| **blank == wanted);
        with.map(|(person, _)| person.to_owned()).collect()
    };
    let count = |reading: &Reading, blank: &[bool], persons: &FxHashSet<String>| {
        let blank = reading.persons.iter().zip(blank).filter(|(_, blank)| **blank);
        blank.filter(|(person, _)| persons.contains(*person)).count() as u64
    };
    let filled = count(here, &blank_here, &of(there, &blank_there, false));
    let other_way = count(there, &blank_there, &of(here, &blank_here, false));
    let name = format!("{}, column {name:?}", there.file.name);
    (filled >= FEWEST && filled * 50 >= blank_here.len() as u64 && filled >= 3 * other_way).then_some((filled, name))
}

/// The notice about values that differ only in how they are written, or are the first letter of another.
fn written_alike(place: &str, values: &[&str]) -> Option<Notice> {
    let mut forms: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    values.iter().for_each(|value| forms.entry(plain(value)).or_default().push(value));
    let is_letter = |form: &str| form.chars().count() == 1 && form.chars().all(char::is_alphabetic);
    let letters: Vec<String> = forms.keys().filter(|form| is_letter(form)).cloned().collect();
    for letter in letters {
        let mut longer = forms.keys().filter(|form| form.starts_with(&letter) && **form != letter);
        // Of two words that begin so it may be either.
        if let (Some(word), None) = (longer.next().cloned(), longer.next())
            && let Some(short) = forms.remove(&letter)
        {
            forms.entry(word).or_default().extend(short);
        }
    }
    let several: Vec<Vec<&str>> = forms
        .into_values()
        .filter(|values| values.len() > 1)
        .map(|mut values| {
            values.sort_unstable();
            values
        })
        .collect();
    let count: u64 = several.iter().map(|values| values.len() as u64).sum();
    (count > 0).then(|| {
        let examples: Vec<String> = several.iter().map(|values| values.join(" and ")).collect();
        let sentence = format!(
            "{place}: {count} groups differ from others only in how they are written, and each has rates of its own. If they are \
             the same, write them in one way."
        );
        Notice::new(Code::GroupsAlike, sentence).counting(count).with_examples(examples.iter().map(String::as_str))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_are_written_in_several_ways_are_told() {
        let of =
            |values: &[&str]| written_alike("a.csv", values).map(|notice| (notice.count.unwrap(), notice.examples));
        let told =
            |count: u64, examples: &[&str]| Some((count, examples.iter().map(|text| text.to_string()).collect()));
        assert_eq!(of(&["F", "M", "f", "m", "male"]), told(5, &["F and f", "M and m and male"]));
        assert_eq!(of(&["1", "1.0", "F"]), told(2, &["1 and 1.0"]));
        assert_eq!(of(&["Ō", "ō", "x"]), told(2, &["Ō and ō"]));
        assert_eq!(of(&["F", "M"]), None);
        assert_eq!(of(&["B", "Black", "Brown"]), None, "it may be either");
    }
}
