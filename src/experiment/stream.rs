//! The holder's file goes by, block by block, and is forgotten: what is kept of it is [`Streamed`].

use super::World;
use super::holder_file::{Batch, Files};
use super::situations::Tallied;
use crate::agreement::{Answer, Answers};

use crate::evaluation::{FirstSeen, Observed};
use crate::linkage::blocking::Scratch;
use crate::parallel::{Watch, in_parallel};
use crate::population::Block;
use crate::scenario::{Decide, Pair, Scenario, attributes};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What is known once part of the holder's file has gone by: whole numbers and short lists, which add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streamed {
    pub(super) observed: Observed,
    pub(super) answers: Vec<Answers>,
    pub(super) situations: Tallied,
    /// Records on file that are alike to that of somebody sought, by set; of the run itself.
    pub(super) alike: Vec<u64>,
    /// The same of the runs beside it.
    pub(super) beside: Vec<Streamed>,
}

impl Streamed {
    /// Whether it has the size that a scenario gives it.
    pub fn fits(&self, scenario: &Scenario) -> bool {
        let requests = scenario.requester.requests as usize;
        let sized = |streamed: &Streamed| {
            let weighs: Vec<bool> =
                scenario.routes.iter().map(|route| route.decision == Decide::FellegiSunter).collect();
            let whole = Observed::new(streamed.answers.len(), &weighs, &attributes(), &pairs(scenario));
            streamed.observed.same_size(&whole)
        };
        let beside = scenario.beside.iter().filter(|beside| beside.of(scenario).is_some()).count();
        // A list beside this one may be shorter.
        self.answers.len() == requests
            && self.situations.namesakes.requests() == requests
            && sized(self)
            && self.beside.len() == beside
            && self.beside.iter().all(sized)
    }
}

impl World<'_> {
    /// Before any of it has gone by.
    pub(super) fn nothing_streamed(&self) -> Streamed {
        let requests = self.requests.records.len();
        Streamed {
            observed: Observed::new(requests, &self.weighs(), &self.attributes, &pairs(&self.scenario)),
            answers: vec![Answers::default(); requests],
            situations: Tallied::new(requests),
            alike: vec![0; self.requests.alike.sets()],
            // Of what is counted apart from rates nothing is wanted there.
            beside: self
                .beside
                .iter()
                .map(|(_, world)| Streamed { situations: Tallied::default(), ..world.nothing_streamed() })
                .collect(),
        }
    }

    /// Lets blocks of the holder's file go by, once for this run and those beside it: each person is made once, each
    /// record once for all runs that have the same file.
    pub(super) fn stream(&self, blocks: Range<u64>, watch: Watch<'_>) -> Streamed {
        let worlds: Vec<&World<'_>> = std::iter::once(self).chain(self.beside.iter().map(|(_, world)| world)).collect();
        let files = Files::new(&worlds);
        let scratches = || -> Vec<Vec<Scratch>> { worlds.iter().map(|world| world.scratches()).collect() };
        let parts = in_parallel(
            blocks,
            || (self.nothing_streamed(), scratches(), files.batches()),
            |(streamed, scratches, batches), index| {
                files.make(
                    index,
                    batches,
                    |_| true,
                    |i, block, batch| {
                        if i > 0 {
                            worlds[i].look(block, batch, &mut scratches[i], &mut streamed.beside[i - 1]);
                            return;
                        }
                        self.look(block, batch, &mut scratches[0], streamed);
                        self.requests.alike.count(&batch.normal_forms, &mut streamed.alike);
                        streamed.situations.add(block, &batch.slots, &batch.errors, &self.requests.sought);
                    },
                );
            },
            "matching",
            watch,
        );
        let mut whole = self.nothing_streamed();
        parts.iter().for_each(|(part, ..)| self.merge(&mut whole, part));
        whole
    }

    /// Looks at a piece of the holder's file: the matcher keeps the best answers, evaluation looks on with the truth.
    fn look(&self, block: &Block, batch: &Batch, scratches: &mut [Scratch], streamed: &mut Streamed) {
        let Streamed { observed, answers, .. } = streamed;
        let most = self.agreement.answers_kept();
        let sought = |row: usize| self.requests.by_person.get(&block.people[batch.slots[row]].id).copied();
        for (row, profile) in batch.profiles.iter().enumerate() {
            observed.record(profile);
            if let Some(request) = sought(row) {
                observed.sought_record(request as usize);
            }
        }
        let (asked, records) = (&self.requests.normal_forms, &batch.normal_forms);
        for (route, (matcher, scratch)) in self.matchers.iter().zip(scratches).enumerate() {
            let threshold = self.agreement.routes[route].threshold;
            let weighs = matcher.model.weights().is_some();
            for row in 0..records.len() {
                let sought = sought(row);
                matcher.index.candidates(records, row, scratch, |request, rule| {
                    let score = matcher.score(asked, request as usize, records, row);
                    let answer = Answer { score, record: records.id(row) };
                    let confirmed = self.agreement.confirms(asked, request as usize, records, row);
                    if confirmed {
                        answers[request as usize].offer(answer, most, threshold);
                    } else {
                        answers[request as usize].turn_away(score, threshold);
                    }
                    let seen = FirstSeen { rule, score, confirmed };
                    observed.pair(request as usize, route, seen, sought == Some(request));
                    if weighs {
                        observed.claim(request as usize, score, threshold);
                    }
                });
            }
        }
    }

    /// Adds what is known of another part.
    pub(super) fn merge(&self, whole: &mut Streamed, part: &Streamed) {
        whole.observed.merge(&part.observed);
        whole.situations.merge(&part.situations);
        whole.alike.iter_mut().zip(&part.alike).for_each(|(mine, theirs)| *mine += theirs);
        let most = self.agreement.answers_kept();
        for (request, (mine, theirs)) in whole.answers.iter_mut().zip(&part.answers).enumerate() {
            if let Ok(route) = self.requests.admitted[request] {
                mine.merge(theirs, most, self.agreement.routes[route].threshold);
            }
        }
        for (((_, world), mine), theirs) in self.beside.iter().zip(&mut whole.beside).zip(&part.beside) {
            world.merge(mine, theirs);
        }
    }

    /// For each route whether it weighs evidence.
    pub(super) fn weighs(&self) -> Vec<bool> {
        self.matchers.iter().map(|matcher| matcher.model.weights().is_some()).collect()
    }

    /// Working memory for each route.
    pub(super) fn scratches(&self) -> Vec<Scratch> {
        self.matchers.iter().map(|matcher| Scratch::new(&matcher.index, &self.holder_forms())).collect()
    }
}

/// The pairs of attributes that a scenario wants counted together.
fn pairs(scenario: &Scenario) -> Vec<Pair> {
    scenario.by.iter().map(|by| by.0).collect()
}
