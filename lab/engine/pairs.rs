//! Pairs of records for the clerk: a request, and a record of the holder's file, of a kind that is chosen openly.

use super::explained::Explained;
use super::session::{Session, Terms};
use namesake::agency::{Draft, ErrorSet, Subject};
use namesake::random::{Decision, Permutation};
use namesake::record::{Field, RecordId};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

const ORDER: Decision = Decision::named("lab.clerk");

/// Reason for which a pair is among the clerk's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    EasySame,
    Relative,
    Moved,
    Namesake,
    EasyDifferent,
    Renamed,
    Misspelt,
}

/// The kinds in turn. What confuses comes twice as often as what does not.
const TURN: [Kind; 10] = [
    Kind::EasySame,
    Kind::Relative,
    Kind::Moved,
    Kind::Namesake,
    Kind::EasyDifferent,
    Kind::Renamed,
    Kind::Relative,
    Kind::Misspelt,
    Kind::Moved,
    Kind::Namesake,
];

/// Namesakes of the clerk are born within so many years of each other.
const YEARS_APART: i32 = 5;

#[derive(Serialize)]
pub struct Pair {
    request: usize,
    record: u64,
    kind: Kind,
    same_person: bool,
    machine_says_same: bool,
    explained: Explained,
}

/// A record of the holder's file, by what a clerk sees.
struct Held {
    record: RecordId,
    draft: Draft,
}

impl Held {
    fn is(&self, field: &Field) -> &str {
        self.draft.get(field)
    }

    fn name(&self) -> (String, Option<char>) {
        (self.is(&Field::Surname).to_string(), self.is(&Field::GivenName).chars().next())
    }

    fn home(&self) -> [String; 3] {
        [Field::HouseNumber, Field::Street, Field::Unit].map(|field| self.is(&field).to_string())
    }

    fn born(&self) -> Option<i32> {
        self.is(&Field::DateOfBirth).get(..4)?.parse().ok()
    }
}

/// Up to `count` pairs of a run; each has a request and a record that no other pair has.
pub fn pairs(session: &mut Session, count: usize) -> Result<Vec<Pair>, String> {
    let seed = session.scenario.requests_seed();
    let terms = session.terms(&Terms::default())?;
    let replay = session.replay()?;
    let chosen = {
        let found = found(replay.run());
        choose(&found, count)
    };
    let order = Permutation::new(seed, ORDER, chosen.len() as u64);
    let pair = |(kind, request, record): (Kind, usize, RecordId)| {
        let same_person = replay.run().world().truth().is_match(request, record);
        let explained = replay
            .follow(&terms, request, &|_| {}, |run, followed| Explained::from(run, followed, request, vec![record]));
        let why = explained.records[0].why.as_ref();
        let machine_says_same = why.is_some_and(|why| why.score >= why.threshold);
        Pair { request, record: record.0, kind, same_person, machine_says_same, explained }
    };
    Ok((0..chosen.len() as u64).map(|place| chosen[order.forward(place) as usize]).map(pair).collect())
}

/// Pairs by kind, in the order of requests.
type Found = BTreeMap<Kind, Vec<(usize, RecordId)>>;

fn found(run: &namesake::experiment::Run<'_>) -> Found {
    let world = run.world();
    let holder = world.holder();
    let mut file: Vec<Held> = Vec::new();
    for index in 0..world.country().blocks() {
        let block = world.country().block(index);
        for slot in 0..block.people.len() {
            let subject = Subject::of(&block, slot);
            if world.on_file(subject) {
                let mut draft = Draft::default();
                holder.record(subject, ErrorSet::NONE, &mut draft, None);
                file.push(Held { record: world.truth().record_of(subject.person.id), draft });
            }
        }
    }
    let (mut by_record, mut by_name, mut by_home) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for held in &file {
        by_record.insert(held.record, held);
        by_name.entry(held.name()).or_insert_with(Vec::new).push(held);
        by_home.entry(held.home()).or_insert_with(Vec::new).push(held);
    }
    let mut found: Found = BTreeMap::new();
    let requests = run.requests().records();
    for request in 0..requests.len() {
        let asked = |field: &Field| requests.value(request, field);
        let (given, surname, born) = (asked(&Field::GivenName), asked(&Field::Surname), asked(&Field::DateOfBirth));
        let home = [Field::HouseNumber, Field::Street, Field::Unit].map(|field| asked(&field).to_string());
        let year: Option<i32> = born.get(..4).and_then(|year| year.parse().ok());
        let mut put = |kind, held: &Held| found.entry(kind).or_default().push((request, held.record));
        if given.is_empty() || surname.is_empty() {
            continue;
        }
        let own = world.truth().record_of(world.truth().sought_by(request));
        if let Some(held) = by_record.get(&own) {
            let same = |field: &Field| asked(field) == held.is(field);
            let (street, number) = (same(&Field::Street), same(&Field::HouseNumber));
            let begins = |a: &str, b: &str| a.chars().next() == b.chars().next();
            match (same(&Field::GivenName), same(&Field::Surname)) {
                (true, true) if same(&Field::DateOfBirth) && street && number => put(Kind::EasySame, held),
                (true, true) if !street && !number => put(Kind::Moved, held),
                (true, false) if !begins(surname, held.is(&Field::Surname)) => put(Kind::Renamed, held),
                (false, true) if begins(given, held.is(&Field::GivenName)) => put(Kind::Misspelt, held),
                _ => {}
            }
        }
        let called = (surname.to_string(), given.chars().next());
        for held in by_name.get(&called).into_iter().flatten().filter(|held| held.record != own) {
            let near = year.zip(held.born()).is_some_and(|(a, b)| a.abs_diff(b) <= YEARS_APART as u32);
            if held.is(&Field::Street) == home[1] && held.is(&Field::HouseNumber) == home[0] {
                put(Kind::Relative, held);
            } else if held.is(&Field::GivenName) != given {
                put(Kind::EasyDifferent, held);
            } else if near {
                put(Kind::Namesake, held);
            }
        }
        let begins_alike = |held: &Held| given.chars().take(2).eq(held.is(&Field::GivenName).chars().take(2));
        let at_home = by_home.get(&home).into_iter().flatten().filter(|held| held.record != own);
        at_home
            .filter(|held| held.is(&Field::Surname) == surname && begins_alike(held))
            .for_each(|held| put(Kind::Relative, held));
    }
    found
}

/// Kinds in turn, as far as there are pairs of each; what is lacking is made up from the kinds that have more.
fn choose(found: &Found, count: usize) -> Vec<(Kind, usize, RecordId)> {
    let (mut requests, mut records, mut chosen) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let mut next: BTreeMap<Kind, std::slice::Iter<'_, (usize, RecordId)>> =
        found.iter().map(|(kind, pairs)| (*kind, pairs.iter())).collect();
    while chosen.len() < count && next.values().any(|pairs| pairs.len() > 0) {
        for kind in TURN {
            let fresh = next.get_mut(&kind).and_then(|pairs| {
                pairs.find(|(request, record)| !requests.contains(request) && !records.contains(record))
            });
            if let Some(&(request, record)) = fresh.filter(|_| chosen.len() < count) {
                requests.insert(request);
                records.insert(record);
                chosen.push((kind, request, record));
            }
        }
    }
    chosen
}
