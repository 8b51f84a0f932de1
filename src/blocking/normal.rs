//! Normal forms: [`normalise`].

use super::streets::short_form;
use crate::record::{Date, Field, Records};
use std::fmt::Write as _;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The normal forms of a batch: same fields, same rows, same ids.
///
/// Everywhere: upper case, accents and other marks on Latin, Greek and Cyrillic letters dropped, spaces collapsed.
/// Letters of other scripts stay as they are.
///
/// | field | form |
/// |---|---|
/// | names, city, any other | apostrophes and full stops dropped (O'Brien → OBRIEN), other punctuation to a space (Wilson-Lee → WILSON LEE) |
/// | street | as names; types, directions and ordinals in one short form (North Fifth Street → N 5TH ST) |
/// | house number, zip, state, number | letters and digits only |
/// | unit | letters and digits only, without the word for it (Apt. 4-B → 4B) |
/// | sex | its first letter |
/// | date of birth | YYYY-MM-DD where [`Date::parse`] reads it, else as other text |
/// | `surname as recorded`, and so any field | as it is |
pub fn normalise(records: &Records) -> Records {
    normalise_with(records, &[])
}

/// [`normalise`], and beside the normal forms the `recorded` fields of which the batch has the text; see
/// [`Field::recorded`].
pub fn normalise_with(records: &Records, recorded: &[Field]) -> Records {
    let mut out = Records::default();
    normalise_into(records, recorded, &mut out);
    out
}

/// [`normalise_with`] into a batch whose memory is used again.
pub fn normalise_into(records: &Records, recorded: &[Field], out: &mut Records) {
    let forms = normal_fields(records.fields(), recorded);
    if out.fields() == forms {
        out.clear();
    } else {
        *out = Records::new(&forms);
    }
    let sources: Vec<usize> = forms.iter().filter_map(|field| source(records.fields(), field)).collect();
    let mut cells = vec![String::new(); forms.len()];
    let mut buffer = String::new();
    for row in 0..records.len() {
        for ((field, &column), cell) in forms.iter().zip(&sources).zip(&mut cells) {
            cell.clear();
            normal_form(field, records.get(row, column), &mut buffer, cell);
        }
        out.push(records.id(row), &cells);
    }
}

/// The fields of the normal forms of records: their own, and those `recorded` that they have the text of.
pub fn normal_fields(fields: &[Field], recorded: &[Field]) -> Vec<Field> {
    let more = recorded.iter().filter(|field| !fields.contains(field) && source(fields, field).is_some());
    fields.iter().chain(more).cloned().collect()
}

/// The column that a form is made of.
pub fn source(fields: &[Field], form: &Field) -> Option<usize> {
    let place = |wanted: &Field| fields.iter().position(|field| field == wanted);
    place(form).or_else(|| place(&form.recorded()?))
}

/// The normal form of one cell, appended to `out`; `buffer` is scratch. See [`normalise`].
pub fn normal_form(field: &Field, text: &str, buffer: &mut String, out: &mut String) {
    if text.is_empty() {
        return;
    }
    match field {
        Field::HouseNumber | Field::Zip | Field::State | Field::Number => fold(text, Gaps::Close, out),
        Field::Sex => {
            buffer.clear();
            fold(text, Gaps::Close, buffer);
            out.extend(buffer.chars().next());
        }
        Field::DateOfBirth => match Date::parse(text) {
            // Writing to a string cannot fail.
            Some(date) => drop(write!(out, "{date}")),
            None => fold(text, Gaps::Space, out),
        },
        Field::Unit => {
            buffer.clear();
            fold(text, Gaps::Space, buffer);
            const WORDS: [&str; 9] = ["APT", "APARTMENT", "UNIT", "FLAT", "SUITE", "STE", "ROOM", "NO", "RM"];
            buffer.split(' ').filter(|word| !WORDS.contains(word)).for_each(|word| out.push_str(word));
        }
        Field::Street => {
            buffer.clear();
            fold(text, Gaps::Space, buffer);
            for (i, word) in buffer.split(' ').enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                out.push_str(short_form(word));
            }
        }
        Field::GivenName
        | Field::MiddleName
        | Field::Surname
        | Field::Suffix
        | Field::City
        | Field::Race
        | Field::Other(_) => {
            if field.recorded().is_some() {
                out.push_str(text);
            } else {
                fold(text, Gaps::Space, out);
            }
        }
    }
}

/// What stands where punctuation or a space stood.
#[derive(Clone, Copy, PartialEq)]
enum Gaps {
    /// One space between words.
    Space,
    /// Nothing.
    Close,
}

