//! A whole number in the forms that programs write: plain digits, `1.0`, `1e+05`.

use std::borrow::Cow;

/// The most zeros that are written out for an exponent.
const MOST_ZEROS: usize = 30;

/// A whole number as plain digits; `None` for any other text.
pub(super) fn whole(text: &str) -> Option<Cow<'_, str>> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if digits(unsigned) {
        return Some(Cow::Borrowed(text));
    }
    // Most texts end the search at their first letter.
    if !unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+')) {
        return None;
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

/// The remedy where digits were lost.
pub(super) const LOST: &str = "write the column as text in the program that made the file: digits that it left out cannot be \
                               restored here";

/// The digits of a number in exponent form that are written, and those that are left out; `None` for any other text.
pub(super) fn in_exponent_form(text: &str) -> Option<(usize, usize)> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, exponent) = text.split_once("e+").or_else(|| text.split_once("E+"))?;
    let number = number.strip_prefix('-').unwrap_or(number);
    let (before, after) = number.split_once(['.', ',']).unwrap_or((number, ""));
    if !digits(before) || !(after.is_empty() || digits(after)) || !digits(exponent) {
        return None;
    }
    let exponent: usize = exponent.parse().ok()?;
    Some((before.len() + after.len(), exponent.saturating_sub(after.len())))
}

/// The most digits that a round number such as 1.2e+07 is written with. R writes a number so where that is shorter, and
/// it is exact; Excel writes 1.23E+11 for any number of twelve digits.
const ROUND: usize = 2;

/// Returns `true` if digits of a number are not in its text: `1.23457E+11`, or a float beyond 2^53, which holds no more
/// than 15 digits safely.
pub(super) fn lost_digits(text: &str) -> bool {
    if let Some((written, left_out)) = in_exponent_form(text) {
        return left_out > 0 && written > ROUND;
    }
    let is_float = |zeros: &str| !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0');
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    unsigned.split_once('.').is_some_and(|(whole, zeros)| {
        is_float(zeros)
            && whole.bytes().all(|byte| byte.is_ascii_digit())
            && whole.trim_start_matches('0').parse::<u128>().is_ok_and(|number| number > 1 << 53)
    })
}

/// Returns `true` for a number as a spreadsheet writes a long one: `1.2E+11` stands for all numbers that begin so. R and
/// pandas write a small e, and the number itself.
pub(super) fn is_of_spreadsheet(text: &str) -> bool {
    text.contains("E+") && in_exponent_form(text).is_some_and(|(_, left_out)| left_out > 0)
}
