//! The configuration of a country, made from its section of a scenario.

use super::places::MoveRates;
use super::{MOST_ORDERS, PopulationConfig};
use crate::scenario::{MOST_WITH_FINAL_ORDER, PopulationSettings};

// A scenario allows half as many orders as a block can hold, so that people with an order do not crowd each other.
const _: () = assert!(MOST_WITH_FINAL_ORDER * 256.0 == MOST_ORDERS as f64 / 2.0);

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
