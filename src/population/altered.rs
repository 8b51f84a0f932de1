//! Alterations of the modelled country: situations taken out of every block, and single people replaced by somebody
//! else. With them a class can ask what would happen if there were no twins.
//!
//! Alterations are made to a block after it is settled and draw from streams of their own, so whatever they do not
//! touch stays as it was. Only one naming for all is a matter of the settling itself, for names are handed down.

use super::names::{GivenCode, SurnameCode};
use super::{Block, Person, PersonId, Population};
use crate::random::{Decision, Stream};
use crate::record::Date;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Alterations of the modelled country; none by default.
#[derive(Clone, Debug, Default)]
pub struct Alterations {
    /// Nobody has a twin: one of two is born a year or more earlier.
    pub no_twins: bool,
    /// Nobody has the given name and surname of a parent: one of the two is called otherwise.
    pub no_name_of_parent: bool,
    /// No two people of a block but parent and child have the same given name and surname.
    pub no_name_of_kin: bool,
    /// Everybody is named as white people born here are, whatever the group, the tradition and the country of birth.
    pub one_naming: bool,
    /// Given names and surnames that nobody has, except for people of one block.
    pub reserved: FxHashMap<(GivenCode, SurnameCode), u64>,
    replaced: FxHashMap<u64, BTreeMap<usize, Person>>,
}

const OTHER_BIRTHDAY: Decision = Decision::named("altered.birthday");
const OTHER_NAME: Decision = Decision::named("altered.given_name");

impl Alterations {
    /// Puts somebody in the place of the person of that number.
    pub fn replace(&mut self, person: Person) {
        self.replaced.entry(person.id.block()).or_default().insert(person.id.slot(), person);
    }

    /// Returns `true` if somebody was put in the place of that person.
    pub fn replaces(&self, person: PersonId) -> bool {
        self.replaced.get(&person.block()).is_some_and(|block| block.contains_key(&person.slot()))
    }

    /// Makes the alterations in a block.
    pub(super) fn make(&self, country: &Population, block: &mut Block) {
        if self.no_twins {
            part_twins(country, block);
        }
        if self.no_name_of_parent || self.no_name_of_kin {
            self.part_namesakes(country, block);
        }
        if !self.reserved.is_empty() {
            for slot in 0..block.people.len() {
                if self.is_reserved(&block.people[slot], block.index) {
                    self.rename(country, block, slot);
                }
            }
        }
        for (&slot, person) in self.replaced.get(&block.index).into_iter().flatten() {
            if slot < block.people.len() {
                block.people[slot] = person.clone();
            }
        }
    }

    fn is_reserved(&self, person: &Person, block: u64) -> bool {
        self.reserved.get(&person.called()).is_some_and(|only| *only != block)
    }

    /// Renames one of two people of one name in a block: the person with the higher slot.
    fn part_namesakes(&self, country: &Population, block: &mut Block) {
        for slot in 1..block.people.len() {
            let own = &block.people[slot];
            let to_part = |other: &&Person| {
                let wanted =
                    if own.is_parent_or_child_of(other) { self.no_name_of_parent } else { self.no_name_of_kin };
                wanted && own.called() == other.called()
            };
            if let Some(other) = block.people[..slot].iter().find(to_part).map(|other| other.id.slot()) {
                // A suffix tells two of one name apart, and is not borne where there is only one.
                (block.people[slot].suffix, block.people[other].suffix) = (None, None);
                self.rename(country, block, slot);
            }
        }
    }

    /// Gives somebody another given name, which nobody of the surname has in the block and which is not reserved.
    fn rename(&self, country: &Population, block: &mut Block, slot: usize) {
        const TRIES: usize = 100;
        let mut person = block.people[slot].clone();
        let mut stream = country.seed().stream(OTHER_NAME, person.id.0);
        let year = person.born.ymd().0;
        for _ in 0..TRIES {
            person.given = country.names().given(person.origin(), person.sex, year, &mut stream);
            let taken = block.people.iter().any(|other| other.called() == person.called());
            if !taken && !self.is_reserved(&person, block.index) {
                break;
            }
        }
        block.people[slot] = person;
    }
}

