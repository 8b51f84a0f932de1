//! The levels of names, addresses, dates and numbers, from their text.

use super::text::{edits, jaro_winkler};
use super::{ALIKE, SIMILAR};
use std::ops::Range;

/// The highest level whose cut a similarity reaches.
pub(super) fn reached(cuts: &[f64], similarity: f64) -> u8 {
    cuts.iter().rposition(|&cut| similarity >= cut).map_or(0, |i| i as u8 + 1)
}

/// The share of the shorter text's words that the longer one has too; `None` where the words are the same in another
/// order.
pub(super) fn shared_words(x: &str, y: &str) -> Option<f64> {
    let (mut few, mut many): (Vec<&str>, Vec<&str>) = (x.split(' ').collect(), y.split(' ').collect());
    // From either side the same: the side with fewer words comes first, of equals the alphabetically first.
    if (few.len(), x) > (many.len(), y) {
        std::mem::swap(&mut few, &mut many);
    }
    few.sort_unstable();
    many.sort_unstable();
    if few == many {
        return None;
    }
    let all = few.len() as f64;
    // Words that agree in full are paired first, so that a similar word takes none of theirs.
    few.retain(|word| match many.iter().position(|other| other == word) {
        Some(found) => {
            many.remove(found);
            false
        }
        None => true,
    });
    few.retain(|word| match many.iter().position(|other| jaro_winkler(word, other) >= SIMILAR) {
        Some(found) => {
            many.remove(found);
            false
        }
        None => true,
    });
    Some((all - few.len() as f64) / all)
}

/// The share of the longer text that the edits between the two leave alone.
pub(super) fn share_of_letters(x: &str, y: &str) -> f64 {
    let longer = x.chars().count().max(y.chars().count());
    if longer == 0 { 1.0 } else { (longer - edits(x, y)) as f64 / longer as f64 }
}

pub(super) fn given_names_level([given_x, middle_x]: [&str; 2], [given_y, middle_y]: [&str; 2]) -> Option<u8> {
    if given_x.is_empty() || given_y.is_empty() {
        return None;
    }
    let exchanged = given_x == middle_y && given_y == middle_x;
    Some(if given_x == given_y { 2 } else { u8::from(exchanged) })
}

pub(super) fn only_initial(name: &str) -> bool {
    name.chars().nth(1).is_none()
}

pub(super) fn surname_level(x: &str, y: &str) -> u8 {
    if x == y {
        return 4;
    }
    let similarity = jaro_winkler(x, y);
    if similarity >= SIMILAR {
        return 3;
    }
    // DE and LA are shared by strangers; a name of three letters or more is not a particle.
    let shares = x.split(' ').any(|word| word.chars().nth(2).is_some() && y.split(' ').any(|other| other == word));
    if shares { 2 } else { u8::from(similarity >= ALIKE) }
}

pub(super) fn address_level(x: [&str; 3], y: [&str; 3]) -> Option<u8> {
    let ([number_x, street_x, unit_x], [number_y, street_y, unit_y]) = (x, y);
    let numbers_known = !number_x.is_empty() && !number_y.is_empty();
    if street_x.is_empty() || street_y.is_empty() {
        // One number without its street still says something, if not much.
        return numbers_known.then(|| u8::from(number_x == number_y));
    }
    if let (Some(x), Some(y)) = (box_number(number_x, street_x), box_number(number_y, street_y)) {
        // Boxes stand in no street: another number is another place.
        return Some(if x == y { 5 } else { 3 * u8::from(similar_numbers(x, y)) });
    }
    if street_x != street_y && (jaro_winkler(street_x, street_y) < SIMILAR || other_numbers(street_x, street_y)) {
        return Some(0);
    }
    if !numbers_known {
        return Some(3);
    }
    if number_x != number_y {
        return Some(if similar_numbers(number_x, number_y) { 3 } else { 2 });
    }
    let other_unit = !unit_x.is_empty() && !unit_y.is_empty() && unit_x != unit_y;
    Some(if other_unit { 4 } else { 5 })
}

