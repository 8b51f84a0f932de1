//! Each safeguard, and each thing that may follow from a return, does what it says and nothing else: two runs that
//! differ in one switch share all luck.
//!
//! Longer than 500 lines: one entry for each key of a safeguard, and the tests that share its runs.

use crate::support::{MANY_ORDERS, MUCH, done_in, results_of};
use namesake::evaluation::{End, Fate, FollowUp, LostAt, Stop};
use namesake::experiment::against::{Fourfold, against};
use namesake::experiment::{Outcome, Run, run};
use namesake::population::Group;
use namesake::record::RecordId;
use namesake::scenario::Consequence;
use namesake::scenario::Scenario;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// A name alone answers, with many namesakes and relatives: wrong returns enough to see what a safeguard does.
const LOOSE: [&str; 4] =
    ["population.people=12800", "requester.requests=200", "agreement.address_check=nothing", MANY_ORDERS];

fn scenario(sets: &[&str]) -> Scenario {
    let loose = "base = \"tax-address-request-assumed\"\nname = \"loose\"\n[[routes]]\nname = \"name\"\nwhen = \"always\"\n\
        compares = [\"name\"]\nbasis = \"assumed\"\nalternatives = [\"stricter\"]\nsource = \"for this test\"\n\
        [routes.blocking]\nrules = [\"surname\"]\n[routes.model]\nkind = \"rules\"\nthreshold = 1.0\n\
        comparison = [{ name = \"given name\", kind = \"jaro_winkler\", field = \"given_name\", cuts = [0.55] }]\n\
        [[routes.model.rule]]\nname = \"same\"\nstrength = 2\nall = [\"given name: same\"]\n\
        [[routes.model.rule]]\nname = \"alike\"\nstrength = 1\nall = [\"given name: similar 0.55\"]\n";
    let sets: Vec<String> = LOOSE.iter().chain(sets).map(|set| set.to_string()).collect();
    Scenario::parse_with(loose, "loose", &sets).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn streets_compared_as_recorded_miss_those_written_in_short() {
    let base = "base = \"tax-address-request-assumed\"\nname = \"raw\"\n[population]\npeople = 12800\n[requester]\n\
        requests = 400\n[[routes]]\nname = \"name\"\nwhen = \"always\"\n\
        compares = [\"name\"]\nbasis = \"assumed\"\nalternatives = [\"normal forms\"]\nsource = \"for this test\"\n\
        [routes.blocking]\nrules = [\"date_of_birth\"]\n[routes.model]\nkind = \"rules\"\nthreshold = 1.0\n\
        comparison = [{ name = \"street\", kind = \"exact\", field = \"street\" }]\n\
        [[routes.model.rule]]\nname = \"same\"\nstrength = 1\nall = [\"street: same\"]\n";
    let sets = [LOOSE[2], LOOSE[3]].map(str::to_string);
    let read = |text: &str| Scenario::parse_with(text, "raw", &sets);
    let raw = base.replace("field = \"street\"", "field = \"street as recorded\"");
    let outcome = |text: &str| run(&read(text).unwrap_or_else(|error| panic!("{error}")), &|_| {});
    let (normal, raw) = (returned(&outcome(base)), returned(&outcome(&raw)));
    assert!(!raw.is_empty() && raw.len() < normal.len(), "{} of {}", raw.len(), normal.len());
    let message = read(&base.replace("field = \"street\"", "field = \"stret as recorded\"")).unwrap_err().to_string();
    assert!(message.contains("did you mean \"street\"?"), "{message}");
}

fn outcome(sets: &[&str]) -> Outcome {
    run(&scenario(sets), &|_| {})
}

/// The people returned for each request.
fn returned(outcome: &Outcome) -> BTreeSet<(usize, RecordId)> {
    let of = |(request, records): (usize, Vec<RecordId>)| records.into_iter().map(move |record| (request, record));
    let records = outcome.judged.iter().map(|j| j.returned.iter().map(|(answer, _)| answer.record).collect());
    records.enumerate().flat_map(of).collect()
}

fn wrong(outcome: &Outcome) -> BTreeSet<(usize, RecordId)> {
    outcome.disclosures.iter().map(|d| (d.request, d.answer.record)).collect()
}

fn adds_up(outcome: &Outcome) {
    let e = &outcome.evaluation;
    assert_eq!(e.fates.values().sum::<u64>(), e.requests);
    for judged in &outcome.judged {
        let right = judged.returned.iter().any(|(_, right)| *right);
        assert_eq!(judged.lost_at.is_some(), judged.on_file && !right, "{judged:?}");
        let somebody = matches!(judged.fate, Fate::RightAlone | Fate::RightWithOthers | Fate::WrongOnly);
        assert_eq!(somebody, !judged.returned.is_empty(), "{judged:?}");
    }
    assert_eq!(outcome.disclosures.len() as u64, e.returned_wrong);
    assert_eq!(e.lost_at.values().sum::<u64>(), e.requested_on_file - e.returned_right);
}

#[test]
fn a_second_identifier_turns_away_who_does_not_share_it_and_nobody_else() {
    let without = outcome(&["agreement.most_answers=1000"]);
    let with = outcome(&["agreement.most_answers=1000", "agreement.second_identifier.on=true"]);
    adds_up(&with);
    let (a, b) = (returned(&without), returned(&with));
    assert!(b.is_subset(&a) && b.len() < a.len(), "{} {}", a.len(), b.len());
    let with_scenario = scenario(&[]);
    let run = Run::alone(&with_scenario, &|_| {});
    let world = run.world();
    for &(request, record) in &a {
        let person = world.truth().person_of(record);
        let block = world.country().block(person.block());
        let subject = namesake::agency::Subject::of(&block, person.slot());
        let held = world.holder().remade(subject, namesake::agency::ErrorSet::NONE, record);
        let born = |records: &namesake::record::Records, row| {
            let text = records.value(row, &namesake::record::Field::DateOfBirth).to_string();
            namesake::record::Date::parse(&text).map_or(text, |date| date.to_string())
        };
        let (asked, held) = (born(run.requests().records(), request), born(&held, 0));
        let conflict = !asked.is_empty() && !held.is_empty() && asked != held;
        assert_eq!(b.contains(&(request, record)), !conflict, "{asked} {held}");
    }
    // Turned away is withheld, not unknown.
    let turned = with.judged.iter().filter(|j| j.lost_at == Some(LostAt::Withheld)).count();
    assert!(turned > 0 && with.evaluation.fates[&Fate::Withheld] >= turned as u64);
    // No field, no effect.
    let none = ["agreement.most_answers=1000", "agreement.second_identifier.not_conflict=[]"];
    assert_eq!(returned(&outcome(&none)), a);
}

#[test]
fn a_margin_leaves_the_best_alone_or_nobody() {
    let all = outcome(&[]);
    let with = outcome(&["agreement.margin.bits=1"]);
    adds_up(&with);
    for (a, b) in all.judged.iter().zip(&with.judged) {
        match &b.returned[..] {
            [] if a.returned.is_empty() => assert_eq!(a.fate, b.fate),
            [] => assert_eq!(b.fate, Fate::Withheld),
            [best] => assert!(a.returned[0].0 == best.0 && a.returned[1..].iter().all(|(x, _)| x.score < best.0.score)),
            _ => panic!("{b:?}"),
        }
    }
    let none = outcome(&["agreement.margin.bits=0"]);
    assert_eq!(returned(&none), returned(&outcome(&["agreement.answers=best"])));
    // Only who has no rival at all stands out by so much.
    let most = outcome(&["agreement.margin.bits=1000"]);
    assert!(most.judged.iter().zip(&most.answers).all(|(j, a)| j.returned.is_empty() || a.best().len() == 1));
}

/// Everything that concerns review, for one run.
fn perfect(sets: &[&str]) -> Outcome {
    let perfect = [
        "agreement.review.share=1",
        "agreement.review.capacity_per_day=100000",
        "agreement.review.rejects_wrong=1",
        "agreement.review.rejects_right=0",
        "agreement.review.rejects_unseen=0",
        "agreement.review.fatigue=0",
        "agreement.review.deference=0",
    ];
    outcome(&[&perfect[..], sets].concat())
}

#[test]
fn perfect_review_leaves_no_wrong_return_that_a_reviewer_could_see() {
    let without = outcome(&[]);
    let with = perfect(&[]);
    adds_up(&with);
    assert!(with.follow_ups.iter().all(|f| f.stopped.is_some() == (!f.case.right && f.case.differs)));
    assert!(with.follow_ups.iter().any(|f| f.stopped == Some(Stop::Review)));
    let seen: BTreeSet<_> =
        with.follow_ups.iter().filter(|f| f.case.differs).map(|f| (f.request, f.answer.record)).collect();
    assert_eq!(wrong(&with), wrong(&without).difference(&seen).copied().collect());
    // Nobody right is lost, and nobody new is returned.
    assert_eq!(with.evaluation.returned_right, without.evaluation.returned_right);
    // Who sees nothing stops nothing.
    assert_eq!(returned(&perfect(&["agreement.review.sees=[]"])), returned(&without));
    // Who rejects whatever differs loses right persons at review.
    let strict = perfect(&["agreement.review.rejects_right=1"]);
    adds_up(&strict);
    assert!(strict.follow_ups.iter().all(|f| f.stopped.is_some() == f.case.differs));
    assert!(strict.evaluation.lost_at[&LostAt::Review] > 0);
    let all = perfect(&["agreement.review.rejects_unseen=1", "agreement.review.rejects_right=1"]);
    assert!(all.judged.iter().all(|j| j.returned.is_empty()));
}

#[test]
fn no_capacity_no_share_full_deference_and_full_fatigue_are_no_review() {
    let without = returned(&outcome(&[]));
    for set in ["agreement.review.capacity_per_day=0", "agreement.review.share=0", "agreement.review.deference=1"] {
        assert_eq!(returned(&perfect(&[set])), without, "{set}");
    }
    let spared = |sets: &[&str]| {
        let outcome = perfect(sets);
        outcome.follow_ups.iter().filter(|f| f.stopped.is_some()).map(|f| (f.request, f.answer.record)).collect()
    };
    let alert: BTreeSet<_> = spared(&[]);
    // Less attention, capacity or share spares a part of those whom full review spares.
    for set in [
        &["agreement.review.fatigue=1", "agreement.review.capacity_per_day=60", "agreement.review.days=5"][..],
        &["agreement.review.capacity_per_day=5"],
        &["agreement.review.share=0.5"],
        &["agreement.review.deference=0.5"],
    ] {
        let some: BTreeSet<_> = spared(set);
        assert!(some.is_subset(&alert) && some.len() < alert.len() && !some.is_empty(), "{set:?}: {}", some.len());
    }
    let by_day = perfect(&["agreement.review.capacity_per_day=5", "agreement.review.days=4"]);
    let mut days: BTreeMap<usize, u64> = BTreeMap::new();
    let day = |request: usize| request * 4 / by_day.judged.len();
    by_day.follow_ups.iter().filter(|f| f.act.reviewed).for_each(|f| *days.entry(day(f.request)).or_default() += 1);
    assert!(days.values().all(|reviews| *reviews == 5) && days.len() == 4, "{days:?}");
}

#[test]
fn a_notice_holds_back_whom_it_reaches_who_objects_and_is_believed() {
    let without = outcome(&[]);
    let full = [
        "agreement.notice.reaches=1",
        "agreement.notice.reaches_moved=0",
        "agreement.notice.wrong_answer=1",
        "agreement.notice.wrong_believed=1",
        "agreement.notice.right_answer=0",
    ];
    let with = outcome(&full);
    adds_up(&with);
    assert!(with.follow_ups.iter().all(|f| f.stopped.is_some() == (!f.case.right && !f.case.moved)));
    assert!(with.evaluation.returned_wrong < without.evaluation.returned_wrong);
    assert_eq!(with.evaluation.returned_right, without.evaluation.returned_right);
    for set in ["agreement.notice.reaches=0", "agreement.notice.wrong_answer=0", "agreement.notice.wrong_believed=0"] {
        assert_eq!(returned(&outcome(&[&full[..], &[set]].concat())), returned(&without), "{set}");
    }
    // Silence counted as no: who does not reply is not handed over, and the right ones are lost as withheld.
    let no = outcome(&[&full[..], &["agreement.notice.silence=withholds"]].concat());
    adds_up(&no);
    assert!(no.judged.iter().all(|j| j.returned.is_empty()));
    assert_eq!(no.evaluation.lost_at[&LostAt::Withheld], without.evaluation.returned_right);
    let right =
        outcome(&[&full[..], &["agreement.notice.right_answer=1", "agreement.notice.right_believed=1"]].concat());
    assert!(right.follow_ups.iter().all(|f| f.stopped.is_some() != f.case.moved));
}

#[test]
fn what_follows_an_appeal_or_an_audit_changes_days_and_no_return() {
    let without = outcome(&[]);
    let follows = [
        "agreement.benefit_stopped.after_days=30",
        "agreement.benefit_stopped.days=100",
        "agreement.visit.share=0.5",
        "agreement.letter.on=true",
        "agreement.detention.share=0.1",
        "agreement.retention.days=365",
    ];
    let days = |outcome: &Outcome, what: &str| {
        let all = &outcome.evaluation.outcomes.all;
        all.person_days.iter().find(|(name, _)| *name == what).map(|(_, n)| *n).unwrap()
    };
    let with = outcome(&follows);
    assert_eq!(returned(&with), returned(&without));
    let e = &with.evaluation;
    assert_eq!(days(&with, "benefit_stopped").right, e.returned_right * 100);
    assert_eq!(days(&with, "benefit_stopped").wrong, e.returned_wrong * 100);
    assert_eq!(days(&with, "record_kept").wrong, e.returned_wrong * 365);
    let visits = days(&with, "visit");
    assert!(visits.right > e.returned_right / 4 && visits.right < e.returned_right * 3 / 4, "{visits:?}");
    assert!(days(&with, "detention").right > 0);
    let appeal: Vec<String> = ["white", "black", "hispanic", "asian_pacific", "native", "two_or_more"]
        .iter()
        .map(|group| format!("agreement.appeal.reach.{group}={}", u8::from(*group == "hispanic")))
        .collect();
    let mut sets: Vec<&str> = follows.to_vec();
    sets.extend(appeal.iter().map(String::as_str));
    sets.extend([
        "agreement.appeal.wrong_succeeds=1",
        "agreement.appeal.right_succeeds=0",
        "agreement.appeal.delay_days=40",
    ]);
    let appealed = outcome(&sets);
    assert_eq!(returned(&appealed), returned(&without));
    // From the first consequence, the letter on day 7: until day 47.
    let hispanic = Group::Hispanic as usize;
    for f in &appealed.follow_ups {
        let ends = !f.case.right && f.case.group == hispanic;
        assert_eq!(f.ended, ends.then_some((End::Appeal, 47)));
        assert_eq!(f.days[&Consequence::BenefitStopped], if ends { 17 } else { 100 });
    }
    let audit = ["agreement.audit.share=1", "agreement.audit.finds_wrong=1", "agreement.audit.finds_right=0"];
    let audited = outcome(&[&follows[..], &audit, &["agreement.audit.delay_days=10"]].concat());
    assert_eq!(days(&audited, "benefit_stopped").wrong, 0);
    assert_eq!(days(&audited, "benefit_stopped").right, e.returned_right * 100);
    assert_eq!(days(&audited, "record_kept").wrong, e.returned_wrong * 10);
    assert!(
        outcome(&[&follows[..], &["agreement.audit.share=0"]].concat()).follow_ups.iter().all(|f| f.ended.is_none())
    );
}

#[test]
fn two_agreements_that_differ_in_a_safeguard_give_a_table_that_adds_up() {
    let plain = scenario(&[]);
    let alone = Run::alone(&plain, &|_| {});
    let (world, first) = (alone.world(), alone.outcome(&|_| {}));
    let people = |outcome: &Outcome| -> BTreeSet<u64> {
        returned(outcome).into_iter().map(|(_, record)| world.truth().person_of(record).0).collect()
    };
    let sought: BTreeSet<u64> = first.sought.iter().map(|(person, _)| person.0).collect();
    let on_file = [first.evaluation.requested_on_file, first.evaluation.holder_records];
    let mut all_spared = 0;
    for set in [
        "agreement.second_identifier.on=true",
        "agreement.margin.bits=1",
        "agreement.review.on=true",
        "agreement.notice.on=true",
        "agreement.notice.silence=withholds",
        "agreement.letter.on=true",
        "agreement.audit.on=true",
    ] {
        let second = outcome(&[set]);
        let compared = against(&first, &second).unwrap();
        let (a, b) = (people(&first), people(&second));
        // Counted once more, from who is returned, with the truth at hand.
        for (found, of, total) in
            [(compared.sought, true, on_file[0]), (compared.never_sought, false, on_file[1] - on_file[0])]
        {
            let count = |people: &mut dyn Iterator<Item = &u64>| {
                people.filter(|person| sought.contains(person) == of).count() as u64
            };
            let both = count(&mut a.intersection(&b));
            let spared = count(&mut a.difference(&b));
            let newly_returned = count(&mut b.difference(&a));
            let neither = total - count(&mut a.union(&b));
            assert_eq!(found, Fourfold { both, spared, newly_returned, neither }, "{set}");
            assert_eq!(found.total(), total, "{set}");
            all_spared += spared;
        }
        // Nobody is returned because of a safeguard, unless it makes room below the most answers handed over.
        if !set.contains("second_identifier") {
            assert_eq!(compared.sought.newly_returned + compared.never_sought.newly_returned, 0, "{set}");
        }
        let turned = against(&second, &first).unwrap();
        assert_eq!(turned.sought.newly_returned, compared.sought.spared, "{set}");
        assert_eq!(turned.never_sought.neither, compared.never_sought.neither, "{set}");
    }
    assert!(all_spared > 20, "{all_spared}");
}

#[test]
fn notice_against_no_notice_spares_some_and_newly_returns_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let said = done_in(
        folder.path(),
        &"run tax-address-request --against tax-address-request-with-notice --people 100k --requests 1200 --set population.final_order=0.02 --json - --quiet"
            .split(' ')
            .collect::<Vec<_>>(),
    );
    let table: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let mut spared = 0;
    for people in ["sought", "never_sought"] {
        let of = |part: &str| table[people][part].as_u64().unwrap();
        assert_eq!(of("both") + of("spared") + of("newly_returned") + of("neither"), of("people"), "{table}");
        assert_eq!(of("newly_returned"), 0, "{table}");
        spared += of("spared");
    }
    assert!(spared > 0, "{table}");
}

