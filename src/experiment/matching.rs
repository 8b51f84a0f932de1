//! How each route looks for records: its index, its comparisons and its model, trained if it weighs evidence.
//!
//! A model is trained without labels on part of the holder's file. A run and those beside it look at the same people,
//! so that their models are trained in one go: each person is made once, and each record once for all runs that have
//! the same file.

use super::holder_file::Files;
use super::requests::Requests;
use super::world::World;
use crate::linkage::blocking::{Index, MAX_BLOCK, Scratch};
use crate::linkage::comparison::{Comparer, Evidence, Nicknames};
use crate::linkage::decision::fellegi_sunter::{Chance, HouseholdGuard, Observed, Trained, Training, train};
use crate::linkage::decision::{Model, RuleSet, Score};
use crate::parallel::Watch;
use crate::parallel::in_parallel;
use crate::random::{Decision, Permutation};
use crate::record::coded::{Coded, Coding, each};
use crate::record::{Field, Records};
use crate::scenario::{Decide, RouteSettings};

/// Matches for which a model is trained, where the file has them.
const MATCHES_WANTED: f64 = 2_000.0;
/// Pairs drawn at random with each record that training sees.
const RANDOM_PAIRS: usize = 2;
/// Blocks whose records give the frequencies of values: about 100,000 records at most.
const SAMPLED_BLOCKS: u64 = 600;

const TRAINING_BLOCKS: Decision = Decision::named("training.blocks");
const TRAINING_PAIRS: Decision = Decision::named("training.pairs");

/// How one route looks for records. It never sees the truth.
pub(super) struct Matcher {
    pub index: Index,
    pub comparer: Comparer,
    pub model: Model,
    pub trained: Option<Trained>,
}

impl Matcher {
    pub fn score(&self, requests: &Records, request: usize, records: &Records, row: usize) -> Score {
        let evidence: Evidence = self.comparer.compare(requests, request, records, row);
        self.model.score(&evidence, requests, request)
    }
}

/// Sets up the matching of runs beside one another, each route's matcher in the order of the routes.
pub(super) fn matchers(worlds: &[World<'_>], requests: &[Requests], watch: Watch<'_>) -> Vec<Vec<Matcher>> {
    let look = |(world, requests): (&World<'_>, &Requests)| -> Vec<Look> {
        (0..world.scenario.routes.len()).map(|route| Look::of(world, requests, route)).collect()
    };
    let looks: Vec<Vec<Look>> = worlds.iter().zip(requests).map(look).collect();
    let mut learners = Vec::new();
    for (world, looks) in looks.iter().enumerate() {
        let routes = worlds[world].scenario.routes.iter().zip(looks);
        let weighs = routes.filter(|(settings, _)| settings.decision == Decide::FellegiSunter);
        learners.extend(weighs.map(|(settings, look)| Learner::new(worlds, requests, world, settings, look)));
    }
    let mut trained = learn(worlds, &learners, watch).into_iter();
    drop(learners);
    let mut matcher = |look: Look, settings: &RouteSettings| {
        let (model, trained) = match settings.decision {
            Decide::Rules => {
                let rules = RuleSet::new(&settings.rules, &settings.comparisons)
                    .expect("a scenario that was read has rules that name its comparisons");
                (Model::Rules(rules), None)
            }
            Decide::FellegiSunter => {
                let trained = trained.next().expect("one for each route that weighs evidence, in their order");
                (Model::FellegiSunter(trained.model.clone()), Some(trained))
            }
        };
        Matcher { index: look.index, comparer: look.comparer, model, trained }
    };
    let of_world = |(looks, world): (Vec<Look>, &World<'_>)| {
        looks.into_iter().zip(&world.scenario.routes).map(|(look, settings)| matcher(look, settings)).collect()
    };
    looks.into_iter().zip(worlds).map(of_world).collect()
}

/// What a route looks at, before it has a model.
struct Look {
    index: Index,
    comparer: Comparer,
    /// The requests that take the route.
    rows: Vec<u32>,
}

impl Look {
    fn of(world: &World<'_>, requests: &Requests, route: usize) -> Look {
        let settings = &world.scenario.routes[route];
        let rows = (0..requests.records.len() as u32).filter(|&row| requests.admitted[row as usize] == Ok(route));
        let rows: Vec<u32> = rows.collect();
        let index = Index::build(&settings.blocking, &requests.normal_forms, rows.iter().copied(), MAX_BLOCK);
        let nicknames = Nicknames::built_in();
        let comparer =
            Comparer::new(&settings.comparisons, requests.normal_forms.fields(), &world.holder_forms(), &nicknames);
        Look { index, comparer, rows }
    }
}

/// A route whose model is trained.
struct Learner<'l> {
    /// Its run, by its place among them.
    world: usize,
    settings: &'l RouteSettings,
    look: &'l Look,
    requests: &'l Records,
    /// How many blocks of the holder's file it sees: enough for about [`MATCHES_WANTED`] matches, taking half of the
    /// requests to be on file, or all of them. Which blocks depends on the seed alone.
    wanted: u64,
}