/// The start of a street that is a post office box; its number follows.
pub const BOX: &str = "PO BOX ";

/// The number of a post office box, which stands in the street or beside it.
fn box_number<'t>(number: &'t str, street: &'t str) -> Option<&'t str> {
    let rest = street.strip_prefix(BOX.trim_end())?;
    rest.strip_prefix(' ').or((rest.is_empty() && !number.is_empty()).then_some(number))
}

/// The numbers in a text, in their order.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty())
}

/// Returns `true` if numbers in two texts show that they are two: 5TH ST and 6TH ST, HWY 12 and HWY 21. A number that
/// only one text has, such as a unit behind the street, shows nothing.
fn other_numbers(x: &str, y: &str) -> bool {
    numbers(x).zip(numbers(y)).any(|(x, y)| x != y)
}

/// Returns `true` if two different house or box numbers may be one with an error, or one with a part left out: the
/// numbers agree and their letters do not (12A, 12B), one goes on where the other ends (12, 12 1 2), or one edit of a
/// number of three digits or more lies between them.
fn similar_numbers(x: &str, y: &str) -> bool {
    let count = |text: &str| numbers(text).count();
    let (few, many) = (count(x).min(count(y)), count(x).max(count(y)));
    if few > 0 && numbers(x).zip(numbers(y)).all(|(x, y)| x == y) {
        return true;
    }
    few == many && edits(x, y) == 1 && x.len().max(y.len()) > 2
}

/// The digits of a date: year, month, day, `?` where one is not known.
pub(super) type DateDigits = [u8; 8];

/// The level of two dates; `None` where they have no known part in common, so that nothing can be said.
pub(super) fn date_level(x: &str, y: &str) -> Option<u8> {
    date_level_of(digits_of_date(x)?, digits_of_date(y)?)
}

/// The same by their digits.
pub(super) fn date_level_of(x: DateDigits, y: DateDigits) -> Option<u8> {
    const PARTS: [Range<usize>; 3] = [0..4, 4..6, 6..8];
    if x.contains(&b'?') || y.contains(&b'?') {
        let known = |part: &Range<usize>| x[part.start] != b'?' && y[part.start] != b'?';
        let of = |part: &Range<usize>| x[part.clone()] == y[part.clone()];
        let (agree, differ): (Vec<Range<usize>>, _) = PARTS.into_iter().filter(known).partition(of);
        let year = agree.contains(&PARTS[0]);
        return match (agree.len(), differ.is_empty()) {
            (2, true) => Some(2),
            // A month or a day alone is shared by too many to say anything.
            (_, true) => year.then_some(1),
            (_, false) => Some(u8::from(year)),
        };
    }
    if x == y {
        return Some(5);
    }
    let same = |part: &Range<usize>| x[part.clone()] == y[part.clone()];
    if same(&PARTS[0]) && x[4..6] == y[6..8] && x[6..8] == y[4..6] {
        return Some(4);
    }
    let differing = x.iter().zip(&y).filter(|(a, b)| a != b).count();
    // Neighbours of one part: a slip of the fingers does not reach over what stands between two.
    let exchanged = |i: &usize| x[*i] != y[*i] && x[*i] == y[i + 1] && x[i + 1] == y[*i];
    if differing == 1 || (differing == 2 && [0, 1, 2, 4, 6].iter().any(exchanged)) {
        return Some(3);
    }
    Some(match PARTS.iter().filter(|part| same(part)).count() {
        2 => 2,
        _ => u8::from(same(&PARTS[0])),
    })
}

/// The eight digits of a date in its normal form, `?` where one is not known. Dates of fields that hold other text as
/// well stand between spaces, or close up.
pub(super) fn digits_of_date(text: &str) -> Option<DateDigits> {
    let bytes = text.as_bytes();
    let separator = |at: usize| matches!(bytes[at], b'-' | b' ');
    let digits: [u8; 8] = match bytes.len() {
        8 => bytes.try_into().ok()?,
        10 if separator(4) && separator(7) => [0, 1, 2, 3, 5, 6, 8, 9].map(|at| bytes[at]),
        _ => return None,
    };
    digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'?').then_some(digits)
}

