//! The keys that a record has by a rule: [`Keys`].

use super::{BlockingRule, KeyForm, KeyPart};
use crate::linkage::comparison::phonetic::Algorithm;
use crate::record::Field;

/// The keys of one record by one rule: most often one, several where a part has several forms, or none where a part is
/// missing. Its memory is used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Keys {
    /// `cell` gives the text of each part of the rule.
    pub(super) fn make<'t>(&mut self, rule: &BlockingRule, cell: impl Fn(usize) -> &'t str) {
        self.ends.clear();
        self.text.clear();
        if rule.parts.iter().any(|part| part.form.is_many()) {
            for key in several_keys(rule, cell) {
                self.text.extend_from_slice(&key);
                self.ends.push(self.text.len());
            }
        } else if build_key(rule, cell, &mut self.text) {
            self.ends.push(self.text.len());
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// `None` without a key, else whether there is more than one.
    pub(super) fn several(&self) -> Option<bool> {
        (!self.ends.is_empty()).then_some(self.ends.len() > 1)
    }

    pub(super) fn get(&self, key: usize) -> &[u8] {
        let start = if key == 0 { 0 } else { self.ends[key - 1] };
        &self.text[start..self.ends[key]]
    }
}

/// Every combination of the forms of the parts, sorted, each once.
fn several_keys<'t>(rule: &BlockingRule, cell: impl Fn(usize) -> &'t str) -> Vec<Vec<u8>> {
    let mut keys = vec![Vec::new()];
    for (i, part) in rule.parts.iter().enumerate() {
        let text = cell(i);
        if !makes_key(part, text) {
            return Vec::new();
        }
        let forms = forms(part.form, text);
        keys = keys
            .iter()
            .flat_map(|key: &Vec<u8>| forms.iter().map(move |form| [key, form.as_slice(), &[0]].concat()))
            .collect();
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Says if a text makes a key. A date of which a part is not known has keys of the parts that are; one that cannot be
/// read has none.
pub(super) fn makes_key(part: &KeyPart, text: &str) -> bool {
    if text.is_empty() || part.field != Field::DateOfBirth {
        return !text.is_empty();
    }
    let bytes = text.as_bytes();
    let is_date = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    let needed = match part.form {
        KeyForm::Year => 0..4,
        KeyForm::MonthDay => 5..10,
        _ => 0..10,
    };
    is_date && !bytes[needed].contains(&b'?')
}

/// Every form that a text has in a key.
pub(super) fn forms(form: KeyForm, text: &str) -> Vec<Vec<u8>> {
    match form {
        KeyForm::Phonetic(algorithm) => algorithm.codes(text).into_iter().map(String::into_bytes).collect(),
        KeyForm::Deletions => {
            let mut forms = vec![text.as_bytes().to_vec()];
            if text.chars().nth(3).is_some() {
                let without = |(at, c): (usize, char)| [&text[..at], &text[at + c.len_utf8()..]].concat().into_bytes();
                forms.extend(text.char_indices().map(without));
            }
            forms
        }
        form => {
            let mut key = Vec::new();
            if push_form(form, text, &mut key) { vec![key] } else { Vec::new() }
        }
    }
}

/// Writes the key of a record by a rule into `key`; false when a part is missing.
fn build_key<'t>(rule: &BlockingRule, cell: impl Fn(usize) -> &'t str, key: &mut Vec<u8>) -> bool {
    key.clear();
    for (i, part) in rule.parts.iter().enumerate() {
        let text = cell(i);
        if !makes_key(part, text) || !push_form(part.form, text, key) {
            return false;
        }
        // No normal form holds a zero byte, so A + BC and AB + C are two keys.
        key.push(0);
    }
    true
}

pub(super) fn push_form(form: KeyForm, text: &str, key: &mut Vec<u8>) -> bool {
    if let (KeyForm::Prefix(n), true) = (form, text.is_ascii()) {
        key.extend(text.bytes().filter(|&byte| byte != b' ').take(usize::from(n)));
        return true;
    }
    let mut push = |c: char| key.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    let letters = || text.chars().filter(|&c| c != ' ');
    match form {
        KeyForm::Whole => key.extend_from_slice(text.as_bytes()),
        KeyForm::Prefix(n) => letters().take(usize::from(n)).for_each(push),
        KeyForm::Last(n) => {
            let skip = letters().count().saturating_sub(usize::from(n));
            letters().skip(skip).for_each(push);
        }
        KeyForm::Year | KeyForm::MonthDay => {
            let bytes = text.as_bytes();
            let date = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
            if !date {
                return false;
            }
            key.extend_from_slice(if form == KeyForm::Year { &bytes[..4] } else { &bytes[5..] });
        }
        KeyForm::Phonetic(Algorithm::Soundex) => {
            let code = soundex(text);
            let Some(code) = code else { return false };
            code.iter().for_each(|&byte| push(char::from(byte)));
        }
        KeyForm::Phonetic(algorithm) => {
            let Some(code) = algorithm.codes(text).pop() else { return false };
            key.extend_from_slice(code.as_bytes());
        }
        // Several forms: see `forms`.
        KeyForm::Deletions => key.extend_from_slice(text.as_bytes()),
    }
    true
}

/// The American Soundex code of a normal form, as the National Archives state it: H and W do not separate equal
/// digits, vowels do. `None` without a Latin letter.
fn soundex(text: &str) -> Option<[u8; 4]> {
    let digit = |letter: u8| match letter {
        b'B' | b'F' | b'P' | b'V' => b'1',
        b'C' | b'G' | b'J' | b'K' | b'Q' | b'S' | b'X' | b'Z' => b'2',
        b'D' | b'T' => b'3',
        b'L' => b'4',
        b'M' | b'N' => b'5',
        b'R' => b'6',
        _ => b'0',
    };
    let mut letters = text.bytes().filter(u8::is_ascii_uppercase);
    let first = letters.next()?;
    let (mut code, mut filled, mut last) = ([first, b'0', b'0', b'0'], 1, digit(first));
    for letter in letters {
        if matches!(letter, b'H' | b'W') {
            continue;
        }
        let digit = digit(letter);
        if digit != b'0' && digit != last {
            code[filled] = digit;
            filled += 1;
            if filled == 4 {
                break;
            }
        }
        last = digit;
    }
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_keys_of_the_parts_that_are_known() {
        let makes = |rule: &str, text: &str| makes_key(&rule.parse().unwrap(), text);
        for (text, whole, year, month_day) in [
            ("1984-05-03", true, true, true),
            ("1984-05-53", true, true, true),
            ("1984-??-??", false, true, false),
            ("????-05-03", false, false, true),
            ("1984-05-??", false, true, false),
            ("MAI ŌE", false, false, false),
            ("", false, false, false),
        ] {
            assert_eq!(makes("date_of_birth", text), whole, "{text}");
            assert_eq!(makes("date_of_birth:7", text), whole, "{text}");
            assert_eq!(makes("date_of_birth:deletions", text), whole, "{text}");
            assert_eq!(makes("date_of_birth:year", text), year, "{text}");
            assert_eq!(makes("date_of_birth:monthday", text), month_day, "{text}");
        }
        assert!(makes("surname", "?") && !makes("surname", ""));
    }

    #[test]
    fn soundex_follows_the_national_archives() {
        for (name, code) in [
            ("WASHINGTON", "W252"),
            ("LEE", "L000"),
            ("GUTIERREZ", "G362"),
            ("PFISTER", "P236"),
            ("ASHCRAFT", "A261"),
            ("TYMCZAK", "T522"),
        ] {
            assert_eq!(soundex(name).unwrap(), code.as_bytes(), "{name}");
        }
        assert_eq!(soundex("大江"), None);
    }
}