fn fold(text: &str, gaps: Gaps, out: &mut String) {
    let start = out.len();
    let mut gap = false;
    let mut put = |c: char, out: &mut String| {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => {
                if gap && gaps == Gaps::Space && out.len() > start {
                    out.push(' ');
                }
                gap = false;
                out.push(c.to_ascii_uppercase());
            }
            '\'' | '.' | '`' => {}
            _ if c.is_ascii() => gap = true,
            // Quotation marks used as apostrophes, the ʻokina, the modifier apostrophe.
            '\u{2018}' | '\u{2019}' | '\u{02bb}' | '\u{02bc}' | '\u{00b4}' => {}
            _ if is_diacritic(c) => {}
            _ if c.is_alphanumeric() || is_combining_mark(c) => {
                if gap && gaps == Gaps::Space && out.len() > start {
                    out.push(' ');
                }
                gap = false;
                match plain_letters(c) {
                    Some(letters) => out.push_str(letters),
                    None => out.extend(c.to_uppercase()),
                }
            }
            _ => gap = true,
        }
    };
    if text.is_ascii() {
        fold_ascii(text, gaps, out);
    } else {
        text.nfkd().for_each(|c| put(c, out));
    }
}

/// [`fold`] for the most common case, byte by byte.
fn fold_ascii(text: &str, gaps: Gaps, out: &mut String) {
    let start = out.len();
    let mut gap = false;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            if gap && gaps == Gaps::Space && out.len() > start {
                out.push(' ');
            }
            gap = false;
            out.push(char::from(byte.to_ascii_uppercase()));
        } else {
            gap |= !matches!(byte, b'\'' | b'.' | b'`');
        }
    }
}

/// Marks that stand on Latin, Greek and Cyrillic letters. The vowel signs of other scripts are not among them: a
/// Hindi name without them is another name.
fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Latin letters that Unicode does not take apart, as English-language files write them.
fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "SS",
        'ø' | 'Ø' => "O",
        'đ' | 'Đ' | 'ð' | 'Ð' => "D",
        'ł' | 'Ł' => "L",
        'æ' | 'Æ' => "AE",
        'œ' | 'Œ' => "OE",
        'þ' | 'Þ' => "TH",
        'ħ' | 'Ħ' => "H",
        'ı' => "I",
        'ŋ' | 'Ŋ' => "N",
        'ŧ' | 'Ŧ' => "T",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordId;

    fn one(field: Field, text: &str) -> String {
        let mut records = Records::new(std::slice::from_ref(&field));
        records.push(RecordId(0), &[text]);
        normalise(&records).get(0, 0).to_owned()
    }

    #[test]
    fn two_spellings_of_one_name_have_one_normal_form() {
        for (text, form) in [
            ("O'Brien", "OBRIEN"),
            ("O\u{2019}Brien", "OBRIEN"),
            ("  Nuñez   Ibáñez ", "NUNEZ IBANEZ"),
            ("Nun\u{0303}ez", "NUNEZ"),
            ("Wilson-Lee", "WILSON LEE"),
            ("Weiß", "WEISS"),
            ("Øre Łukasz Đặng", "ORE LUKASZ DANG"),
            ("Þórdís Æsa", "THORDIS AESA"),
            ("J.R.", "JR"),
            ("İnönü", "INONU"),
            ("Ёлкин", "ЕЛКИН"),
            ("प्रिया", "प्रिया"),
            ("ʻIolani", "IOLANI"),
            ("--", ""),
        ] {
            assert_eq!(one(Field::Surname, text), form, "{text}");
        }
    }

    #[test]
    fn every_field_has_its_own_normal_form() {
        assert_eq!(one(Field::Street, "North Fifth Street"), "N 5TH ST");
        assert_eq!(one(Field::Street, "n. 5th st."), "N 5TH ST");
        assert_eq!(one(Field::Street, "Calle Peñón"), "CALLE PENON");
        assert_eq!(one(Field::Unit, "Apt. 4-B"), "4B");
        assert_eq!(one(Field::HouseNumber, "221-b"), "221B");
        assert_eq!(one(Field::Sex, "female"), "F");
        assert_eq!(one(Field::DateOfBirth, "05/06/1994"), "1994-05-06");
        assert_eq!(one(Field::DateOfBirth, "07/71/1958"), "07 71 1958");
        assert_eq!(one(Field::Number, "900-12-3456"), "900123456");
    }

    #[test]
    fn normal_forms_do_not_change_when_normalised_again() {
        for field in Field::NAMED {
            for text in ["North Łódź Saint St.", "Apt 4 No B", "1984-05-23", "O'Brien-Ōe", "Zoë", ""] {
                let once = one(field.clone(), text);
                assert_eq!(one(field.clone(), &once), once, "{field} {text}");
            }
        }
    }
}
