//! The holder's file streams by, block by block, and is forgotten: what is kept of it is [`Streamed`].

use super::holder_file::{Batch, Files};
use super::prepared::Run;
use super::situations::Tallied;
use crate::agreement::{Answer, Answers};
use crate::evaluation::{FirstSeen, Observed};
use crate::linkage::assignment::{ScoredPair, one_to_one};
use crate::linkage::comparison::Evidence;
use crate::linkage::decision::Score;
use crate::linkage::stream::{Bench, Candidate};
use crate::parallel::{Watch, in_parallel};
use crate::population::Block;
use crate::record::RecordId;
use crate::scenario::{AnswerRule, Pair, Scenario, attributes};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The state after part of the holder's file has streamed by: whole numbers and short lists, which add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streamed {
    /// The observations of each run: first of the run itself, then of those beside it.
    pub(super) runs: Vec<Seen>,
    /// Situations of the namesake bank, in the file of the run itself.
    pub(super) situations: Tallied,
    /// Records on file that are alike to that of somebody sought, by set; in the file of the run itself.
    pub(super) alike: Vec<u64>,
}

/// The observations of one run on the holder's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    pub observed: Observed,
    pub answers: Vec<Answers>,
    /// The pairs that other terms may need, by request; empty unless the run is kept.
    #[serde(skip)]
    pub pools: Vec<Pool>,
}

/// The answers that terms other than those of the run may want to one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pool {
    /// The best answers, more than the terms of the run keep.
    pub best: Answers,
    /// The best score that a second identifier did not confirm.
    pub unconfirmed: Option<Score>,
}

impl Pool {
    fn merge(&mut self, other: &Pool, most: usize) {
        self.best.merge(&other.best, most, UNCOUNTED);
        self.unconfirmed = self.unconfirmed.max(other.unconfirmed);
    }
}

/// A threshold that no answer reaches: what does not fit in a pool is not counted.
const UNCOUNTED: Score = Score(i32::MAX);

/// The answers in a pool: other terms may hand over at most so many, unless the terms of the run hand over more.
pub const MOST_POOLED: usize = 16;

impl Streamed {
    /// Returns `true` if it has the size that a scenario gives it.
    pub fn fits(&self, scenario: &Scenario) -> bool {
        let requests = scenario.requester.requests as usize;
        let weighs: Vec<bool> = scenario.routes.iter().map(|route| route.model.weighs()).collect();
        let sized = |seen: &Seen| {
            let whole = Observed::new(seen.answers.len(), &weighs, &attributes(), &pairs(scenario));
            seen.observed.same_size(&whole)
        };
        let beside = scenario.beside.iter().filter(|beside| beside.differs(scenario)).count();
        // A list beside this one may be shorter.
        self.runs.len() == 1 + beside
            && self.runs[0].answers.len() == requests
            && self.situations.namesakes.requests() == requests
            && self.runs.iter().all(sized)
    }

    /// Nothing yet, of prepared runs; with pools where the runs are to be judged again.
    fn none(runs: &[Run<'_>], pooled: bool) -> Streamed {
        let seen = |run: &Run<'_>| {
            let requests = run.requests.records.len();
            Seen {
                observed: Observed::new(requests, &run.weighs(), &run.world.attributes, &pairs(&run.world.scenario)),
                answers: vec![Answers::default(); requests],
                pools: vec![Pool::default(); if pooled { requests } else { 0 }],
            }
        };
        Streamed {
            runs: runs.iter().map(seen).collect(),
            situations: Tallied::new(runs[0].requests.records.len()),
            alike: vec![0; runs[0].requests.alike.sets()],
        }
    }

