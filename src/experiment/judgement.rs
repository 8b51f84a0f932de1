//! The phase after the holder's file streamed by: the terms applied to the answers, and people's part in them.

use super::lookup::{Found, look_up, wrongly_returned};
use super::prepared::Run;
use super::stream::Seen;
use crate::evaluation::{Aside, FollowUp, Groups, Judged, Returns, Wrong, groups, hold_back, judge};
use crate::linkage::decision::Score;
use crate::parallel::Watch;
use crate::population::PersonId;
use crate::record::RecordId;
use crate::stats::Clusters;
use std::collections::BTreeSet;

/// The agreement applied to each request, and people's part in the answers.
pub(super) struct Judgement {
    /// The end of each request, without the answers that people held back.
    pub judged: Vec<Judged>,
    /// The case of each answer that the rules would hand over, in the order of requests and ranks.
    pub found: Vec<Found>,
    /// The course of each of those answers.
    pub follow_ups: Vec<FollowUp>,
}

impl Judgement {
    /// Applies the terms and lets people act on the answers.
    pub fn of(run: &Run<'_>, seen: &Seen, watch: Watch<'_>) -> Judgement {
        Judgement::after(run, by_the_rules(run, seen, |_, route| run.threshold(route)), watch)
    }

    /// Lets people act on the answers that the rules give.
    pub fn after(run: &Run<'_>, mut judged: Vec<Judged>, watch: Watch<'_>) -> Judgement {
        let found = look_up(run, &judged, watch);
        let follow_ups = follow_up(run, &mut judged, &found);
        Judgement { judged, found, follow_ups }
    }

    /// Right persons at an old address, and people who live at an address handed over though nobody sought them.
    pub fn aside(&self) -> Aside {
        let handed_over = || self.found.iter().zip(&self.follow_ups).filter(|(_, f)| f.stopped.is_none());
        let bystanders: BTreeSet<PersonId> = handed_over().flat_map(|(f, _)| f.residents.iter().copied()).collect();
        Aside {
            right_but_moved: handed_over().filter(|(f, _)| f.case.right && f.case.moved).count() as u64,
            bystanders: bystanders.len() as u64,
        }
    }
}

/// The end of each request. Answers are looked up only where people act on them.
pub(super) fn judged(run: &Run<'_>, seen: &Seen, watch: Watch<'_>) -> Vec<Judged> {
    let judged = by_the_rules(run, seen, |_, route| run.threshold(route));
    acted_on(run, judged, watch)
}

/// The end of each request once people have acted on the answers, if they do.
pub(super) fn acted_on(run: &Run<'_>, judged: Vec<Judged>, watch: Watch<'_>) -> Vec<Judged> {
    match run.world.agreement.safeguards.people_act_first() {
        true => Judgement::after(run, judged, watch).judged,
        false => judged,
    }
}

/// The end of each request under the terms, before people act on the answers. `threshold` is given the request and its
/// route.
pub(super) fn by_the_rules(run: &Run<'_>, seen: &Seen, threshold: impl Fn(usize, usize) -> Score) -> Vec<Judged> {
    let Run { world, requests, .. } = run;
    let of_request = |(request, answers)| {
        let (admitted, threshold) = (requests.admitted[request], |route| threshold(request, route));
        judge(&world.agreement, &world.truth, &seen.observed, request, admitted, answers, threshold)
    };
    seen.answers.iter().enumerate().map(of_request).collect()
}

/// The people's reactions to the answers and the consequences, in the order of requests. Answers that are held back are
/// taken out of what the requests are given.
fn follow_up(run: &Run<'_>, judged: &mut [Judged], found: &[Found]) -> Vec<FollowUp> {
    let safeguards = &run.world.agreement.safeguards;
    let records: Vec<Vec<RecordId>> =
        judged.iter().map(|judged| judged.returned.iter().map(|(answer, _)| answer.record).collect()).collect();
    let acts = safeguards.acts(records.into_iter(), run.world.scenario.requests_seed()).into_iter().flatten();
    let follow_ups: Vec<FollowUp> = found
        .iter()
        .zip(acts)
        .map(|(f, act)| FollowUp::of(safeguards, f.request, f.answer, act, f.case, f.profile))
        .collect();
    for of_request in follow_ups.chunk_by(|a, b| a.request == b.request) {
        let stopped = of_request.iter().filter_map(|f| Some((f.answer.record, f.stopped?))).collect();
        hold_back(&mut judged[of_request[0].request], &stopped);
    }
    follow_ups
}

/// The rates of a run, without causes.
pub(super) fn groups_of(run: &Run<'_>, seen: &Seen, watch: Watch<'_>) -> Groups {
    let judged = judged(run, seen, watch);
    let wrong = wrongly_returned(run, &judged, watch);
    groups(&returns(run, seen, &judged, &wrong, &clusters(run, seen, &judged)))
}

/// Clusters of requests that depend on each other: those for people of one block, and those that match or return one person.
pub(super) fn clusters(run: &Run<'_>, seen: &Seen, judged: &[Judged]) -> Clusters {
    Clusters::linked(&run.requests.homes, found(run, seen, judged))
}

/// The records that each request matches or returns.
pub(super) fn found<'a>(
    run: &'a Run<'_>,
    seen: &'a Seen,
    judged: &'a [Judged],
) -> impl Iterator<Item = (usize, u64)> + 'a {
    judged.iter().zip(&seen.answers).enumerate().flat_map(|(request, (judged, answers))| {
        let route = judged.admitted.ok().map(|route| &run.world.agreement.routes[route]);
        let matched = route.into_iter().flat_map(|route| answers.from(route.threshold));
        matched.chain(judged.returned.iter().map(|(answer, _)| answer)).map(move |answer| (request, answer.record.0))
    })
}

/// The persons asked for and the persons returned, for evaluation.
pub(super) fn returns<'a>(
    run: &'a Run<'_>,
    seen: &'a Seen,
    judged: &'a [Judged],
    wrong: &'a [Wrong],
    clusters: &'a Clusters,
) -> Returns<'a> {
    Returns {
        agreement: &run.world.agreement,
        truth: &run.world.truth,
        observed: &seen.observed,
        answers: &seen.answers,
        attributes: &run.world.attributes,
        sought: &run.requests.profiles,
        clusters,
        judged,
        wrong,
    }
}