/// Moves the birth of one of two twins, the one with the higher slot, earlier by a time that may lie between two
/// births.
fn part_twins(country: &Population, block: &mut Block) {
    for slot in 0..block.people.len() {
        let Some(other) = block.people[slot].kin.twin.take().map(usize::from).filter(|&other| other > slot) else {
            continue;
        };
        let mut stream = country.seed().stream(OTHER_BIRTHDAY, block.people[other].id.0);
        let born = block.people[other].born;
        let mother = block.people[other].kin.mother;
        let free = |date: &Date| {
            let siblings = block.people.iter().filter(|p| mother.is_some() && p.kin.mother == mother);
            siblings.filter(|p| p.id.slot() != other).all(|p| (p.born.0 - date.0).abs() >= 280)
        };
        let earlier = |stream: &mut Stream| Date(born.0 - 365 - stream.below(700) as i32);
        let last = earlier(&mut stream);
        let found = (0..20).map(|_| earlier(&mut stream)).find(free);
        block.people[other].born = found.unwrap_or(last);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::config;
    use super::*;
    use crate::random::Seed;

    const BLOCKS: u64 = 200;

    fn country(alterations: Alterations) -> Population {
        let mut country = Population::new(config(256 * BLOCKS), Seed(4));
        *country.alter() = alterations;
        country
    }

    fn people(country: &Population) -> Vec<Person> {
        (0..BLOCKS).flat_map(|index| country.block(index).people.clone()).collect()
    }

    /// Pairs of one name in one block: of parent and child, and of others.
    fn namesakes(country: &Population) -> [Vec<[PersonId; 2]>; 2] {
        let mut pairs = [Vec::new(), Vec::new()];
        for index in 0..BLOCKS {
            let block = country.block(index);
            for (slot, person) in block.people.iter().enumerate() {
                for other in block.people[..slot].iter().filter(|other| other.called() == person.called()) {
                    pairs[usize::from(!person.is_parent_or_child_of(other))].push([other.id, person.id]);
                }
            }
        }
        pairs
    }

    #[test]
    fn without_twins_nobody_has_one_and_nobody_else_is_changed() {
        let (before, after) = (people(&country(Alterations::default())), {
            let without = Alterations { no_twins: true, ..Alterations::default() };
            people(&country(without))
        });
        assert!(before.iter().filter(|person| person.kin.twin.is_some()).count() > 100);
        let mut moved = 0;
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(after.kin.twin, None);
            let days = before.born.0 - after.born.0;
            assert!(days == 0 || before.kin.twin.is_some() && (365..1065).contains(&days));
            moved += usize::from(days != 0);
            let mut same = after.clone();
            (same.born, same.kin) = (before.born, before.kin);
            assert_eq!(*before, same);
        }
        assert_eq!(2 * moved, before.iter().filter(|person| person.kin.twin.is_some()).count());
    }

    #[test]
    fn each_kind_of_namesake_in_a_block_can_be_taken_out_alone() {
        let before = country(Alterations::default());
        let [parents, mut kin] = namesakes(&before);
        assert!(parents.len() > 100 && kin.len() > 10, "{} {}", parents.len(), kin.len());
        let without = country(Alterations { no_name_of_parent: true, ..Alterations::default() });
        let [none, others] = namesakes(&without);
        // A grandson called after a father who was called after his is a namesake of the grandfather too: those of kin
        // who have another name than before are in no pair any more, and no other pair is lost or new.
        let given: Vec<[GivenCode; 2]> =
            people(&before).iter().zip(people(&without)).map(|(one, other)| [one.given, other.given]).collect();
        kin.retain(|pair| pair.iter().all(|id| given[id.0 as usize][0] == given[id.0 as usize][1]));
        assert_eq!((none.len(), others), (0, kin));
        let without = Alterations { no_name_of_kin: true, ..Alterations::default() };
        let [of_parents, of_kin] = namesakes(&country(without));
        assert_eq!((of_parents, of_kin.len()), (parents, 0));
    }

    #[test]
    fn a_reserved_name_is_borne_only_where_it_may_be() {
        let before = people(&country(Alterations::default()));
        let mut reserved = FxHashMap::default();
        for person in &before[..2_560] {
            reserved.entry(person.called()).or_insert(person.id.block());
        }
        let borne = |people: &[Person]| {
            let elsewhere = |p: &&Person| reserved.get(&p.called()).is_some_and(|only| *only != p.id.block());
            people.iter().filter(elsewhere).count()
        };
        assert!(borne(&before) > 10);
        let after = people(&country(Alterations { reserved: reserved.clone(), ..Alterations::default() }));
        assert_eq!(borne(&after), 0);
        let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
        assert_eq!(changed, borne(&before));
    }

    #[test]
    fn who_is_replaced_is_somebody_else_and_nobody_else_is() {
        let before = people(&country(Alterations::default()));
        let mut somebody = before[700].clone();
        somebody.given = before[3].given;
        let mut alterations = Alterations::default();
        alterations.replace(somebody.clone());
        assert!(alterations.replaces(somebody.id) && !alterations.replaces(before[3].id));
        let after = people(&country(alterations));
        assert_eq!(after[700], somebody);
        assert_eq!(before.iter().zip(&after).filter(|(before, after)| before != after).count(), 1);
    }
}
