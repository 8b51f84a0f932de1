//! One answer followed from the reviewer's desk to the end of what it led to.
//!
//! The acts of people depend on whether the answer is right. An [`Act`] holds both potential outcomes, `if_right` and
//! `if_wrong`, drawn from streams keyed by request and record; the truth selects. To add a safeguard in which people
//! act, add a row to the terms of a scenario, draw what people would do in `act`, let it take effect in [`stop`] or in
//! the course of a [`FollowUp`], and give its steps a row each in [`steps`]. One that holds answers back is a [`Stop`],
//! one that ends consequences an [`End`]: their own rows hold all that the steps, the summary and the tables say of them.

use super::{LostAt, Profile};
use crate::agreement::Answer;
use crate::random::{Decision, Seed, Stream};
use crate::record::RecordId;
use crate::scenario::{Consequence, Safeguards, Silence};
use std::collections::BTreeMap;

/// The truth about an answer, as experiment looked it up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// The record is that of the person sought.
    pub right: bool,
    /// The two records differ in a field that a reviewer sees.
    pub differs: bool,
    /// The person does not live at the address on file.
    pub moved: bool,
    /// The request should never have been made: the person sought is on the list in error.
    pub sought_in_error: bool,
    /// The route leaves out a comparison that the terms require.
    pub check_not_made: bool,
    /// The census category of the person found, by its number.
    pub group: usize,
}

/// One answer that the terms, people apart, hand over, and all that became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowUp {
    /// The request.
    pub request: usize,
    /// The record.
    pub answer: Answer,
    /// The truth about it.
    pub case: Case,
    /// The person of the record.
    pub profile: Profile,
    /// The acts of people.
    pub act: Act,
    /// The safeguard that held it back, if one did; then nothing follows.
    pub stopped: Option<Stop>,
    /// The end of the consequences before their time, with the day after the return.
    pub ended: Option<(End, u64)>,
    /// Days under each consequence that began.
    pub days: BTreeMap<Consequence, u64>,
    /// Days for which the record is kept, where there is a limit.
    pub kept_days: Option<u64>,
}

named! {
    /// A safeguard that holds an answer back.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Stop {
        /// A reviewer rejected it.
        Review = "review",
        /// The person told objected and was believed, or no reply came and that was taken for no.
        Notice = "notice",
    }
}

impl Stop {
    /// The name of the step of answers that it holds back.
    pub const fn step(self) -> &'static str {
        match self {
            Stop::Review => "rejected_by_review",
            Stop::Notice => "held_back_after_notice",
        }
    }

    /// The step in a sentence.
    const fn says(self) -> &'static str {
        match self {
            Stop::Review => "held back by a reviewer",
            Stop::Notice => "held back after the notice",
        }
    }

    /// The way it holds back, in the summary's words.
    pub const fn how(self) -> &'static str {
        match self {
            Stop::Review => "by review",
            Stop::Notice => "after a notice",
        }
    }

    /// The stage at which a right person is lost whose record is held back.
    pub(super) fn lost_at(self) -> LostAt {
        match self {
            Stop::Review => LostAt::Review,
            Stop::Notice => LostAt::Withheld,
        }
    }
}

named! {
    /// An end of the consequences of a return before their time.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum End {
        /// An objection succeeded.
        Appeal = "appeal",
        /// An audit took the return for wrong.
        Audit = "audit",
    }
}

impl End {
    /// The name of the step of answers that it takes back.
    pub const fn step(self) -> &'static str {
        match self {
            End::Appeal => "ended_by_appeal",
            End::Audit => "ended_by_audit",
        }
    }

    /// The step in a sentence.
    pub const fn says(self) -> &'static str {
        match self {
            End::Appeal => "taken back after an objection",
            End::Audit => "taken back after an audit",
        }
    }
}

/// The potential outcome that happens.
fn reaction(act: &Act, right: bool) -> &Reaction {
    if right { &act.if_right } else { &act.if_wrong }
}

/// Tells whether the person is reached by a notice, and whether the person replies.
fn reply(act: &Act, case: &Case) -> (bool, bool) {
    let reached = act.reached[usize::from(case.moved)];
    (reached, reached && reaction(act, case.right).answers)
}

/// The safeguard that holds an answer back, if one does.
pub fn stop(safeguards: &Safeguards, act: &Act, case: &Case) -> Option<Stop> {
    let what = reaction(act, case.right);
    if act.reviewed && if case.differs { what.rejected_seen } else { what.rejected_unseen } {
        return Some(Stop::Review);
    }
    let notice = safeguards.notice.as_ref()?;
    let held = match reply(act, case) {
        (_, true) => what.believed,
        (_, false) => notice.silence == Silence::Withholds,
    };
    held.then_some(Stop::Notice)
}

