//! Where people live: an invented map, the address of every dwelling, and who lived where before.
//!
//! A dwelling is a number. Numbers run along the map, so a postal code, a city, a county and a state are ranges of
//! blocks, and an address follows from the number alone. The map is the same for every seed; a country of N people is
//! its first N people's worth of blocks, so places keep their sizes and grow in number.
//!
//! Nothing here can exist: state codes are ones no postal service assigns, a postal code is the letter Q and five
//! digits, a form no member of the Universal Postal Union uses.
//!
//! A household lives today in the dwelling of its own number. Where it lived before is found by walking back year by
//! year: the dwellings that changed hands in a year at one level (county, state, nation) are permuted among themselves
//! by a keyed bijection, so at every stated date each dwelling has one household.

use crate::random::{Decision, Permutation, Seed, Stream};
use std::fmt::Write;
use std::ops::Range;

/// Dwellings in a block, lived in or empty.
pub const DWELLINGS_PER_BLOCK: u64 = 120;

/// People in a block.
pub const PEOPLE_PER_BLOCK: u64 = 256;

/// The number of a dwelling: its block's number times [`DWELLINGS_PER_BLOCK`], plus its slot in the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DwellingId(pub u64);

impl DwellingId {
    /// The block the dwelling stands in.
    pub fn block(self) -> u64 {
        self.0 / DWELLINGS_PER_BLOCK
    }

    /// The dwelling's slot in its block; low slots change hands most often.
    pub fn slot(self) -> u64 {
        self.0 % DWELLINGS_PER_BLOCK
    }
}

/// An address, part by part, as it would be written without error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Number of the house in its street.
    pub house_number: String,
    /// Direction, name and type of the street.
    pub street: String,
    /// Unit in the building; empty where a house is one dwelling.
    pub unit: String,
    /// City or town.
    pub city: String,
    /// Two-letter code of the state.
    pub state: String,
    /// Postal code: Q and five digits.
    pub zip: String,
}

impl Address {
    /// The parts in the order of `Field::ADDRESS`.
    pub fn parts(&self) -> [&str; 6] {
        [&self.house_number, &self.street, &self.unit, &self.city, &self.state, &self.zip]
    }
}

/// Shares of people in households who move in a year, by how far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MoveRates {
    /// To another dwelling of the same county.
    pub within_county: f64,
    /// To another county of the same state.
    pub within_state: f64,
    /// To another state.
    pub beyond: f64,
}

