//! The situations that confuse identity: taken out of a world or added to it as the bank says, and counted in it.
//!
//! What lies in a record is a matter of its errors; what lies in people is altered in the country. Each addition is made
//! to one request, and each request has at most one. Everything else stays as it was, so two runs that differ in a
//! switch differ in what it switches.

use super::coincidences::{Called, Namesaked, Sought};
use crate::agency::{Agency, AgencyConfig, Change, Draft, ErrorKind, ErrorRef, ErrorSet, Side, Subject};
use crate::evaluation::PairError;
use crate::population::{Block, Person, PersonId, Population, PopulationConfig, Sex, Suffix};
use crate::random::{Decision, Permutation, Seed};
use crate::scenario::{Bank, Scenario, Situation, Switch};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

const COUNT: usize = Situation::ALL.len();
const ORDER: Decision = Decision::named("bank.order");
const COUNTERPART: Decision = Decision::named("bank.counterpart");

/// The frequency of a situation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Requests to which it was added.
    pub added: u64,
    /// Requests whose person, or whose record, is in it. Who confuses is on the holder's file.
    pub requests: u64,
    /// Records of the holder's file that are in it.
    pub records: u64,
    /// Wrong returns that it stands between: the person returned is the twin, or an error made one of the two records.
    pub wrong: u64,
}

/// A set of situations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Present(u16);

impl Present {
    fn put(&mut self, situation: Situation) {
        self.0 |= 1 << situation as u16;
    }

    fn has(self, situation: Situation) -> bool {
        self.0 >> situation as u16 & 1 == 1
    }

    /// Those that the errors of a record make.
    fn of_errors(made: ErrorSet) -> Present {
        let mut present = Present::default();
        if made != ErrorSet::NONE {
            for situation in Situation::ALL {
                if errors_of(situation).any(|error| made.contains(error)) {
                    present.put(situation);
                }
            }
        }
        present
    }
}

/// The errors that make a situation, in the cells they happen to.
fn errors_of(situation: Situation) -> impl Iterator<Item = ErrorRef> {
    let of_kind = |kind: ErrorKind| kind.cells().iter().map(move |&cell| ErrorRef { kind, cell });
    situation.errors().iter().filter_map(|name| ErrorKind::from_name(name)).flat_map(of_kind)
}

/// The situations of a request: those of the record, and those of the person among the people of the block on file.
pub(super) fn of_request(subject: Subject<'_>, errors: ErrorSet, among: &[Present]) -> Present {
    Present(Present::of_errors(errors).0 | among[subject.person.id.slot()].0)
}

/// The situations that lie in who lives in a block, by slot: who confuses somebody must be on file.
pub(super) fn among_people(block: &Block, on_file: impl Fn(&Person) -> bool) -> Vec<Present> {
    let people = &block.people;
    let mut present = vec![Present::default(); people.len()];
    for (slot, person) in people.iter().enumerate() {
        if person.kin.twin.is_some_and(|twin| on_file(&people[usize::from(twin)])) {
            present[slot].put(Situation::Twins);
        }
    }
    let mut by_name: Vec<usize> = (0..people.len()).collect();
    by_name.sort_unstable_by_key(|&slot| people[slot].called());
    for namesakes in by_name.chunk_by(|&a, &b| people[a].called() == people[b].called()) {
        for &own in namesakes {
            for &other in namesakes.iter().filter(|&&other| other != own && on_file(&people[other])) {
                present[own].put(among_namesakes(&people[own], &people[other]));
            }
        }
    }
    present
}

/// The relation between two people of one name.
fn among_namesakes(a: &Person, b: &Person) -> Situation {
    match a.id.block() == b.id.block() {
        true if a.is_parent_or_child_of(b) => Situation::FatherAndSon,
        true => Situation::Cousins,
        false => Situation::Strangers,
    }
}

/// Counts made while the holder's file streams by; they add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tallied {
    records: [u64; COUNT],
    /// The namesakes of the people sought.
    pub namesakes: Namesaked,
}

impl Tallied {
    /// Nothing yet, of so many requests.
    pub fn new(requests: usize) -> Tallied {
        Tallied { records: [0; COUNT], namesakes: Namesaked::new(requests) }
    }

    /// Counts the records of a block: the slot of each and the errors that found something to change.
    pub fn add(&mut self, block: &Block, slots: &[usize], errors: &[ErrorSet], sought: &Sought) {
        let mut on_file = vec![false; block.people.len()];
        slots.iter().for_each(|&slot| on_file[slot] = true);
        let among = among_people(block, |person| on_file[person.id.slot()]);
        let strangers = self.namesakes.add(block, slots, sought);
        for ((&slot, &errors), has_namesake) in slots.iter().zip(errors).zip(strangers) {
            let mut present = Present(among[slot].0 | Present::of_errors(errors).0);
            if has_namesake {
                present.put(Situation::Strangers);
            }
            for situation in Situation::ALL {
                self.records[situation as usize] += u64::from(present.has(situation));
            }
        }
    }

