//! The parts that two records must share, as they are written: [`BlockingRule`].

use crate::linkage::comparison::phonetic::Algorithm;
use crate::record::Field;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The part of a field that goes into a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyForm {
    /// All of it; written `surname`.
    Whole,
    /// Its first `n` characters, spaces not counted; written `surname:4`. A shorter value is taken whole.
    Prefix(u8),
    /// Its last `n` characters, spaces not counted; written `number:last4`. A shorter value is taken whole.
    Last(u8),
    /// The year of a date; written `date_of_birth:year`. Text that is no date gives no key.
    Year,
    /// Month and day of a date; written `date_of_birth:monthday`. Text that is no date gives no key.
    MonthDay,
    /// A phonetic code of its Latin letters; written `surname:soundex`, `surname:double_metaphone` and so on. Where an
    /// algorithm gives several codes, one in common is enough.
    Phonetic(Algorithm),
    /// The value itself and all that is left of it with one character taken away, one of them in common being enough;
    /// written `surname:deletions`. It finds any one typing error in any position: a character too many, too few,
    /// wrong, or two neighbours exchanged. (S. Bocek, E. Hunt, B. Stiller (2007), "Fast similarity search in large
    /// dictionaries".) A value of fewer than four characters is taken whole.
    Deletions,
}

impl KeyForm {
    /// Returns `true` if a value may have several keys of this form.
    pub(super) fn is_many(self) -> bool {
        matches!(self, KeyForm::Deletions | KeyForm::Phonetic(Algorithm::DoubleMetaphone | Algorithm::DaitchMokotoff))
    }
}

/// One part of a blocking key: a field and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyPart {
    /// The field.
    pub field: Field,
    /// The part of it that counts.
    pub form: KeyForm,
}

/// The parts that two records must share to be compared: every one of them, and none missing. Written `surname:4 +
/// zip`.
///
/// Written `surname + given_name within 3` it is a sorted neighbourhood: all keys are put in alphabetical order, each
/// once, and two records are looked at if their keys are at most three places apart (M. A. Hernández, S. J. Stolfo
/// (1995), "The merge/purge problem for large databases"; over distinct keys after P. Christen (2012), "Data matching",
/// 4.5). Keys near in the alphabet begin alike, so it finds errors late in the first part and anywhere behind it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockingRule {
    /// The parts of the key.
    pub parts: Vec<KeyPart>,
    /// The greatest distance between two keys, in places; 0 where they must be the same.
    pub within: u8,
}

/// A text that is no blocking rule, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The part that could not be read.
    pub part: String,
    /// The problem, and the text to write instead.
    pub reason: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blocking rule: {:?} {}", self.part, self.reason)
    }
}

impl std::error::Error for RuleError {}

impl FromStr for KeyPart {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<KeyPart, RuleError> {
        let error = |reason: &str| RuleError { part: text.trim().to_owned(), reason: reason.to_owned() };
        let (field, form) = match text.split_once(':') {
            Some((field, form)) => (field.trim(), Some(form.trim())),
            None => (text.trim(), None),
        };
        if field.is_empty() {
            return Err(error("names no field; write for example \"surname:4 + zip\""));
        }
        let length = |digits: &str| match digits.parse::<u8>() {
            Ok(n) if n > 0 => Ok(n),
            _ => Err(error(
                "has no such form; write a length (surname:4), last4, year, monthday, deletions, or a phonetic code: \
                 soundex, refined_soundex, nysiis, metaphone, double_metaphone, daitch_mokotoff, match_rating",
            )),
        };
        let form = match form {
            None => KeyForm::Whole,
            Some("year") => KeyForm::Year,
            Some("monthday") => KeyForm::MonthDay,
            Some("deletions") => KeyForm::Deletions,
            Some(form) => match (Algorithm::from_name(form), form.strip_prefix("last")) {
                (Some(algorithm), _) => KeyForm::Phonetic(algorithm),
                (None, Some(digits)) => KeyForm::Last(length(digits)?),
                (None, None) => KeyForm::Prefix(length(form)?),
            },
        };
        Ok(KeyPart { field: Field::from_name(field), form })
    }
}

impl fmt::Display for KeyPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            KeyForm::Whole => write!(f, "{}", self.field),
            KeyForm::Prefix(n) => write!(f, "{}:{n}", self.field),
            KeyForm::Last(n) => write!(f, "{}:last{n}", self.field),
            KeyForm::Year => write!(f, "{}:year", self.field),
            KeyForm::MonthDay => write!(f, "{}:monthday", self.field),
            KeyForm::Phonetic(algorithm) => write!(f, "{}:{}", self.field, algorithm.name()),
            KeyForm::Deletions => write!(f, "{}:deletions", self.field),
        }
    }
}

impl FromStr for BlockingRule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<BlockingRule, RuleError> {
        let (keys, within) = match text.rsplit_once(" within ") {
            None => (text, 0),
            Some((keys, places)) => match places.trim().parse() {
                Ok(within) if within > 0 => (keys, within),
                _ => {
                    let reason = "is not a number of places from 1 to 255; write for example \"surname within 3\"";
                    return Err(RuleError { part: places.trim().to_owned(), reason: reason.to_owned() });
                }
            },
        };
        let parts = keys.split('+').map(str::parse).collect::<Result<_, _>>()?;
        Ok(BlockingRule { parts, within })
    }
}

impl fmt::Display for BlockingRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.parts.iter().enumerate() {
            if i > 0 {
                f.write_str(" + ")?;
            }
            part.fmt(f)?;
        }
        if self.within > 0 {
            write!(f, " within {}", self.within)?;
        }
        Ok(())
    }
}

impl Serialize for BlockingRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BlockingRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<BlockingRule, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_and_printed() {
        for text in [
            "surname:4 + zip",
            "number:last4",
            "date_of_birth:year + surname:soundex",
            "date_of_birth:monthday",
            "surname:deletions + zip",
            "surname:daitch_mokotoff",
            "surname + given_name within 3",
        ] {
            assert_eq!(text.parse::<BlockingRule>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "surname:",
            "surname:0",
            "surname:x",
            "number:last",
            "surname + ",
            "surname within 0",
            "surname within x",
        ] {
            assert!(text.parse::<BlockingRule>().is_err(), "{text}");
        }
    }
}