/// The map of a country of a given number of blocks.
#[derive(Clone, Debug)]
pub struct Places {
    zips: Vec<Zip>,
    cities: Vec<Range<u64>>,
    counties: Vec<Range<u64>>,
    states: Vec<Range<u64>>,
    streets: Vec<(&'static str, f64)>,
    blocks: u64,
    moves: MoveRates,
    /// By county: how often its dwellings take part in each exchange, and the most that is in all.
    levels: Vec<MoveRates>,
    most_moves: f64,
    seed: Seed,
}

/// A postal area: a range of blocks within a city, within a county, within a state.
#[derive(Clone, Debug)]
struct Zip {
    blocks: Range<u64>,
    city: u32,
    county: u32,
    state: u32,
}

/// Codes of the states. No postal service assigns them: X?, Q? (but for the Mexican, Canadian abbreviations), and a
/// few pairs of rare letters; `docs/model.md` says how that was checked.
pub const STATE_CODES: [&str; 50] = [
    "XA", "XB", "XC", "XD", "XE", "XF", "XG", "XH", "XI", "XJ", "XK", "XL", "XM", "XN", "XO", "XP", "XQ", "XR", "XS",
    "XT", "XU", "XV", "XW", "XX", "XY", "XZ", "QM", "QN", "QP", "QQ", "QS", "QU", "QV", "QW", "QX", "QY", "QZ", "ZQ",
    "ZX", "ZZ", "JQ", "JX", "JZ", "VQ", "VX", "WQ", "WX", "WZ", "YQ", "YX",
];

/// Sizes of the states in millions of people, in the order of the map: of the size and spread of the fifty United
/// States, small ones first so that a small country has more than one.
const STATE_MILLIONS: [f64; 50] = [
    0.6, 0.9, 1.4, 0.7, 2.1, 3.2, 1.1, 4.4, 5.8, 1.8, 7.0, 2.9, 10.4, 0.8, 4.9, 3.0, 6.9, 12.8, 1.9, 5.1, 9.3, 2.1,
    0.7, 6.2, 8.6, 3.9, 1.1, 20.2, 4.5, 7.7, 1.4, 3.3, 13.0, 6.8, 2.9, 39.5, 5.7, 1.0, 10.1, 4.2, 7.3, 3.0, 29.1, 0.6,
    21.5, 11.8, 6.0, 10.7, 5.1, 8.9,
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

/// The map is drawn once, from a seed of its own: every run has the same places.
const MAP: Seed = Seed(0x4d41_5031);
const COUNTY_SIZE: Decision = Decision::named("places.county_size");
const CITY_SIZE: Decision = Decision::named("places.city_size");
const ZIP_SIZE: Decision = Decision::named("places.zip_size");
const STREET: Decision = Decision::named("places.street");
const BUILDING: Decision = Decision::named("places.building");
const POSITION: Decision = Decision::named("places.position");
const INSTITUTION: Decision = Decision::named("places.institution");
const MOVED: Decision = Decision::named("moves.moved");
const MOVED_TO: Decision = Decision::named("moves.moved_to");

impl Places {
    /// The map of a country of `blocks` blocks whose households move at `moves`.
    pub fn new(blocks: u64, moves: MoveRates, seed: Seed) -> Places {
        let mut places = Places {
            zips: Vec::new(),
            cities: Vec::new(),
            counties: Vec::new(),
            states: Vec::new(),
            streets: street_names(),
            blocks,
            moves,
            levels: Vec::new(),
            most_moves: 0.0,
            seed,
        };
        let mut next = 0;
        while next < blocks {
            // Beyond the fiftieth state the list begins again, under the same codes with other counties.
            let millions = STATE_MILLIONS[places.states.len() % STATE_MILLIONS.len()];
            let end = next + (millions * 1e6 / PEOPLE_PER_BLOCK as f64) as u64;
            places.add_state(next..end);
            next = end;
        }
        places.levels = places.levels();
        places.most_moves =
            places.levels.iter().map(|l| l.within_county + l.within_state + l.beyond).fold(0.0, f64::max);
        places
    }

    /// How often the dwellings of each county take part in the exchange of the county, of the state and of the nation,
    /// so that moves have the stated distances.
    ///
    /// Whoever takes part in the exchange of the nation lands in the own state as often as that is large, and in the
    /// exchange of the state in the own county. So the wider exchanges are that much larger, and the narrower ones
    /// smaller. In a country of one state the widest cannot be had at any size; then it is at most three times as large,
    /// and all are scaled so that as many move as stated.
    fn levels(&self) -> Vec<MoveRates> {
        let size = |blocks: &Range<u64>| (blocks.end.min(self.blocks).saturating_sub(blocks.start)) as f64;
        let concentration = |parts: &mut dyn Iterator<Item = f64>| parts.map(|part| part * part).sum::<f64>().min(0.67);
        let of_nation = |state: &Range<u64>| size(state) / self.blocks.max(1) as f64;
        let beyond = self.moves.beyond / (1.0 - concentration(&mut self.states.iter().map(of_nation)));
        let mut levels = Vec::with_capacity(self.counties.len());
        let mut moving = 0.0;
        for state in &self.states {
            let counties: Vec<f64> = self
                .counties
                .iter()
                .filter(|county| state.contains(&county.start))
                .map(|county| size(county) / size(state).max(1.0))
                .collect();
            let to_own_state = beyond * of_nation(state);
            let within_state = self.moves.within_state / (1.0 - concentration(&mut counties.iter().copied()));
            let within_state = (within_state - to_own_state).max(0.0);
            for share in counties {
                let to_own_county = (within_state + to_own_state) * share;
                let within_county = (self.moves.within_county - to_own_county).max(0.0);
                moving += (within_county + within_state + beyond) * share * of_nation(state);
                levels.push(MoveRates { within_county, within_state, beyond });
            }
        }
        let stated = self.moves.within_county + self.moves.within_state + self.moves.beyond;
        let scale = if moving > 0.0 { stated / moving } else { 1.0 };
        for MoveRates { within_county, within_state, beyond } in &mut levels {
            for rate in [within_county, within_state, beyond] {
                *rate *= scale;
            }
        }
        levels
    }

    /// The address of a dwelling.
    pub fn address(&self, dwelling: DwellingId) -> Address {
        let zip_number = self.zip_number(dwelling.block());
        let zip = &self.zips[zip_number];
        let lot = self.lot(dwelling, zip_number);
        let mut address = Address {
            house_number: lot.house_number.to_string(),
            street: self.street(zip_number, lot.segment),
            unit: String::new(),
            city: city_name(u64::from(zip.city)),
            state: STATE_CODES[zip.state as usize % STATE_CODES.len()].to_string(),
            zip: zip_code(zip_number),
        };
        if let Some(unit) = lot.unit {
            write!(address.unit, "{unit}").expect("writing to a string cannot fail");
        }
        address
    }

    /// Whether two dwellings are in one building or next to each other: the same house number of the same street.
    pub fn same_building(&self, a: DwellingId, b: DwellingId) -> bool {
        a.block() == b.block() && {
            let zip = self.zip_number(a.block());
            let (x, y) = (self.lot(a, zip), self.lot(b, zip));
            (x.segment, x.house_number) == (y.segment, y.house_number)
        }
    }

    /// Whether the last dwelling of a block is an institution, whose people are no household and do not move as one.
    pub fn has_institution(&self, block: u64) -> bool {
        MAP.uniform(INSTITUTION, block) < BLOCKS_WITH_INSTITUTION
    }

    /// Whether a dwelling is a unit in a building of several.
    pub fn is_unit(&self, dwelling: DwellingId) -> bool {
        self.lot(dwelling, self.zip_number(dwelling.block())).unit.is_some()
    }

    /// The county of a block, as its number on the map.
    pub fn county_of(&self, block: u64) -> u32 {
        self.zips[self.zip_number(block)].county
    }

    /// The postal areas that lie wholly in the country, as ranges of blocks.
    pub fn whole_zips(&self) -> impl Iterator<Item = Range<u64>> + '_ {
        self.zips.iter().map(|zip| zip.blocks.clone()).filter(|blocks| blocks.end <= self.blocks)
    }

    /// The state of a block, as its number on the map.
    pub fn state_of(&self, block: u64) -> u32 {
        self.zips[self.zip_number(block)].state
    }

    /// The dwelling in which the household that lives in `dwelling` today lived `years` years ago.
    ///
    /// At any number of years ago this is a bijection of the dwellings of the country: no two households shared one.
    pub fn dwelling_years_ago(&self, dwelling: DwellingId, years: u32) -> DwellingId {
        let mut at = dwelling.0;
        for year in 1..=years {
            at = self.step(at, year, Permutation::forward);
        }
        DwellingId(at)
    }

    /// Where the household that lived in `at` so many years ago, counted to its end, lived at its beginning; and whether
    /// it moved there within the county.
    pub(super) fn year_before(&self, at: DwellingId, year: u32) -> (DwellingId, bool) {
        let before = DwellingId(self.step(at.0, year, Permutation::forward));
        (before, before != at && self.county_of(before.block()) == self.county_of(at.block()))
    }

    /// The dwelling in which the household that lived in `dwelling` `years` years ago lives today: the inverse of
    /// [`Places::dwelling_years_ago`]. Its number is also the household's.
    pub fn household_years_ago(&self, dwelling: DwellingId, years: u32) -> DwellingId {
        let mut at = dwelling.0;
        for year in (1..=years).rev() {
            at = self.step(at, year, Permutation::backward);
        }
        DwellingId(at)
    }

    fn add_state(&mut self, state: Range<u64>) {
        let state_number = self.states.len() as u32;
        fill(state.clone(), COUNTY_SIZE, 100.0, 1.67, 40_000, |county| {
            let county_number = self.counties.len() as u32;
            fill(county.clone(), CITY_SIZE, 40.0, 1.5, 16_000, |city| {
                let city_number = self.cities.len() as u32;
                fill(city.clone(), ZIP_SIZE, 45.0, 0.9, 300, |blocks| {
                    self.zips.push(Zip { blocks, city: city_number, county: county_number, state: state_number });
                });
                self.cities.push(city);
            });
            self.counties.push(county);
        });
        self.states.push(state);
    }

    fn zip_number(&self, block: u64) -> usize {
        self.zips.partition_point(|zip| zip.blocks.end <= block)
    }

    /// Where in its postal area a dwelling stands.
    fn lot(&self, dwelling: DwellingId, zip_number: usize) -> Lot {
        let block = dwelling.block();
        let in_zip = block - self.zips[zip_number].blocks.start;
        // Slots are in order of turnover; positions along the street are not.
        let position = Permutation::new(MAP, POSITION.about(block), DWELLINGS_PER_BLOCK).forward(dwelling.slot());
        // The first positions of a block stand in buildings of several units; how many differs from block to block,
        // for a mean share of 26.3 % (units in structure, Census 2000).
        let mut stream = MAP.stream(BUILDING, block);
        let u = stream.uniform();
        let in_buildings = (u * u * u * 1.052 * DWELLINGS_PER_BLOCK as f64) as u64;
        let in_buildings = in_buildings.min(DWELLINGS_PER_BLOCK);
        let units = UNITS_IN_BUILDING[stream.below(UNITS_IN_BUILDING.len() as u64) as usize];
        // Four street segments of a hundred house numbers each; a segment's hundreds are its own within the postal
        // area, so no two dwellings share an address even where two streets share a name.
        // An institution has the highest number of its street to itself.
        if dwelling.slot() == DWELLINGS_PER_BLOCK - 1 && self.has_institution(block) {
            let segment = in_zip * SEGMENTS;
            return Lot { segment, house_number: (segment + 1) * 100 + 99, unit: None };
        }
        if position < in_buildings {
            let building = position / units;
            let segment = in_zip * SEGMENTS + building % SEGMENTS;
            Lot {
                segment,
                house_number: (segment + 1) * 100 + 60 + 2 * (building / SEGMENTS) + building % 2,
                unit: Some(position % units + 1),
            }
        } else {
            let house = position - in_buildings;
            let segment = in_zip * SEGMENTS + house % SEGMENTS;
            Lot { segment, house_number: (segment + 1) * 100 + 1 + house / SEGMENTS, unit: None }
        }
    }

    fn street(&self, zip_number: usize, segment: u64) -> String {
        // Six segments in a row are one street.
        let mut stream = MAP.stream(STREET.about(zip_number as u64), segment / 6);
        let name = pick(&self.streets, stream.uniform());
        let kind = pick(&STREET_TYPES, stream.uniform());
        match stream.below(25) {
            0 => format!("North {name} {kind}"),
            1 => format!("South {name} {kind}"),
            2 => format!("East {name} {kind}"),
            3 => format!("West {name} {kind}"),
            _ => format!("{name} {kind}"),
        }
    }

    /// Where the household in `dwelling` was one year of moves earlier or later, by the direction of `along`.
    ///
    /// Whoever is in a dwelling that changed hands came from another that changed hands at the same level: the
    /// permutation of the whole range is followed until it lands on such a one.
    fn step(&self, dwelling: u64, year: u32, along: fn(&Permutation, u64) -> u64) -> u64 {
        let Some(level) = self.moved(dwelling, year) else { return dwelling };
        let range = self.exchange(dwelling, level);
        let decision = MOVED_TO.about(u64::from(year) * 4 + level as u64).about(range.start);
        let permutation = Permutation::new(self.seed, decision, range.end - range.start);
        let mut at = dwelling - range.start;
        loop {
            at = along(&permutation, at);
            let landed = at + range.start;
            if self.moved(landed, year) == Some(level) && self.exchange(landed, level) == range {
                return landed;
            }
        }
    }

    /// Whether, and at which level, a dwelling changed hands in a year: known without knowing who lives there.
    fn moved(&self, dwelling: u64, year: u32) -> Option<Level> {
        let (block, slot) = (dwelling / DWELLINGS_PER_BLOCK, dwelling % DWELLINGS_PER_BLOCK);
        if slot == DWELLINGS_PER_BLOCK - 1 && self.has_institution(block) {
            return None;
        }
        let u = self.seed.uniform(MOVED.about(u64::from(year)), dwelling);
        let u = u / turnover(slot);
        if u >= self.most_moves {
            return None;
        }
        let county = self.zips[self.zip_number(block)].county;
        let MoveRates { within_county, within_state, beyond } = self.levels[county as usize];
        match u {
            u if u < within_county => Some(Level::County),
            u if u < within_county + within_state => Some(Level::State),
            u if u < within_county + within_state + beyond => Some(Level::Nation),
            _ => None,
        }
    }

    /// The dwellings among which a dwelling's household may have moved.
    ///
    /// A range in which fewer than fifty dwellings change hands in a year is merged with the one around it, or many
    /// moves would go nowhere.
    fn exchange(&self, dwelling: u64, level: Level) -> Range<u64> {
        let zip = &self.zips[self.zip_number(dwelling / DWELLINGS_PER_BLOCK)];
        let county = self.clipped(&self.counties[zip.county as usize]);
        let state = self.clipped(&self.states[zip.state as usize]);
        let enough = |blocks: &Range<u64>, rate: f64| {
            (blocks.end - blocks.start) as f64 * DWELLINGS_PER_BLOCK as f64 * rate >= 50.0
        };
        let blocks = match level {
            Level::County if enough(&county, self.moves.within_county) => county,
            Level::County if enough(&state, self.moves.within_county) => state,
            Level::State if enough(&state, self.moves.within_state) => state,
            _ => 0..self.blocks,
        };
        blocks.start * DWELLINGS_PER_BLOCK..blocks.end * DWELLINGS_PER_BLOCK
    }

    fn clipped(&self, blocks: &Range<u64>) -> Range<u64> {
        blocks.start..blocks.end.min(self.blocks)
    }
}

/// A dwelling's place in its postal area.
struct Lot {
    segment: u64,
    house_number: u64,
    unit: Option<u64>,
}

/// Street segments in a block.
const SEGMENTS: u64 = 4;

/// Share of blocks with an institution: with 128 people each on average, 3 % of people live in one (2010 and 2020
/// censuses, group quarters).
const BLOCKS_WITH_INSTITUTION: f64 = 0.06;

/// Units in a building of several, as equally likely sizes.
const UNITS_IN_BUILDING: [u64; 8] = [2, 3, 4, 6, 8, 12, 24, 40];

/// How far a household moved.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    County,
    State,
    Nation,
}