impl FollowUp {
    /// Follows one answer: from the reviewer's desk to the end of what it led to.
    pub fn of(
        safeguards: &Safeguards,
        request: usize,
        answer: Answer,
        act: Act,
        case: Case,
        profile: Profile,
    ) -> FollowUp {
        let stopped = stop(safeguards, &act, &case);
        let mut follow_up = FollowUp {
            request,
            answer,
            case,
            profile,
            act,
            stopped,
            ended: None,
            days: BTreeMap::new(),
            kept_days: None,
        };
        if stopped.is_none() {
            follow_up.run_its_course(safeguards);
        }
        follow_up
    }

    fn run_its_course(&mut self, safeguards: &Safeguards) {
        let what = reaction(&self.act, self.case.right);
        let courses = self.act.follows.iter().filter_map(|kind| Some((*kind, safeguards.course(*kind)?)));
        let courses: Vec<_> = courses.map(|(kind, c)| (kind, u64::from(c.after_days), u64::from(c.days))).collect();
        let audit = safeguards.audit.as_ref().filter(|_| self.act.audited && what.audit_finds);
        let audit = audit.map(|audit| (u64::from(audit.delay_days), End::Audit));
        // Nobody objects to what has not begun, or was over before it could.
        let first = courses.iter().map(|(_, begins, _)| *begins).min();
        let first = first.filter(|first| audit.is_none_or(|(day, _)| *first < day));
        let appeal = safeguards.appeal.as_ref().zip(first);
        let appeal = appeal.filter(|_| self.act.objects[self.case.group] && what.appeal_succeeds);
        let appeal = appeal.map(|(appeal, first)| (first + u64::from(appeal.delay_days), End::Appeal));
        self.ended = [appeal, audit].into_iter().flatten().min_by_key(|(day, _)| *day).map(|(day, end)| (end, day));
        let last = self.ended.map_or(u64::MAX, |(_, day)| day);
        self.days = courses
            .into_iter()
            // An objection that succeeds at once ends what has begun; an audit that early keeps it from beginning.
            .filter(|(_, begins, _)| *begins < last || (*begins == last && appeal.is_some()))
            .map(|(kind, begins, days)| (kind, (begins + days).min(last) - begins))
            .collect();
        self.kept_days = safeguards.retention.as_ref().map(|retention| u64::from(retention.days).min(last));
    }

    /// Tells whether the record is handed over.
    fn handed_over(&self) -> bool {
        self.stopped.is_none()
    }

    /// Tells whether the person is reached by a notice, and whether the person replies.
    fn reply(&self) -> (bool, bool) {
        reply(&self.act, &self.case)
    }

    /// Tells whether the person objects to a consequence that has begun.
    fn objects(&self) -> bool {
        !self.days.is_empty() && self.act.objects[self.case.group]
    }
}

/// The acts of people about one answer, drawn for a right and for a wrong person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Act {
    /// Somebody looks at it before it is handed over.
    pub reviewed: bool,
    /// A notice reaches the person, at home or moved.
    pub reached: [bool; 2],
    /// Further acts if the person is the one sought.
    pub if_right: Reaction,
    /// Further acts if the person is somebody else.
    pub if_wrong: Reaction,
    /// The consequences that would follow from the return.
    pub follows: Vec<Consequence>,
    /// The person would object, for each census category.
    pub objects: [bool; 6],
    /// The return is in the sample that is looked at afterwards.
    pub audited: bool,
}

/// Acts that depend on whether an answer is right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reaction {
    /// A reviewer rejects it though the records do not visibly differ.
    pub rejected_unseen: bool,
    /// A reviewer rejects it, the records differing visibly.
    pub rejected_seen: bool,
    /// The person answers the notice.
    pub answers: bool,
    /// The answer is believed.
    pub believed: bool,
    /// An objection succeeds.
    pub appeal_succeeds: bool,
    /// An audit takes it for wrong.
    pub audit_finds: bool,
}

const REVIEWED: Decision = Decision::named("agreement.reviewed");
const DEFERENCE: Decision = Decision::named("agreement.review.deference");
const REJECTS: [Decision; 2] =
    [Decision::named("agreement.review.if_wrong"), Decision::named("agreement.review.if_right")];
