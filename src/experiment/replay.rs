//! A run that is kept and judged again under other terms, without streaming the holder's file again.
//!
//! While the file streams by, each request keeps more answers than the terms of the run want (`MOST_POOLED`). Other
//! thresholds, another rule for several answers, a margin or people's part in the answers are then a matter of judging.
//! Only another second identifier needs the file again: it decides which answers there are.

use super::against::Returned;
use super::causes::disclosures;
use super::judgement::{Judgement, acted_on, by_the_rules, clusters, returns};
use super::outcome::Outcome;
use super::prepared::Run;
use super::run::measure;
use super::stream::{MOST_POOLED, Seen, Streamed, streamed};
use super::world::{World, country_of};
use crate::agency::OwnErrors;
use crate::agreement::{Agreement, Answer, Answers};
use crate::evaluation::{Disclosure, FollowUp, Judged, Rates, rates_of_requests};
use crate::linkage::decision::Score;
use crate::parallel::Watch;
use crate::record::RecordId;
use crate::scenario::{AnswerRule, Scenario, SecondIdentifier};
use std::borrow::Cow;
use std::mem;
use std::slice;
use std::sync::Arc;

/// A run whose answers are kept.
pub struct Replay {
    run: Run<'static>,
    streamed: Streamed,
    /// The same under another second identifier: the one asked for last.
    other: Option<(Option<SecondIdentifier>, Streamed)>,
}

/// The terms under which a run is judged again.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// The agreement, with as many routes as the run has.
    pub agreement: Agreement,
    /// People sought who have thresholds of their own. Whoever is in several parts belongs to the first.
    pub parts: Vec<OwnThresholds>,
}

/// Some of the people sought, and their thresholds.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnThresholds {
    /// The attribute by which they are told apart, by its number.
    pub attribute: usize,
    /// Their values of it, by number.
    pub values: Vec<u8>,
    /// Their threshold on each route.
    pub thresholds: Vec<Score>,
}

/// The results of the requests under other terms.
pub struct Rejudged {
    /// The end of each request.
    pub judged: Vec<Judged>,
    /// The rates that need nothing but those ends.
    pub rates: Rates,
    /// The same of the requests for people of each part.
    pub parts: Vec<Rates>,
}

/// One request under other terms.
pub struct Followed {
    /// Its end.
    pub judged: Judged,
    /// The records that the rules hand over, before people act on them.
    pub by_the_rules: Vec<RecordId>,
    /// The course of each of those answers.
    pub follow_ups: Vec<FollowUp>,
    /// The persons returned in error, and why.
    pub disclosures: Vec<Disclosure>,
}

impl Replay {
    /// Runs a scenario, without the runs that it wants beside it, and keeps the answers.
    pub fn new(scenario: Scenario, watch: Watch<'_>) -> Replay {
        let country = Arc::new(country_of(&scenario));
        let run = Run::in_world(World::in_country(Cow::Owned(scenario), country, &OwnErrors::none(), watch), watch);
        let streamed = pooled(&run, watch);
        Replay { run, streamed, other: None }
    }