impl<'l> Learner<'l> {
    fn new(
        worlds: &[World<'_>],
        requests: &'l [Requests],
        world: usize,
        settings: &'l RouteSettings,
        look: &'l Look,
    ) -> Learner<'l> {
        let blocks = worlds[world].country.blocks();
        let share = (2.0 * MATCHES_WANTED / look.rows.len().max(1) as f64).min(1.0);
        let wanted = ((blocks as f64 * share) as u64).clamp(1, blocks);
        Learner { world, settings, look, requests: &requests[world].normal_forms, wanted }
    }
}

/// What one learner saw in part of its blocks.
struct Lessons {
    training: Training,
    records: u64,
    sample: Vec<(u64, Records)>,
    scratch: Scratch,
}

/// Trains the models of all learners, in their order.
fn learn(worlds: &[World<'_>], learners: &[Learner<'_>], watch: Watch<'_>) -> Vec<Trained> {
    let Some(first) = worlds.first().filter(|_| !learners.is_empty()) else { return Vec::new() };
    // Runs beside one another have their seeds and the number of their blocks in common.
    let seed = first.scenario.requests_seed();
    let blocks = first.country.blocks();
    let shuffled = Permutation::new(seed, TRAINING_BLOCKS, blocks);
    let files = Files::new(worlds.iter());
    let new = || {
        let lessons = |learner: &Learner<'_>| Lessons {
            training: Training::new(),
            records: 0,
            sample: Vec::new(),
            scratch: Scratch::new(&learner.look.index, &worlds[learner.world].holder_forms()),
        };
        (files.batches(), learners.iter().map(lessons).collect::<Vec<Lessons>>())
    };
    let see = |learner: &Learner<'_>, lessons: &mut Lessons, i: u64, records: &Records| {
        let Learner { look: Look { index, comparer, rows }, requests, .. } = learner;
        let Lessons { training, scratch, .. } = lessons;
        for row in 0..records.len() {
            index.candidates(records, row, scratch, |request, rule| {
                training.add(comparer.compare(requests, request as usize, records, row), rule);
            });
            // A few pairs at random with each record: what agreement by chance looks like.
            let mut stream = seed.stream(TRAINING_PAIRS, records.id(row).0);
            for _ in 0..RANDOM_PAIRS.min(rows.len()) {
                let request = rows[stream.below(rows.len() as u64) as usize] as usize;
                training.add_random(comparer.compare(requests, request, records, row));
            }
        }
        lessons.records += records.len() as u64;
        if i < SAMPLED_BLOCKS {
            lessons.sample.push((i, records.clone()));
        }
    };
    let parts = in_parallel(
        0..learners.iter().map(|learner| learner.wanted).max().unwrap_or(0),
        new,
        |(batches, lessons), i| {
            let wanted = |world: usize| learners.iter().any(|l| l.world == world && i < l.wanted);
            files.make(shuffled.forward(i), batches, wanted, |world, _, batch| {
                let of_world = learners.iter().zip(&mut *lessons).filter(|(l, _)| l.world == world && i < l.wanted);
                of_world.for_each(|(learner, lessons)| see(learner, lessons, i, &batch.normal_forms));
            });
        },
        "training",
        watch,
    );
    let mut whole: Vec<(&Learner<'_>, Vec<Lessons>)> = learners.iter().map(|learner| (learner, Vec::new())).collect();
    for (_, lessons) in parts {
        whole.iter_mut().zip(lessons).for_each(|((_, parts), lessons)| parts.push(lessons));
    }
    each(&whole, |(learner, parts)| learner.trained(parts, blocks))
}

impl Learner<'_> {
    /// The model that all parts of what was seen make.
    fn trained(&self, parts: &[Lessons], blocks: u64) -> Trained {
        let mut training = Training::new();
        let mut sample: Vec<&(u64, Records)> = Vec::new();
        let mut records = 0;
        for part in parts {
            training.merge(&part.training);
            records += part.records;
            sample.extend(&part.sample);
        }
        sample.sort_unstable_by_key(|(i, _)| *i);
        let comparisons = &self.settings.comparisons;
        let chances: Vec<Chance> = {
            let compared = |field: &&Field| comparisons.iter().any(|c| c.kind.field() == Some(field));
            let fields: Vec<Field> = self.requests.fields().iter().filter(compared).cloned().collect();
            if fields.is_empty() {
                vec![Chance::default(); comparisons.len()]
            } else {
                let (mut asked, mut known) = (Coding::new(&fields), Coding::new(&fields));
                asked.extend_from(self.requests, self.look.rows.iter().map(|&row| row as usize));
                sample.iter().for_each(|(_, records)| known.extend_from(records, 0..records.len()));
                let both = Coded::of(asked, known);
                Chance::of(comparisons, &both)
            }
        };
        let (asked, part_of_file) = (self.look.rows.len() as f64, self.wanted as f64 / blocks as f64);
        train(&Observed {
            training: &training,
            comparisons,
            chances: &chances,
            pairs: asked * records as f64,
            matches: asked * part_of_file,
            guard: HouseholdGuard::On,
        })
    }
}
