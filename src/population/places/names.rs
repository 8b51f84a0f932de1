//! Names of places. None of them can exist.
//!
//! State codes are ones no postal service assigns; a postal code is the letter Q and five digits, a form no member of
//! the Universal Postal Union uses.

use super::MAP;
use crate::random::{Decision, Permutation};

/// Codes of the states. No postal service assigns them: X?, Q? (except for the Mexican, Canadian abbreviations), and a
/// few pairs of rare letters; `docs/model.md` says how that was checked.
pub const STATE_CODES: [&str; 50] = [
    "XA", "XB", "XC", "XD", "XE", "XF", "XG", "XH", "XI", "XJ", "XK", "XL", "XM", "XN", "XO", "XP", "XQ", "XR", "XS",
    "XT", "XU", "XV", "XW", "XX", "XY", "XZ", "QM", "QN", "QP", "QQ", "QS", "QU", "QV", "QW", "QX", "QY", "QZ", "ZQ",
    "ZX", "ZZ", "JQ", "JX", "JZ", "VQ", "VX", "WQ", "WX", "WZ", "YQ", "YX",
];

const STREET_TYPES: [(&str, f64); 8] = [
    ("Street", 0.34),
    ("Avenue", 0.18),
    ("Road", 0.13),
    ("Drive", 0.13),
    ("Lane", 0.08),
    ("Court", 0.06),
    ("Boulevard", 0.04),
    ("Way", 0.04),
];

const CITY_FRONT: [&str; 40] = [
    "Vel", "Mar", "Tor", "Bran", "Quil", "Ost", "Hal", "Wex", "Dun", "Fen", "Gar", "Hol", "Ith", "Jor", "Kel", "Lor",
    "Mor", "Nar", "Orm", "Pell", "Rav", "Sel", "Tam", "Ulm", "Var", "Wyn", "Yar", "Zel", "Cal", "Dor", "Esk", "Fal",
    "Gren", "Har", "Ing", "Kes", "Lin", "Mel", "Nor", "Pen",
];
const CITY_MIDDLE: [&str; 16] =
    ["a", "e", "en", "ing", "er", "o", "ow", "is", "an", "el", "or", "um", "ar", "il", "ath", "un"];
const CITY_BACK: [&str; 25] = [
    "dale", "mouth", "holt", "stead", "wick", "ford", "mere", "combe", "gate", "haven", "moor", "ness", "field",
    "burgh", "thorpe", "well", "croft", "minster", "hurst", "port", "garth", "beck", "fell", "cross", "bury",
];

const STREET: Decision = Decision::named("places.street");
const CITY_NAME: Decision = Decision::named("places.city_name");

/// The code of a state by its number on the map.
pub(super) fn state_code(state: u32) -> &'static str {
    STATE_CODES[state as usize % STATE_CODES.len()]
}

/// The name of a city, different for the first 16,000.
pub(super) fn city_name(number: u64) -> String {
    let (fronts, middles, backs) = (CITY_FRONT.len() as u64, CITY_MIDDLE.len() as u64, CITY_BACK.len() as u64);
    let all = fronts * middles * backs;
    let shuffled = Permutation::new(MAP, CITY_NAME, all).forward(number % all);
    let front = CITY_FRONT[(shuffled % fronts) as usize];
    let middle = CITY_MIDDLE[(shuffled / fronts % middles) as usize];
    let back = CITY_BACK[(shuffled / fronts / middles) as usize];
    match number / all {
        0 => format!("{front}{middle}{back}"),
        again => format!("{front}{middle}{back} {}", ["North", "South", "East", "West"][(again % 4) as usize]),
    }
}

/// The postal code of a postal area: every second of the numbers from 10000, so that a wrong last digit is as likely
/// to name no place as another one.
pub(super) fn zip_code(zip_number: usize) -> String {
    format!("Q{:05}", 10_000 + 2 * (zip_number % 45_000))
}

/// The names of streets with the shares of streets that bear them, most common first.
#[derive(Clone, Debug)]
pub(super) struct Streets(Vec<(&'static str, f64)>);

impl Streets {
    /// Those of the table.
    pub fn new() -> Streets {
        let rows: Vec<(&str, f64)> = include_str!("../../../synthetic-data/places/streets.csv")
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(','))
            .map(|(name, weight)| (name, weight.parse().unwrap_or(1.0)))
            .collect();
        let total: f64 = rows.iter().map(|(_, weight)| weight).sum();
        Streets(rows.into_iter().map(|(name, weight)| (name, weight / total)).collect())
    }

    /// The street that a segment of a postal area belongs to.
    pub fn name(&self, zip_number: usize, segment: u64) -> String {
        // Six segments in a row are one street.
        let mut stream = MAP.stream(STREET.about(zip_number as u64), segment / 6);
        let name = pick(&self.0, stream.uniform());
        let kind = pick(&STREET_TYPES, stream.uniform());
        match stream.below(25) {
            0 => format!("North {name} {kind}"),
            1 => format!("South {name} {kind}"),
            2 => format!("East {name} {kind}"),
            3 => format!("West {name} {kind}"),
            _ => format!("{name} {kind}"),
        }
    }
}

/// The entry whose share of the unit interval holds `u`.
fn pick(shares: &[(&'static str, f64)], u: f64) -> &'static str {
    let mut left = u;
    for (name, share) in shares {
        left -= share;
        if left < 0.0 {
            return name;
        }
    }
    shares[shares.len() - 1].0
}
