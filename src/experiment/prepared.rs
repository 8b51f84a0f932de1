//! A run that is prepared: the phases before the holder's file streams by.

use super::matching::matchers;
use super::requests::{Requests, submit};
use super::world::{World, country_of};
use crate::agency::OwnErrors;
use crate::linkage::decision::Score;
use crate::linkage::stream::Matcher;
use crate::parallel::Watch;
use crate::scenario::{Beside, Scenario};
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
    let beside = scenario.beside.iter().filter_map(|beside| Some((Some(*beside), Cow::Owned(beside.of(scenario)?))));
    let all = std::iter::once((None, Cow::Borrowed(scenario))).chain(beside);
    let (beside, worlds): (Vec<_>, Vec<_>) =
        all.map(|(beside, scenario)| (beside, World::in_country(scenario, Arc::clone(&country), own, watch))).unzip();
    let runs = in_worlds(worlds, watch);
    runs.into_iter().zip(beside).map(|(run, beside)| Run { beside, ..run }).collect()
}

/// Prepares the run of each world.
pub(super) fn in_worlds<'s>(worlds: Vec<World<'s>>, watch: Watch<'_>) -> Vec<Run<'s>> {
    let requests: Vec<Requests> = worlds.iter().map(|world| submit(world, watch)).collect();
    let matchers = matchers(&worlds, &requests, watch);
    let phases = worlds.into_iter().zip(requests).zip(matchers);
    phases.map(|((world, requests), matchers)| Run { beside: None, world, requests, matchers }).collect()
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
        in_worlds(vec![world], watch).remove(0)
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
