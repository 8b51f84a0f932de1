//! The last phase of a run: everything that is measured.

use super::causes::disclosures;
use super::coincidences::{Coincidence, coincidences};
use super::differences::Decomposition;
use super::judgement::{Judgement, clusters, returns};
use super::moved::Sensitivity;
use super::prepared::Run;
use super::situations::{Counted, counted};
use super::stream::Streamed;
use crate::agreement::Answers;
use crate::evaluation::{
    Disclosure, Evaluation, Exchange, FollowUp, Groups, Judged, Measured, Profile, Wrong, evaluate,
};
use crate::linkage::decision::fellegi_sunter::Trained;
use crate::parallel::Watch;
use crate::population::PersonId;
use crate::population::places::{DWELLINGS_PER_BLOCK, DwellingId};
use crate::scenario::{Attribute, Beside, Situation, When};
use crate::stats::Rate;
use std::collections::BTreeMap;

/// The result of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The measurements.
    pub evaluation: Evaluation,
    /// The answers kept for each request.
    pub answers: Vec<Answers>,
    /// The end of each request.
    pub judged: Vec<Judged>,
    /// Each wrong return.
    pub disclosures: Vec<Disclosure>,
    /// The course of each answer that the rules would hand over.
    pub follow_ups: Vec<FollowUp>,
    /// The person each request sought, and that person's profile.
    pub sought: Vec<(PersonId, Profile)>,
    /// The person each wrong return was about.
    pub returned: Vec<PersonId>,
    /// Of the people sought who are on file, how many were returned, by the city where they live.
    pub by_city: Vec<(String, Rate)>,
    /// The attributes that profiles refer to.
    pub attributes: Vec<Attribute>,
    /// The rates of the runs beside it.
    pub beside: Vec<(Beside, Groups)>,
    /// For each route, whether the requests that take it give a number.
    pub by_number: Vec<bool>,
    /// Pairs of people asked for who were born on the same day, of all such pairs.
    pub same_birth_date: Rate,
    /// The training of each route that uses match weights, by the route's number.
    pub trained: Vec<(usize, Trained)>,
    /// The frequency of each situation of the namesake bank.
    pub situations: Vec<(Situation, Counted)>,
    /// Namesakes of the people sought, expected and counted.
    pub coincidences: Vec<Coincidence>,
}

/// Analyses of a scenario beside its run: those that were asked for.
#[derive(Clone, Debug, Default)]
pub struct Analyses {
    /// The effect of the assumed values on the headline.
    pub sensitivity: Option<Sensitivity>,
    /// The share of requests that a flexible rule does not resolve.
    pub learned_loss: Option<Measured>,
    /// The differences between groups taken apart.
    pub decomposition: Option<Decomposition>,
}

/// Measures a run. `beside` are the rates of the runs beside it.
pub(super) fn outcome_of(
    run: &Run<'_>,
    streamed: &Streamed,
    judgement: Judgement,
    beside: Vec<(Beside, Groups)>,
    watch: Watch<'_>,
) -> Outcome {
    let Run { world, requests, matchers, .. } = run;
    let seen = &streamed.runs[0];
    let aside = judgement.aside();
    let Judgement { judged, follow_ups, .. } = judgement;
    let (disclosures, between): (Vec<_>, Vec<_>) =
        disclosures(run, &follow_ups, &seen.answers, watch).into_iter().unzip();
    let wrong: Vec<Wrong> = disclosures.iter().map(Disclosure::wrong).collect();
    let evaluation = evaluate(&Exchange {
        returns: returns(run, seen, &judged, &wrong, &clusters(run, seen, &judged)),
        weighs: &run.weighs(),
        disclosures: &disclosures,
        from_ties: &requests.alike.from_ties(&streamed.alike),
        follow_ups: &follow_ups,
        aside,
    });
    let namesakes = &streamed.situations.namesakes;
    Outcome {
        evaluation,
        answers: seen.answers.clone(),
        by_city: by_city(run, &judged),
        judged,
        returned: disclosures.iter().map(|wrong| world.truth.person_of(wrong.answer.record)).collect(),
        disclosures,
        follow_ups,
        sought: world.truth.sought().iter().copied().zip(requests.profiles.iter().copied()).collect(),
        attributes: world.attributes.clone(),
        beside,
        by_number: world.scenario.routes.iter().map(|route| route.when == When::NumberGiven).collect(),
        same_birth_date: requests.same_birth_date,
        trained: (0..matchers.len()).filter_map(|route| Some((route, matchers[route].trained.clone()?))).collect(),
        coincidences: coincidences(&requests.sought, namesakes, seen.observed.records, &world.country),
        situations: counted(world.added, &requests.situations, &streamed.situations, &between),
    }
}

/// Of the people sought who are on file, how many were returned, by city. All who live in a block live in one city.
fn by_city(run: &Run<'_>, judged: &[Judged]) -> Vec<(String, Rate)> {
    let world = &run.world;
    let mut by_block: BTreeMap<u64, Rate> = BTreeMap::new();
    for (judged, person) in judged.iter().zip(world.truth.sought()).filter(|(judged, _)| judged.on_file) {
        let right = judged.returned.iter().any(|(_, right)| *right);
        let rate = by_block.entry(person.block()).or_default();
        *rate = Rate::new(rate.hits + u64::from(right), rate.trials + 1);
    }
    let mut by_city: BTreeMap<String, Rate> = BTreeMap::new();
    for (block, of_block) in by_block {
        let city = world.country.address(DwellingId(block * DWELLINGS_PER_BLOCK)).city;
        let rate = by_city.entry(city).or_default();
        *rate = Rate::new(rate.hits + of_block.hits, rate.trials + of_block.trials);
    }
    by_city.into_iter().collect()
}
