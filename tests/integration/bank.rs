//! The namesake bank: each switch does what it says at its extremes, and disturbs nothing else.

use crate::support;
use namesake::agency::{Agency, Draft, ErrorRef, ErrorSet, Side, Subject};
use namesake::experiment::{Counted, World, conclude, run, run_part};
use namesake::population::Person;
use namesake::results::Results;
use namesake::scenario::{Scenario, Situation};

fn scenario(sets: &[&str]) -> Scenario {
    let size = ["population.people=25600", "requester.requests=400", "requester.number_given=0.6", "beside=[]"];
    support::scenario(&[&size[..], sets].concat())
}

fn counts(scenario: &Scenario) -> Vec<(Situation, Counted)> {
    run(scenario, &|_| {}).situations
}

fn of(counts: &[(Situation, Counted)], situation: Situation) -> Counted {
    counts.iter().find(|(known, _)| *known == situation).unwrap().1
}

fn people(world: &World<'_>) -> Vec<Person> {
    (0..world.country().blocks()).flat_map(|index| world.country().block(index).people.clone()).collect()
}

/// The records of one side about everybody, without some errors.
fn records(world: &World<'_>, side: Side, without: ErrorSet) -> Vec<Vec<String>> {
    let agency: Agency<'_> = if side == Side::Requester { world.requester() } else { world.holder() };
    let (mut all, mut draft) = (Vec::new(), Draft::default());
    for index in 0..world.country().blocks() {
        let block = world.country().block(index);
        for slot in 0..block.people.len() {
            agency.record(Subject::of(&block, slot), without, &mut draft, None);
            all.push(draft.cells().to_vec());
        }
    }
    all
}

#[test]
fn none_of_a_situation_leaves_none_in_the_list_in_the_file_and_in_the_returns() {
    let before = counts(&scenario(&[]));
    for situation in Situation::ALL {
        let there = of(&before, situation);
        assert!(there.requests + there.records > 0, "{situation:?} is there at all");
        let set = format!("bank.{}=none", situation.name());
        let after = of(&counts(&scenario(&[&set])), situation);
        assert_eq!(after, Counted::default(), "{situation:?}");
    }
    let all: Vec<String> = Situation::ALL.iter().map(|situation| format!("bank.{}=none", situation.name())).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert!(counts(&scenario(&all)).iter().all(|(_, counted)| *counted == Counted::default()));
}

#[test]
fn none_of_an_error_leaves_the_records_as_they_would_be_without_it_and_the_people_as_they_are() {
    let before = scenario(&[]);
    let before = World::new(&before, &|_| {});
    for situation in Situation::ALL.into_iter().filter(|situation| !situation.errors().is_empty()) {
        let of_kind = |error: &ErrorRef| situation.errors().contains(&error.kind.name());
        let without = ErrorRef::all().filter(of_kind).fold(ErrorSet::NONE, ErrorSet::with);
        let set = format!("bank.{}=none", situation.name());
        let after = scenario(&[&set]);
        let after = World::new(&after, &|_| {});
        for side in [Side::Requester, Side::Holder] {
            assert!(records(&after, side, ErrorSet::NONE) == records(&before, side, without), "{situation:?} {side:?}");
        }
        assert!(people(&after) == people(&before), "{situation:?}");
    }
}

#[test]
fn what_is_added_is_added_to_so_many_requests_and_nobody_else_is_changed() {
    const MANY: u64 = 12;
    let before = scenario(&[]);
    let before_counts = counts(&before);
    let before = World::new(&before, &|_| {});
    let (people_before, records_before) = (people(&before), records(&before, Side::Requester, ErrorSet::NONE));
    for situation in Situation::ALL {
        let set = format!("bank.{}={MANY}", situation.name());
        let after = scenario(&[&set]);
        let counted = of(&counts(&after), situation);
        assert_eq!(counted.added, MANY, "{situation:?}");
        let was = of(&before_counts, situation).requests;
        // A stranger may come to somebody who has namesakes already.
        let more = counted.requests - was;
        assert!(more == MANY || situation == Situation::Strangers && more <= MANY, "{situation:?}: {more} more");
        let after = World::new(&after, &|_| {});
        assert_eq!(after.truth().sought(), before.truth().sought());
        let others = people(&after).iter().zip(&people_before).filter(|(a, b)| a != b).count() as u64;
        let records = records(&after, Side::Requester, ErrorSet::NONE);
        let records = records.iter().zip(&records_before).filter(|(a, b)| a != b).count() as u64;
        if situation.errors().is_empty() {
            assert!((MANY..=2 * MANY).contains(&others), "{situation:?}: {others} people");
        } else {
            assert_eq!((others, records), (0, MANY), "{situation:?}");
        }
    }
}

#[test]
fn more_cannot_be_added_than_there_are_requests_and_the_result_says_how_many_were() {
    let scenario = scenario(&["bank.married_names=100k", "bank.twins=100k"]);
    let counts = counts(&scenario);
    let (married, twins) = (of(&counts, Situation::MarriedNames), of(&counts, Situation::Twins));
    assert!(married.added + twins.added <= 400 && twins.added > 100 && married.added > 0, "{married:?} {twins:?}");
}

#[test]
fn a_bank_that_is_switched_gives_the_same_bytes_in_parts_and_as_a_whole() {
    let scenario = scenario(&["bank.twins=none", "bank.strangers=20", "bank.cousins=10", "bank.former_address=10"]);
    let whole = Results::of(&scenario, &run(&scenario, &|_| {})).to_json();
    let parts: Vec<_> = (1..=3).map(|part| run_part(&scenario, part, 3, &|_| {})).collect();
    assert_eq!(whole, Results::of(&scenario, &conclude(&scenario, &parts, &|_| {})).to_json());
    assert!(whole.contains("\"switch\": \"20\""));
}