/// Keys of safeguards, a value at an extreme, and what then holds beside a run with every safeguard on.
type Extreme = (&'static str, &'static str, fn(&Outcome, &Outcome) -> bool);

fn nobody(outcome: &Outcome, what: impl Fn(&FollowUp) -> bool) -> bool {
    !outcome.follow_ups.iter().any(what)
}

fn by(f: &FollowUp, stop: Stop) -> bool {
    f.stopped == Some(stop)
}

fn never(outcome: &Outcome, kind: Consequence) -> bool {
    nobody(outcome, |f| f.days.contains_key(&kind))
}

fn at_once(outcome: &Outcome, kind: Consequence) -> bool {
    // What begins on the first day begins wherever it follows: nothing can end it before.
    let follows = |f: &&FollowUp| f.stopped.is_none() && f.act.follows.contains(&kind);
    outcome.follow_ups.iter().filter(follows).all(|f| f.days.contains_key(&kind))
}

fn for_no_time(outcome: &Outcome, kind: Consequence) -> bool {
    nobody(outcome, |f| f.days.get(&kind).is_some_and(|days| *days > 0))
}

fn no_appeal(outcome: &Outcome, group: Group) -> bool {
    nobody(outcome, |f| f.case.group == group as usize && f.ended.is_some_and(|(end, _)| end == End::Appeal))
}

