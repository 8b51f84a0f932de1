//! What grows with the requests: a row for each request, a row for each return in error, and some of these explained.

use super::{ExplainedRequest, explained};
use crate::evaluation::{Disclosure, End, Fate, FollowUp, LostAt, Profile, Stop};
use crate::experiment::{Outcome, Run};
use crate::linkage::decision::Score;
use crate::scenario::Consequence;
use std::collections::BTreeMap;

/// The most returns in error that are explained, record beside record.
const MOST_EXPLAINED: usize = 6;

/// What belongs to a run and grows with its requests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// The attributes by which rows are told apart.
    pub attributes: Vec<&'static str>,
    /// Each request.
    pub requests: Vec<RequestRow>,
    /// Each return in error, by request and rank.
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
    /// Whether that person is on the holder's file.
    pub on_file: bool,
    /// The route it took; none if it was refused.
    pub route: Option<String>,
    /// What became of it.
    pub fate: Fate,
    /// Where the person sought was lost, if on file and not returned.
    pub lost_at: Option<LostAt>,
    /// Persons returned.
    pub persons_returned: usize,
    /// Persons returned who are somebody else.
    pub wrong_returned: usize,
    /// The score of the best answer, if one was returned.
    pub best_score: Option<Score>,
    /// The values of the person sought, in the order of the attributes.
    pub values: Vec<&'static str>,
    /// What became of the right answer, if there was one.
    pub right: Option<Answered>,
}

/// A person returned in error.
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
    /// The main cause.
    pub primary_cause: &'static str,
    /// The error that is the main cause, as file, kind and cell; empty if no error is.
    pub primary_error: String,
    /// The errors whose removal alone would have prevented the return.
    pub alone: Vec<String>,
    /// Whether none or several of the errors would have.
    pub joint: bool,
    /// Whether the person is sought by another request.
    pub sought_elsewhere: bool,
    /// The values of the person returned, in the order of the attributes.
    pub values: Vec<&'static str>,
    /// What became of the answer.
    pub answered: Answered,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Who held it back, if somebody did.
    pub held_back_by: Option<&'static str>,
    /// Whether the address on file is out of date.
    pub address_out_of_date: bool,
    /// Whether a comparison that the terms require was not made.
    pub check_not_made: bool,
    /// Whether the person was sought in error.
    pub sought_in_error: bool,
    /// Days under each consequence.
    pub days: BTreeMap<Consequence, u64>,
    /// Days for which the record is kept.
    pub record_kept_days: Option<u64>,
    /// What ended the consequences early, if something did.
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
        // In the same order: by request and rank.
        let handed_over = outcome.follow_ups.iter().filter(|f| !f.case.right && f.stopped.is_none());
        let wrong = outcome.disclosures.iter().zip(&outcome.returned).zip(handed_over);
        let disclosures = wrong.map(|((disclosure, person), follow_up)| {
            let named = |i: usize| {
                let error = &disclosure.errors[i];
                format!("{}:{}:{}", error.side.name(), error.error.kind.name(), error.error.cell.name())
            };
            let attribution = &disclosure.attribution;
            DisclosureRow {
                request: disclosure.request,
                record: disclosure.answer.record.0,
                person_returned: person.0,
                route: route(disclosure.request),
                score: disclosure.answer.score,
                primary_cause: attribution.primary.name(),
                primary_error: attribution.primary_error.map_or(String::new(), named),
                alone: attribution.alone.iter().map(|&i| named(i)).collect(),
                joint: attribution.joint(),
                sought_elsewhere: disclosure.sought_elsewhere,
                values: values(&disclosure.profile),
                answered: Answered::of(follow_up),
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
