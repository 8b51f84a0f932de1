//! Whole numbers that a program wrote as floating-point numbers: `1.0` for `1`, `1e+05` for `100000`.
//!
//! pandas does so to a column with a missing value, R to round numbers. Read as text they are other ids, people and
//! house numbers than those of the other file.

use super::Spec;
use super::labelled::Reading;
use crate::notice::{Code, Notice};
use crate::record::coded::Dataset;
use std::borrow::Cow;

/// The most zeros that are written out for an exponent.
const MOST_ZEROS: usize = 30;

/// A whole number in digits, however it is written; `None` for any other text.
pub(super) fn whole(text: &str) -> Option<Cow<'_, str>> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if digits(unsigned) {
        return Some(Cow::Borrowed(text));
    }
    let (number, exponent) = match unsigned.split_once("e+").or_else(|| unsigned.split_once("E+")) {
        Some((number, exponent)) if digits(exponent) => (number, exponent.parse().ok()?),
        Some(_) => return None,
        None => (unsigned, 0),
    };
    let (before, after) = number.split_once('.').unwrap_or((number, ""));
    let after = after.trim_end_matches('0');
    if !digits(before) || !(after.is_empty() || digits(after)) || after.len() > exponent || exponent > MOST_ZEROS {
        return None;
    }
    if exponent == 0 {
        return Some(Cow::Borrowed(&text[..text.len() - unsigned.len() + before.len()]));
    }
    let zeros = "0".repeat(exponent - after.len());
    Some(Cow::Owned(format!("{}{before}{after}{zeros}", &text[..text.len() - unsigned.len()])))
}

/// Returns `true` if a text is a number with a fraction.
fn has_fraction(text: &str) -> bool {
    whole(text).is_none() && text.contains('.') && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Returns `true` if all texts are whole numbers and some are written as floating-point numbers. Empty ones do not
/// count.
fn are_floats<'t>(all: &str, texts: impl Iterator<Item = &'t str>) -> bool {
    // Most columns have no such text at all, which is seen at a glance.
    (all.contains('.') || all.contains('+')) && texts.filter(|text| !text.is_empty()).all(|text| whole(text).is_some())
}

/// Reads columns of whole numbers that were written as floating-point numbers as what they are, and says so. A column
/// is left as it is where its other file has fractions: there the numbers are no names.
pub(super) fn read_whole(a: &mut Reading, b: &mut Reading, spec: &Spec) -> Vec<Notice> {
    let of_fields = |place: usize, a: &Reading, b: &Reading| {
        let floats =
            [a, b].map(|reading| are_floats(reading.cells.values(place).all(), reading.cells.values(place).iter()));
        let fractions = |reading: &Reading| reading.cells.values(place).iter().any(has_fraction);
        [floats[0] && !fractions(b), floats[1] && !fractions(a)]
    };
    let fields: Vec<[bool; 2]> = (0..spec.fields.len()).map(|place| of_fields(place, a, b)).collect();
    let is_float = |text: &&str| whole(text).is_some_and(|whole| whole != **text);
    let read = |(side, reading): (Dataset, &mut Reading)| {
        let (mut columns, mut examples) = (Vec::new(), Vec::new());
        let file = &mut reading.file;
        let named =
            [(spec.id.of(side).to_owned(), &mut file.ids), (spec.truth.of(side).to_owned(), &mut reading.persons)];
        let groups = file.groups.iter_mut().map(|(column, texts)| (column.clone(), texts));
        for (column, texts) in named.into_iter().chain(groups) {
            if are_floats(texts.all(), texts.iter()) {
                columns.push(column);
                examples.extend(texts.iter().find(is_float).map(str::to_owned));
                *texts = texts.mapped(|text| whole(text).unwrap_or(text.into()));
            }
        }
        for (place, (_, column)) in spec.fields.iter().enumerate().filter(|(place, _)| fields[*place][side as usize]) {
            columns.push(column.of(side).to_owned());
            examples.extend(reading.cells.values(place).iter().find(is_float).map(str::to_owned));
            reading.cells.recode(place, |text| whole(text).unwrap_or(text.into()));
        }
        (!columns.is_empty()).then(|| {
            let sentence = format!(
                "{}: whole numbers are written with a decimal point or an exponent in {}; they are read as whole numbers. \
                 Zeros at the front of a value were lost when the file was written.",
                reading.file.name,
                columns.join(", ")
            );
            let notice = Notice::new(Code::WholeNumbers, sentence).counting(columns.len() as u64);
            notice.with_examples(examples.iter().map(String::as_str))
        })
    };
    [(Dataset::A, a), (Dataset::B, b)].into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_known_however_it_is_written() {
        for (text, expected) in [
            ("1.0", "1"),
            ("900000001.0", "900000001"),
            ("02139", "02139"),
            ("-3.00", "-3"),
            ("1e+05", "100000"),
            ("1.25e+03", "1250"),
            ("9.00000001e+08", "900000001"),
            ("0.0", "0"),
        ] {
            assert_eq!(whole(text).as_deref(), Some(expected), "{text}");
        }
        for text in
            ["", ".", "1.5", "1e5", "12E4", "1.25e+01", "1e+999", "a.0", "1.0.0", "１.0", "1,0", "-", "e+05", "+1"]
        {
            assert_eq!(whole(text), None, "{text}");
        }
        assert!(has_fraction("1.5") && !has_fraction("1.0") && !has_fraction("St. John") && !has_fraction("1.0.1"));
    }
}