const REJECTS_UNSEEN: Decision = Decision::named("agreement.review.unseen");
const REACHED: [Decision; 2] = [Decision::named("agreement.notice.at_home"), Decision::named("agreement.notice.moved")];
const ANSWERS: [Decision; 2] =
    [Decision::named("agreement.notice.if_wrong"), Decision::named("agreement.notice.if_right")];
const FOLLOWS: Decision = Decision::named("agreement.follows");
const OBJECTS: Decision = Decision::named("agreement.appeal.reach");
const SUCCEEDS: [Decision; 2] =
    [Decision::named("agreement.appeal.if_wrong"), Decision::named("agreement.appeal.if_right")];
const AUDITED: Decision = Decision::named("agreement.audited");
const FINDS: [Decision; 2] = [Decision::named("agreement.audit.if_wrong"), Decision::named("agreement.audit.if_right")];

impl Safeguards {
    /// Tells whether people act before anything is handed over, so that the answers have to be looked up.
    pub fn people_act_first(&self) -> bool {
        self.review.is_some() || self.notice.is_some()
    }

    /// The acts of people about each answer of each request. Capacity and fatigue go by the order of requests, so
    /// this is done once, for all of them.
    pub fn acts<'a>(&self, answers: impl ExactSizeIterator<Item = Vec<RecordId>> + 'a, seed: Seed) -> Vec<Vec<Act>> {
        let requests = answers.len();
        let (mut today, mut seen_today) = (0, 0);
        answers
            .enumerate()
            .map(|(request, records)| {
                let day =
                    self.review.as_ref().map_or(0, |review| request as u64 * u64::from(review.days) / requests as u64);
                if day != today {
                    (today, seen_today) = (day, 0);
                }
                records.iter().map(|&record| self.act(Draws { seed, request, record }, &mut seen_today)).collect()
            })
            .collect()
    }

    fn act(&self, draws: Draws, seen_today: &mut u32) -> Act {
        let mut act = Act::default();
        if let Some(review) = &self.review
            && draws.of(REVIEWED).chance(review.share)
            && *seen_today < review.capacity_per_day
        {
            act.reviewed = true;
            let attention = 1.0 - review.fatigue * f64::from(*seen_today) / f64::from(review.capacity_per_day);
            *seen_today += 1;
            if !draws.of(DEFERENCE).chance(review.deference) {
                // One draw for both: where nothing is to be seen, right and wrong look alike.
                let unseen = draws.of(REJECTS_UNSEEN).chance(review.rejects_unseen * attention);
                let [wrong, right] = REJECTS.map(|decision| draws.of(decision).uniform());
                act.if_wrong.rejected_seen = wrong < review.rejects_wrong * attention;
                act.if_right.rejected_seen = right < review.rejects_right * attention;
                act.if_wrong.rejected_unseen = unseen;
                act.if_right.rejected_unseen = unseen;
            }
        }
        if let Some(notice) = &self.notice {
            let [home, moved] = REACHED.map(|decision| draws.of(decision).uniform());
            act.reached = [home < notice.reaches, moved < notice.reaches_moved];
            let answer = |decision: Decision, answers: f64, believed: f64| {
                let mut stream = draws.of(decision);
                (stream.chance(answers), stream.chance(believed))
            };
            (act.if_wrong.answers, act.if_wrong.believed) =
                answer(ANSWERS[0], notice.wrong_answer, notice.wrong_believed);
            (act.if_right.answers, act.if_right.believed) =
                answer(ANSWERS[1], notice.right_answer, notice.right_believed);
        }
        let follows = |kind: &Consequence| {
            let course = self.course(*kind);
            course.is_some_and(|course| draws.of(FOLLOWS.about(*kind as u64)).chance(course.share))
        };
        act.follows = Consequence::ALL.into_iter().filter(follows).collect();
        if let Some(appeal) = &self.appeal {
            let luck = draws.of(OBJECTS).uniform();
            act.objects = appeal.reach.map(|reach| luck < reach);
            act.if_wrong.appeal_succeeds = draws.of(SUCCEEDS[0]).chance(appeal.wrong_succeeds);
            act.if_right.appeal_succeeds = draws.of(SUCCEEDS[1]).chance(appeal.right_succeeds);
        }
        if let Some(audit) = &self.audit {
            act.audited = draws.of(AUDITED).chance(audit.share);
            act.if_wrong.audit_finds = draws.of(FINDS[0]).chance(audit.finds_wrong);
            act.if_right.audit_finds = draws.of(FINDS[1]).chance(audit.finds_right);
        }
        act
    }
}

