//! Differences between groups taken apart: by names, capture, coverage and who is sought.
//!
//! Each of these is a switch with two states, as it is and equal for everybody, and all combinations are run on the same
//! seeds: a full factorial. The difference between two groups is a number for each combination, and the Shapley value
//! divides what all switches together make of it among them. Equal capture and coverage hold the level of the people
//! sought, so that they move differences and not the whole.

use super::differences::{COMPARED, Ended, Table};
use super::judgement::{found, judged};
use super::list;
use super::prepared::{Run, in_worlds};
use super::stream::{Seen, stream};
use super::world::{Equal, World, country_of};
use crate::agency::{AgencyConfig, OwnErrors};
use crate::evaluation::{Judged, rate_of_request, reference};
use crate::parallel::Watch;
use crate::population::Population;
use crate::scenario::{Beside, ListOf, Scenario};
use crate::stats::Joined;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use super::differences::{Composition, Decomposition, Difference, RATES, Switch};

/// Takes the differences between groups apart.
pub fn decompose(scenario: &Scenario, watch: Watch<'_>) -> Decomposition {
    decompose_where(scenario, &[], watch)
}

/// The same in a country where some things are equal to begin with.
pub fn decompose_where(scenario: &Scenario, equal: &[Switch], watch: Watch<'_>) -> Decomposition {
    let switches: Vec<Switch> =
        Switch::ALL.into_iter().filter(|switch| !equal.contains(switch) && changes(*switch, scenario)).collect();
    let runs = combinations(scenario, &switches, equal, watch);
    let streamed = stream(&runs, 0..runs[0].world.country().blocks(), watch);
    let assigned = streamed.assigned(&runs);
    let seen = &assigned.runs;
    let ends: Vec<Vec<Judged>> = runs.iter().zip(seen).map(|(run, seen)| judged(run, seen, watch)).collect();
    let table = table(&runs, switches, seen, &ends);
    let as_it_is = &seen[seen.len() - 1].observed;
    let compared = table.attributes.iter().enumerate().filter(|(_, attribute)| COMPARED.contains(&attribute.name));
    let differences =
        compared.flat_map(|(at, attribute)| table.differences(at, reference(attribute, &as_it_is.on_file[at])));
    Decomposition {
        differences: differences.collect(),
        clusters: table.clusters as u64,
        interval: "jackknife over neighbourhoods and persons returned, Student's t".to_string(),
        switches: table.switches,
    }
}

/// Returns `true` if a switch changes something in a scenario.
fn changes(switch: Switch, scenario: &Scenario) -> bool {
    let holder = AgencyConfig::holder(scenario);
    let alike = |values: [f64; 6]| values.iter().all(|value| *value == values[0]);
    match switch {
        Switch::Names => true,
        Switch::Capture => Beside::EqualCapture.differs(scenario),
        Switch::Coverage => !(alike(holder.coverage) && alike(holder.coverage_by_group)),
        Switch::Sought => Beside::SameMix.differs(scenario),
    }
}

/// A run of each combination, prepared: bit *i* of its place is switch *i* as it is.
fn combinations<'s>(scenario: &'s Scenario, switches: &[Switch], equal: &[Switch], watch: Watch<'_>) -> Vec<Run<'s>> {
    let named = |alike: bool| {
        let mut country: Population = country_of(scenario);
        country.alter().one_naming = alike;
        Arc::new(country)
    };
    let countries = [named(false), named(true)];
    let mut anybody = scenario.clone();
    anybody.requester.list.value = ListOf::LikePopulation;
    // The same people are sought whatever is captured and covered.
    let lists = [scenario, &anybody].map(|scenario| list::asked_for(scenario, &countries[0], watch));
    let world = |combination: usize| {
        let is_equal = |switch: Switch| {
            let at = switches.iter().position(|known| *known == switch);
            at.map_or(equal.contains(&switch), |at| combination >> at & 1 == 0)
        };
        let anybody_sought = is_equal(Switch::Sought);
        let scenario = if anybody_sought { Cow::Owned(anybody.clone()) } else { Cow::Borrowed(scenario) };
        let country = Arc::clone(&countries[usize::from(is_equal(Switch::Names))]);
        let equal = Equal { capture: is_equal(Switch::Capture), coverage: is_equal(Switch::Coverage) };
        World::asking(scenario, country, &OwnErrors::none(), lists[usize::from(anybody_sought)].clone(), equal)
    };
    in_worlds((0..1 << switches.len()).map(|combination| (None, world(combination))).collect(), watch)
}