    /// The run.
    pub fn run(&self) -> &Run<'static> {
        &self.run
    }

    /// The outcome of the run under its own terms: that of [`Run::outcome`].
    pub fn outcome(&self, watch: Watch<'_>) -> Outcome {
        measure(slice::from_ref(&self.run), &self.streamed, watch)
    }

    /// The score of the record of the person that a request seeks; `None` where no blocking rule proposed it.
    pub fn right(&self, request: usize) -> Option<Score> {
        self.streamed.runs[0].observed.true_pairs[request].map(|seen| seen.score)
    }

    /// The best answers to a request that are somebody else, best first, whatever their score.
    pub fn wrong(&self, request: usize) -> impl Iterator<Item = Answer> {
        let best = self.streamed.runs[0].pools[request].best.best().iter().copied();
        best.filter(move |answer| !self.run.world.truth.is_match(request, answer.record))
    }

    /// Returns `true` if the person that a request seeks is on file.
    pub fn on_file(&self, request: usize) -> bool {
        self.streamed.runs[0].observed.sought_on_file[request]
    }

    /// The most records that terms may hand over for a request.
    pub fn most_answers(&self) -> usize {
        self.run.world.agreement.answers_kept().max(MOST_POOLED)
    }

    /// Judges the run again.
    pub fn judge(&mut self, terms: &Terms, watch: Watch<'_>) -> Rejudged {
        self.under(terms, watch, |run, seen, part_of| {
            let thresholds = |request: usize, route: usize| match part_of(request) {
                Some(part) => terms.parts[part].thresholds[route],
                None => run.threshold(route),
            };
            let judged = acted_on(run, by_the_rules(run, seen, thresholds), watch);
            let clusters = clusters(run, seen, &judged);
            let returns = returns(run, seen, &judged, &[], &clusters);
            let of_part = |part: usize| rates_of_requests(&returns, |request| part_of(request) == Some(part));
            let parts = (0..terms.parts.len()).map(of_part).collect();
            let rates = rates_of_requests(&returns, |_| true);
            Rejudged { judged, rates, parts }
        })
    }

    /// The persons returned under some terms, and the requests they answer; parts play no role.
    pub fn returned(&mut self, terms: &Terms, watch: Watch<'_>) -> (Returned, Rejudged) {
        let rejudged = self.judge(terms, watch);
        let (world, observed) = (&self.run.world, &self.streamed.runs[0].observed);
        let returned = rejudged.judged.iter().flat_map(|judged| &judged.returned);
        let records =
            returned.map(|(answer, _)| (answer.record, world.is_sought(world.truth.person_of(answer.record))));
        let returned = Returned {
            sought: world.truth.sought().to_vec(),
            requested_on_file: observed.sought_on_file.iter().filter(|on_file| **on_file).count() as u64,
            on_file: observed.on_file.clone(),
            holder_records: observed.records,
            records: records.collect(),
        };
        (returned, rejudged)
    }

    /// Follows one request to its end under some terms, and gives it to `look` with the run under these terms.
    pub fn follow<T>(
        &mut self,
        terms: &Terms,
        request: usize,
        watch: Watch<'_>,
        look: impl FnOnce(&Run<'_>, &Followed) -> T,
    ) -> T {
        self.under(terms, watch, |run, seen, _| {
            let mut judged = by_the_rules(run, seen, |_, route| run.threshold(route));
            let by_the_rules = judged[request].returned.iter().map(|(answer, _)| answer.record).collect();
            // Reviewers go by the order of all requests; where nobody acts no other request plays a role.
            if !run.world.agreement.safeguards.people_act_first() {
                let others = judged.iter_mut().enumerate().filter(|(other, _)| *other != request);
                others.for_each(|(_, judged)| judged.returned.clear());
            }
            let Judgement { mut judged, follow_ups, .. } = Judgement::after(run, judged, watch);
            let follow_ups: Vec<FollowUp> = follow_ups.into_iter().filter(|f| f.request == request).collect();
            let disclosures = disclosures(run, &follow_ups, &seen.answers, watch).into_iter().map(|(d, _)| d).collect();
            look(run, &Followed { judged: judged.swap_remove(request), by_the_rules, follow_ups, disclosures })
        })
    }

    /// Puts other terms in the place of those of the run, and the answers that they keep in the place of its answers.
    fn under<T>(
        &mut self,
        terms: &Terms,
        watch: Watch<'_>,
        look: impl FnOnce(&Run<'_>, &Seen, &dyn Fn(usize) -> Option<usize>) -> T,
    ) -> T {
        let Replay { run, streamed, other } = self;
        let own = mem::replace(&mut run.world.agreement, terms.agreement.clone());
        let second = &terms.agreement.safeguards.second_identifier;
        let streamed = if *second == own.safeguards.second_identifier {
            streamed
        } else {
            let kept = other.take().filter(|(of, _)| of == second);
            &mut other.insert(kept.unwrap_or_else(|| (second.clone(), pooled(run, watch)))).1
        };
        let profiles = &run.requests.profiles;
        let part_of = |request: usize| {
            let is_in = |part: &OwnThresholds| part.values.contains(&profiles[request][part.attribute]);
            terms.parts.iter().position(is_in)
        };
        let seen = &mut streamed.runs[0];
        let answers = seen.answers_under(run);
        let answers = mem::replace(&mut seen.answers, answers);
        let looked = look(run, seen, &part_of);
        seen.answers = answers;
        run.world.agreement = own;
        looked
    }
}

impl Seen {
    /// The answers that the terms of a run keep, out of the pools.
    fn answers_under(&self, run: &Run<'_>) -> Vec<Answers> {
        let agreement = &run.world.agreement;
        let most = agreement.answers_kept();
        let kept = self.pools.iter().zip(&run.requests.admitted).map(|(pool, admitted)| {
            let mut answers = Answers::default();
            if let Ok(route) = *admitted {
                let threshold = run.threshold(route);
                pool.best.best().iter().for_each(|answer| answers.offer(*answer, most, threshold));
                pool.unconfirmed.into_iter().for_each(|score| answers.turn_away(score, threshold));
            }
            answers
        });
        let mut kept: Vec<Answers> = kept.collect();
        if agreement.answers == AnswerRule::OneToOne {
            run.assign(&mut kept);
        }
        kept
    }
}

/// Streams the holder's file and keeps what other terms may want.
fn pooled(run: &Run<'_>, watch: Watch<'_>) -> Streamed {
    streamed(slice::from_ref(run), 0..run.world.country.blocks(), true, watch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::RateId;
    use crate::experiment::against::against_returned;
    use crate::experiment::run;
    use crate::scenario::built_in;
    use crate::scenario::tests::scenario;

    const SIZE: [&str; 3] = ["population.final_order=0.02", "population.people=25600", "requester.requests=300"];

    fn replay(more: &[&str]) -> Replay {
        Replay::new(scenario(&[&SIZE[..], more].concat()), &|_| {})
    }

    fn terms(more: &[&str]) -> Terms {
        Terms { agreement: Agreement::of(&scenario(&[&SIZE[..], more].concat())), parts: Vec::new() }
    }

    /// Terms that differ from those of the scenario in one thing each.
    const OTHER: [&[&str]; 8] = [
        &["routes.number.model.threshold=2"],
        &["routes.address.model.threshold=2"],
        &["agreement.answers=best"],
        &["agreement.answers=unique"],
        &["agreement.margin.bits=1"],
        &["agreement.second_identifier.on=true"],
        &["agreement.review.on=true"],
        &["agreement.notice.on=true", "agreement.notice.silence=withholds"],
    ];

    #[test]
    fn a_run_judged_again_is_the_run_of_its_new_terms() {
        let mut kept = replay(&[]);
        let before = kept.outcome(&|_| {});
        for other in OTHER {
            let run = run(&scenario(&[&SIZE[..], other].concat()), &|_| {});
            let again = kept.judge(&terms(other), &|_| {});
            assert_eq!(again.judged, run.judged, "{other:?}");
            for (id, rate) in &again.rates {
                assert_eq!(run.evaluation.groups.rates[id], *rate, "{other:?}: {id:?}");
            }
            let (returned, _) = kept.returned(&terms(other), &|_| {});
            assert_eq!(returned, Returned::of(&run), "{other:?}");
            let differs = |a: &[Judged], b: &[Judged]| a.iter().zip(b).any(|(a, b)| a.returned != b.returned);
            assert!(differs(&run.judged, &before.judged), "{other:?} changes nothing");
        }
        // The run itself is as it was.
        let after = kept.outcome(&|_| {});
        assert_eq!((after.judged, after.answers), (before.judged, before.answers));
    }

    #[test]
    fn a_run_judged_again_at_lower_and_higher_weights_is_the_run_of_these_thresholds() {
        let weighted = |threshold: f64| {
            let threshold = format!("routes.address.model.threshold={threshold}");
            let sets: Vec<String> = SIZE.into_iter().map(str::to_string).chain([threshold]).collect();
            let name = "tax-address-request-weighted";
            Scenario::parse_with(built_in(name).unwrap(), name, &sets).unwrap()
        };
        let mut kept = Replay::new(weighted(4.0), &|_| {});
        let mut returned = Vec::new();
        for threshold in [-6.0, 0.0, 4.0, 12.0] {
            let scenario = weighted(threshold);
            let run = run(&scenario, &|_| {});
            let again = kept.judge(&Terms { agreement: Agreement::of(&scenario), parts: Vec::new() }, &|_| {});
            assert_eq!(again.judged, run.judged, "{threshold}");
            returned.push(again.judged.iter().map(|judged| judged.returned.len()).sum::<usize>());
        }
        assert!(returned.is_sorted_by(|a, b| a > b), "{returned:?}");
    }

    #[test]
    fn a_request_followed_under_other_terms_has_the_causes_of_their_run() {
        let mut kept = replay(&[]);
        for other in OTHER {
            let run = run(&scenario(&[&SIZE[..], other].concat()), &|_| {});
            for wrong in run.disclosures.iter().take(3) {
                let of_request: Vec<Disclosure> =
                    run.disclosures.iter().filter(|d| d.request == wrong.request).cloned().collect();
                kept.follow(&terms(other), wrong.request, &|_| {}, |_, followed| {
                    assert_eq!(followed.disclosures, of_request, "{other:?}");
                    assert_eq!(followed.judged, run.judged[wrong.request], "{other:?}");
                });
            }
        }
    }

    #[test]
    fn a_part_of_the_people_has_thresholds_of_its_own_and_nobody_else() {
        let mut kept = replay(&[]);
        let sex = kept.run.world.attributes.iter().position(|a| a.name == "sex").unwrap();
        let strict = vec![Score(i32::MAX); kept.run.world.agreement.routes.len()];
        let mut parted = terms(&[]);
        let plain = kept.judge(&parted, &|_| {});
        parted.parts = vec![OwnThresholds { attribute: sex, values: vec![0], thresholds: strict }];
        let again = kept.judge(&parted, &|_| {});
        let profiles = &kept.run.requests.profiles;
        for ((profile, plain), again) in profiles.iter().zip(&plain.judged).zip(&again.judged) {
            match profile[sex] {
                0 => assert!(again.returned.is_empty()),
                _ => assert_eq!(plain, again),
            }
        }
        assert_eq!(again.parts[0][&RateId::Recall].rate.hits, 0);
        assert!(again.rates[&RateId::Recall].rate.hits > 0);
    }

    #[test]
    fn two_terms_of_one_run_are_held_against_each_other() {
        let mut kept = replay(&[]);
        let (first, _) = kept.returned(&terms(&[]), &|_| {});
        let (second, _) = kept.returned(&terms(&["agreement.answers=unique"]), &|_| {});
        let both = against_returned(&first, &second).unwrap();
        assert!(both.sought.spared > 0);
        assert_eq!(both.sought.newly_returned + both.never_sought.newly_returned, 0);
    }
}