    /// Parts of the holder's file, joined.
    pub fn joined(runs: &[Run<'_>], parts: &[Streamed]) -> Streamed {
        let mut whole = Streamed::none(runs, false);
        parts.iter().for_each(|part| whole.merge(part, runs));
        whole
    }

    /// The same where the terms hand no record over for two requests: each request has the answer that the assignment
    /// gives it. It needs the whole of the holder's file.
    pub(super) fn assigned(&self, runs: &[Run<'_>]) -> Cow<'_, Streamed> {
        let one_to_one = |run: &Run<'_>| run.world.agreement.answers == AnswerRule::OneToOne;
        let mut streamed = Cow::Borrowed(self);
        for (i, run) in runs.iter().enumerate().filter(|(_, run)| one_to_one(run)) {
            run.assign(&mut streamed.to_mut().runs[i].answers);
        }
        streamed
    }

    /// Adds what is known of another part.
    fn merge(&mut self, part: &Streamed, runs: &[Run<'_>]) {
        self.situations.merge(&part.situations);
        self.alike.iter_mut().zip(&part.alike).for_each(|(mine, theirs)| *mine += theirs);
        for ((mine, theirs), run) in self.runs.iter_mut().zip(&part.runs).zip(runs) {
            mine.observed.merge(&theirs.observed);
            let agreement = &run.world.agreement;
            let most = agreement.answers_kept();
            mine.pools
                .iter_mut()
                .zip(&theirs.pools)
                .for_each(|(mine, theirs)| mine.merge(theirs, most.max(MOST_POOLED)));
            for (request, (mine, theirs)) in mine.answers.iter_mut().zip(&theirs.answers).enumerate() {
                if let Ok(route) = run.requests.admitted[request] {
                    mine.merge(theirs, most, agreement.routes[route].threshold);
                }
            }
        }
    }
}

/// Streams blocks of the holder's file, once for all runs: each person is made once, each record once for all runs that
/// have the same file.
pub fn stream(runs: &[Run<'_>], blocks: Range<u64>, watch: Watch<'_>) -> Streamed {
    streamed(runs, blocks, false, watch)
}

/// Streams blocks of the holder's file. Where the runs are to be judged again it fills their pools.
pub(super) fn streamed(runs: &[Run<'_>], blocks: Range<u64>, pooled: bool, watch: Watch<'_>) -> Streamed {
    let files = Files::new(runs.iter().map(|run| &run.world));
    let benches = || -> Vec<Vec<Bench>> { runs.iter().map(Run::benches).collect() };
    let parts = in_parallel(
        blocks,
        || (Streamed::none(runs, pooled), benches(), files.batches()),
        |(streamed, benches, batches), index| {
            files.make(
                index,
                batches,
                |_| true,
                |i, block, batch| {
                    runs[i].look(block, batch, &mut benches[i], &mut streamed.runs[i]);
                    if i == 0 {
                        let requests = &runs[0].requests;
                        requests.alike.count(&batch.normal_forms, &mut streamed.alike);
                        streamed.situations.add(block, &batch.slots, &batch.errors, &requests.sought);
                    }
                },
            );
        },
        "matching",
        watch,
    );
    let mut whole = Streamed::none(runs, pooled);
    parts.iter().for_each(|(part, ..)| whole.merge(part, runs));
    whole
}

impl Run<'_> {
    /// Looks at a piece of the holder's file: the matcher keeps the best answers, evaluation looks on with the truth.
    fn look(&self, block: &Block, batch: &Batch, benches: &mut [Bench], seen: &mut Seen) {
        let Seen { observed, answers, pools } = seen;
        let agreement = &self.world.agreement;
        let most = agreement.answers_kept();
        let sought = |row: usize| self.world.request_for(block.people[batch.slots[row]].id);
        let home = self.requests.home_of.get(&block.index).copied();
        observed.neighbourhood(home, &batch.profiles);
        for row in 0..batch.slots.len() {
            if let Some(request) = sought(row) {
                observed.sought_record(request as usize);
            }
        }
        let (asked, records) = (&self.requests.normal_forms, &batch.normal_forms);
        for (route, (matcher, bench)) in self.matchers.iter().zip(benches).enumerate() {
            let threshold = agreement.routes[route].threshold;
            let weighs = matcher.model.weights().is_some();
            matcher.candidates(asked, records, bench, |Candidate { request, row, rule, score }| {
                let answer = Answer { score, record: records.id(row) };
                let confirmed = agreement.confirms(asked, request as usize, records, row);
                if confirmed {
                    answers[request as usize].offer(answer, most, threshold);
                } else {
                    answers[request as usize].turn_away(score, threshold);
                }
                if let Some(pool) = pools.get_mut(request as usize) {
                    match confirmed {
                        true => pool.best.offer(answer, most.max(MOST_POOLED), UNCOUNTED),
                        false => pool.unconfirmed = pool.unconfirmed.max(Some(score)),
                    }
                }
                let pair = FirstSeen { rule, score, confirmed };
                observed.pair(request as usize, route, pair, sought(row) == Some(request));
                if weighs {
                    observed.claim(request as usize, score, threshold);
                }
            });
        }
    }

    /// Leaves each request the answer that the assignment of greatest total score gives it.
    pub(super) fn assign(&self, answers: &mut [Answers]) {
        let (mut places, mut records, mut pairs) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (request, answers) in answers.iter().enumerate() {
            let Ok(route) = self.requests.admitted[request] else { continue };
            let threshold = self.world.agreement.routes[route].threshold;
            for answer in answers.from(threshold) {
                let b = *places.entry(answer.record).or_insert_with(|| {
                    records.push(answer.record);
                    records.len() as u32 - 1
                });
                // Each route has scores of its own: they are counted from its threshold.
                let score = Score(answer.score.0.saturating_sub(threshold.0));
                pairs.push(ScoredPair { a: request as u32, b, rule: 0, evidence: Evidence::new(&[]), score });
            }
        }
        // Of equals the lowest record numbers, as where one request has several answers. The assignment leaves out the last
        // eight bits of a key.
        let key = |pair: &ScoredPair| u64::MAX - (records[pair.b as usize].0 << 8);
        let given: BTreeMap<u32, RecordId> = one_to_one(&pairs, None, key)
            .into_iter()
            .map(|taken| (taken.pair.a, records[taken.pair.b as usize]))
            .collect();
        let taken: BTreeSet<RecordId> = given.values().copied().collect();
        for (request, answers) in (0..).zip(answers) {
            answers.assign(given.get(&request).copied(), |record| taken.contains(&record));
        }
    }

    /// Routes that use match weights, by route number.
    pub(super) fn weighs(&self) -> Vec<bool> {
        self.matchers.iter().map(|matcher| matcher.model.weights().is_some()).collect()
    }

    /// Working memory for each route.
    pub(super) fn benches(&self) -> Vec<Bench> {
        self.matchers.iter().map(|matcher| matcher.bench(&self.world.holder_forms())).collect()
    }
}

/// The pairs of attributes that a scenario wants counted together.
fn pairs(scenario: &Scenario) -> Vec<Pair> {
    scenario.by.iter().map(|by| by.0).collect()
}