/// How often the dwelling in a slot changes hands, over the mean, in steps of four slots. Young households live in low
/// slots; fitted so that mobility by the age of the householder is as in the American Community Survey of 2016–2020, in
/// ratios to its mean (`synthetic-data/population/mobility-by-age.csv`), and scaled so that over people, of whom the
/// households of the young have more, the mean is 1.
fn turnover(slot: u64) -> f64 {
    const STEPS: [f64; 30] = [
        3.349, 2.412, 2.058, 1.761, 1.608, 1.550, 1.493, 1.369, 1.187, 1.024, 0.947, 0.890, 0.833, 0.756, 0.689, 0.651,
        0.622, 0.593, 0.545, 0.498, 0.459, 0.440, 0.421, 0.383, 0.325, 0.268, 0.249, 0.239, 0.220, 0.220,
    ];
    STEPS[(slot / 4) as usize]
}

/// Cuts a range of blocks into places of log-normal size (`median` blocks, `sigma` of the logarithm, at most `most`).
fn fill(range: Range<u64>, decision: Decision, median: f64, sigma: f64, most: u64, mut place: impl FnMut(Range<u64>)) {
    let mut next = range.start;
    while next < range.end {
        let mut stream = MAP.stream(decision, next);
        let size = (median * libm::exp(sigma * normal(&mut stream))) as u64;
        let end = (next + size.clamp(1, most)).min(range.end);
        place(next..end);
        next = end;
    }
}

