//! The levels of names, addresses, dates and numbers, from their text.

use super::text::{edits, jaro_winkler};
use super::{ALIKE, SIMILAR};

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
    if street_x != street_y && jaro_winkler(street_x, street_y) < SIMILAR {
        return Some(0);
    }
    if !numbers_known {
        return Some(3);
    }
    if number_x != number_y {
        let similar = edits(number_x, number_y) == 1 && number_x.len().max(number_y.len()) > 2;
        return Some(if similar { 3 } else { 2 });
    }
    let other_unit = !unit_x.is_empty() && !unit_y.is_empty() && unit_x != unit_y;
    Some(if other_unit { 4 } else { 5 })
}

pub(super) fn date_level(x: &str, y: &str) -> u8 {
    if x == y {
        return 5;
    }
    let (x, y) = (x.as_bytes(), y.as_bytes());
    let is_date = |text: &[u8]| text.len() == 10 && text[4] == b'-' && text[7] == b'-';
    if !is_date(x) || !is_date(y) {
        return 0;
    }
    let parts = |text: &[u8]| -> [[u8; 4]; 3] {
        [[text[0], text[1], text[2], text[3]], [text[5], text[6], 0, 0], [text[8], text[9], 0, 0]]
    };
    let (p, q) = (parts(x), parts(y));
    if p[0] == q[0] && p[1] == q[2] && p[2] == q[1] {
        return 4;
    }
    let differing = x.iter().zip(y).filter(|(a, b)| a != b).count();
    let exchanged = |i: usize| x[i] == y[i + 1] && x[i + 1] == y[i];
    if differing == 1 || (differing == 2 && (0..9).any(|i| x[i] != y[i] && exchanged(i))) {
        return 3;
    }
    match (0..3).filter(|&i| p[i] == q[i]).count() {
        2 => 2,
        _ => u8::from(p[0] == q[0]),
    }
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
    use crate::comparison::Kind;

    #[test]
    fn an_address_is_one_comparison() {
        let level = |x: [&str; 3], y: [&str; 3]| {
            let level = address_level(x, y);
            assert_eq!(level, address_level(y, x));
            level.map(|level| Kind::Address {}.labels()[usize::from(level)].clone())
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
}