fn ended_by(f: &FollowUp, by: End) -> bool {
    f.ended.is_some_and(|(end, _)| end == by)
}

const EXTREMES: &[Extreme] = &[
    // The holder's file has no such field, so nobody can share it.
    ("second_identifier.agree", "sex", |o, _| o.follow_ups.is_empty()),
    ("second_identifier.not_conflict", "[]", |o, all| o.follow_ups.len() > all.follow_ups.len()),
    ("margin.bits", "1000", |o, _| {
        o.judged.iter().zip(&o.answers).all(|(j, answers)| j.returned.is_empty() || answers.best().len() == 1)
    }),
    ("review.share", "0", |o, _| nobody(o, |f| f.act.reviewed)),
    ("review.capacity_per_day", "0", |o, _| nobody(o, |f| f.act.reviewed)),
    ("review.days", "1", |o, _| o.follow_ups.iter().filter(|f| f.act.reviewed).count() <= 100),
    ("review.sees", "[]", |o, _| nobody(o, |f| f.case.differs)),
    ("review.rejects_wrong", "0", |o, _| nobody(o, |f| by(f, Stop::Review) && !f.case.right && f.case.differs)),
    ("review.rejects_right", "0", |o, _| nobody(o, |f| by(f, Stop::Review) && f.case.right && f.case.differs)),
    ("review.rejects_unseen", "0", |o, _| nobody(o, |f| by(f, Stop::Review) && !f.case.differs)),
    ("review.fatigue", "0", |o, all| {
        let stopped = |o: &Outcome| o.follow_ups.iter().filter(|f| by(f, Stop::Review)).count();
        stopped(o) >= stopped(all)
    }),
    ("review.deference", "1", |o, _| nobody(o, |f| by(f, Stop::Review))),
    ("notice.reaches", "0", |o, _| nobody(o, |f| by(f, Stop::Notice) && !f.case.moved)),
    ("notice.reaches_moved", "0", |o, _| nobody(o, |f| by(f, Stop::Notice) && f.case.moved)),
    ("notice.right_answer", "0", |o, _| nobody(o, |f| by(f, Stop::Notice) && f.case.right)),
    ("notice.wrong_answer", "0", |o, _| nobody(o, |f| by(f, Stop::Notice) && !f.case.right)),
    ("notice.right_believed", "0", |o, _| nobody(o, |f| by(f, Stop::Notice) && f.case.right)),
    ("notice.wrong_believed", "0", |o, _| nobody(o, |f| by(f, Stop::Notice) && !f.case.right)),
    ("notice.silence", "withholds", |o, _| nobody(o, |f| f.stopped.is_none() && !f.act.reached.contains(&true))),
    ("notice.wait_days", "0", |o, _| {
        o.evaluation.outcomes.all.person_days.iter().all(|(what, n)| *what != "notice" || n.right + n.wrong == 0)
    }),
    ("letter.share", "0", |o, _| never(o, Consequence::Letter)),
    ("letter.after_days", "0", |o, _| at_once(o, Consequence::Letter)),
    ("letter.days", "0", |o, _| for_no_time(o, Consequence::Letter)),
    ("benefit_stopped.share", "0", |o, _| never(o, Consequence::BenefitStopped)),
    ("benefit_stopped.after_days", "0", |o, _| at_once(o, Consequence::BenefitStopped)),
    ("benefit_stopped.days", "0", |o, _| for_no_time(o, Consequence::BenefitStopped)),
    ("visit.share", "0", |o, _| never(o, Consequence::Visit)),
    ("visit.after_days", "0", |o, _| at_once(o, Consequence::Visit)),
    ("visit.days", "0", |o, _| for_no_time(o, Consequence::Visit)),
    ("detention.share", "0", |o, _| never(o, Consequence::Detention)),
    ("detention.after_days", "0", |o, _| at_once(o, Consequence::Detention)),
    ("detention.days", "0", |o, _| for_no_time(o, Consequence::Detention)),
    ("appeal.reach.white", "0", |o, _| no_appeal(o, Group::White)),
    ("appeal.reach.black", "0", |o, _| no_appeal(o, Group::Black)),
    ("appeal.reach.hispanic", "0", |o, _| no_appeal(o, Group::Hispanic)),
    ("appeal.reach.asian_pacific", "0", |o, _| no_appeal(o, Group::AsianPacific)),
    ("appeal.reach.native", "0", |o, _| no_appeal(o, Group::Native)),
    ("appeal.reach.two_or_more", "0", |o, _| no_appeal(o, Group::TwoOrMore)),
    ("appeal.delay_days", "0", |o, _| nobody(o, |f| ended_by(f, End::Appeal) && f.days.values().any(|days| *days > 0))),
    ("appeal.right_succeeds", "0", |o, _| nobody(o, |f| ended_by(f, End::Appeal) && f.case.right)),
    ("appeal.wrong_succeeds", "0", |o, _| nobody(o, |f| ended_by(f, End::Appeal) && !f.case.right)),
    ("audit.share", "0", |o, _| nobody(o, |f| f.act.audited)),
    ("audit.finds_wrong", "0", |o, _| nobody(o, |f| ended_by(f, End::Audit) && !f.case.right)),
    ("audit.finds_right", "0", |o, _| nobody(o, |f| ended_by(f, End::Audit) && f.case.right)),
    ("audit.delay_days", "0", |o, _| nobody(o, |f| ended_by(f, End::Audit) && !f.days.is_empty())),
    ("retention.days", "0", |o, _| nobody(o, |f| f.kept_days.is_some_and(|days| days > 0))),
];