/// A standard normal number, by G. E. P. Box and M. E. Muller (1958), Ann. Math. Statist. 29, 610–611.
pub(super) fn normal(stream: &mut Stream) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - stream.uniform()));
    radius * libm::cos(2.0 * std::f64::consts::PI * stream.uniform())
}

/// The postal code of a postal area: every second of the numbers from 10000, so that a wrong last digit is as likely
/// to name no place as another one.
fn zip_code(zip_number: usize) -> String {
    format!("Q{:05}", 10_000 + 2 * (zip_number % 45_000))
}

/// The name of a city, different for the first 16,000.
fn city_name(number: u64) -> String {
    let (fronts, middles, backs) = (CITY_FRONT.len() as u64, CITY_MIDDLE.len() as u64, CITY_BACK.len() as u64);
    let all = fronts * middles * backs;
    let shuffled = Permutation::new(MAP, Decision::named("places.city_name"), all).forward(number % all);
    let front = CITY_FRONT[(shuffled % fronts) as usize];
    let middle = CITY_MIDDLE[(shuffled / fronts % middles) as usize];
    let back = CITY_BACK[(shuffled / fronts / middles) as usize];
    match number / all {
        0 => format!("{front}{middle}{back}"),
        again => format!("{front}{middle}{back} {}", ["North", "South", "East", "West"][(again % 4) as usize]),
    }
}

