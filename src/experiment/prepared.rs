//! A run that is prepared: the phases before the holder's file streams by.

use super::list;
use super::matching::matchers;
use super::requests::{Requests, submit};
use super::world::{Equal, World, country_of};
use crate::agency::OwnErrors;
use crate::linkage::decision::Score;
use crate::linkage::stream::Matcher;
use crate::parallel::Watch;
use crate::scenario::{Beside, ListOf, Scenario};
use std::borrow::Cow;
use std::sync::Arc;

/// Prepares the run of a scenario, and after it the runs that the scenario wants beside it: the phases before the
/// holder's file streams by.
pub fn prepare<'s>(scenario: &'s Scenario, watch: Watch<'_>) -> Vec<Run<'s>> {
    prepare_with(scenario, &OwnErrors::none(), watch)
}

/// The same, with custom kinds of error in the files.
pub fn prepare_with<'s>(scenario: &'s Scenario, own: &OwnErrors, watch: Watch<'_>) -> Vec<Run<'s>> {
    let country = Arc::new(country_of(scenario));
    let list = list::asked_for(scenario, &country, watch);
    let differing = scenario.beside.iter().copied().filter(|beside| beside.differs(scenario));
    let beside: Vec<Option<Beside>> = std::iter::once(None).chain(differing.map(Some)).collect();
    let world = |beside: &Option<Beside>| {
        let equal = Equal { capture: *beside == Some(Beside::EqualCapture), coverage: false };
        let (scenario, list) = match beside {
            Some(Beside::SameMix) => {
                let mut other = scenario.clone();
                other.requester.list.value = ListOf::LikePopulation;
                let list = list::asked_for(&other, &country, watch);
                (Cow::Owned(other), list)
            }
            Some(Beside::EqualCapture) | None => (Cow::Borrowed(scenario), list.clone()),
        };
        World::asking(scenario, Arc::clone(&country), own, list, equal)
    };
    in_worlds(beside.into_iter().map(|beside| (beside, world(&beside))).collect(), watch)
}

/// Prepares the run of each world, which may stand beside the first.
pub(super) fn in_worlds<'s>(worlds: Vec<(Option<Beside>, World<'s>)>, watch: Watch<'_>) -> Vec<Run<'s>> {
    let (beside, worlds): (Vec<_>, Vec<_>) = worlds.into_iter().unzip();
    let requests: Vec<Requests> = worlds.iter().map(|world| submit(world, watch)).collect();
    let matchers = matchers(&worlds, &requests, watch);
    let phases = beside.into_iter().zip(worlds).zip(requests).zip(matchers);
    phases.map(|(((beside, world), requests), matchers)| Run { beside, world, requests, matchers }).collect()
}

/// A run that is prepared: everything that stands still while the holder's file streams by.
pub struct Run<'s> {
    /// The assumption that it takes away from the run that it stands beside; `None` for the run itself.
    pub(super) beside: Option<Beside>,
    pub(super) world: World<'s>,
    pub(super) requests: Requests,
    pub(super) matchers: Vec<Matcher>,
}

impl<'s> Run<'s> {
    /// Prepares the run of a scenario, without the runs that the scenario wants beside it.
    pub fn alone(scenario: &'s Scenario, watch: Watch<'_>) -> Run<'s> {
        Run::in_world(World::new(scenario, watch), watch)
    }

    /// Prepares the run of a world, without runs beside it.
    pub(super) fn in_world(world: World<'s>, watch: Watch<'_>) -> Run<'s> {
        in_worlds(vec![(None, world)], watch).remove(0)
    }

    /// The country, the files and the terms.
    pub fn world(&self) -> &World<'s> {
        &self.world
    }

    /// The threshold of a route.
    pub(super) fn threshold(&self, route: usize) -> Score {
        self.world.agreement.routes[route].threshold
    }

    /// The requests, as they were submitted.
    pub fn requests(&self) -> &Requests {
        &self.requests
    }
}