#[test]
fn every_key_of_every_safeguard_holds_at_its_extreme() {
    let sections: BTreeSet<&str> = EXTREMES.iter().filter_map(|(key, ..)| key.split('.').next()).collect();
    let mut on: Vec<String> = sections.iter().map(|section| format!("agreement.{section}.on=true")).collect();
    on.push("agreement.margin.bits=0".to_string());
    let with = |key: &str, value: &str| {
        let mut sets: Vec<&str> = on.iter().map(String::as_str).collect();
        let set = format!("agreement.{key}={value}");
        sets.push(&set);
        // All that may follow does, so that each key has somebody to act on.
        let likely = ["visit.share", "detention.share", "audit.share"].into_iter().filter(|likely| *likely != key);
        let likely: Vec<String> = likely.map(|likely| format!("agreement.{likely}=0.9")).collect();
        sets.extend(likely.iter().map(String::as_str));
        outcome(&sets)
    };
    let all = with("margin.bits", "0");
    for (key, value, holds) in EXTREMES {
        assert!(holds(&with(key, value), &all), "{key}={value}");
    }
    let on: Vec<&str> = on.iter().map(String::as_str).collect();
    let keys = scenario(&on).assumptions().into_iter().map(|assumption| assumption.key);
    let plain: BTreeSet<String> = scenario(&[]).assumptions().into_iter().map(|assumption| assumption.key).collect();
    let of_safeguards: BTreeSet<String> = keys.filter(|key| !plain.contains(key)).collect();
    let checked = EXTREMES.iter().map(|(key, ..)| format!("agreement.{key}")).collect();
    assert_eq!(of_safeguards, checked);
}

