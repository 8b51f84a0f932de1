//! The list of people the requester asks for.
//!
//! People with an order are known without making a block. Who is on a roll is not: age, group and status decide, so
//! candidates are drawn in a keyed order, their blocks made on all threads, and those kept who belong on the list.

use crate::agency::{Agency, AgencyConfig, Side, Subject, most_sought, sought};
use crate::parallel::Watch;
use crate::parallel::in_parallel;
use crate::population::{PersonId, Population};
use crate::random::{Decision, Permutation};
use crate::scenario::{ListOf, Scenario};
use std::ops::Range;

const ROLL: Decision = Decision::named("requests.roll");

/// Everybody the requester asks for, each once, in the order of the requests; fewer than the scenario wants only when
/// the country has no more.
pub(super) fn asked_for(scenario: &Scenario, country: &Population, watch: Watch<'_>) -> Vec<PersonId> {
    let (requester, seed) = (&scenario.requester, scenario.requests_seed());
    let count = requester.requests;
    match requester.list.value {
        list @ (ListOf::Orders | ListOf::LikePopulation) => {
            sought(country, list, count, requester.listed_in_error.value.get(), seed)
        }
        ListOf::Roll | ListOf::Movers => {
            let mut list = Vec::new();
            let mut from = 0;
            while (list.len() as u64) < count && from < country.people() {
                // Twice as many as wanted at a time: most rolls hold more than half of the people.
                let to = (from + count.max(512) * 2).min(country.people());
                list.extend(on_the_list(scenario, country, from..to, watch));
                from = to;
            }
            list.truncate(count as usize);
            list
        }
    }
}

/// Number of people there are to ask for. Of a roll plainly long enough it is as many as the scenario asks for.
pub(super) fn most(scenario: &Scenario, country: &Population) -> u64 {
    let requester = &scenario.requester;
    match requester.list.value {
        list @ (ListOf::Orders | ListOf::LikePopulation) => {
            most_sought(country, list, requester.listed_in_error.value.get(), scenario.requests_seed())
        }
        ListOf::Roll | ListOf::Movers => {
            const LOOKED_AT: u64 = 2_560;
            let looked_at = LOOKED_AT.min(country.people());
            let found = on_the_list(scenario, country, 0..looked_at, &|_| {}).len() as f64;
            // A third fewer than the sample promises, and so many that the sample says something.
            let promised = found / looked_at as f64 * country.people() as f64 * 2.0 / 3.0;
            if found >= 100.0 && requester.requests as f64 <= promised {
                return requester.requests;
            }
            on_the_list(scenario, country, 0..country.people(), &|_| {}).len() as u64
        }
    }
}

/// Those of some places in the keyed order of everybody who belong on the list, in that order.
fn on_the_list(scenario: &Scenario, country: &Population, places: Range<u64>, watch: Watch<'_>) -> Vec<PersonId> {
    let order = Permutation::new(scenario.requests_seed(), ROLL, country.people());
    let mut candidates: Vec<(PersonId, u64)> = places.map(|place| (PersonId(order.forward(place)), place)).collect();
    candidates.sort_unstable();
    let blocks: Vec<&[(PersonId, u64)]> = candidates.chunk_by(|a, b| a.0.block() == b.0.block()).collect();
    let (own, other) = (AgencyConfig::requester(scenario), AgencyConfig::holder(scenario));
    let requester = Agency::new(country, &own, Side::Requester, scenario.errors_seed());
    let holder = Agency::new(country, &other, Side::Holder, scenario.errors_seed());
    let movers = scenario.requester.list.value == ListOf::Movers;
    let belongs = |subject: Subject<'_>| {
        requester.covers(subject)
            && (!movers
                || holder.covers(subject) && requester.recorded_dwelling(subject) != holder.recorded_dwelling(subject))
    };
    let parts = in_parallel(
        0..blocks.len() as u64,
        Vec::new,
        |kept: &mut Vec<(u64, PersonId)>, i| {
            let wanted = blocks[i as usize];
            let block = country.block(wanted[0].0.block());
            let mut slots = wanted.iter().filter(|(person, _)| belongs(Subject::of(&block, person.slot())));
            kept.extend(slots.by_ref().map(|(person, place)| (*place, *person)));
        },
        "list",
        watch,
    );
    let mut kept: Vec<(u64, PersonId)> = parts.into_iter().flatten().collect();
    kept.sort_unstable();
    kept.into_iter().map(|(_, person)| person).collect()
}