    /// Adds what was counted of other blocks.
    pub fn merge(&mut self, other: &Tallied) {
        self.records.iter_mut().zip(other.records).for_each(|(mine, theirs)| *mine += theirs);
        self.namesakes.merge(&other.namesakes);
    }
}

/// The situations between the person sought and another who was returned, by who they are and by what went wrong in the
/// two records.
pub(super) fn between<'e>(sought: &Person, returned: &Person, errors: impl Iterator<Item = &'e PairError>) -> Present {
    let mut present = Present::of_errors(errors.fold(ErrorSet::NONE, |set, error| set.with(error.error)));
    if sought.id.block() == returned.id.block() && sought.kin.twin == Some(returned.id.slot() as u16) {
        present.put(Situation::Twins);
    }
    if sought.called() == returned.called() {
        present.put(among_namesakes(sought, returned));
    }
    present
}

/// All counts, in the order of the bank.
pub(super) fn counted(
    added: [u64; COUNT],
    requests: &[Present],
    tallied: &Tallied,
    wrong: &[Present],
) -> Vec<(Situation, Counted)> {
    let number = |present: &[Present], situation| present.iter().filter(|p| p.has(situation)).count() as u64;
    Situation::ALL
        .into_iter()
        .map(|situation| {
            let of_requests = match situation {
                Situation::Strangers => tallied.namesakes.with_namesake(),
                _ => number(requests, situation),
            };
            let counted = Counted {
                added: added[situation as usize],
                requests: of_requests,
                records: tallied.records[situation as usize],
                wrong: number(wrong, situation),
            };
            (situation, counted)
        })
        .collect()
}

/// A country altered as the bank says, and the requester's file with it. Gives how many requests each situation was
/// added to: fewer than asked for where no more can be put in it.
pub(super) fn arranged(
    scenario: &Scenario,
    country: Arc<Population>,
    requester: &mut AgencyConfig,
    holder: &AgencyConfig,
    sought: &[PersonId],
) -> (Arc<Population>, [u64; COUNT]) {
    let mut added = [0; COUNT];
    let bank = &scenario.bank;
    if *bank == Bank::default() {
        return (country, added);
    }
    let one_naming = country.altered().one_naming;
    let mut country = Population::new(PopulationConfig::of(&scenario.population), scenario.population_seed());
    country.alter().one_naming = one_naming;
    remove(bank, &mut country, sought);
    let mut free: BTreeSet<PersonId> = sought.iter().copied().collect();
    let everybody: BTreeSet<PersonId> = free.clone();
    for situation in Situation::ALL {
        let Switch::Add(wanted) = bank.of(situation) else { continue };
        let order = Permutation::new(scenario.requests_seed(), ORDER.about(situation as u64), sought.len() as u64);
        for request in 0..sought.len() as u64 {
            if added[situation as usize] == wanted {
                break;
            }
            let person = sought[order.forward(request) as usize];
            if !free.contains(&person) {
                continue;
            }
            let done = if situation.errors().is_empty() {
                let errors = scenario.errors_seed();
                let on_file = |country: &Population, subject: Subject<'_>| {
                    Agency::new(country, holder, Side::Holder, errors).covers(subject)
                };
                let seed = scenario.requests_seed();
                counterpart(&country, situation, person, &everybody, seed, on_file)
                    .map(|people| people.into_iter().for_each(|person| country.alter().replace(person)))
                    .is_some()
            } else {
                befall(&country, requester, situation, person, scenario.errors_seed())
            };
            if done {
                free.remove(&person);
                added[situation as usize] += 1;
            }
        }
    }
    (Arc::new(country), added)
}

/// Takes the situations out of the country that lie in who people are.
fn remove(bank: &Bank, country: &mut Population, sought: &[PersonId]) {
    let none = |situation| bank.of(situation) == Switch::None;
    country.alter().no_twins = none(Situation::Twins);
    country.alter().no_name_of_parent = none(Situation::FatherAndSon);
    country.alter().no_name_of_kin = none(Situation::Cousins);
    // Of two people sought under one name the first keeps it; who is called otherwise then has a name to reserve too.
    let mut unnamed = if none(Situation::Strangers) { sought.to_vec() } else { Vec::new() };
    while !unnamed.is_empty() {
        let called = |person: &PersonId| country.block(person.block()).people[person.slot()].called();
        let names: Vec<Called> = unnamed.iter().map(called).collect();
        for (called, person) in names.into_iter().zip(&unnamed) {
            country.alter().reserved.entry(called).or_insert(person.block());
        }
        let renamed = |person: &PersonId| {
            let called = country.block(person.block()).people[person.slot()].called();
            !country.altered().reserved.contains_key(&called)
        };
        unnamed.retain(renamed);
    }
}

