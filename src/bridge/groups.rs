//! Values of a group column that are one group written in several ways, or none: [`of_file`].

use super::LabelledFile;
use super::missing::Missing;
use super::names::plain;
use crate::notice::{Code, Notice, by_number};
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