/// The ends of the requests of each combination, in clusters that are the same in all of them.
fn table<'t>(runs: &'t [Run<'_>], switches: Vec<Switch>, seen: &[Seen], ends: &[Vec<Judged>]) -> Table<'t> {
    // People sought in one block are of one cluster in every combination.
    let block = |run: &Run<'_>, request: usize| run.world.truth.sought_by(request).block();
    let mut places: BTreeMap<u64, usize> = BTreeMap::new();
    for (run, ends) in runs.iter().zip(ends) {
        for request in 0..ends.len() {
            let next = places.len();
            places.entry(block(run, request)).or_insert(next);
        }
    }
    let mut links = Vec::new();
    for ((run, seen), ends) in runs.iter().zip(seen).zip(ends) {
        let mut found_for: BTreeMap<u64, usize> = BTreeMap::new();
        for (request, record) in found(run, seen, ends) {
            let own = places[&block(run, request)];
            links.push([own, *found_for.entry(record).or_insert(own)]);
        }
    }
    let joined = Joined::new(places.len(), std::iter::empty(), links.into_iter());
    let mut clusters: BTreeMap<usize, usize> = BTreeMap::new();
    for &place in places.values() {
        let next = clusters.len();
        clusters.entry(joined.of(place)).or_insert(next);
    }
    let of_run = |(run, ends): (&Run<'_>, &Vec<Judged>)| {
        let of_request = |(request, end): (usize, &Judged)| {
            let cluster = clusters[&joined.of(places[&block(run, request)])];
            let rates = RATES.map(|id| rate_of_request(id, end).expect("a rate whose trials are of requests"));
            Ended { cluster, profile: run.requests.profiles[request], rates }
        };
        ends.iter().enumerate().map(of_request).collect()
    };
    Table {
        attributes: &runs[0].world.attributes,
        switches,
        requests: runs.iter().zip(ends).map(of_run).collect(),
        clusters: clusters.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::RateId;
    use crate::scenario::tests::scenario;
    use crate::stats::Contrast;

    #[test]
    fn parts_and_rest_sum_to_the_difference_and_a_switch_that_changes_nothing_is_left_out() {
        let size = ["population.people=25600", "population.final_order=0.02", "requester.requests=400", "beside=[]"];
        let found = decompose(&scenario(&size), &|_| {});
        assert_eq!(found.switches, Switch::ALL);
        let hispanic = found.differences.iter().find(|d| d.value == "hispanic" && d.rate == RateId::Missed).unwrap();
        assert_eq!(hispanic.combinations.len(), 16);
        let value = |part: &Option<Contrast>| part.unwrap().value;
        let sum = hispanic.parts.values().chain([&hispanic.rest]).map(value).sum::<f64>();
        assert!((sum - value(&hispanic.observed)).abs() < 1e-12);
        assert_eq!(hispanic.combinations["names+capture+coverage+who_is_sought"], Some(value(&hispanic.observed)));
        for of in &hispanic.composition {
            assert!((value(&of.composition) + value(&of.rates) - value(&hispanic.observed)).abs() < 1e-12);
        }
        let anybody = scenario(&[&size[..], &["requester.list=like_population"]].concat());
        assert_eq!(decompose(&anybody, &|_| {}).switches, Switch::ALL[..3]);
    }
}
