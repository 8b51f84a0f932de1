//! A country of invented people: a pure function of seed and index.
//!
//! People come in blocks of 256: a few dozen households in dwellings near each other, many of them kin. Block *i* is a
//! function of the seed and *i* alone, so it can be made at any time, on any thread, in any shard, in constant memory,
//! and it does not change when the country grows. How many of a block's people have a final order on record is known
//! without making the block ([`Population::orders_in_block`]); they are its first people. So those who may be sought
//! can be drawn from a nation without scanning it.

pub mod altered;
mod births;
mod config;
mod countries;
mod kept;
mod kin;
pub mod names;
mod orders;
mod past;
mod person;
pub mod places;

use crate::random::{Decision, Permutation, Seed, Stream};
use crate::record::Date;
pub use crate::scenario::{Country, Group, Sex, Status};
use altered::Alterations;
use births::Births;
pub use config::PopulationConfig;
use kept::Kept;
use kin::composition::Composition;
use names::Names;
pub use orders::MOST_ORDERS;
use orders::Orders;
pub use person::{Joiner, Kin, Person, PersonId, Suffix};
use places::{Address, DwellingId, PEOPLE_PER_BLOCK, Places};
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

/// The day on which everything is stated to be: ages, addresses, files.
pub const TODAY: Date = Date(20_179); // 2025-04-01

/// The country.
pub struct Population {
    config: PopulationConfig,
    seed: Seed,
    names: &'static Names,
    places: Places,
    numbers: Permutation,
    number_digits: usize,
    orders: Orders,
    other_groups: [f64; 6],
    composition: Composition,
    births: Births,
    altered: Alterations,
    kept: Kept,
}

/// A group of neighbouring, partly related households and their people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// The block's number.
    pub index: u64,
    /// Its households, by the age of the householder.
    pub households: Vec<Household>,
    /// Its people; a person's position is the person's slot.
    pub people: Vec<Person>,
}

/// People who live in one dwelling today.
#[derive(Clone, Debug, PartialEq)]
pub struct Household {
    /// The dwelling they live in; also the household's number, since a household is numbered by where it lives today.
    pub dwelling: DwellingId,
    /// Slots of its people in the block, householder first.
    pub members: Vec<u16>,
    /// The kind of institution, where unrelated people live together and there is no household.
    pub institution: Option<Institution>,
}

/// A place where many unrelated people live at one address. Institutions stand outside the moves of households.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Institution {
    /// Students.
    Dormitory,
    /// Prisoners.
    Prison,
    /// Old people in need of care.
    NursingHome,
    /// A shelter, barracks, a hostel.
    Shelter,
}

impl Institution {
    /// The kind at that place of the unit interval: shares of their people. Assumed.
    fn drawn(u: f64) -> Institution {
        match u {
            u if u < 0.35 => Institution::Dormitory,
            u if u < 0.65 => Institution::Prison,
            u if u < 0.87 => Institution::NursingHome,
            _ => Institution::Shelter,
        }
    }
}

const ORDERS: Decision = Decision::named("population.orders_in_block");
const VOTED: Decision = Decision::named("population.voted");
const SURNAMES_IN_ONE: Decision = Decision::named("population.surnames_in_one");
const SAMPLED: Decision = Decision::named("population.sampled");
const NUMBER: Decision = Decision::named("population.number");
const WITHOUT_NUMBER: Decision = Decision::named("population.without_number");

impl Population {
    /// The country that `config` describes under `seed`.
    ///
    /// The configuration is taken as checked: shares between 0 and 1 that sum to 1 where they must, and people.
    pub fn new(config: PopulationConfig, seed: Seed) -> Population {
        let blocks = config.people.div_ceil(PEOPLE_PER_BLOCK).max(1);
        let space = (config.people as f64 / config.numbers_issued).max(1.0) as u64;
        let space = space.max(config.people.max(1));
        Population {
            places: Places::new(blocks, config.moves, seed),
            names: Names::shared(),
            numbers: Permutation::new(seed, NUMBER, space),
            number_digits: (space - 1).max(1).ilog10() as usize + 1,
            other_groups: kin::groups_without_order(&config),
            composition: Composition::new(),
            births: Births::new(),
            altered: Alterations::default(),
            kept: Kept::new(blocks),
            orders: Orders::new(config.final_order * PEOPLE_PER_BLOCK as f64, config.final_order_further),
            config,
            seed,
        }
    }

