//! An invented map: the address of every dwelling, and the dwellings of people today and before.
//!
//! A dwelling is a number. Numbers run along the map, so a postal code, a city, a county and a state are ranges of
//! blocks, and an address follows from the number alone. The map is the same for every seed; a country of N people is
//! its first N people's worth of blocks, so places keep their sizes and grow in number.
//!
//! No such place can exist.

mod moves;
mod names;

use crate::random::{Decision, Permutation, Seed, Stream};
pub use moves::MoveRates;
pub use names::STATE_CODES;
use names::{Streets, city_name, state_code, zip_code};
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

/// The map of a country of a given number of blocks.
#[derive(Clone, Debug)]
pub struct Places {
    zips: Vec<Zip>,
    cities: Vec<Range<u64>>,
    counties: Vec<Range<u64>>,
    states: Vec<Range<u64>>,
    streets: Streets,
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

/// Sizes of the states in millions of people, in the order of the map: of the size and spread of the fifty United
/// States, small ones first so that a small country has more than one.
const STATE_MILLIONS: [f64; 50] = [
    0.6, 0.9, 1.4, 0.7, 2.1, 3.2, 1.1, 4.4, 5.8, 1.8, 7.0, 2.9, 10.4, 0.8, 4.9, 3.0, 6.9, 12.8, 1.9, 5.1, 9.3, 2.1,
    0.7, 6.2, 8.6, 3.9, 1.1, 20.2, 4.5, 7.7, 1.4, 3.3, 13.0, 6.8, 2.9, 39.5, 5.7, 1.0, 10.1, 4.2, 7.3, 3.0, 29.1, 0.6,
    21.5, 11.8, 6.0, 10.7, 5.1, 8.9,
];

/// The map is drawn once, from a seed of its own: every run has the same places.
const MAP: Seed = Seed(0x4d41_5031);
const COUNTY_SIZE: Decision = Decision::named("places.county_size");
const CITY_SIZE: Decision = Decision::named("places.city_size");
const ZIP_SIZE: Decision = Decision::named("places.zip_size");
const BUILDING: Decision = Decision::named("places.building");
const POSITION: Decision = Decision::named("places.position");
const INSTITUTION: Decision = Decision::named("places.institution");
impl Places {
    /// The map of a country of `blocks` blocks whose households move at `moves`.
    pub fn new(blocks: u64, moves: MoveRates, seed: Seed) -> Places {
        let mut places = Places {
            zips: Vec::new(),
            cities: Vec::new(),
            counties: Vec::new(),
            states: Vec::new(),
            streets: Streets::new(),
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

    /// The address of a dwelling.
    pub fn address(&self, dwelling: DwellingId) -> Address {
        let zip_number = self.zip_number(dwelling.block());
        let zip = &self.zips[zip_number];
        let lot = self.lot(dwelling, zip_number);
        let mut address = Address {
            house_number: lot.house_number.to_string(),
            street: self.streets.name(zip_number, lot.segment),
            unit: String::new(),
            city: city_name(u64::from(zip.city)),
            state: state_code(zip.state).to_string(),
            zip: zip_code(zip_number),
        };
        if let Some(unit) = lot.unit {
            write!(address.unit, "{unit}").expect("writing to a string cannot fail");
        }
        address
    }

    /// Returns `true` if the last dwelling of a block is an institution. Its people are no household and do not move as
    /// one.
    pub fn has_institution(&self, block: u64) -> bool {
        MAP.uniform(INSTITUTION, block) < BLOCKS_WITH_INSTITUTION
    }

    /// Returns `true` if a dwelling is a unit in a building of several.
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

    /// The lot of a dwelling in its postal area.
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    pub const MOVES: MoveRates = MoveRates { within_county: 0.049, within_state: 0.019, beyond: 0.014 };

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
