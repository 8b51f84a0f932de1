//! Signs that a file was saved from a spreadsheet or in another encoding: [`total_row`], [`Marked`], [`broken`] and
//! [`lost_letters`].

use super::pair::Reading;
use super::rows::Batch;
use super::spreadsheet::inside;
use super::{Spec, Texts};
use crate::notice::{Code, Notice, Told, by_number};
use crate::record::coded::{Dataset, both};
use rustc_hash::FxHashMap;

/// Returns `true` for the number of rows that a program writes behind them: `N=79`, `n = 20,000`, `(79 rows)`.
pub(super) fn is_count(text: &str) -> bool {
    const ROWS: [&str; 16] = [
        "row",
        "rows",
        "record",
        "records",
        "obs",
        "observations",
        "cases",
        "entries",
        "pairs",
        "zeilen",
        "datensätze",
        "einträge",
        "lignes",
        "filas",
        "registros",
        "righe",
    ];
    if text.len() > 40 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let text = text.trim_start_matches(['(', '[', '*', '-', ' ']).trim_end_matches([')', ']', '.', '*', '-', ' ']);
    let is_number = |text: &str| {
        let text = text.trim();
        text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '\'' | ' ' | '\u{a0}' | '\u{202f}'))
    };
    if let Some((name, number)) = text.split_once(['=', ':']) {
        let name = name.trim().to_lowercase();
        return is_number(number) && (name == "n" || ROWS.contains(&name.as_str()) || name == "count");
    }
    let words = text.find(char::is_alphabetic).map(|start| text.split_at(start));
    words.is_some_and(|(number, words)| {
        let mut words = words.split_whitespace().map(str::to_lowercase);
        let is_rows = words.next().is_some_and(|word| ROWS.contains(&word.as_str()));
        let is_told = |word: String| {
            matches!(
                word.as_str(),
                "selected" | "affected" | "exported" | "written" | "returned" | "total" | "in" | "set"
            )
        };
        is_rows && is_number(number) && words.all(is_told)
    })
}

/// The notice that a record is a sum of others, as spreadsheets have it, or says how many there are.
pub(super) fn total_row(reading: &Reading, columns: [&str; 2]) -> Option<Notice> {
    const TOTALS: [&str; 10] =
        ["total", "totals", "subtotal", "grand total", "sum", "average", "summe", "gesamt", "insgesamt", "suma"];
    let is_total = |text: &str| {
        // Few names are so short, and of numbers none is a word.
        text.len() <= 12 && !text.as_bytes().iter().any(u8::is_ascii_digit) && {
            let text = text.trim_end_matches(':').to_lowercase();
            TOTALS.contains(&text.as_str())
        }
    };
    let texts = [&reading.file.ids, &reading.persons];
    // A count stands behind what it counts.
    let last = reading.lines.len().checked_sub(1)?;
    let of_column = |(column, texts): (_, &Texts)| {
        let count = || Some(last).filter(|&last| is_count(texts.get(last)));
        texts.iter().position(is_total).or_else(count).map(|row| (row, column))
    };
    let (row, column) = columns.into_iter().zip(texts).filter_map(of_column).min_by_key(|(row, _)| *row)?;
    let text = texts.map(|texts| texts.get(row)).into_iter().find(|text| is_total(text) || is_count(text))?;
    let sentence = format!(
        "{}, line {}, column {column:?}: the record is {text:?}, and is read as one of a person. If it is a sum or a number of \
         others, take it out.",
        reading.file.name, reading.lines[row]
    );
    Some(Notice::new(Code::TotalRow, sentence))
}

/// The notice that text was saved or opened in another encoding than it has: letters are lost (U+FFFD) or are two (`Ã¼`).
pub(super) fn broken<'t>(file: &str, column: &str, all: &str, texts: impl Iterator<Item = &'t str>) -> Option<Notice> {
    if all.is_ascii() || !all.contains(['\u{fffd}', 'Ã', 'Â', 'â']) {
        return None;
    }
    let is_broken = |text: &&str| {
        let twice = || {
            text.chars()
                .zip(text.chars().skip(1))
                .any(|(c, next)| matches!((c, next), ('Ã' | 'Â', '\u{80}'..='\u{bf}') | ('â', '€' | '\u{80}')))
        };
        text.contains('\u{fffd}') || twice()
    };
    let found: Vec<&str> = texts.filter(is_broken).collect();
    (!found.is_empty()).then(|| {
        let sentence = format!(
            "{file}, column {column:?}: {} {} letters that were lost or became others when the text was saved in another \
             encoding than it was opened in. They are compared as they stand. Save the file as UTF-8 from its source.",
            found.len(),
            by_number(found.len() as u64, "value has", "values have"),
        );
        Notice::new(Code::BrokenText, sentence).counting(found.len() as u64).with_examples(found)
    })
}

