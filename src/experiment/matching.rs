//! The matchers of each route, with their models trained.
//!
//! A model is trained without labels on part of the holder's file. A run and those beside it look at the same people,
//! so that their models are trained in one go: each person is made once, and each record once for all runs that have
//! the same file.

use super::holder_file::Files;
use super::labels::labelled;
use super::requests::Requests;
use super::world::World;
use crate::linkage::stream::{Lessons, Look, Matcher};
use crate::parallel::{Watch, in_parallel};
use crate::random::{Decision, Permutation};
use crate::record::coded::each;

/// Matches for which a model is trained, where the file has them.
const MATCHES_WANTED: f64 = 2_000.0;
/// Blocks whose records give the frequencies of values: about 100,000 records at most.
const SAMPLED_BLOCKS: u64 = 600;

const TRAINING_BLOCKS: Decision = Decision::named("training.blocks");
const TRAINING_PAIRS: Decision = Decision::named("training.pairs");

/// Sets up the matching of runs beside one another, each route's matcher in the order of the routes.
pub(super) fn matchers(worlds: &[World<'_>], requests: &[Requests], watch: Watch<'_>) -> Vec<Vec<Matcher>> {
    let routes = |world: usize| (0..worlds[world].scenario.routes.len()).map(move |route| (world, route));
    let places: Vec<(usize, usize)> = (0..worlds.len()).flat_map(routes).collect();
    let looks: Vec<Look> = places.iter().map(|&(world, route)| requests[world].look(&worlds[world], route)).collect();
    let learners = places.iter().zip(&looks).map(|(&(world, route), look)| {
        let blocks = worlds[world].country.blocks();
        Learner { world, route, look, wanted: wanted(look, blocks), blocks }
    });
    let learners: Vec<Learner<'_>> = learners.collect();
    let lessons = learn(worlds, requests, &learners, watch);
    let taught: Vec<(&Learner<'_>, Vec<Lessons>)> = learners.iter().zip(lessons).collect();
    let fitted = each(&taught, |(learner, parts)| {
        let share = learner.wanted as f64 / learner.blocks as f64;
        learner.look.fit(&requests[learner.world].normal_forms, parts, share, |base| {
            labelled(&worlds[learner.world], learner.route, base, watch)
        })
    });
    drop(taught);
    drop(learners);
    let mut matchers: Vec<Vec<Matcher>> = worlds.iter().map(|_| Vec::new()).collect();
    for ((look, fitted), (world, _)) in looks.into_iter().zip(fitted).zip(places) {
        matchers[world].push(look.with(fitted));
    }
    matchers
}

/// A route whose model needs to see part of the holder's file.
struct Learner<'l> {
    /// Its run, by its place among them.
    world: usize,
    route: usize,
    look: &'l Look,
    /// Number of blocks of the holder's file it sees. The seed alone decides which ones.
    wanted: u64,
    blocks: u64,
}

/// Number of blocks a model needs: enough for about [`MATCHES_WANTED`] matches, taking half of the requests to be on
/// file, or all of them; where nothing is trained, those that give the frequencies of values, or none.
fn wanted(look: &Look, blocks: u64) -> u64 {
    let plan = look.plan();
    if !plan.trains() {
        return if plan.wants_chances() { SAMPLED_BLOCKS.min(blocks) } else { 0 };
    }
    let share = (2.0 * MATCHES_WANTED / look.requests().max(1) as f64).min(1.0);
    ((blocks as f64 * share) as u64).clamp(1, blocks)
}

/// The lessons of each learner, part by part, in the order of the learners.
fn learn(worlds: &[World<'_>], requests: &[Requests], learners: &[Learner<'_>], watch: Watch<'_>) -> Vec<Vec<Lessons>> {
    let mut whole: Vec<Vec<Lessons>> = learners.iter().map(|_| Vec::new()).collect();
    let most = learners.iter().map(|learner| learner.wanted).max().unwrap_or(0);
    let Some(first) = worlds.first().filter(|_| most > 0) else { return whole };
    // Runs beside one another have their seeds and the number of their blocks in common.
    let seed = first.scenario.requests_seed();
    let shuffled = Permutation::new(seed, TRAINING_BLOCKS, first.country.blocks());
    let files = Files::new(worlds.iter());
    let new = || {
        let lessons = |learner: &Learner<'_>| Lessons::new(learner.look, &worlds[learner.world].holder_forms());
        (files.batches(), learners.iter().map(lessons).collect::<Vec<Lessons>>())
    };
    let parts = in_parallel(
        0..most,
        new,
        |(batches, lessons), i| {
            let wanted = |world: usize| learners.iter().any(|l| l.world == world && i < l.wanted);
            files.make(shuffled.forward(i), batches, wanted, |world, _, batch| {
                let of_world = learners.iter().zip(&mut *lessons).filter(|(l, _)| l.world == world && i < l.wanted);
                for (learner, lessons) in of_world {
                    let draws = |record: u64| seed.stream(TRAINING_PAIRS, record);
                    lessons.see(learner.look, &requests[world].normal_forms, &batch.normal_forms, draws);
                    if i < SAMPLED_BLOCKS {
                        lessons.keep(i, &batch.normal_forms);
                    }
                }
            });
        },
        "training",
        watch,
    );
    for (_, lessons) in parts {
        whole.iter_mut().zip(lessons).for_each(|(parts, lessons)| parts.push(lessons));
    }
    whole
}
