//! Numbers that can be read in two ways: `1.000`, which may be 1 or 1000 ([`ambiguous`]), and long numbers that end in
//! zeros because a spreadsheet keeps fifteen digits ([`cut_off`]).

use super::pair::Reading;
use super::whole::whole;
use super::{BridgeError, Spec};
use crate::notice::{Code, Notice, by_number};
use crate::record::coded::Dataset;
use rustc_hash::FxHashSet;

/// A number with points between its thousands as plain digits: `1.000` is 1000.
pub(super) fn without_points(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (first, rest) = unsigned.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_thousands = digits(first)
        && first.len() <= 3
        && !first.starts_with('0')
        && rest.split('.').all(|group| group.len() == 3 && digits(group));
    is_thousands.then(|| text.replace('.', ""))
}

/// Returns `true` if some of these texts, end to end, may have points between thousands. To look for one sign first is far
/// quicker.
pub(super) fn has_thousands(all: &str) -> bool {
    all.contains('.') && all.contains(".000")
}

/// Returns `true` if some of these texts, end to end, may have an exponent as a spreadsheet writes it.
pub(super) fn has_exponents(all: &str) -> bool {
    all.contains('+') && all.contains("E+")
}

/// The first of texts such as `1.000` that are 1 with decimals, or 1000 as another text of the column has it.
pub(super) fn ambiguous<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Option<&'t str> {
    let floats = texts.clone().filter(|text| text.contains('.') && whole(text).is_some());
    let mut first: Option<&str> = None;
    let mut readings: FxHashSet<String> = FxHashSet::default();
    for text in floats {
        // One of 1.0 or 1234.000 says that all are decimals.
        readings.insert(without_points(text)?);
        first = Some(first.map_or(text, |first| first.min(text)));
    }
    first.filter(|_| texts.clone().any(|text| readings.contains(text)))
}

/// The complaint about such a text, and the remedy.
pub(super) fn complaint(text: &str) -> (String, &'static str) {
    let as_thousands = without_points(text).unwrap_or_default();
    let read = whole(text).unwrap_or_default();
    let problem =
        format!("{text:?} may be {read} or {as_thousands}, and other values of the column are written {as_thousands}");
    (problem, "write the numbers of the column without a point")
}

/// Refuses truth and ids that can be read in two ways.
pub(super) fn refuse_ambiguous(a: &Reading, b: &Reading, spec: &Spec) -> Result<(), BridgeError> {
    let columns = [(&spec.truth, [&a.persons, &b.persons]), (&spec.id, [&a.file.ids, &b.file.ids])];
    for (column, texts) in columns {
        if texts.iter().all(|texts| !has_thousands(texts.all())) {
            continue;
        }
        let Some(text) = ambiguous(texts[0].iter().chain(texts[1].iter())) else { continue };
        let place = |side: Dataset| texts[side as usize].iter().position(|other| other == text).map(|row| (side, row));
        let Some((side, row)) = place(Dataset::A).or_else(|| place(Dataset::B)) else { continue };
        let reading = if side == Dataset::A { a } else { b };
        let (problem, remedy) = complaint(text);
        let error = BridgeError::new(&reading.file.name, problem, remedy).at_line(reading.lines[row].into());
        return Err(error.about(format!("column {:?}", column.of(side))));
    }
    Ok(())
}

/// The notice that a field is left as it is written, since its numbers can be read in two ways.
pub(super) fn left_ambiguous(file: &str, column: &str, text: &str) -> Notice {
    let (problem, remedy) = complaint(text);
    let sentence = format!("{file}, column {column:?}: {problem}. All are compared as they are written; {remedy}.");
    Notice::new(Code::NumbersAsText, sentence).with_examples([text])
}

/// The digits of a number that a spreadsheet keeps.
const KEPT: usize = 15;

/// The digits of a number beyond those that a spreadsheet keeps, if there are some.
fn beyond(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() <= KEPT || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.trim_start_matches('0').get(KEPT..).filter(|beyond| !beyond.is_empty())
}

/// The notice that the long numbers of a column end in zeros, more than numbers do by chance. `so` says what follows.
pub(super) fn cut_off<'t>(
    file: &str,
    column: &str,
    texts: impl Iterator<Item = &'t str> + Clone,
    so: &str,
) -> Option<Notice> {
    let (mut cut, mut long, mut zeros) = (Vec::new(), 0, 0);
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for (text, beyond) in texts.clone().filter_map(|text| Some((text, beyond(text)?))) {
        if !seen.insert(text) {
            continue;
        }
        long += 1;
        if beyond.bytes().all(|byte| byte == b'0') {
            cut.push(text);
            zeros += beyond.len();
        }
    }
    // One number of ten ends in a zero.
    let is_told = (cut.len() == long && zeros >= 2) || (cut.len() >= 3 && cut.len() * 2 >= long);
    if !is_told {
        return if long == 0 { None } else { rounded(file, column, texts, so) };
    }
    Some({
        let sentence = format!(
            "{file}, column {column:?}: {} of {long} {} of 16 or more digits {} in zeros beyond the fifteenth, as where a \
             spreadsheet saved the file and lost the digits. {so} Write the column as text in the program that made the file.",
            cut.len(),
            by_number(long as u64, "value", "values"),
            by_number(cut.len() as u64, "ends", "end"),
        );
        cut.sort_unstable();
        Notice::new(Code::DigitsLost, sentence).counting(cut.len() as u64).with_examples(cut.iter().copied())
    })
}