    /// The parameters of the country.
    pub fn config(&self) -> &PopulationConfig {
        &self.config
    }

    /// The number of people who live in the country.
    pub fn people(&self) -> u64 {
        self.config.people
    }

    /// The number of blocks; the last may be cut short.
    pub fn blocks(&self) -> u64 {
        self.config.people.div_ceil(PEOPLE_PER_BLOCK)
    }

    /// The alterations of the modelled country.
    pub fn altered(&self) -> &Alterations {
        &self.altered
    }

    /// The alterations of the modelled country, to be changed.
    pub fn alter(&mut self) -> &mut Alterations {
        self.kept.clear();
        &mut self.altered
    }

    /// The map.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The tables of names.
    pub fn names(&self) -> &Names {
        self.names
    }

    /// Block `index`: made, or kept from the last time.
    pub fn block(&self, index: u64) -> Arc<Block> {
        self.kept.block(index, || self.make(index))
    }

    fn make(&self, index: u64) -> Block {
        let mut block = kin::settle(self, index);
        // Only the last block of a country can hold people beyond its number; they are left out of it.
        let first = index * PEOPLE_PER_BLOCK;
        let keep = self.config.people.saturating_sub(first).min(PEOPLE_PER_BLOCK) as usize;
        if keep < block.people.len() {
            block.people.truncate(keep);
            for household in &mut block.households {
                household.members.retain(|&slot| usize::from(slot) < keep);
            }
            for person in &mut block.people {
                let Kin { father, mother, spouse, twin } = &mut person.kin;
                for link in [father, mother, spouse, twin] {
                    *link = link.filter(|&slot| usize::from(slot) < keep);
                }
            }
        }
        self.altered.make(self, &mut block);
        block
    }

    /// The number of people of block `index` who have a final order on record. They are the first people of the block.
    pub fn orders_in_block(&self, index: u64) -> u64 {
        let here = self.config.people.saturating_sub(index * PEOPLE_PER_BLOCK);
        self.orders.number(self.seed.uniform(ORDERS, index)).min(here)
    }

    /// A person's identity number: QQ and as many digits as the country needs.
    ///
    /// QQ is the prefix that the British authority keeps for examples; with digits only behind it the number has no
    /// form in which one was ever issued. Numbers are spread evenly over a space of which a constant share is issued,
    /// whatever the size of the country.
    pub fn number(&self, person: PersonId) -> String {
        self.number_text(self.numbers.forward(person.0))
    }

    /// Returns `true` if a person has an identity number. Most people without status were never given one.
    pub fn has_number(&self, person: &Person) -> bool {
        self.seed.uniform(WITHOUT_NUMBER, person.id.0) >= self.config.without_number[person.status as usize]
    }

    /// The number that a tax agency gives somebody who has no identity number: QT and digits. No national insurance
    /// number begins with Q, so this form was never issued either.
    pub fn taxpayer_number(&self, person: PersonId) -> String {
        self.number_text(self.numbers.forward(person.0)).replacen("QQ", "QT", 1)
    }

    /// The number of somebody who died: for every three people one is still known. `None` where all are issued to the
    /// living.
    pub fn number_of_dead(&self, stream: &mut Stream) -> Option<String> {
        self.number_among(self.people()..self.dead_until(), stream)
    }

    /// A number that was issued to nobody; `None` where all are issued.
    pub fn number_never_issued(&self, stream: &mut Stream) -> Option<String> {
        self.number_among(self.dead_until()..self.numbers.size(), stream)
    }

    /// About 450 million numbers have been issued, and some 335 million people live.
    fn dead_until(&self) -> u64 {
        (self.people() + self.people() / 3).min(self.numbers.size())
    }

