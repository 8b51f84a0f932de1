//! Cells that stand for a missing value: those that the spec names, and words that usually do.

use super::{BridgeError, LabelledFile};
use crate::notice::{Code, Notice, by_number};
use crate::record::Field;
use crate::record::coded::Coding;
use toml::Value;

/// Words that programs write for a missing value. They may be values too: Null and Na are surnames.
const WORDS: [&str; 26] = [
    "NA", "N/A", "n/a", "na", "NaN", "nan", "NAN", "null", "NULL", "Null", "None", "none", "NONE", "nil", "NIL", "NaT",
    "<NA>", "#N/A", "#NA", "#NULL!", "(null)", "<null>", "\\N", ".", "\"\"", "''",
];

/// Words that no program gives a person or a cluster as its name, in small letters.
const NO_NAMES: [&str; 153] = [
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
    "not found",
    "none found",
    "no match",
    "no id",
    "noid",
    "unmatched",
    "unlinked",
    "singleton",
    "(none)",
    "unbekannt",
    "nicht angegeben",
    "n/v",
    "#nv",
    "k/a",
    "n.d.",
    "s.d.",
    "s/d",
    "(leer)",
    "(blank)",
    "not disclosed",
    "to be confirmed",
    "no aplica",
    "no consta",
    "non communiqué",
    "unbek",
    "unbek.",
    "n.v.",
    "n. v.",
    "n.b.",
    "nicht bekannt",
    "pending",
    "ausstehend",
    "no data",
    "not entered",
    "not provided",
    "not reported",
    "ohne angabe",
    "non renseigné",
    "sconosciuto",
    "k.a.",
    "k. a.",
    "keine angabe",
    "inconnu",
    "inconnue",
    "desconocido",
    "desconocida",
    "sin datos",
    "onbekend",
    "#value!",
    "#ref!",
    "#div/0!",
    "#name?",
    "#num!",
    "#null",
    "kein",
    "keine",
    "keiner",
    "ohne",
    "no cluster",
    "kein cluster",
    "kein treffer",
    "fehlt",
    "fehlend",
    "entfällt",
    "weiß nicht",
    "k.a",
    "k. a",
    "aucun",
    "aucune",
    "non disponible",
    "non précisé",
    "non spécifié",
    "non indiqué",
    "ne sait pas",
    "sans objet",
    "n.c.",
    "ninguno",
    "ninguna",
    "sin dato",
    "sin información",
    "sin especificar",
    "no especificado",
    "no disponible",
    "não informado",
    "n/d",
    "#n/d",
    "(vide)",
    "(vacío)",
    "(en blanco)",
    "(missing)",
    "(unknown)",
    "#wert!",
    "#bezug!",
    "#valeur!",
    "#¡valor!",
    "#¡ref!",
    "#yok",
    "#hiányzik",
    "sysmis",
    "b.d.",
    "b. d.",
    "brak danych",
    "nie dotyczy",
    "nieznany",
    "nieznana",
    "nieznane",
    "neznámý",
    "neznámá",
    "neznámé",
    "neuvedeno",
    "okänd",
    "ukendt",
    "ukjent",
    "tuntematon",
    "ismeretlen",
    "necunoscut",
    "bilinmiyor",
    "άγνωστο",
    "нет",
    "нет данных",
    "не указано",
    "неизвестно",
    "немає",
    "немає даних",
    "невідомо",
    "н/д",
    "н.д.",
    "不明",
    "不详",
    "不詳",
    "未知",
    "未详",
    "未詳",
    "无",
    "無",
    "なし",
    "없음",
    "미상",
    "알 수 없음",
    "غير معروف",
    "لا يوجد",
    "-1",
    "-1.0",
];

/// None of these is longer, in bytes and in any capitals.
const LONGEST_WORD: usize = 40;

/// Words that stand for a missing value in a field, in small letters, and may be a name of a person or a cluster.
const IN_FIELDS: [&str; 20] = [
    "refused",
    "declined",
    "withheld",
    "redacted",
    "anonymous",
    "unidentified",
    "not stated",
    "not given",
    "none given",
    "dummy",
    "test",
    "tbd",
    "tba",
    "tbc",
    "blank",
    "empty",
    "xxx",
    "xxxx",
    "xxxxx",
    "xxxxxx",
];

/// Words of these lists that people are called by, in small letters. A program that writes a missing value so is not known,
/// but for `nan`, which none writes in capitals or with a capital in front.
const NAMES: [&str; 6] = ["kein", "ohne", "blank", "test", "dummy", "nan"];
/// In a column of names more cells than one in so many are no name.
const RARER_THAN: usize = 1_000;

/// Returns `true` for a word that people are called by.
fn may_be_a_name(field: &Field, word: &str) -> bool {
    let is_name = matches!(field, Field::GivenName | Field::MiddleName | Field::Surname);
    is_name && word != "nan" && word != "NaN" && NAMES.contains(&word.to_lowercase().as_str())
}

/// Of these words, one that is a surname.
const SURNAME: &str = "singleton";