/// Street names, most common first, with cumulative shares.
fn street_names() -> Vec<(&'static str, f64)> {
    let rows: Vec<(&str, f64)> = include_str!("../../synthetic-data/places/streets.csv")
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .map(|(name, weight)| (name, weight.parse().unwrap_or(1.0)))
        .collect();
    let total: f64 = rows.iter().map(|(_, weight)| weight).sum();
    rows.into_iter().map(|(name, weight)| (name, weight / total)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    const MOVES: MoveRates = MoveRates { within_county: 0.049, within_state: 0.019, beyond: 0.014 };

    #[test]
    fn no_two_dwellings_share_an_address() {
        let places = Places::new(300, MOVES, Seed(1));
        let mut seen = BTreeSet::new();
        let mut in_buildings = 0;
        for dwelling in 0..300 * DWELLINGS_PER_BLOCK {
            let address = places.address(DwellingId(dwelling));
            in_buildings += u64::from(!address.unit.is_empty());
            assert!(seen.insert(address.parts().join("|")), "{address:?}");
        }
        let share = in_buildings as f64 / (300 * DWELLINGS_PER_BLOCK) as f64;
        assert!((share - 0.263).abs() < 0.05, "{share}");
    }

    #[test]
    fn an_address_does_not_depend_on_the_size_of_the_country() {
        let (small, large) = (Places::new(40, MOVES, Seed(1)), Places::new(1_300_000, MOVES, Seed(1)));
        for dwelling in (0..40 * DWELLINGS_PER_BLOCK).step_by(7) {
            assert_eq!(small.address(DwellingId(dwelling)), large.address(DwellingId(dwelling)));
        }
    }

    #[test]
    fn at_every_stated_date_each_dwelling_has_one_household() {
        // Large enough for many counties, some of them too small to move within, and a state cut short.
        for (blocks, years) in [(50, 1), (50, 10), (2_600, 1), (2_600, 3)] {
            let places = Places::new(blocks, MOVES, Seed(5));
            let all = blocks * DWELLINGS_PER_BLOCK;
            let mut lived_in = vec![false; all as usize];
            for household in 0..all {
                let then = places.dwelling_years_ago(DwellingId(household), years);
                assert!(!std::mem::replace(&mut lived_in[then.0 as usize], true));
                assert_eq!(places.household_years_ago(then, years), DwellingId(household));
            }
        }
    }

    #[test]
    fn as_many_households_move_as_the_rates_say() {
        let places = Places::new(4_000, MOVES, Seed(2));
        let all = 4_000 * DWELLINGS_PER_BLOCK;
        let moved = (0..all).filter(|&d| places.dwelling_years_ago(DwellingId(d), 1) != DwellingId(d)).count();
        let share = moved as f64 / all as f64;
        // Over dwellings, and not over the people in them, the mean of the turnover is a little less than 1.
        let turnover = (0..DWELLINGS_PER_BLOCK).map(turnover).sum::<f64>() / DWELLINGS_PER_BLOCK as f64;
        assert!((share - 0.082 * turnover).abs() < 0.003, "{share}");
    }

    #[test]
    fn nobody_moves_when_nobody_may() {
        let still = MoveRates { within_county: 0.0, within_state: 0.0, beyond: 0.0 };
        let places = Places::new(10, still, Seed(2));
        assert!((0..1_200).all(|d| places.dwelling_years_ago(DwellingId(d), 10) == DwellingId(d)));
    }

    #[test]
    fn postal_areas_and_cities_have_names_of_their_own() {
        let places = Places::new(1_300_000, MOVES, Seed(1));
        assert!(places.zips.len() < 45_000, "{} postal areas outgrow the codes", places.zips.len());
        let mut cities = BTreeMap::new();
        for number in 0..places.cities.len() as u64 {
            *cities.entry(city_name(number)).or_insert(0) += 1;
        }
        assert!(cities.values().all(|&count| count == 1) || places.cities.len() > 16_000 * 5);
        for block in [0, 1, 77, 1_299_999] {
            let zip = &places.zips[places.zip_number(block)];
            assert!(zip.blocks.contains(&block));
            assert!(places.counties[zip.county as usize].contains(&block));
        }
    }
}
