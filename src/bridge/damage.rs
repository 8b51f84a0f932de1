//! Signs that a file was saved from a spreadsheet or in another encoding: [`total_row`], [`Marked`] and [`broken`].

use super::Texts;
use super::pair::Reading;
use super::rows::Batch;
use super::spreadsheet::inside;
use crate::notice::{Code, Notice, Told, by_number};

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
