//! Cells that stand for a missing value: those that the spec names, and words that usually do.

use super::{BridgeError, LabelledFile};
use crate::notice::{Code, Notice, by_number};
use crate::record::coded::Coding;
use toml::Value;

/// Words that programs write for a missing value. They may be values too: Null and Na are surnames.
const WORDS: [&str; 26] = [
    "NA", "N/A", "n/a", "na", "NaN", "nan", "NAN", "null", "NULL", "Null", "None", "none", "NONE", "nil", "NIL", "NaT",
    "<NA>", "#N/A", "#NA", "#NULL!", "(null)", "<null>", "\\N", ".", "\"\"", "''",
];

/// Words that no program gives a person or a cluster as its name, in small letters.
const NO_NAMES: [&str; 18] = [
    "unknown",
    "unk",
    "unkn",
    "undefined",
    "missing",
    "n.a.",
    "not available",
    "not applicable",
    "not known",
    "not recorded",
    "#value!",
    "#ref!",
    "#div/0!",
    "#name?",
    "#num!",
    "#null",
    "-1",
    "-1.0",
];

/// Returns `true` for dashes, question marks and the like alone, which are no name.
fn is_sign(text: &str) -> bool {
    text.bytes().all(|byte| b"-?.*_#".contains(&byte))
}

/// The complaint about an invisible character in the name of a person, record or cluster, where two texts that look
/// alike would be two names.
fn unseen(text: &str) -> Option<(String, String)> {
    let is_unseen =
        |c: &char| matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    if text.is_ascii() {
        return None;
    }
    let unseen = text.chars().find(is_unseen)?;
    let problem = format!("{text:?} holds a character that cannot be seen, U+{:04X}", u32::from(unseen));
    Some((problem, "remove it: an invisible character makes this a different value".to_owned()))
}

/// The words for a missing value.
#[derive(Clone, Debug, Default)]
pub(super) struct Missing(Option<Vec<String>>);

impl Missing {
    /// Reads the key `missing` of a spec.
    pub(super) fn parse(name: &str, value: Option<&Value>) -> Result<Missing, BridgeError> {
        let Some(value) = value else { return Ok(Missing(None)) };
        let words = value.as_array().and_then(|words| {
            words.iter().map(|word| Some(word.as_str()?.trim().to_owned())).collect::<Option<Vec<String>>>()
        });
        let wrong = || {
            let remedy = "write missing = [\"NA\", \"-1\"], or missing = [] if no word stands for a missing value";
            BridgeError::new(name, "this must be a list of texts", remedy).about("missing")
        };
        Ok(Missing(Some(words.ok_or_else(wrong)?)))
    }

    /// Returns `true` if the spec says which words stand for a missing value.
    pub(super) fn is_stated(&self) -> bool {
        self.0.is_some()
    }

    /// The text of a cell, empty where the spec says that it stands for a missing value.
    pub(super) fn cell<'t>(&self, text: &'t str) -> &'t str {
        match &self.0 {
            Some(words) if words.iter().any(|word| word == text) => "",
            _ => text,
        }
    }

    /// Refuses a word that usually stands for a missing value where it would be a name of a person, record or cluster, and
    /// a name with a character that cannot be seen. Once the spec says what stands for a missing value, no word is refused.
    /// `ascii` says that nothing else can be in the text.
    #[inline]
    pub(super) fn refuse(&self, text: &str, ascii: bool) -> Result<(), (String, String)> {
        if let Some(refusal) = (!ascii).then(|| unseen(text)).flatten() {
            return Err(refusal);
        }
        // Nearly every id and person is told apart by its first byte.
        let suspected = self.0.is_none()
            && text.bytes().next().is_some_and(|first| b"nNuUmM#<(\\.\"'-?*_".contains(&first))
            && (WORDS.contains(&text) || is_sign(text) || NO_NAMES.iter().any(|word| word.eq_ignore_ascii_case(text)));
        if !suspected {
            return Ok(());
        }
        let problem = format!("{text:?} usually stands for a missing value");
        let remedy = format!("write missing = [{text:?}] in the spec, or missing = [] if it is a value");
        Err((problem, remedy))
    }

    /// Makes the cells empty that the spec says are, in a column of a file. Without that the words that usually stand
    /// for a missing value are told.
    pub(super) fn apply(&self, file: &LabelledFile, cells: &mut Coding, column: usize, name: &str) -> Option<Notice> {
        if let Some(words) = &self.0 {
            if words.iter().any(|word| cells.values(column).find(word).is_some()) {
                cells.recode(column, |text| self.cell(text).into());
            }
            return None;
        }
        let found: Vec<(&str, u32)> = WORDS
            .iter()
            .chain(&["-1", "-1.0"])
            .filter_map(|word| Some((*word, cells.values(column).find(word)?)))
            .collect();
        if found.is_empty() {
            return None;
        }
        let count = cells.codes(column).filter(|code| found.iter().any(|(_, of_word)| of_word == code)).count();
        let words: Vec<&str> = found.iter().map(|(word, _)| *word).collect();
        let sentence = format!(
            "{}, column {name:?}: {count} cell{} with a word that usually stands for a missing value, compared as a value. \
             If it is missing, write missing = {words:?} in the spec; if not, missing = [].",
            file.name,
            by_number(count as u64, "", "s")
        );
        Some(Notice::new(Code::MissingWords, sentence).counting(count as u64).with_examples(words))
    }
}
