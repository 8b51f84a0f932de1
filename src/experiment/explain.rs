//! Scores explained, and returns in error decided again.

use super::outcome::Outcome;
use super::prepared::Run;
use crate::agency::{ErrorSet, Subject};
use crate::evaluation::{Disclosure, FollowUp};
use crate::linkage::blocking::Scratch;
use crate::linkage::decision::{Score, Term};
use crate::record::{RecordId, Records};
use serde::{Deserialize, Serialize};

/// The terms of two records' score, and the check of the second identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Explanation {
    /// The route that was taken.
    pub route: String,
    /// The first blocking rule that proposed the pair; none if none did, and then it was never scored.
    pub proposed_by: Option<String>,
    /// Each comparison and the level it reached.
    pub levels: Vec<(String, String)>,
    /// The terms of the score.
    pub terms: Vec<Term>,
    /// The score: the sum of the terms.
    pub score: Score,
    /// The threshold of the route.
    pub threshold: Score,
}

impl Run<'_> {
    /// Returns `true` if a wrong return would still have happened with the counterfactuals at some positions of its list,
    /// everything else frozen. Tests search all sets of causes with it.
    pub fn would_survive(&self, outcome: &Outcome, disclosure: &Disclosure, at: &[usize]) -> bool {
        let same = |f: &&FollowUp| f.request == disclosure.request && f.answer == disclosure.answer;
        let Some(follow_up) = outcome.follow_ups.iter().find(same) else { return false };
        let counterfactuals = at.iter().map(|&at| &disclosure.attribution.counterfactuals[at]);
        self.survives(follow_up, &outcome.answers[disclosure.request], counterfactuals)
    }

    /// Returns `true` if a record passes the second identifier beside a request; without one in the terms each does.
    pub fn confirms(&self, request: usize, record: RecordId) -> bool {
        let person = self.world.truth.person_of(record);
        let block = self.world.country.block(person.block());
        let record = self.world.holder().remade(Subject::of(&block, person.slot()), ErrorSet::NONE, record);
        let record = self.world.normal_forms(&record);
        self.world.agreement.confirms(&self.requests.normal_forms, request, &record, 0)
    }

    /// The explanation of a request's and a record's score; `None` if the request was refused.
    pub fn explain(&self, request: usize, record: &Records) -> Option<Explanation> {
        let route = self.requests.admitted[request].ok()?;
        let (matcher, settings) = (&self.matchers[route], &self.world.scenario.routes[route]);
        let record = self.world.normal_forms(record);
        let requests = &self.requests.normal_forms;
        let mut rule = None;
        let mut scratch = Scratch::new(&matcher.index, record.fields());
        matcher.index.candidates(&record, 0, &mut scratch, |row, number| {
            if row as usize == request {
                rule = Some(number);
            }
        });
        let evidence = matcher.comparer.compare(requests, request, &record, 0);
        Some(Explanation {
            route: settings.name.clone(),
            proposed_by: rule.map(|rule| settings.blocking.rules[usize::from(rule)].to_string()),
            levels: evidence.named(settings.model.comparisons()),
            terms: matcher.model.terms(&evidence, requests, request),
            score: matcher.model.score(&evidence, requests, request),
            threshold: self.world.agreement.routes[route].threshold,
        })
    }
}
