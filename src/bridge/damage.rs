//! Signs that a file was saved from a spreadsheet or in another encoding: [`total_row`] and [`broken`].

use super::labelled::Reading;
use crate::notice::{Code, Notice, by_number};

/// The notice that the last record is a sum of the others, as spreadsheets have it.
pub(super) fn total_row(reading: &Reading, columns: [&str; 2]) -> Option<Notice> {
    const TOTALS: [&str; 10] =
        ["total", "totals", "subtotal", "grand total", "sum", "average", "summe", "gesamt", "insgesamt", "suma"];
    let last = reading.lines.len() - 1;
    let texts = [reading.file.ids.get(last), reading.persons.get(last)];
    let (column, text) = columns.into_iter().zip(texts).find(|(_, text)| {
        let text = text.trim_end_matches(':').to_lowercase();
        TOTALS.contains(&text.as_str())
    })?;
    let sentence = format!(
        "{}, line {}, column {column:?}: the last record is {text:?}, and is read as one of a person. If it is a sum of the \
         others, take it out.",
        reading.file.name, reading.lines[last]
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