/// The notices about question marks in place of letters that the encoding of a file does not have: the other file has the
/// same value with these letters. Any other question mark is one.
pub(super) fn lost_letters(files: [&Reading; 2], spec: &Spec) -> Vec<Notice> {
    let of_file = |side: Dataset, [of, other]: [&Reading; 2]| {
        let mut notices = Vec::new();
        let names = [of, other].map(|reading| reading.file.name.as_str());
        let mut see = |column, [all, all_others]: [&str; 2], found: &dyn Fn() -> Vec<(String, String)>| {
            if all.contains('?') && !all_others.is_ascii() {
                notices.extend(lost(names, column, &found()));
            }
        };
        let of_ids = [&of.file.ids, &other.file.ids];
        let of_truth = [&of.persons, &other.persons];
        for (column, [texts, others]) in [(spec.id.of(side), of_ids), (spec.truth.of(side), of_truth)] {
            see(column, [texts.all(), others.all()], &|| with_letters(texts.iter(), others.iter()));
        }
        for (place, (_, columns)) in spec.fields.iter().enumerate().filter(|(_, (field, _))| !field.is_date()) {
            let [texts, others] = [of, other].map(|reading| reading.cells.values(place));
            see(columns.of(side), [texts.all(), others.all()], &|| with_letters(texts.iter(), others.iter()));
        }
        notices
    };
    let (of_a, of_b) = both(|| of_file(Dataset::A, files), || of_file(Dataset::B, [files[1], files[0]]));
    [of_a, of_b].concat()
}

/// Texts with question marks, each once, and the same with letters, which are among the others.
fn with_letters<'t>(
    texts: impl Iterator<Item = &'t str>,
    others: impl Iterator<Item = &'t str>,
) -> Vec<(String, String)> {
    let mut marked: FxHashMap<&str, Option<&str>> =
        texts.filter(|text| text.contains('?')).map(|text| (text, None)).collect();
    for other in others.filter(|other| !other.is_ascii()) {
        // For each letter a mark, or for each of its bytes.
        for by_bytes in [false, true] {
            let marks = |c: char| {
                if c.is_ascii() { c.to_string() } else { "?".repeat(if by_bytes { c.len_utf8() } else { 1 }) }
            };
            let text: String = other.chars().map(marks).collect();
            if let Some(found) = marked.get_mut(&*text) {
                *found = Some(found.map_or(other, |before| before.min(other)));
            }
        }
    }
    let found = marked.into_iter().filter_map(|(text, other)| Some((text.to_owned(), other?.to_owned())));
    let mut found: Vec<(String, String)> = found.collect();
    found.sort_unstable();
    found
}

/// The notice about values of a column of the first of these files.
fn lost([file, other]: [&str; 2], column: &str, values: &[(String, String)]) -> Option<Notice> {
    let (text, whole) = values.first()?;
    let count = values.len() as u64;
    let sentence = format!(
        "{file}, column {column:?}: {count} {} a question mark where a value of {other} has a letter ({text:?} and \
         {whole:?}): letters were lost when the text was saved in an encoding without them. They are compared as they stand. \
         Save the file as UTF-8 from its source.",
        by_number(count, "value has", "values have"),
    );
    let examples = values.iter().map(|(text, _)| text.as_str());
    Some(Notice::new(Code::BrokenText, sentence).counting(count).with_examples(examples))
}

/// Cells of a file that are marked as text.
#[derive(Default)]
pub(super) struct Marked {
    told: Told,
    columns: Vec<usize>,
}

impl Marked {
    /// Takes in the cells of a batch in these columns.
    pub(super) fn see(&mut self, batch: &Batch<'_>, columns: &[usize]) {
        if !batch.may_be_marked() {
            return;
        }
        let cells = columns.iter().flat_map(|&column| (0..batch.len()).map(move |row| (row, column)));
        for (row, column) in cells {
            if let Some(cell) = batch.with_mark(row, column).filter(|cell| inside(cell).is_some()) {
                self.told.add(cell, 1);
                if !self.columns.contains(&column) {
                    self.columns.push(column);
                }
            }
        }
    }

    /// The notice about these cells.
    pub(super) fn notice(&self, file: &str, header: &[String]) -> Option<Notice> {
        let Told { cells, examples } = &self.told;
        let mut columns: Vec<&str> = self.columns.iter().map(|&column| header[column].as_str()).collect();
        columns.sort_unstable();
        (*cells > 0).then(|| {
            let sentence = format!(
                "{file}: {cells} {} an apostrophe in front or as a formula, as spreadsheets keep text, in {}; {} read as the \
                 text inside.",
                by_number(*cells, "cell is written with", "cells are written with"),
                columns.join(", "),
                by_number(*cells, "it is", "they are"),
            );
            Notice::new(Code::SpreadsheetText, sentence)
                .counting(*cells)
                .with_examples(examples.iter().map(String::as_str))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_rows_are_told_from_ids() {
        for text in [
            "N=79",
            "n = 20,000",
            "(79 rows)",
            "79 rows selected.",
            "(1 row)",
            "Rows: 79",
            "20.000 Datensätze",
            "[20 000 obs]",
        ] {
            assert!(is_count(text), "{text}");
        }
        for text in
            ["", "79", "n79", "N-79", "row 79", "79 Rowan Street", "Ann = 3", "1:2", "rec-1-org", "79 rows of Ōe", "n="]
        {
            assert!(!is_count(text), "{text}");
        }
    }
}