    fn number_among(&self, places: Range<u64>, stream: &mut Stream) -> Option<String> {
        let many = places.end.checked_sub(places.start).filter(|&many| many > 0)?;
        Some(self.number_text(self.numbers.forward(places.start + stream.below(many))))
    }

    /// The position of a value in the order of people, then the dead behind them, then numbers never issued.
    #[cfg(test)]
    pub(crate) fn place_of_number(&self, value: u64) -> u64 {
        self.numbers.backward(value)
    }

    /// The person to whom a number of that value is issued, if it is.
    pub fn number_holder(&self, value: u64) -> Option<PersonId> {
        (value < self.numbers.size())
            .then(|| PersonId(self.numbers.backward(value)))
            .filter(|person| person.0 < self.config.people)
    }

    /// The text of the number with that value.
    pub fn number_text(&self, value: u64) -> String {
        let mut text = String::with_capacity(2 + self.number_digits);
        write!(text, "QQ{value:0width$}", width = self.number_digits).expect("writing to a string cannot fail");
        text
    }

    /// The number of possible identity numbers, issued or not.
    pub fn number_space(&self) -> u64 {
        self.numbers.size()
    }

    /// The chance that two people born in `year` were born on the same day.
    pub fn same_birth_date(&self, year: i32) -> f64 {
        self.births.same_date(year)
    }

    /// The address of a dwelling.
    pub fn address(&self, dwelling: DwellingId) -> Address {
        self.places.address(dwelling)
    }

    /// A person's given name, as the person writes it.
    pub fn given_name(&self, person: &Person, out: &mut String) {
        self.names.write_given(person.given, out);
        if let Some(second) = person.middle.filter(|_| person.compound_given) {
            out.push(' ');
            self.names.write_given(second, out);
        }
    }

    /// A person's full surname, as the person writes it.
    pub fn surname(&self, person: &Person, out: &mut String) {
        self.names.write_surname(person.surname, out);
        if let Some((joiner, second)) = person.second_surname {
            out.push(match joiner {
                Joiner::Hyphen => '-',
                Joiner::Space => ' ',
            });
            self.names.write_surname(second, out);
        }
    }

    /// Returns `true` if a person is in the sample of that share of people. The sample is the same whatever else is
    /// drawn.
    pub fn sampled(&self, person: PersonId, share: f64) -> bool {
        self.seed.uniform(SAMPLED, person.0) < share
    }

    /// Returns `true` if a person voted, when that share of people did. Voters are a sample like any other.
    pub fn voted(&self, person: PersonId, share: f64) -> bool {
        self.seed.uniform(VOTED, person.0) < share
    }

    /// Returns `true` if a census lists a person's two surnames as one, when it does so for `share` of the people with
    /// two.
    pub fn surnames_in_one(&self, person: PersonId, share: f64) -> bool {
        self.seed.uniform(SURNAMES_IN_ONE, person.0) < share
    }

