//! What people made of the answers and what followed, for right and wrong persons: beyond whether they are the person
//! sought.
//!
//! An agreement draws what people would do in either case; here the truth selects. Right person is not no harm: whether
//! the person was sought in error, the address out of date, or a required check not made is counted beside identity.

use super::{Attribute, Fate, Judged, LostAt, Profile};
use crate::agreement::{Act, Answer, Reaction, Safeguards};
use crate::record::RecordId;
use crate::scenario::{Consequence, Silence};
use std::collections::BTreeMap;

/// What is true of an answer, as experiment looked it up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// Whether it is the record of the person sought.
    pub right: bool,
    /// Whether the two records differ in what a reviewer sees.
    pub differs: bool,
    /// Whether the person does not live at the address on file.
    pub moved: bool,
    /// Whether the request should never have been made: the person sought is on the list in error.
    pub sought_in_error: bool,
    /// Whether the route leaves out a comparison that the terms require.
    pub check_not_made: bool,
    /// The census category of the person found, by its number.
    pub group: usize,
}

/// What became of one answer that the terms, people apart, hand over.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowUp {
    /// The request.
    pub request: usize,
    /// The record.
    pub answer: Answer,
    /// What is true of it.
    pub case: Case,
    /// Who the record is.
    pub profile: Profile,
    /// What people would do.
    pub act: Act,
    /// Who held it back, if somebody did; then nothing follows.
    pub stopped: Option<Stop>,
    /// What ended the consequences early, and on which day after the return.
    pub ended: Option<(End, u64)>,
    /// Days under each consequence that began.
    pub days: BTreeMap<Consequence, u64>,
    /// Days for which the record is kept, where there is a limit.
    pub kept_days: Option<u64>,
}

/// Who held an answer back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A reviewer rejected it.
    Review,
    /// The person told objected and was believed, or no reply came and that was taken for no.
    Notice,
}

impl Stop {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Stop::Review => "review",
            Stop::Notice => "notice",
        }
    }
}

/// What ended the consequences of a return early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// An objection succeeded.
    Appeal,
    /// An audit took the return for wrong.
    Audit,
}

impl End {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            End::Appeal => "appeal",
            End::Audit => "audit",
        }
    }
}

/// Which of the two potential outcomes is the one that happens.
fn reaction(act: &Act, right: bool) -> &Reaction {
    if right { &act.if_right } else { &act.if_wrong }
}

/// Whether the person is reached by a notice, and replies.
fn reply(act: &Act, case: &Case) -> (bool, bool) {
    let reached = act.reached[usize::from(case.moved)];
    (reached, reached && reaction(act, case.right).answers)
}

/// Who holds an answer back, if somebody does.
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
        let courses = self.act.follows.iter().filter_map(|kind| Some((*kind, *safeguards.follows.get(kind)?)));
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
        self.kept_days = safeguards.retention_days.map(|days| u64::from(days).min(last));
    }

    /// Whether the person objects to what has begun.
    fn objects(&self) -> bool {
        !self.days.is_empty() && self.act.objects[self.case.group]
    }
}

/// Takes the answers that people held back out of what a request is given, and corrects its fate.
pub fn hold_back(judged: &mut Judged, stopped: &BTreeMap<RecordId, Stop>) {
    let right_was = judged.returned.iter().find(|(_, right)| *right).map(|(answer, _)| answer.record);
    let before = judged.returned.len();
    judged.returned.retain(|(answer, _)| !stopped.contains_key(&answer.record));
    if judged.returned.len() == before {
        return;
    }
    judged.fate = judged.fate_when(true);
    if let Some(stop) = right_was.and_then(|record| stopped.get(&record)) {
        judged.lost_at = Some(match stop {
            Stop::Review => LostAt::Review,
            Stop::Notice => LostAt::Withheld,
        });
    }
}

impl Judged {
    /// The fate that follows from what is returned; `held` says whether records answered that were held back.
    pub(super) fn fate_when(&self, held: bool) -> Fate {
        match (self.right(), self.returned.len()) {
            (true, 1) => Fate::RightAlone,
            (true, _) => Fate::RightWithOthers,
            (false, 1..) => Fate::WrongOnly,
            (false, 0) if held => Fate::Withheld,
            (false, 0) if self.on_file => Fate::NotReturned,
            (false, 0) => Fate::CorrectlyNobody,
        }
    }
}

/// A count for right persons and one for wrong ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RightAndWrong {
    /// Of the persons sought.
    pub right: u64,
    /// Of somebody else.
    pub wrong: u64,
}

impl RightAndWrong {
    fn add(&mut self, right: bool, count: u64) {
        *if right { &mut self.right } else { &mut self.wrong } += count;
    }
}

/// One step on the way of answers, and how many took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub says: &'static str,
    /// How many answers took it.
    pub answers: RightAndWrong,
}

/// What became of some answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The steps that these terms have, in order.
    pub steps: Vec<Step>,
    /// Person-days of waiting after a notice, under each consequence, and for which records are kept.
    pub person_days: Vec<(&'static str, RightAndWrong)>,
}

