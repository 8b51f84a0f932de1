//! Labels for models that learn from them.
//!
//! An agency that has labels has them of earlier cases. So the labelled pairs come from requests of another country, made
//! of the same scenario with other seeds. Nobody in it is asked for in the run itself: every request of the run is counted,
//! and none was learned from.

use super::holder_file::Files;
use super::list;
use super::requests::submit;
use super::world::{World, country_of};
use crate::linkage::decision::FellegiSunter;
use crate::linkage::decision::learned::Labelled;
use crate::parallel::{Watch, in_parallel};
use crate::random::{Decision, Seed};
use crate::scenario::{Scenario, Seeds};
use std::borrow::Cow;
use std::sync::Arc;

/// The most requests whose labels are learned from.
pub const MOST_LABELLED: u64 = 20_000;

/// Labelled pairs for the model of a route; their scores without labels are those of `base`.
pub(super) fn labelled(of: &World<'_>, route: usize, base: &FellegiSunter, watch: Watch<'_>) -> Labelled {
    let earlier = earlier(&of.scenario);
    let country = Arc::new(country_of(&earlier));
    let list = list::asked_for(&earlier, &country, watch);
    let world = World::asking(Cow::Owned(earlier), country, &of.own, list, of.equal);
    let requests = submit(&world, watch);
    let look = requests.look(&world, route);
    let (files, forms) = (Files::new(std::iter::once(&world)), world.holder_forms());
    let parts = in_parallel(
        0..world.country.blocks(),
        || (files.batches(), look.scratch(&forms), Labelled::new()),
        |(batches, scratch, labelled), index| {
            files.make(
                index,
                batches,
                |_| true,
                |_, block, batch| {
                    let of = |row: usize| world.request_for(block.people[batch.slots[row]].id);
                    let both = [&requests.normal_forms, &batch.normal_forms];
                    look.label(labelled, scratch, base, both, |request, row| of(row) == Some(request));
                },
            );
        },
        "labels",
        watch,
    );
    let mut whole = Labelled::new();
    parts.iter().for_each(|(.., part)| whole.merge(part));
    whole
}

/// The same scenario with other seeds.
fn earlier(scenario: &Scenario) -> Scenario {
    const EARLIER: Decision = Decision::named("labels.seed");
    // A seed is a whole number that TOML can write.
    let other = |seed: u64, part: u64| Seed(seed).stream(EARLIER, part).bits() >> 1;
    let Seeds { population, errors, requests } = scenario.seed;
    let mut earlier = scenario.clone();
    earlier.seed = Seeds { population: other(population, 0), errors: other(errors, 1), requests: other(requests, 2) };
    earlier.requester.requests = earlier.requester.requests.min(MOST_LABELLED);
    earlier.beside.clear();
    earlier
}
