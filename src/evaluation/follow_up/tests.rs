//! Tests of `evaluation::follow_up`.

use super::*;
use crate::linkage::decision::Score;
use crate::record::Field;
use crate::scenario::{Appeal, Audit, BenefitStopped, NoticeToPerson, Retention, Review};

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
    let notice = NoticeToPerson {
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
fn whatever_holds_back_or_ends_has_a_step() {
    let appeal = Appeal { reach: [1.0; 6], delay_days: 60, right_succeeds: 0.0, wrong_succeeds: 1.0 };
    let all = Safeguards {
        benefit_stopped: Some(BenefitStopped { share: 1.0, after_days: 30, days: 180 }),
        appeal: Some(appeal),
        audit: Some(Audit { share: 1.0, finds_wrong: 1.0, finds_right: 0.0, delay_days: 40 }),
        ..everything()
    };
    let steps = steps(&all);
    for name in Stop::ALL.map(Stop::step).into_iter().chain(End::ALL.map(End::step)) {
        assert_eq!(steps.iter().filter(|(step, ..)| *step == name).count(), 1, "{name}");
    }
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
    let mut safeguards = Safeguards {
        benefit_stopped: Some(BenefitStopped { share: 1.0, after_days: 30, days: 180 }),
        retention: Some(Retention { days: 365 }),
        ..Safeguards::default()
    };
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

fn review() -> Review {
    Review {
        share: 1.0,
        capacity_per_day: 3,
        days: 2,
        sees: vec![Field::DateOfBirth],
        rejects_wrong: 1.0,
        rejects_right: 0.0,
        rejects_unseen: 0.0,
        fatigue: 0.0,
        deference: 0.0,
    }
}

fn acts(review: Review) -> Vec<Act> {
    let safeguards = Safeguards { review: Some(review), ..Safeguards::default() };
    let answers: Vec<Vec<RecordId>> = (0..10).map(|i| vec![RecordId(i)]).collect();
    safeguards.acts(answers.into_iter(), Seed(1)).into_iter().flatten().collect()
}

#[test]
fn a_day_has_its_capacity_and_the_next_begins_afresh() {
    let reviewed: Vec<bool> = acts(review()).iter().map(|act| act.reviewed).collect();
    assert_eq!(reviewed, [true, true, true, false, false, true, true, true, false, false]);
    assert!(acts(Review { capacity_per_day: 0, ..review() }).iter().all(|act| *act == Act::default()));
}

#[test]
fn deference_and_fatigue_only_take_rejections_away() {
    let rejected = |review: Review| -> Vec<bool> { acts(review).iter().map(|a| a.if_wrong.rejected_seen).collect() };
    let alert = rejected(Review { capacity_per_day: 10, ..review() });
    assert!(alert.iter().all(|rejected| *rejected));
    for tired in [
        Review { capacity_per_day: 10, fatigue: 1.0, ..review() },
        Review { capacity_per_day: 10, deference: 0.5, ..review() },
    ] {
        let tired = rejected(tired);
        assert!(tired != alert && tired.contains(&true), "{tired:?}");
    }
    assert!(rejected(Review { deference: 1.0, ..review() }).iter().all(|rejected| !rejected));
}
