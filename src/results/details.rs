//! The results that grow with the requests: a row for each request, a row for each return in error, and explanations of
//! some.

use super::{ExplainedRequest, explained};
use crate::evaluation::{Attribution, Cause, Disclosure, End, Fate, FollowUp, LostAt, Profile, Stop};
use crate::experiment::{Outcome, Run};
use crate::linkage::decision::Score;
use crate::scenario::Consequence;
use std::collections::BTreeMap;

/// The most returns in error that are explained, record beside record.
const MOST_EXPLAINED: usize = 6;

/// The part of a run that grows with its requests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// The attributes by which rows are told apart.
    pub attributes: Vec<&'static str>,
    /// Each request.
    pub requests: Vec<RequestRow>,
    /// Each person whom the rules return in error, by request and rank.
    pub disclosures: Vec<DisclosureRow>,
    /// Some returns in error, explained.
    pub explained: Vec<ExplainedRequest>,
}

/// A request and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestRow {
    /// Its number.
    pub request: usize,
    /// The number of the person sought.
    pub person_sought: u64,
    /// `true` if that person is on the holder's file.
    pub on_file: bool,
    /// The route it took; none if it was refused.
    pub route: Option<String>,
    /// The fate of the request.
    pub fate: Fate,
    /// The stage at which the person sought was lost, if on file and not returned.
    pub lost_at: Option<LostAt>,
    /// Persons returned.
    pub persons_returned: usize,
    /// Persons returned who are somebody else.
    pub wrong_returned: usize,
    /// The score of the best answer, if one was returned.
    pub best_score: Option<Score>,
    /// The values of the person sought, in the order of the attributes.
    pub values: Vec<&'static str>,
    /// The right answer, if there was one.
    pub right: Option<Answered>,
}

/// A person whom the rules return in error, whether or not somebody held the record back.
#[derive(Clone, Debug, PartialEq)]
pub struct DisclosureRow {
    /// The request.
    pub request: usize,
    /// The record handed over.
    pub record: u64,
    /// The number of the person it is about.
    pub person_returned: u64,
    /// The route.
    pub route: Option<String>,
    /// The score.
    pub score: Score,
    /// Its causes; none if the record was held back.
    pub causes: Option<Causes>,
    /// `true` if the person is sought by another request.
    pub sought_elsewhere: bool,
    /// The values of the person returned, in the order of the attributes.
    pub values: Vec<&'static str>,
    /// The course of the answer.
    pub answered: Answered,
}

/// The causes of a return in error. A counterfactual is an error, as file, kind and cell, or a rule of the terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Causes {
    /// The main cause.
    pub primary: &'static str,
    /// The first counterfactual that ends the return together with all before it; none if nothing ends it.
    pub first: Option<String>,
    /// The counterfactuals each of which alone would have prevented the return.
    pub alone: Vec<String>,
    /// `true` if none or several of the errors would have, though an error is the main cause.
    pub joint: bool,
    /// The share of each cause that has one.
    pub shares: Vec<(&'static str, f64)>,
}

impl Causes {
    fn of(attribution: &Attribution) -> Causes {
        let named = |at: usize| attribution.counterfactuals[at].name();
        let mut shares: BTreeMap<Cause, f64> = BTreeMap::new();
        attribution.by_cause().for_each(|(cause, share)| *shares.entry(cause).or_default() += share);
        Causes {
            primary: attribution.primary().name(),
            first: attribution.first.map(named),
            alone: attribution.alone.iter().map(|&at| named(at)).collect(),
            joint: attribution.joint(),
            shares: shares.into_iter().filter(|(_, share)| share.abs() > 1e-9).map(|(c, s)| (c.name(), s)).collect(),
        }
    }
}

/// The course of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The check that held it back, if one did.
    pub held_back_by: Option<&'static str>,
    /// `true` if the address on file is out of date.
    pub address_out_of_date: bool,
    /// `true` if a comparison that the terms require was not made.
    pub check_not_made: bool,
    /// `true` if the person was sought in error.
    pub sought_in_error: bool,
    /// Days under each consequence.
    pub days: BTreeMap<Consequence, u64>,
    /// Days for which the record is kept.
    pub record_kept_days: Option<u64>,
    /// The event that ended the consequences early, if there was one.
    pub ended_by: Option<&'static str>,
}

impl Details {
    /// The details of a run.
    pub fn of(run: &Run<'_>, outcome: &Outcome) -> Details {
        Details::explaining(run, outcome, MOST_EXPLAINED, |_| true)
    }

    /// The details of a run, explaining up to `most` of the returns in error that `which` admits.
    pub fn explaining(run: &Run<'_>, outcome: &Outcome, most: usize, which: impl Fn(&Disclosure) -> bool) -> Details {
        let routes = &run.world().scenario().routes;
        let right: BTreeMap<usize, &FollowUp> =
            outcome.follow_ups.iter().filter(|f| f.case.right).map(|f| (f.request, f)).collect();
        let values = |profile: &Profile| {
            outcome.attributes.iter().zip(profile).map(|(a, value)| a.values[usize::from(*value)]).collect()
        };
        let route = |request: usize| outcome.judged[request].admitted.ok().map(|route| routes[route].name.clone());
        let judged = outcome.judged.iter().zip(&outcome.sought).enumerate();
        let requests = judged.map(|(request, (judged, (person, profile)))| RequestRow {
            request,
            person_sought: person.0,
            on_file: judged.on_file,
            route: route(request),
            fate: judged.fate,
            lost_at: judged.lost_at,
            persons_returned: judged.returned.len(),
            wrong_returned: judged.returned.iter().filter(|(_, right)| !right).count(),
            best_score: judged.returned.first().map(|(answer, _)| answer.score),
            values: values(profile),
            right: right.get(&request).map(|follow_up| Answered::of(follow_up)),
        });
        // Those handed over have their causes, in the same order: by request and rank.
        let mut handed_over = outcome.disclosures.iter();
        let wrong = outcome.follow_ups.iter().filter(|f| !f.case.right);
        let disclosures = wrong.map(|f| {
            let person = run.world().truth().person_of(f.answer.record);
            let disclosure = f.stopped.is_none().then(|| handed_over.next()).flatten();
            DisclosureRow {
                request: f.request,
                record: f.answer.record.0,
                person_returned: person.0,
                route: route(f.request),
                score: f.answer.score,
                causes: disclosure.map(|disclosure| Causes::of(&disclosure.attribution)),
                sought_elsewhere: run.world().is_sought(person),
                values: values(&f.profile),
                answered: Answered::of(f),
            }
        });
        Details {
            attributes: outcome.attributes.iter().map(|attribute| attribute.name).collect(),
            requests: requests.collect(),
            disclosures: disclosures.collect(),
            explained: explained(run, outcome, most, which),
        }
    }
}

impl Answered {
    fn of(f: &FollowUp) -> Answered {
        Answered {
            held_back_by: f.stopped.map(Stop::name),
            address_out_of_date: f.case.moved,
            check_not_made: f.case.check_not_made,
            sought_in_error: f.case.sought_in_error,
            days: f.days.clone(),
            record_kept_days: f.kept_days,
            ended_by: f.ended.map(|(end, _)| End::name(end)),
        }
    }
}