/// Lets the first error of a situation happen to the record of a request, if it shows and none of the situation did.
fn befall(
    country: &Population,
    requester: &mut AgencyConfig,
    situation: Situation,
    person: PersonId,
    seed: Seed,
) -> bool {
    let Some(error) = errors_of(situation).next() else { return false };
    let block = country.block(person.block());
    let subject = Subject::of(&block, person.slot());
    let shows = |requester: &AgencyConfig| {
        let agency = Agency::new(country, requester, Side::Requester, seed);
        let (mut record, mut changes) = (Draft::default(), Vec::new());
        agency.record(subject, ErrorSet::NONE, &mut record, Some(&mut changes));
        let seen = |change: &Change| !change.masked && situation.errors().contains(&change.error.kind.name());
        let somebody_there = || {
            let dwelling = agency.recorded_dwelling(subject);
            country.block(dwelling.block()).households.iter().any(|household| household.dwelling == dwelling)
        };
        let there = changes.iter().any(seen) && (situation != Situation::FormerAddress || somebody_there());
        (there, record)
    };
    let (there, before) = shows(requester);
    if there {
        return false;
    }
    requester.capture.make_certain(error, person);
    let (there, after) = shows(requester);
    let done = there && before != after;
    if !done {
        requester.capture.make_nothing_certain(person);
    }
    done
}

/// People who are to stand in place of others, so that somebody sought is in a situation: somebody nearby (a stranger:
/// anywhere) of no kin and nobody's request is made the one who confuses. `None` where nobody fits.
fn counterpart(
    country: &Population,
    situation: Situation,
    sought: PersonId,
    everybody_sought: &BTreeSet<PersonId>,
    seed: Seed,
    on_file: impl Fn(&Population, Subject<'_>) -> bool,
) -> Option<Vec<Person>> {
    const TRIES: usize = 64;
    let home = country.block(sought.block());
    let person = &home.people[sought.slot()];
    if among_people(&home, |person| on_file(country, Subject { person, block: &home }))[sought.slot()].has(situation) {
        return None;
    }
    let mut stream = seed.stream(COUNTERPART.about(situation as u64), sought.0);
    let free = |block: &Block, other: &Person| {
        let slot = other.id.slot() as u16;
        let child = |p: &&Person| p.kin.father == Some(slot) || p.kin.mother == Some(slot);
        other.age() >= 18
            && !everybody_sought.contains(&other.id)
            && !country.altered().replaces(other.id)
            && other.kin.spouse.is_none()
            && other.kin.twin.is_none()
            && other.called() != person.called()
            && !block.people.iter().any(|p| child(&p))
    };
    let made = |block: &Block, other: &Person| -> Option<Vec<Person>> {
        let people = confusing(situation, person, other)?;
        (free(block, other)
            && people.iter().all(|person| person.id == sought || on_file(country, Subject { person, block })))
        .then_some(people)
    };
    if situation == Situation::Strangers {
        return (0..TRIES).find_map(|_| {
            let other = PersonId(stream.below(country.people()));
            let block = (other.block() != sought.block()).then(|| country.block(other.block()))?;
            made(&block, &block.people[other.slot()])
        });
    }
    let people = home.people.len();
    let from = stream.below(people as u64) as usize;
    (0..people).find_map(|i| made(&home, &home.people[(from + i) % people]))
}

/// Two people as they would be in a situation, or the other alone; `None` where they cannot be.
fn confusing(situation: Situation, person: &Person, other: &Person) -> Option<Vec<Person>> {
    let (own, slot) = (person.id.slot() as u16, other.id.slot() as u16);
    let apart = person.age().abs_diff(other.age());
    let mut made = Person {
        group: person.group,
        surname: person.surname,
        second_surname: person.second_surname,
        suffix: None,
        kin: Default::default(),
        ..other.clone()
    };
    let named = |made: &mut Person| {
        (made.given, made.middle, made.compound_given) = (person.given, person.middle, person.compound_given);
    };
    match situation {
        Situation::Twins => {
            // The surname of a wife is mostly not that of her twin.
            let by_marriage = person.sex == Sex::Female && person.kin.spouse.is_some();
            if by_marriage || person.kin.twin.is_some() || apart > 12 || other.given == person.given {
                return None;
            }
            made.born = person.born;
            (made.kin.father, made.kin.mother, made.kin.twin) = (person.kin.father, person.kin.mother, Some(own));
            let mut twin = person.clone();
            twin.kin.twin = Some(slot);
            Some(vec![twin, made])
        }
        Situation::FatherAndSon => {
            let of_age = (18..=45).contains(&apart) && person.sex == Sex::Male && other.sex == Sex::Male;
            if !of_age || person.suffix.is_some() {
                return None;
            }
            named(&mut made);
            if other.age() < person.age() {
                (made.suffix, made.kin.father) = (Some(Suffix::Jr), Some(own));
                return Some(vec![made]);
            }
            let mut son = person.clone();
            (son.suffix, son.kin.father) = (Some(Suffix::Jr), Some(slot));
            person.kin.father.is_none().then(|| vec![son, made])
        }
        Situation::Cousins | Situation::Strangers => {
            let alike = person.sex == other.sex && (apart <= 15 || situation == Situation::Strangers);
            named(&mut made);
            (alike && !person.is_parent_or_child_of(other)).then(|| vec![made])
        }
        _ => None,
    }
}