/// What became of all answers, and of those about people of each group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Of all.
    pub all: Tally,
    /// By attribute and value of the person found.
    pub by_group: Vec<(Attribute, Vec<Tally>)>,
}

/// Counts what became of answers.
pub fn outcomes(safeguards: &Safeguards, attributes: &[Attribute], follow_ups: &[FollowUp]) -> Outcomes {
    let of_value =
        |at: usize, value: usize| tally(safeguards, follow_ups.iter().filter(|f| usize::from(f.profile[at]) == value));
    let of_attribute = |(at, attribute): (usize, &Attribute)| {
        (attribute.clone(), (0..attribute.values.len()).map(|value| of_value(at, value)).collect())
    };
    Outcomes {
        all: tally(safeguards, follow_ups.iter()),
        by_group: attributes.iter().enumerate().map(of_attribute).collect(),
    }
}

fn tally<'f>(safeguards: &Safeguards, follow_ups: impl Iterator<Item = &'f FollowUp> + Clone) -> Tally {
    let mut steps = Vec::new();
    let mut step = |on: bool, name: &'static str, says: &'static str, took: &dyn Fn(&FollowUp) -> bool| {
        if on {
            let mut answers = RightAndWrong::default();
            follow_ups.clone().filter(|f| took(f)).for_each(|f| answers.add(f.case.right, 1));
            steps.push(Step { name, says, answers });
        }
    };
    let handed = |f: &FollowUp| f.stopped.is_none();
    let s = safeguards;
    let past_review = |f: &FollowUp| f.stopped != Some(Stop::Review);
    step(true, "answered", "records that the rules would hand over", &|_| true);
    step(s.review.is_some(), "reviewed", "looked at by a person", &|f| f.act.reviewed);
    step(s.review.is_some(), "rejected_by_review", "held back by a reviewer", &|f| f.stopped == Some(Stop::Review));
    step(s.notice.is_some(), "notice_reached", "persons whom the notice reached", &|f| {
        past_review(f) && reply(&f.act, &f.case).0
    });
    step(s.notice.is_some(), "replied", "persons who replied", &|f| past_review(f) && reply(&f.act, &f.case).1);
    step(s.notice.is_some(), "held_back_after_notice", "held back after the notice", &|f| {
        f.stopped == Some(Stop::Notice)
    });
    step(s.notice.is_some(), "silent_and_handed_over", "no reply, treated as confirmation", &|f| {
        handed(f) && !reply(&f.act, &f.case).1
    });
    step(true, "handed_over", "records handed over", &handed);
    step(true, "check_not_made", "handed over without a required check", &|f| handed(f) && f.case.check_not_made);
    step(true, "address_out_of_date", "handed over with an address where the person no longer lives", &|f| {
        handed(f) && f.case.moved
    });
    step(true, "sought_in_error", "handed over for a request that should not have been made", &|f| {
        handed(f) && f.case.sought_in_error
    });
    for (kind, says) in [
        (Consequence::Letter, "a letter was sent"),
        (Consequence::BenefitStopped, "a benefit was stopped"),
        (Consequence::Visit, "somebody came to the address"),
        (Consequence::Detention, "somebody was detained"),
    ] {
        step(s.follows.contains_key(&kind), kind.name(), says, &|f| f.days.contains_key(&kind));
    }
    let follows = !s.follows.is_empty();
    step(s.appeal.is_some() && follows, "objected", "persons affected who objected", &FollowUp::objects);
    let ended = |f: &FollowUp, end: End| f.ended.is_some_and(|(by, _)| by == end);
    step(s.appeal.is_some() && follows, "ended_by_appeal", "taken back after an objection", &|f| ended(f, End::Appeal));
    step(s.audit.is_some(), "audited", "in the sample that was looked at", &|f| handed(f) && f.act.audited);
    step(s.audit.is_some(), "ended_by_audit", "taken back after an audit", &|f| ended(f, End::Audit));
    step(s.appeal.is_some() || s.audit.is_some(), "never_taken_back", "handed over and never taken back", &|f| {
        handed(f) && f.ended.is_none()
    });
    let days = |of: &dyn Fn(&FollowUp) -> Option<u64>| {
        let mut sum = RightAndWrong::default();
        follow_ups.clone().for_each(|f| sum.add(f.case.right, of(f).unwrap_or(0)));
        sum
    };
    let mut person_days = Vec::new();
    if let Some(notice) = &s.notice {
        person_days.push(("notice", days(&|f| past_review(f).then_some(u64::from(notice.wait_days)))));
    }
    let of_kind = |kind: &Consequence| (kind.name(), days(&|f| f.days.get(kind).copied()));
    person_days.extend(s.follows.keys().map(of_kind));
    if s.retention_days.is_some() {
        person_days.push(("record_kept", days(&|f| f.kept_days)));
    }
    Tally { steps, person_days }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::{Appeal, Audit, Course, Notice, Refusal, Review};
    use crate::linkage::decision::Score;

    fn everything() -> Safeguards {
        let review = Review {
            share: 1.0,
            capacity_per_day: 1000,
            days: 1,
            sees: Vec::new(),
            rejects_wrong: 1.0,
            rejects_right: 0.0,
            rejects_unseen: 0.0,
            fatigue: 0.0,
            deference: 0.0,
        };
        let notice = Notice {
            reaches: 1.0,
            reaches_moved: 0.0,
            right_answer: 0.0,
            wrong_answer: 1.0,
            right_believed: 0.0,
            wrong_believed: 1.0,
            silence: Silence::Confirms,
            wait_days: 30,
        };
        Safeguards { review: Some(review), notice: Some(notice), ..Safeguards::default() }
    }

    fn act(safeguards: &Safeguards) -> Act {
        safeguards.acts(vec![vec![RecordId(7)]].into_iter(), crate::random::Seed(3)).remove(0).remove(0)
    }

    fn follow(safeguards: &Safeguards, case: Case) -> FollowUp {
        let answer = Answer { score: Score(1000), record: RecordId(7) };
        FollowUp::of(safeguards, 0, answer, act(safeguards), case, Profile::default())
    }

    #[test]
    fn perfect_review_stops_what_can_be_seen_and_nothing_else() {
        let safeguards = Safeguards { notice: None, ..everything() };
        let stopped = |right, differs| follow(&safeguards, Case { right, differs, ..Case::default() }).stopped;
        assert_eq!(stopped(false, true), Some(Stop::Review));
        assert_eq!([stopped(false, false), stopped(true, true), stopped(true, false)], [None; 3]);
    }

    #[test]
    fn a_notice_spares_who_is_reached_and_silence_is_what_the_terms_take_it_for() {
        let mut safeguards = Safeguards { review: None, ..everything() };
        let stopped = |s: &Safeguards, right, moved| follow(s, Case { right, moved, ..Case::default() }).stopped;
        assert_eq!(stopped(&safeguards, false, false), Some(Stop::Notice));
        // Not reached, and reached but silent: confirmed.
        assert_eq!([stopped(&safeguards, false, true), stopped(&safeguards, true, false)], [None; 2]);
        if let Some(notice) = &mut safeguards.notice {
            notice.silence = Silence::Withholds;
        }
        assert_eq!(stopped(&safeguards, false, true), Some(Stop::Notice));
        assert_eq!(stopped(&safeguards, true, false), Some(Stop::Notice));
    }

    #[test]
    fn what_follows_lasts_until_it_is_over_or_taken_back() {
        let course = Course { share: 1.0, after_days: 30, days: 180 };
        let mut safeguards = Safeguards { retention_days: Some(365), ..Safeguards::default() };
        safeguards.follows.insert(Consequence::BenefitStopped, course);
        let wrong = Case::default();
        let days = |s: &Safeguards, case| {
            let f = follow(s, case);
            (f.days.get(&Consequence::BenefitStopped).copied(), f.kept_days, f.ended)
        };
        assert_eq!(days(&safeguards, wrong), (Some(180), Some(365), None));
        safeguards.appeal = Some(Appeal {
            reach: [1.0, 0.0, 1.0, 1.0, 1.0, 1.0],
            delay_days: 60,
            right_succeeds: 0.0,
            wrong_succeeds: 1.0,
        });
        assert_eq!(days(&safeguards, wrong), (Some(60), Some(90), Some((End::Appeal, 90))));
        assert_eq!(days(&safeguards, Case { group: 1, ..wrong }), (Some(180), Some(365), None));
        assert_eq!(days(&safeguards, Case { right: true, ..wrong }), (Some(180), Some(365), None));
        safeguards.audit = Some(Audit { share: 1.0, finds_wrong: 1.0, finds_right: 0.0, delay_days: 40 });
        assert_eq!(days(&safeguards, wrong), (Some(10), Some(40), Some((End::Audit, 40))));
        // Taken back before it began: it never does, and there is nothing to object to.
        safeguards.audit = Some(Audit { share: 1.0, finds_wrong: 1.0, finds_right: 0.0, delay_days: 30 });
        assert_eq!(days(&safeguards, wrong), (None, Some(30), Some((End::Audit, 30))));
    }

    #[test]
    fn what_is_held_back_changes_the_fate_and_says_where_the_right_person_was_lost() {
        let answer = |record| Answer { score: Score(1000), record: RecordId(record) };
        let both = Judged {
            admitted: Ok::<usize, Refusal>(0),
            on_file: true,
            fate: Fate::RightWithOthers,
            lost_at: None,
            returned: vec![(answer(1), true), (answer(2), false)],
        };
        let without = |stopped: &[(u64, Stop)]| {
            let mut judged = both.clone();
            hold_back(&mut judged, &stopped.iter().map(|(record, stop)| (RecordId(*record), *stop)).collect());
            (judged.fate, judged.lost_at, judged.returned.len())
        };
        assert_eq!(without(&[]), (Fate::RightWithOthers, None, 2));
        assert_eq!(without(&[(2, Stop::Review)]), (Fate::RightAlone, None, 1));
        assert_eq!(without(&[(1, Stop::Review)]), (Fate::WrongOnly, Some(LostAt::Review), 1));
        let all = [(1, Stop::Notice), (2, Stop::Review)];
        assert_eq!(without(&all), (Fate::Withheld, Some(LostAt::Withheld), 0));
    }
}