/// The whole numbers that a floating-point number holds all of.
const EXACT: u128 = 1 << 53;

/// The logarithm of the chance that a number has the zeros at its end, in binary, that a floating-point number of its size
/// has, if it has them, and whether it has more; 0 for a number that is too small to need any.
fn ln_chance_of_rounding(text: &str) -> Option<(f64, bool)> {
    let number: u128 = text.strip_prefix('-').unwrap_or(text).parse().ok()?;
    let zeros = (number / EXACT).checked_ilog2().map_or(0, |log| log + 1);
    let has_more = zeros > 0 && number.is_multiple_of(2 << zeros);
    number.is_multiple_of(1 << zeros).then_some((-f64::from(zeros) * core::f64::consts::LN_2, has_more))
}

/// The notice that all long numbers of a column are such as a floating-point number holds, which chance does not do.
fn rounded<'t>(file: &str, column: &str, texts: impl Iterator<Item = &'t str>, so: &str) -> Option<Notice> {
    /// So rarely does chance round all of them.
    const RARELY: f64 = 1e-3;
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let (mut ln_chance, mut with_more) = (0.0, 0);
    for text in texts.filter(|text| beyond(text).is_some()) {
        if seen.insert(text) {
            let (chance, has_more) = ln_chance_of_rounding(text)?;
            ln_chance += chance;
            with_more += usize::from(has_more);
        }
    }
    // Of numbers that were rounded a quarter or half have no further zero. Others are made so: of a time and a count.
    let is_told = ln_chance < libm::log(RARELY) && with_more * 20 <= seen.len() * 19;
    is_told.then(|| {
        let sentence = format!(
            "{file}, column {column:?}: all {} values of 16 or more digits are numbers that a floating-point number holds, as \
             where a program read the column as numbers and lost the last digits. {so} Write the column as text in the program \
             that made the file.",
            seen.len(),
        );
        let mut examples: Vec<&str> = seen.into_iter().collect();
        examples.sort_unstable();
        Notice::new(Code::DigitsLost, sentence).counting(examples.len() as u64).with_examples(examples)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_between_thousands_are_told_from_decimals() {
        for (text, digits) in
            [("1.000", "1000"), ("12.345.678", "12345678"), ("-1.000", "-1000"), ("123.456", "123456")]
        {
            assert_eq!(without_points(text).as_deref(), Some(digits));
        }
        for text in ["1000", "1.0", "1.00", "1234.000", "1.0000", "0.125", "1.000.0", "a.000", "", ".", "1."] {
            assert_eq!(without_points(text), None, "{text}");
        }
        let of = |texts: &[&'static str]| ambiguous(texts.iter().copied());
        assert_eq!(of(&["2.000", "1.000", "1000"]), Some("1.000"));
        for texts in
            [&["1.000", "1"][..], &["1.000", "1000", "2.0"], &["1.000", "1000", "1234.000"], &["1000", "1"], &[]]
        {
            assert_eq!(of(texts), None, "{texts:?}");
        }
    }

    #[test]
    fn long_numbers_that_end_in_zeros_are_told_unless_that_is_chance() {
        let of =
            |texts: &[&'static str]| cut_off("a.csv", "p", texts.iter().copied(), "").and_then(|notice| notice.count);
        assert_eq!(of(&["1234567890123460", "1234567890123470", "1"]), Some(2));
        assert_eq!(of(&["12345678901234600"]), Some(1));
        assert_eq!(of(&["1234567890123460", "1234567890123460"]), None, "one number, of which one in ten ends so");
        assert_eq!(of(&["1234567890123460", "1234567890123471", "1234567890123482"]), None);
        assert_eq!(of(&["1234567890123460", "1234567890123470", "1234567890123480", "9234567890123481"]), Some(3));
        // Numbers that were floating-point numbers for a while, of which each is a multiple of 2, 16 or 128.
        let rounded = |first: u64| {
            let texts: Vec<String> = (0..30).map(|i| ((first + 7_919 * i) as f64 as u64).to_string()).collect();
            cut_off("a.csv", "p", texts.iter().map(String::as_str), "").and_then(|notice| notice.count)
        };
        assert_eq!(rounded(12_345_678_901_234_501), Some(30));
        assert!(rounded(123_456_789_012_345_017).is_some() && rounded(1_234_567_890_123_456_789).is_some());
        assert_eq!(rounded(8_345_678_901_234_501), None, "below 2^53 nothing is lost");
        let of_time: Vec<String> = (0..30_u64).map(|i| ((250_000_000_123 + 7_919 * i) << 22).to_string()).collect();
        assert_eq!(cut_off("a.csv", "p", of_time.iter().map(String::as_str), ""), None, "of a time and a count of 0");
        let whole: Vec<String> = (0..30).map(|i| (12_345_678_901_234_501_u64 + 7 * i).to_string()).collect();
        assert_eq!(cut_off("a.csv", "p", whole.iter().map(String::as_str), ""), None);
        assert_eq!(of(&["123456789012000", "0000000000012000", "1000", "x234567890123460"]), None);
    }
}
