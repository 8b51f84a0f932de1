//! Signs that a file was saved from a spreadsheet or in another encoding: [`total_row`] and [`broken`].

use super::Texts;
use super::pair::Reading;
use crate::notice::{Code, Notice, by_number};

/// The notice that a record is a sum of others, as spreadsheets have it.
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
    let of_column = |(column, texts): (_, &Texts)| texts.iter().position(is_total).map(|row| (row, column));
    let (row, column) = columns.into_iter().zip(texts).filter_map(of_column).min_by_key(|(row, _)| *row)?;
    let text = texts.map(|texts| texts.get(row)).into_iter().find(|text| is_total(text))?;
    let sentence = format!(
        "{}, line {}, column {column:?}: the record is {text:?}, and is read as one of a person. If it is a sum of others, take \
         it out.",
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