#[test]
fn a_cause_is_what_ends_a_wrong_return_with_every_safeguard_on() {
    let mut hiding = 0;
    for seed in ["1", "2", "3"] {
        let seeds = [format!("seed.population={seed}"), format!("seed.errors={seed}")];
        let sets = [
            &seeds[0],
            &seeds[1],
            "agreement.second_identifier.not_conflict=sex",
            "agreement.review.capacity_per_day=1000",
            "agreement.review.deference=0",
            "agreement.review.sees=date_of_birth",
            "agreement.notice.on=true",
            "agreement.notice.reaches=1",
            "agreement.notice.reaches_moved=0",
            "agreement.notice.wrong_answer=0.9",
            "holder.errors.old_address=0.6",
            "holder.old_address_years=20",
            "holder.errors.missing=0.2",
            "requester.errors.missing=0.2",
            "requester.errors.typing=0.2",
        ];
        let scenario = scenario(&sets);
        let run = Run::alone(&scenario, &|_| {});
        let outcome = run.outcome(&|_| {});
        adds_up(&outcome);
        for disclosure in &outcome.disclosures {
            let survives = |removed: &[usize]| run.would_survive(&outcome, disclosure, removed);
            let counterfactuals = &disclosure.attribution.counterfactuals;
            let all: Vec<usize> = (0..counterfactuals.len()).collect();
            assert!(survives(&[]), "with every error in place it is what happened");
            match disclosure.attribution.first {
                Some(first) => {
                    assert!(!survives(&all[..=first]) && survives(&all[..first]));
                }
                None => assert!(survives(&all)),
            }
            let alone = disclosure.attribution.alone.iter().filter_map(|&at| counterfactuals[at].error());
            let kinds = alone.map(|error| error.error.kind.name());
            hiding += usize::from(kinds.clone().any(|kind| ["missing", "old_address"].contains(&kind)));
        }
    }
    // An error may be what kept a reviewer from seeing, or a notice from arriving.
    assert!(hiding > 5, "{hiding}");
}