    fn seed(&self) -> Seed {
        self.seed
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::places::MoveRates;
    use super::*;

    /// A country of its own for tests, which does not move with the assumptions of the scenarios.
    pub(crate) fn config(people: u64) -> PopulationConfig {
        PopulationConfig {
            people,
            group_shares: [0.643, 0.120, 0.163, 0.049, 0.007, 0.018],
            clustering: 0.5,
            born_abroad: [0.06, 0.155, 0.44, 0.84, 0.02, 0.12],
            larger_households_abroad: 0.2,
            status_hispanic: [0.0, 0.4, 0.18, 0.01, 0.12, 0.29],
            status_others: [0.0, 0.595, 0.205, 0.083, 0.037, 0.08],
            alike_nativity: 0.6,
            citizen_beside_without_status: 0.27,
            resident_beside_without_status: 0.14,
            alike_status: 0.65,
            compound_given: 0.3,
            final_order: 0.02,
            final_order_countries: [
                0.181, 0.175, 0.174, 0.141, 0.032, 0.029, 0.027, 0.026, 0.022, 0.022, 0.019, 0.016, 0.009, 0.035,
                0.012, 0.025, 0.03, 0.025,
            ],
            status_with_order: [0.01, 0.01, 0.03, 0.05, 0.12, 0.78],
            two_surnames_with_order: 0.8,
            final_order_further: 0.25,
            final_order_elsewhere: 0.25,
            moves: MoveRates { within_county: 0.049, within_state: 0.019, beyond: 0.014 },
            numbers_issued: 0.45,
            without_number: [0.0; 6],
        }
    }

    #[test]
    fn a_country_has_exactly_the_people_it_was_asked_for() {
        for people in [1, 255, 256, 1_000, 10_000] {
            let country = Population::new(config(people), Seed(1));
            let made: usize = (0..country.blocks()).map(|b| country.block(b).people.len()).sum();
            assert_eq!(made as u64, people);
        }
    }

    #[test]
    fn a_block_does_not_depend_on_the_size_of_the_country() {
        let (small, large) = (Population::new(config(5_120), Seed(9)), Population::new(config(9_000_000), Seed(9)));
        for block in 0..small.blocks() {
            assert_eq!(small.block(block), large.block(block));
        }
        assert_ne!(small.block(0).people, Population::new(config(5_120), Seed(10)).block(0).people);
    }

    #[test]
    fn those_with_an_order_are_the_first_of_their_block_and_as_many_as_stated() {
        let country = Population::new(config(256 * 400), Seed(3));
        let mut all = 0;
        for index in 0..country.blocks() {
            let block = country.block(index);
            let orders = country.orders_in_block(index) as usize;
            assert!(block.people.iter().enumerate().all(|(slot, p)| p.final_order == (slot < orders)));
            all += orders;
        }
        let share = all as f64 / country.people() as f64;
        assert!((share - 0.02).abs() < 0.002, "{share}");
        let none = Population::new(PopulationConfig { final_order: 0.0, ..config(25_600) }, Seed(3));
        assert!((0..none.blocks()).all(|b| none.orders_in_block(b) == 0));
    }

    #[test]
    fn every_person_lives_in_one_household_and_every_household_in_a_dwelling_of_its_own() {
        let country = Population::new(config(256 * 50), Seed(4));
        for index in 0..country.blocks() {
            let block = country.block(index);
            let mut seen = vec![0; block.people.len()];
            let mut last = None;
            for (number, household) in block.households.iter().enumerate() {
                assert_eq!(household.dwelling.block(), index);
                assert!(last < Some(household.dwelling.0));
                last = Some(household.dwelling.0);
                for &slot in &household.members {
                    seen[usize::from(slot)] += 1;
                    assert_eq!(usize::from(block.people[usize::from(slot)].household), number);
                }
            }
            assert!(seen.iter().all(|&count| count == 1));
        }
    }

    #[test]
    fn numbers_are_unique_have_a_form_never_issued_and_know_their_holder() {
        let country = Population::new(config(20_000), Seed(4));
        let mut seen = std::collections::BTreeSet::new();
        for person in 0..20_000 {
            let text = country.number(PersonId(person));
            assert!(text.starts_with("QQ") && text[2..].bytes().all(|b| b.is_ascii_digit()), "{text}");
            let value: u64 = text[2..].parse().unwrap();
            assert_eq!(country.number_holder(value), Some(PersonId(person)));
            assert!(seen.insert(text));
        }
        let issued = (0..country.number_space()).filter(|&n| country.number_holder(n).is_some()).count() as f64;
        assert!((issued / country.number_space() as f64 - 0.45).abs() < 0.001);
    }

    #[test]
    fn groups_have_their_shares_whatever_the_clustering() {
        for clustering in [0.0, 0.5, 1.0] {
            let country = Population::new(PopulationConfig { clustering, ..config(256 * 2_000) }, Seed(6));
            let mut counts = [0.0; 6];
            for index in 0..country.blocks() {
                for person in &country.block(index).people {
                    counts[person.group as usize] += 1.0;
                }
            }
            for (count, share) in counts.iter().zip(country.config().group_shares) {
                let got = count / country.people() as f64;
                assert!((got - share).abs() < 0.02 * (1.0 + clustering), "{clustering}: {got} {share}");
            }
        }
    }
}
