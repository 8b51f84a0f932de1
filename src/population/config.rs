//! The configuration of a country, made from its section of a scenario.

use super::MOST_ORDERS;
use super::places::MoveRates;
#[cfg(doc)]
use super::{Country, Group, Status};
use crate::scenario::{MOST_WITH_FINAL_ORDER, PopulationSettings};

// A scenario allows half as many orders as a block can hold, so that people with an order do not crowd each other.
const _: () = assert!(MOST_WITH_FINAL_ORDER * 256.0 == MOST_ORDERS as f64 / 2.0);

/// The parameters of the population. The basis of each value is given in the scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct PopulationConfig {
    /// The number of people who live in the country.
    pub people: u64,
    /// Shares of the census categories, in the order of [`Group::ALL`]; they sum to 1.
    pub group_shares: [f64; 6],
    /// The strength of residential segregation: the share of households whose group follows that of their block. At 0
    /// groups are mixed everywhere alike; at 1 every block is of one group.
    pub clustering: f64,
    /// Share of people whose nativity nobody else's in the household decides who were born abroad, by group, in the
    /// order of [`Group::ALL`].
    pub born_abroad: [f64; 6],
    /// The relative growth of the chance that the householder was born abroad, with each member of the household beyond
    /// the mean number. At 0 households of people born abroad are as large as others.
    pub larger_households_abroad: f64,
    /// Statuses of Hispanic people born abroad, in the order of [`Status::ALL`]; they sum to 1.
    pub status_hispanic: [f64; 6],
    /// Statuses of other people born abroad, likewise.
    pub status_others: [f64; 6],
    /// Chance that adults of a household are alike in nativity because they are of one household. At 0 each is drawn
    /// alone, at 1 all are alike.
    pub alike_nativity: f64,
    /// Share of adults beside somebody without a status, or with an application pending, who are citizens.
    pub citizen_beside_without_status: f64,
    /// Share of them who are permanent residents; all others came with that one and stand alike.
    pub resident_beside_without_status: f64,
    /// Chance that of two adults born abroad the one has the other's status because they are of one household.
    pub alike_status: f64,
    /// Share of Hispanic and Vietnamese people born abroad whose given name is of two parts, of those with two; of those
    /// born here a third as many. At 0 the second name is a middle name.
    pub compound_given: f64,
    /// Share of people with a final order on record. At 0 nobody has one.
    pub final_order: f64,
    /// Countries of birth of families with a final order, in the order of [`Country::ALL`]; they sum to 1.
    pub final_order_countries: [f64; 18],
    /// Statuses of people with a final order, in the order of [`Status::ALL`]; they sum to 1.
    pub status_with_order: [f64; 6],
    /// Share of Hispanic people with a final order whose documents carry two surnames; others bear two as often as
    /// their group.
    pub two_surnames_with_order: f64,
    /// Chance that a person's order is followed by one more in the family. At 0 no family has two.
    pub final_order_further: f64,
    /// Share of those further orders whose bearers live in a household of their own near by. At 0 all live in one.
    pub final_order_elsewhere: f64,
    /// Share of households that move in a year, by distance.
    pub moves: MoveRates,
    /// Share of all identity numbers that are issued to somebody. A wrong number is somebody else's this often.
    pub numbers_issued: f64,
    /// Share of people who have no identity number, by status in the order of [`Status::ALL`]. At 0 everybody has one.
    pub without_number: [f64; 6],
}

impl PopulationConfig {
    /// The configuration of a section `[population]`.
    pub fn of(p: &PopulationSettings) -> PopulationConfig {
        PopulationConfig {
            people: p.people,
            group_shares: p.groups.values(),
            clustering: p.clustering.value.get(),
            born_abroad: p.born_abroad.values(),
            larger_households_abroad: p.larger_households_abroad.value.get(),
            status_hispanic: p.status_hispanic.values(),
            status_others: p.status_others.values(),
            alike_nativity: p.alike_nativity.value.get(),
            citizen_beside_without_status: p.citizen_beside_without_status.value.get(),
            resident_beside_without_status: p.resident_beside_without_status.value.get(),
            alike_status: p.alike_status.value.get(),
            compound_given: p.compound_given.value.get(),
            final_order: p.final_order.value.get(),
            final_order_countries: p.final_order_countries.values(),
            status_with_order: p.status_with_order.values(),
            two_surnames_with_order: p.two_surnames_with_order.value.get(),
            final_order_further: p.final_order_further.value.get(),
            final_order_elsewhere: p.final_order_elsewhere.value.get(),
            moves: MoveRates {
                within_county: p.moved_within_county.value.get(),
                within_state: p.moved_within_state.value.get(),
                beyond: p.moved_beyond.value.get(),
            },
            numbers_issued: p.numbers_issued.value.get(),
            without_number: p.without_number.values(),
        }
    }
}