#[test]
fn threads_and_shards_give_the_same_bytes_with_every_safeguard_on() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    let sets = "agreement.second_identifier.on=true agreement.review.capacity_per_day=3 agreement.notice.on=true \
        agreement.letter.on=true agreement.visit.on=true agreement.appeal.on=true agreement.audit.on=true \
        agreement.retention.on=true";
    let sets: Vec<&str> = sets.split_whitespace().flat_map(|set| ["--set", set]).collect();
    let run = |more: &[&str]| {
        let size = ["run", "--quiet", "--people", "40k", "--requests", "500", "--set", "population.final_order=0.02"];
        done_in(here, &[&size[..], &sets, more].concat());
    };
    run(&["--threads", "1", "--out", "one"]);
    run(&["--shard", "1/2", "--out", "s1"]);
    run(&["--shard", "2/2", "--out", "s2"]);
    done_in(here, &["merge", "s2", "s1", "--quiet", "--out", "merged"]);
    done_in(here, &["run", "one/scenario.toml", "--quiet", "--out", "again"]);
    for file in ["results.json", "outcomes.csv", "disclosures.csv", "scenario.toml"] {
        let one = fs::read(here.join("one").join(file)).unwrap();
        for other in ["merged", "again"] {
            assert!(one == fs::read(here.join(other).join(file)).unwrap(), "{other}: {file}");
        }
    }
    let results = results_of(&here.join("one"));
    let steps = results["outcomes"]["steps"].as_array().unwrap();
    let step = |name: &str| steps.iter().find(|step| step["step"] == name).map(|step| step["right"].as_u64().unwrap());
    assert_eq!(step("handed_over"), results["counts"]["returned_right"].as_u64());
    assert_eq!(
        step("answered").unwrap(),
        step("handed_over").unwrap() + step("rejected_by_review").unwrap() + step("held_back_after_notice").unwrap()
    );
    // A wrong answer that somebody held back is listed too, says by whom, and has no causes.
    let mut listed = csv::Reader::from_path(here.join("one/disclosures.csv")).unwrap();
    let headers = listed.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (held, cause) = (column("held_back_by"), column("primary_cause"));
    let rows: Vec<csv::StringRecord> = listed.records().map(Result::unwrap).collect();
    assert!(rows.iter().all(|row| row[held].is_empty() != row[cause].is_empty()));
    let held_by = |who: &str| rows.iter().filter(|row| &row[held] == who).count() as u64;
    let wrong = |name: &str| {
        let found = steps.iter().find(|step| step["step"] == name);
        found.map(|step| step["wrong"].as_u64().unwrap()).unwrap()
    };
    assert_eq!(Some(held_by("")), results["counts"]["returned_wrong"].as_u64());
    assert_eq!(held_by("review"), wrong("rejected_by_review"));
    assert_eq!(held_by("notice"), wrong("held_back_after_notice"));
    let by_group = results["outcomes"]["by_group"]["sex"].as_object().unwrap();
    let of_groups = by_group.values().map(|value| value["steps"]["handed_over"]["right"].as_u64().unwrap());
    assert_eq!(Some(of_groups.sum::<u64>()), step("handed_over"));
}