/// A word as files write it: in small letters, in capitals, and with capitals in front of it, of each of its parts, or of
/// all parts but the first (`keine Angabe`, `k.A.`).
fn spellings(word: &str) -> [String; 5] {
    let lower = word.to_lowercase();
    // A capital in front of the parts that are counted so.
    let with_capitals = |of: fn(usize) -> bool| {
        let (mut part, mut within, mut text) = (0, false, String::new());
        for c in lower.chars() {
            match c.is_alphanumeric() && !within && of(part) {
                true => text.extend(c.to_uppercase()),
                false => text.push(c),
            }
            part += usize::from(c.is_alphanumeric() && !within);
            within = c.is_alphanumeric();
        }
        text
    };
    let [first, each, later] =
        [with_capitals(|part| part == 0), with_capitals(|_| true), with_capitals(|part| part > 0)];
    [word.to_uppercase(), first, each, later, lower]
}

/// A missing value of Stata or SAS with a reason: `.a` to `.z`.
fn is_reason(text: &str) -> bool {
    matches!(text.as_bytes(), [b'.', letter] if letter.is_ascii_alphabetic())
}

/// Returns `true` for dashes, question marks and the like alone, which are no name.
fn is_sign(text: &str) -> bool {
    text.bytes().all(|byte| b"-?.*_#".contains(&byte))
}

/// The capitals behind the `#` of a spreadsheet's error value, in any language: `#REF!`, `#Н/Д`, `#¡VALOR!`, `#DIV/0!`.
fn of_spreadsheet(text: &str) -> Option<&str> {
    let error = text.strip_prefix('#')?.trim_start_matches('¡');
    let capitals = error.chars().filter(|c| c.is_alphabetic()).count();
    let is_part = |c: char| c.is_uppercase() || matches!(c, '/' | '!' | '?' | '_' | ' ');
    let is_error =
        error.starts_with(char::is_uppercase) && capitals > 1 && error.replacen("/0", "", 1).chars().all(is_part);
    is_error.then_some(error)
}

/// Returns `true` for a spreadsheet's error value in a field, where `#PH` is a dwelling.
fn is_error_value(text: &str) -> bool {
    of_spreadsheet(text).is_some_and(|error| error.contains(['/', '!', '?']))
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

/// Returns `true` for a word that usually stands for a missing value and hardly for a name. `ascii` says that nothing else
/// can be in the text.
fn is_usual(text: &str, ascii: bool) -> bool {
    WORDS.contains(&text)
        || is_sign(text)
        || is_reason(text)
        || NO_NAMES.iter().any(|word| word.eq_ignore_ascii_case(text))
        || of_spreadsheet(text).is_some()
        || (!ascii && text.len() <= LONGEST_WORD && NO_NAMES.contains(&&*text.to_lowercase()))
}

/// Returns `true` for a word that usually stands for a missing value in a field.
pub(super) fn is_usual_in_fields(text: &str) -> bool {
    is_usual(text, text.is_ascii()) || IN_FIELDS.iter().any(|word| word.eq_ignore_ascii_case(text))
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

    /// The words that the spec names.
    pub(super) fn words(&self) -> &[String] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Returns `true` if the spec says that no word stands for a missing value.
    fn is_none(&self) -> bool {
        self.is_stated() && self.words().is_empty()
    }

    /// The text of a cell, empty where the spec says that it stands for a missing value.
    pub(super) fn cell<'t>(&self, text: &'t str) -> &'t str {
        match &self.0 {
            Some(words) if words.iter().any(|word| word == text) => "",
            _ => text,
        }
    }

    /// Refuses a word that usually stands for a missing value where it would be a name of a person, record or cluster, and
    /// a name with a character that cannot be seen. Words that the spec names are empty cells here; if it says that none
    /// stands for a missing value, no word is refused. `ascii` says that nothing else can be in the text.
    #[inline]
    pub(super) fn refuse(&self, text: &str, ascii: bool) -> Result<(), (String, String)> {
        if let Some(refusal) = (!ascii).then(|| unseen(text)).flatten() {
            return Err(refusal);
        }
        // Nearly every id and person has a digit, and of these words none but the numbers has one.
        let bytes = text.as_bytes();
        let may_be = match bytes.first() {
            None => false,
            Some(first) => matches!(first, b'-' | b'#') || !bytes.iter().any(u8::is_ascii_digit),
        };
        if !may_be || self.is_none() || !is_usual(text, ascii) {
            return Ok(());
        }
        let problem = format!("{text:?} usually stands for a missing value");
        let words: Vec<&str> = self.words().iter().map(String::as_str).chain([text]).collect();
        let remedy = format!("write missing = {} in the spec, or missing = [] if it is a value", in_toml(&words));
        Err((problem, remedy))
    }

    /// Makes the cells empty that the spec says are, in a column of a file. Other words that usually stand for a missing
    /// value are told, unless the spec says that none does.
    pub(super) fn apply(
        &self,
        file: &LabelledFile,
        cells: &mut Coding,
        column: usize,
        (field, name): (&Field, &str),
    ) -> Option<Notice> {
        if self.words().iter().any(|word| cells.values(column).find(word).is_some()) {
            cells.recode(column, |text| self.cell(text).into());
        }
        if self.is_none() {
            return None;
        }
        let usual = WORDS.iter().map(|word| word.to_string());
        let words = NO_NAMES.iter().chain(&IN_FIELDS).copied().filter(|word| *word != SURNAME);
        let known = words.chain(self.words().iter().map(String::as_str));
        let errors = cells.values(column).iter().filter(|text| is_error_value(text)).map(str::to_owned);
        let reasons = ('a'..='z').map(|letter| format!(".{letter}"));
        let mut found: Vec<(String, u32)> = usual
            .chain(reasons)
            .chain(known.flat_map(spellings))
            .filter(|word| !word.is_empty())
            .chain(errors)
            .filter_map(|word| cells.values(column).find(&word).map(|code| (word, code)))
            .collect();
        // A word may be in several lists.
        found.sort_by_key(|(_, code)| *code);
        found.dedup_by_key(|(_, code)| *code);
        if found.iter().any(|(word, _)| may_be_a_name(field, word)) {
            let times = |code: u32| cells.codes(column).filter(|of_cell| *of_cell == code).count();
            let filled = cells.codes(column).filter(|code| *code > 0).count();
            found.retain(|(word, code)| !may_be_a_name(field, word) || times(*code) * RARER_THAN > filled);
        }
        if found.is_empty() {
            return None;
        }
        found.sort();
        let count = cells.codes(column).filter(|code| found.iter().any(|(_, of_word)| of_word == code)).count();
        let found: Vec<&str> = found.iter().map(|(word, _)| word.as_str()).collect();
        let all: Vec<&str> = self.words().iter().map(String::as_str).chain(found.iter().copied()).collect();
        let unlisted = if self.is_stated() { ", which missing in the spec does not list" } else { "" };
        // A sign alone has no normal form.
        let read_as = match field.is_date() || found.iter().all(|word| !word.contains(char::is_alphanumeric)) {
            true => "missing",
            false => "a value",
        };
        let sentence = format!(
            "{}, column {name:?}: {count} cell{} with a word that usually stands for a missing value{unlisted}, compared as \
             {read_as}. If it is missing, write missing = {} in the spec; if no word is, missing = [].",
            file.name,
            by_number(count as u64, "", "s"),
            in_toml(&all)
        );
        Some(Notice::new(Code::MissingWords, sentence).counting(count as u64).with_examples(found))
    }
}

