//! Normal forms: [`normalise`].

use super::fold::{Gaps, Writer, fold};
use super::streets::{post_office_box, short_form};
use crate::linkage::comparison::BOX;
use crate::record::{Date, DateParts, Field, Records, is_invisible};
use std::fmt::Write as _;

/// The normal forms of a batch: same fields, same rows, same ids.
///
/// Everywhere: upper case, accents and other marks on Latin, Greek and Cyrillic letters dropped, invisible characters
/// (zero width space, joiners, soft hyphen, byte order mark) dropped, spaces collapsed. Letters of other scripts stay as
/// they are.
///
/// | field | form |
/// |---|---|
/// | names, city, any other | apostrophes and full stops dropped (O'Brien → OBRIEN), other punctuation to a space (Wilson-Lee → WILSON LEE); between two digits both are a space (12.5 → 12 5, 12½ → 12 1 2) |
/// | any other with `phone` or `mobile` in its name | letters and digits only |
/// | any other with `email` in its name | upper case, without spaces; nothing else is dropped |
/// | any other that holds a number | the number with its sign and its decimals (-1.50 → -1.50) |
/// | street | as names; types, directions and ordinals in one short form (North Fifth Street → N 5TH ST); post office boxes in one form (P.O. Box 12 → PO BOX 12) |
/// | zip, state, number | letters and digits only |
/// | house number | numbers with their letters: a space between two numbers only (221-b → 221B, 1-11 → 1 11), no leading zeros |
/// | unit | as a house number, without the word for it (Apt. 4-B → 4B) |
/// | sex | its first letter |
/// | date of birth | YYYY-MM-DD where [`Date::parse`] reads it; with ? for what is not known where [`DateParts::parse`] does (1980 → 1980-??-??); else nothing, as if it were missing |
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

/// Those fields among some that are meant as they were recorded, each once.
pub fn recorded<'f>(fields: impl Iterator<Item = &'f Field>) -> Vec<Field> {
    let mut fields: Vec<Field> = fields.filter(|field| field.recorded().is_some()).cloned().collect();
    fields.sort();
    fields.dedup();
    fields
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
    if !text.is_ascii() && text.contains(is_invisible) && field.recorded().is_none() {
        let seen: String = text.chars().filter(|&c| !is_invisible(c)).collect();
        return normal_form(field, &seen, buffer, out);
    }
    match field {
        Field::Zip | Field::State | Field::Number => fold(text, Gaps::Close, out),
        Field::HouseNumber => fold(text, Gaps::Numbers, out),
        Field::Sex => {
            buffer.clear();
            fold(text, Gaps::Close, buffer);
            out.extend(buffer.chars().next());
        }
        Field::DateOfBirth => match Date::parse(text) {
            // Writing to a string cannot fail.
            Some(date) => drop(write!(out, "{date}")),
            None => {
                if let Some(parts) = DateParts::parse(text).filter(|parts| !parts.is_empty()) {
                    let _ = write!(out, "{parts}");
                }
            }
        },
        Field::Unit => {
            buffer.clear();
            fold(text, Gaps::Space, buffer);
            const WORDS: [&str; 9] = ["APT", "APARTMENT", "UNIT", "FLAT", "SUITE", "STE", "ROOM", "NO", "RM"];
            let words = buffer.split(' ').filter(|word| !WORDS.contains(word));
            Writer::new(Gaps::Numbers, out).put_words(words);
        }
        Field::Street => {
            buffer.clear();
            fold(text, Gaps::Space, buffer);
            if let Some(number) = post_office_box(buffer) {
                out.push_str(BOX);
                return fold(number, Gaps::Numbers, out);
            }
            for (i, word) in buffer.split(' ').enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                out.push_str(short_form(word));
            }
        }
        Field::Other(_) if field.recorded().is_some() => out.push_str(text),
        Field::Other(_) if field.is_phone() => fold(text, Gaps::Close, out),
        Field::Other(_) if field.is_email() => {
            let seen = text.chars().filter(|c| !c.is_whitespace() && !c.is_control());
            out.extend(seen.flat_map(char::to_uppercase));
        }
        Field::Other(_) if is_number(text) => out.push_str(text.strip_prefix('+').unwrap_or(text)),
        Field::GivenName
        | Field::MiddleName
        | Field::Surname
        | Field::Suffix
        | Field::City
        | Field::Race
        | Field::Other(_) => fold(text, Gaps::Space, out),
    }
}

/// Says if a text is a number with a sign or decimals, which its punctuation is a part of.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, decimals].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
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
            ("Mc\u{200b}Donald", "MCDONALD"),
            ("Mc\u{00ad}Donald", "MCDONALD"),
            ("\u{feff}Zo\u{200d}ë\u{2060}", "ZOE"),
            ("\u{200f}Nuñez\u{fe0f} \u{200b}", "NUNEZ"),
            ("\u{200b}", ""),
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
        for (text, form) in [
            ("221-b", "221B"),
            ("221 B", "221B"),
            ("12 1/2", "12 1 2"),
            ("12½", "12 1 2"),
            ("12²", "12 2"),
            ("12.5", "12 5"),
            ("１２", "12"),
            ("1-11", "1 11"),
            ("0012", "12"),
            ("100-05", "100 5"),
            ("000", "0"),
            ("B-04", "B4"),
        ] {
            assert_eq!(one(Field::HouseNumber, text), form, "{text}");
            assert_eq!(one(Field::Unit, &format!("Apt. {text}")), form, "{text}");
        }
        for (text, form) in [
            ("P.O. Box 4843", "PO BOX 4843"),
            ("p o box #04843", "PO BOX 4843"),
            ("Post Office Box 12-B", "PO BOX 12B"),
            ("Box Canyon Road", "BOX CANYON RD"),
            ("12½ Łódź Avenue", "12 1 2 LODZ AVE"),
        ] {
            assert_eq!(one(Field::Street, text), form, "{text}");
        }
        for (text, form) in [
            ("3.14", "3.14"),
            ("-5", "-5"),
            ("+1.0", "1.0"),
            ("3.\u{200b}14", "3.14"),
            ("1.000.000", "1 000 000"),
            ("v1.5 Ōe", "V1 5 OE"),
            ("-", ""),
        ] {
            assert_eq!(one(Field::from_name("score"), text), form, "{text}");
        }
        assert_eq!(one(Field::Sex, "female"), "F");
        assert_eq!(one(Field::DateOfBirth, "05/06/1994"), "1994-05-06");
        assert_eq!(one(Field::DateOfBirth, "07/71/1958"), "1958-07-71");
        assert_eq!(one(Field::DateOfBirth, "1980"), "1980-??-??");
        assert_eq!(one(Field::DateOfBirth, "00/00/0000"), "");
        assert_eq!(one(Field::DateOfBirth, "not known"), "");
        assert_eq!(one(Field::Number, "900-12-3456"), "900123456");
    }

    #[test]
    fn normal_forms_do_not_change_when_normalised_again() {
        for field in Field::NAMED {
            for text in [
                "North Łódź Saint St.",
                "Apt 4 No B",
                "1984-05-23",
                "O'Brien-Ōe",
                "Zoë",
                "",
                "12 1/2-B",
                "P. O. Box 007",
                "-1.50",
                "1980",
                "1958-04-56",
                "Apt No 1-11 2",
            ] {
                let once = one(field.clone(), text);
                assert_eq!(one(field.clone(), &once), once, "{field} {text}");
            }
        }
    }
}