#[test]
fn a_safeguard_that_is_off_is_no_part_of_the_scenario() {
    let plain = scenario(&[]).to_toml();
    for section in
        ["second_identifier", "margin", "review", "notice", "letter", "visit", "appeal", "audit", "retention"]
    {
        let off = scenario(&[&format!("agreement.{section}.on=false")]);
        assert_eq!(off.to_toml(), plain);
        let on = scenario(&[&format!("agreement.{section}.on=true")]);
        assert_eq!(on, Scenario::parse(&on.to_toml(), "again").unwrap());
        assert!(on.assumptions().len() > off.assumptions().len());
    }
    assert!(!plain.contains("[agreement.visit") && !plain.contains("[agreement.detention"));
    // Follow-ups of a run without any: everything is handed over, and nothing follows.
    assert!(outcome(&[]).follow_ups.iter().all(|f: &FollowUp| f.stopped.is_none() && f.days.is_empty()));
}

#[test]
fn the_stated_alternatives_of_the_address_rule_run_and_return_fewer_and_more() {
    let folder = tempfile::tempdir().unwrap();
    let returned = |set: &[&str]| {
        let size = [
            "run",
            MUCH,
            "--people",
            "40k",
            "--requests",
            "500",
            "--set",
            "population.final_order=0.02",
            "--seed",
            "1",
            "--quiet",
            "--json",
            "-",
        ];
        let run = done_in(folder.path(), &[&size[..], set].concat());
        let counts: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        ["returned_right", "returned_wrong"].map(|count| counts["counts"][count].as_u64().unwrap())
    };
    let assumed = returned(&[]);
    let dwelling = returned(&["--set", "routes.address.model.threshold=3"]);
    let postal_code =
        returned(&["--set", "routes.address.model.rule.alike name, same street.all=['surname: same', 'zip: same']"]);
    assert!(dwelling[0] < assumed[0], "name and whole address the same: {dwelling:?}, {assumed:?}");
    assert!(postal_code[1] > assumed[1], "surname and postal code: {postal_code:?}, {assumed:?}");
}