/// A list of texts as a spec has it. TOML has no `\u{200b}`, which Rust writes.
pub(super) fn in_toml(texts: &[&str]) -> String {
    let letter = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if !c.is_control() && c.escape_debug().count() <= 2 => c.to_string(),
        c if u32::from(c) <= 0xFFFF => format!("\\u{:04X}", u32::from(c)),
        c => format!("\\U{:08X}", u32::from(c)),
    };
    let text = |text: &&str| format!("\"{}\"", text.chars().map(letter).collect::<String>());
    format!("[{}]", texts.iter().map(text).collect::<Vec<String>>().join(", "))
}

/// The notice about words of the key `missing` that no cell holds. `found` are those that some cell does.
pub(super) fn unused(missing: &Missing, spec: &str, found: &[bool]) -> Option<Notice> {
    let words = missing.words().iter().zip(found);
    let unused: Vec<&str> = words.filter(|(_, found)| !**found).map(|(word, _)| word.as_str()).collect();
    (!unused.is_empty()).then(|| {
        let sentence = format!(
            "{spec}, missing: no cell of the two files is {}. Capitals count, and the whole cell has to be the word.",
            unused.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" or ")
        );
        Notice::new(Code::MissingUnused, sentence).counting(unused.len() as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_values_of_spreadsheets_are_known_in_any_language() {
        for text in
            ["#N/B", "#VERW!", "#ADR!", "#VACÍO!", "#NV", "#BEZUG!", "#DIV/0!", "#Н/Д", "#ДЕЛ/0!", "#¡VALOR!", "#ИМЯ?"]
        {
            assert!(of_spreadsheet(text).is_some(), "{text}");
            assert!(text == "#NV" || is_error_value(text), "{text}");
        }
        for text in ["#", "#A", "#A1", "#P00123", "#Ref", "#12", "#a/b", "A#REF!", "##", "#A/0", "#1B!"] {
            assert!(of_spreadsheet(text).is_none(), "{text}");
        }
        assert!(!is_error_value("#PH"));
        assert!(NO_NAMES.iter().all(|word| word.to_uppercase().len().max(word.len()) <= LONGEST_WORD));
    }

    #[test]
    fn a_list_of_words_is_toml_whatever_is_in_them() {
        let words = ["NA", "\u{200b}", "a\"b\\c'", "\u{e0001}", "\t", "Ō"];
        let text = format!("missing = {}", in_toml(&words));
        assert!(text.contains(r#""\u200B""#), "{text}");
        let read: Value = toml::from_str(&text).unwrap();
        let read: Vec<&str> = read["missing"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(read, words);
    }
}