/// The draws about one answer.
#[derive(Clone, Copy)]
struct Draws {
    seed: Seed,
    request: usize,
    record: RecordId,
}

impl Draws {
    fn of(self, decision: Decision) -> Stream {
        self.seed.stream(decision.about(self.request as u64), self.record.0)
    }
}

/// One step on the way of answers: its name, what it says, and the answers that take it.
pub(super) type StepRow = (&'static str, &'static str, Box<dyn Fn(&FollowUp) -> bool>);

/// The steps that these terms have, in order.
pub(super) fn steps(s: &Safeguards) -> Vec<StepRow> {
    let mut steps: Vec<StepRow> = Vec::new();
    let mut step = |on: bool, name, says, took: Box<dyn Fn(&FollowUp) -> bool>| {
        if on {
            steps.push((name, says, took));
        }
    };
    let past_review = |f: &FollowUp| f.stopped != Some(Stop::Review);
    let stopped = |by: Stop| Box::new(move |f: &FollowUp| f.stopped == Some(by));
    let ended = |by: End| Box::new(move |f: &FollowUp| f.ended.is_some_and(|(end, _)| end == by));
    let (review, notice, appeal, audit) =
        (s.review.is_some(), s.notice.is_some(), s.appeal.is_some(), s.audit.is_some());
    let follows = Consequence::ALL.into_iter().any(|kind| s.course(kind).is_some());
    step(true, "answered", "records that the rules would hand over", Box::new(|_| true));
    step(review, "reviewed", "looked at by a person", Box::new(|f| f.act.reviewed));
    step(review, Stop::Review.step(), Stop::Review.says(), stopped(Stop::Review));
    step(notice, "notice_reached", "persons whom the notice reached", Box::new(move |f| past_review(f) && f.reply().0));
    step(notice, "replied", "persons who replied", Box::new(move |f| past_review(f) && f.reply().1));
    step(notice, Stop::Notice.step(), Stop::Notice.says(), stopped(Stop::Notice));
    let silent = Box::new(|f: &FollowUp| f.handed_over() && !f.reply().1);
    step(notice, "silent_and_handed_over", "no reply, treated as confirmation", silent);
    step(true, "handed_over", "records handed over", Box::new(FollowUp::handed_over));
    let unchecked = Box::new(|f: &FollowUp| f.handed_over() && f.case.check_not_made);
    step(true, "check_not_made", "handed over without a required check", unchecked);
    let moved = Box::new(|f: &FollowUp| f.handed_over() && f.case.moved);
    step(true, "address_out_of_date", "handed over with an address where the person no longer lives", moved);
    let in_error = Box::new(|f: &FollowUp| f.handed_over() && f.case.sought_in_error);
    step(true, "sought_in_error", "handed over for a request that should not have been made", in_error);
    for kind in Consequence::ALL {
        let began = Box::new(move |f: &FollowUp| f.days.contains_key(&kind));
        step(s.course(kind).is_some(), kind.name(), kind.says(), began);
    }
    step(appeal && follows, "objected", "persons affected who objected", Box::new(FollowUp::objects));
    step(appeal && follows, End::Appeal.step(), End::Appeal.says(), ended(End::Appeal));
    let audited = Box::new(|f: &FollowUp| f.handed_over() && f.act.audited);
    step(audit, "audited", "in the sample that was looked at", audited);
    step(audit, End::Audit.step(), End::Audit.says(), ended(End::Audit));
    let never = Box::new(|f: &FollowUp| f.handed_over() && f.ended.is_none());
    step(appeal || audit, "never_taken_back", "handed over and never taken back", never);
    steps
}

/// A count of days: its name, and the days of one answer.
type Days = (&'static str, Box<dyn Fn(&FollowUp) -> Option<u64>>);

/// The counts of days that these terms have: of waiting after a notice, under each consequence, and for which records
/// are kept.
pub(super) fn days(s: &Safeguards) -> Vec<Days> {
    let mut days: Vec<Days> = Vec::new();
    if let Some(notice) = &s.notice {
        let wait = u64::from(notice.wait_days);
        days.push(("notice", Box::new(move |f| (f.stopped != Some(Stop::Review)).then_some(wait))));
    }
    for kind in Consequence::ALL.into_iter().filter(|kind| s.course(*kind).is_some()) {
        days.push((kind.name(), Box::new(move |f| f.days.get(&kind).copied())));
    }
    if s.retention.is_some() {
        days.push(("record_kept", Box::new(|f| f.kept_days)));
    }
    days
}

#[cfg(test)]
mod tests;