pub(super) fn number_level(x: &str, y: &str) -> u8 {
    if x == y {
        return 4;
    }
    match edits(x, y) {
        0 | 1 => 3,
        2 => 2,
        _ => u8::from(last_four(x).is_some() && last_four(x) == last_four(y)),
    }
}

fn last_four(text: &str) -> Option<&str> {
    let start = text.char_indices().rev().nth(3)?.0;
    Some(&text[start..])
}

pub(super) fn same_start(x: &str, y: &str, n: u8) -> bool {
    let start = |text: &str| text.chars().filter(|&c| c != ' ').take(n.into()).collect::<Vec<char>>();
    start(x) == start(y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linkage::comparison::ComparisonKind;

    #[test]
    fn an_address_is_one_comparison() {
        let level = |x: [&str; 3], y: [&str; 3]| {
            let level = address_level(x, y);
            assert_eq!(level, address_level(y, x));
            level.map(|level| ComparisonKind::Address {}.labels()[usize::from(level)].clone())
        };
        let home = ["12", "CALLE PENON", "4B"];
        for (other, expected) in [
            (home, Some("same dwelling")),
            (["12", "CALLE PENOM", ""], Some("same dwelling")),
            (["12", "CALLE PENON", "4C"], Some("same building")),
            (["", "CALLE PENON", ""], Some("similar number")),
            (["99", "CALLE PENON", ""], Some("same street")),
            (["12", "", "4B"], Some("same number only")),
            (["12", "OAK ST", "4B"], Some("elsewhere")),
            (["", "", "4B"], None),
        ] {
            assert_eq!(level(home, other).as_deref(), expected, "{other:?}");
        }
    }

    #[test]
    fn boxes_houses_and_streets_are_compared_as_numbers_with_their_letters() {
        let level = |x: [&str; 2], y: [&str; 2]| {
            let level = address_level([x[0], x[1], ""], [y[0], y[1], ""]);
            assert_eq!(level, address_level([y[0], y[1], ""], [x[0], x[1], ""]));
            ComparisonKind::Address {}.labels()[usize::from(level.unwrap())].clone()
        };
        let street = |number| [number, "CALLE PEÑON"];
        for (x, y, expected) in [
            (["", "PO BOX 4843"], ["", "PO BOX 1441"], "elsewhere"),
            (["", "PO BOX 4843"], ["", "PO BOX 4843"], "same dwelling"),
            (["", "PO BOX 4843"], ["4843", "PO BOX"], "same dwelling"),
            (["", "PO BOX 4843"], ["", "PO BOX 4834"], "similar number"),
            (["", "PO BOX 12"], ["", "PO BOX 13"], "elsewhere"),
            (["", "PO BOX 12A"], ["", "PO BOX 12B"], "similar number"),
            (["", "PO BOX 12"], ["12", "CALLE PEÑON"], "elsewhere"),
            (["12", "5TH ST"], ["12", "6TH ST"], "elsewhere"),
            (["12", "COUNTY RD 441"], ["12", "COUNTY RD 414"], "elsewhere"),
            (["12", "CALLE PEÑON 4"], ["12", "CALLE PEÑON"], "same dwelling"),
            (street("12 1 2"), street("1212"), "same street"),
            (street("1 11"), street("111"), "same street"),
            (street("12 1 2"), street("12"), "similar number"),
            (street("12"), street("12A"), "similar number"),
            (street("123"), street("124"), "similar number"),
            (street("12"), street("13"), "same street"),
            (street("A"), street("B"), "same street"),
        ] {
            assert_eq!(level(x, y), expected, "{x:?} {y:?}");
        }
    }
}
