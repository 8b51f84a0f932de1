//! The holder's file streams by, block by block, and is forgotten: what is kept of it is [`Streamed`].

use super::holder_file::{Batch, Files};
use super::prepared::Run;
use super::situations::Tallied;
use crate::agreement::{Answer, Answers};

use crate::evaluation::{FirstSeen, Observed};
use crate::linkage::blocking::Scratch;
use crate::parallel::{Watch, in_parallel};
use crate::population::Block;
use crate::scenario::{Decide, Pair, Scenario, attributes};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What is known once part of the holder's file has streamed by: whole numbers and short lists, which add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streamed {
    /// What each run saw: first the run itself, then those beside it.
    pub(super) runs: Vec<Seen>,
    /// Situations of the namesake bank, in the file of the run itself.
    pub(super) situations: Tallied,
    /// Records on file that are alike to that of somebody sought, by set; in the file of the run itself.
    pub(super) alike: Vec<u64>,
}

/// What one run saw of the holder's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    pub observed: Observed,
    pub answers: Vec<Answers>,
}

impl Streamed {
    /// Whether it has the size that a scenario gives it.
    pub fn fits(&self, scenario: &Scenario) -> bool {
        let requests = scenario.requester.requests as usize;
        let weighs: Vec<bool> = scenario.routes.iter().map(|route| route.decision == Decide::FellegiSunter).collect();
        let sized = |seen: &Seen| {
            let whole = Observed::new(seen.answers.len(), &weighs, &attributes(), &pairs(scenario));
            seen.observed.same_size(&whole)
        };
        let beside = scenario.beside.iter().filter(|beside| beside.of(scenario).is_some()).count();
        // A list beside this one may be shorter.
        self.runs.len() == 1 + beside
            && self.runs[0].answers.len() == requests
            && self.situations.namesakes.requests() == requests
            && self.runs.iter().all(sized)
    }

    /// Nothing yet, of prepared runs.
    fn none(runs: &[Run<'_>]) -> Streamed {
        let seen = |run: &Run<'_>| {
            let requests = run.requests.records.len();
            Seen {
                observed: Observed::new(requests, &run.weighs(), &run.world.attributes, &pairs(&run.world.scenario)),
                answers: vec![Answers::default(); requests],
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
        let mut whole = Streamed::none(runs);
        parts.iter().for_each(|part| whole.merge(part, runs));
        whole
    }

    /// Adds what is known of another part.
    fn merge(&mut self, part: &Streamed, runs: &[Run<'_>]) {
        self.situations.merge(&part.situations);
        self.alike.iter_mut().zip(&part.alike).for_each(|(mine, theirs)| *mine += theirs);
        for ((mine, theirs), run) in self.runs.iter_mut().zip(&part.runs).zip(runs) {
            mine.observed.merge(&theirs.observed);
            let agreement = &run.world.agreement;
            let most = agreement.answers_kept();
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
    let files = Files::new(runs.iter().map(|run| &run.world));
    let scratches = || -> Vec<Vec<Scratch>> { runs.iter().map(Run::scratches).collect() };
    let parts = in_parallel(
        blocks,
        || (Streamed::none(runs), scratches(), files.batches()),
        |(streamed, scratches, batches), index| {
            files.make(
                index,
                batches,
                |_| true,
                |i, block, batch| {
                    runs[i].look(block, batch, &mut scratches[i], &mut streamed.runs[i]);
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
    let mut whole = Streamed::none(runs);
    parts.iter().for_each(|(part, ..)| whole.merge(part, runs));
    whole
}

impl Run<'_> {
    /// Looks at a piece of the holder's file: the matcher keeps the best answers, evaluation looks on with the truth.
    fn look(&self, block: &Block, batch: &Batch, scratches: &mut [Scratch], seen: &mut Seen) {
        let Seen { observed, answers } = seen;
        let agreement = &self.world.agreement;
        let most = agreement.answers_kept();
        let sought = |row: usize| self.world.request_for(block.people[batch.slots[row]].id);
        for (row, profile) in batch.profiles.iter().enumerate() {
            observed.record(profile);
            if let Some(request) = sought(row) {
                observed.sought_record(request as usize);
            }
        }
        let (asked, records) = (&self.requests.normal_forms, &batch.normal_forms);
        for (route, (matcher, scratch)) in self.matchers.iter().zip(scratches).enumerate() {
            let threshold = agreement.routes[route].threshold;
            let weighs = matcher.model.weights().is_some();
            for row in 0..records.len() {
                let sought = sought(row);
                matcher.index.candidates(records, row, scratch, |request, rule| {
                    let score = matcher.score(asked, request as usize, records, row);
                    let answer = Answer { score, record: records.id(row) };
                    let confirmed = agreement.confirms(asked, request as usize, records, row);
                    if confirmed {
                        answers[request as usize].offer(answer, most, threshold);
                    } else {
                        answers[request as usize].turn_away(score, threshold);
                    }
                    let pair = FirstSeen { rule, score, confirmed };
                    observed.pair(request as usize, route, pair, sought == Some(request));
                    if weighs {
                        observed.claim(request as usize, score, threshold);
                    }
                });
            }
        }
    }

    /// Which routes use match weights, by route number.
    pub(super) fn weighs(&self) -> Vec<bool> {
        self.matchers.iter().map(|matcher| matcher.model.weights().is_some()).collect()
    }

    /// Working memory for each route.
    pub(super) fn scratches(&self) -> Vec<Scratch> {
        self.matchers.iter().map(|matcher| Scratch::new(&matcher.index, &self.world.holder_forms())).collect()
    }
}

/// The pairs of attributes that a scenario wants counted together.
fn pairs(scenario: &Scenario) -> Vec<Pair> {
    scenario.by.iter().map(|by| by.0).collect()
}
