//! Former homes of a person: life's events on top of the moves of households.
//!
//! A household's past is that of its number ([`Places::dwelling_years_ago`]): one dwelling at every date. Events move
//! people between the households of their block. A person who left home lived where the parents lived. A person who
//! joined a household (a husband or wife, a partner, somebody who shares the flat, an old father or mother) lived with
//! parents near, or in a household that has since been given up, whose dwelling of today stands empty. A person who
//! came from abroad, or was born since, lived nowhere before. So the people of one dwelling at one date are always of
//! one household.
//!
//! Households are formed in years in which theirs moved within the county, so an event says *who* moved from *where* and
//! hardly changes how many people move, or how far.
//!
//! [`Places::dwelling_years_ago`]: super::places::Places::dwelling_years_ago

use super::places::{DWELLINGS_PER_BLOCK, DwellingId};
use super::{Block, Household, Person, Population, TODAY};
use crate::random::Decision;
use crate::record::Date;

const LEFT_HOME: Decision = Decision::named("past.left_home");
const JOINED: Decision = Decision::named("past.joined");

/// Nobody leaves home or joins a household before this age.
const OF_AGE: f64 = 18.0;
/// The age by which those who form a household have left home is drawn evenly between [`OF_AGE`] and this. Assumed.
const LEFT_BY: f64 = 32.0;
/// Couples were together for at most so many years when their eldest child was born. Assumed.
const BEFORE_CHILDREN: f64 = 8.0;

impl Population {
    /// The dwelling in which a person of `block` lived `years` years ago; none for who was not born or not in the country.
    ///
    /// Today's is that of the person's household. People of an institution are followed no further back than its door.
    pub fn home_years_ago(&self, block: &Block, slot: usize, years: u32) -> Option<DwellingId> {
        Past { country: self, block }.home(slot, years)
    }
}

/// A block, looked back upon.
struct Past<'a> {
    country: &'a Population,
    block: &'a Block,
}

impl Past<'_> {
    fn home(&self, slot: usize, years: u32) -> Option<DwellingId> {
        let person = &self.block.people[slot];
        let then = Date(TODAY.0 - (f64::from(years) * YEAR) as i32);
        if person.born > then || person.arrived.is_some_and(|arrived| arrived > then) {
            return None;
        }
        let household = self.household(person);
        let own = || self.country.places().dwelling_years_ago(household.dwelling, years);
        if years == 0 || household.institution.is_some() {
            return Some(own());
        }
        let head = usize::from(household.members[0]);
        let before = if slot == head {
            let parent = match self.parent_here(person, head, then) {
                // An old father or mother who has joined the householder since.
                Some(parent) => Some(parent).filter(|&parent| self.joined(parent, head, household, years)),
                None => self.parent_elsewhere(person, then),
            };
            parent.filter(|_| self.left_home(person, household, years)).and_then(|parent| self.home(parent, years))
        } else if let Some(parent) = self.parent_here(person, head, then) {
            self.home(parent, years)
        } else if !self.joined(slot, head, household, years) {
            self.home(head, years)
        } else {
            match self.parent_elsewhere(person, then) {
                Some(parent) => self.home(parent, years),
                None => self.given_up(slot).map(|then| self.country.places().dwelling_years_ago(then, years)),
            }
        };
        // Who has no such place, or whose people were not there yet, was in the household's own dwelling.
        Some(before.unwrap_or_else(own))
    }

    fn household(&self, person: &Person) -> &Household {
        &self.block.households[usize::from(person.household)]
    }

    fn parents(&self, person: &Person) -> impl Iterator<Item = usize> {
        [person.kin.mother, person.kin.father].into_iter().flatten().map(usize::from)
    }

    /// A father or mother in another household, if there is one and none in the person's own; rather one who was in
    /// the country then.
    fn parent_elsewhere(&self, person: &Person, then: Date) -> Option<usize> {
        let here = |parent: usize| self.block.people[parent].household == person.household;
        if self.parents(person).any(here) {
            return None;
        }
        self.parents(person).find(|&parent| self.had_come(parent, then)).or(self.parents(person).next())
    }

    /// Returns `true` if somebody was born here or had come by that day.
    fn had_come(&self, slot: usize, then: Date) -> bool {
        self.block.people[slot].arrived.is_none_or(|arrived| arrived <= then)
    }

    /// The parent with whom a child of the household lived then: one who had come, and the householder, if that is one.
    fn parent_here(&self, person: &Person, head: usize, then: Date) -> Option<usize> {
        let here = |&parent: &usize| self.block.people[parent].household == person.household;
        self.parents(person).filter(here).max_by_key(|&parent| (self.had_come(parent, then), parent == head))
    }

    /// Returns `true` if a householder had not yet left home `years` years ago.
    fn left_home(&self, person: &Person, household: &Household, years: u32) -> bool {
        let u = self.country.seed().uniform(LEFT_HOME, person.id.0);
        let age = age(person);
        self.formed(household, [age - LEFT_BY, age - OF_AGE - (LEFT_BY - OF_AGE) * u, age - OF_AGE], years)
    }

    /// Returns `true` if somebody had not yet joined the householder `years` years ago.
    fn joined(&self, slot: usize, head: usize, household: &Household, years: u32) -> bool {
        let [own, other] = [slot, head].map(|one| Some(one as u16));
        let of_both = |child: &&Person| {
            let parents = (child.kin.father, child.kin.mother);
            parents == (own, other) || parents == (other, own)
        };
        let eldest = self.block.people.iter().filter(of_both).map(age).reduce(f64::max);
        let longest = age(&self.block.people[slot]).min(age(&self.block.people[head])) - OF_AGE;
        let (from, to) = match eldest {
            Some(eldest) => (eldest + 1.0, longest.min(eldest + BEFORE_CHILDREN)),
            None => (0.0, longest),
        };
        let u = self.country.seed().uniform(JOINED, self.block.people[slot].id.0);
        self.formed(household, [from, from + (to - from) * u, to], years)
    }

    /// Returns `true` if a household was formed at most `years` years ago. It was formed between `from` and `to` years
    /// ago, at about `drawn`: in the latest year up to then in which the household moved within the county, or else in
    /// the nearest year after. If there is no such year, it was formed in the first that was possible.
    fn formed(&self, household: &Household, [from, drawn, to]: [f64; 3], years: u32) -> bool {
        let places = self.country.places();
        let from = from.max(0.0) as u32 + 1;
        let drawn = (drawn.max(0.0) as u32 + 1).max(from);
        let to = (to.max(0.0) as u32).max(drawn);
        // Where nobody moves within the county nobody leaves or joins.
        if years < from || self.country.config().moves.within_county <= 0.0 {
            return false;
        }
        if years >= to {
            return true;
        }
        let mut at = household.dwelling;
        let mut formed = false;
        for year in 1..=years.max(drawn) {
            let (before, within_county) = places.year_before(at, year);
            at = before;
            if within_county && year >= from {
                // One nearer to the year drawn takes the place of one after it.
                formed = year <= years;
                if year >= drawn || !formed {
                    break;
                }
            }
        }
        formed
    }

    /// The number of the household in which somebody lived who joined another and has no parents near: the dwellings of
    /// the block that stand empty today go to such people one by one, the youngest first. When all are taken, the others
    /// have been together for as long as anybody asks.
    fn given_up(&self, slot: usize) -> Option<DwellingId> {
        let people = &self.block.people;
        let elsewhere = |household: &&Household| household.institution.is_none();
        let joiners = self.block.households.iter().filter(elsewhere).flat_map(|household| {
            let (head, others) = household.members.split_first().unwrap_or((&0, &[]));
            others.iter().map(|&m| usize::from(m)).filter(|&m| {
                let person = &people[m];
                self.parent_here(person, usize::from(*head), TODAY).is_none()
                    && self.parent_elsewhere(person, TODAY).is_none()
            })
        });
        let turn = joiners.filter(|&m| (people[m].born, slot) > (people[slot].born, m)).count();
        let first = self.block.index * DWELLINGS_PER_BLOCK;
        // The last dwelling is kept for an institution, and the households stand in the order of theirs.
        let lived_in = |dwelling: &u64| {
            self.block.households.binary_search_by_key(dwelling, |household| household.dwelling.0).is_ok()
        };
        (first..first + DWELLINGS_PER_BLOCK - 1).filter(|dwelling| !lived_in(dwelling)).nth(turn).map(DwellingId)
    }
}

const YEAR: f64 = 365.2425;

fn age(person: &Person) -> f64 {
    f64::from(TODAY.0 - person.born.0) / YEAR
}

#[cfg(test)]
mod tests {
    use super::super::tests::config;
    use super::*;
    use crate::population::places::{MoveRates, PEOPLE_PER_BLOCK};
    use crate::population::{PopulationConfig, Sex};
    use crate::random::Seed;
    use std::collections::BTreeMap;

    const BLOCKS: u64 = 300;

    fn country() -> Population {
        Population::new(config(BLOCKS * PEOPLE_PER_BLOCK), Seed(3))
    }

    #[test]
    fn at_every_stated_date_the_people_of_a_dwelling_are_of_one_household() {
        let country = country();
        let blocks: Vec<_> = (0..BLOCKS).map(|index| country.block(index)).collect();
        for years in [0, 1, 4, 10] {
            // By dwelling: the number of the household that was there, and in whose block its people live today.
            let mut lived_in = BTreeMap::new();
            for block in &blocks {
                for slot in 0..block.people.len() {
                    let Some(then) = country.home_years_ago(block, slot, years) else { continue };
                    let number = country.places().household_years_ago(then, years);
                    assert_eq!(number.block(), block.index, "events keep people within their block");
                    assert_eq!(*lived_in.entry(then).or_insert(number), number);
                    if years == 0 {
                        assert_eq!(number, block.households[usize::from(block.people[slot].household)].dwelling);
                    }
                }
            }
        }
    }

    #[test]
    fn children_live_with_a_parent_until_they_leave_home_and_some_have_left() {
        let country = country();
        let (mut left, mut children) = (0, 0);
        for block in (0..BLOCKS).map(|index| country.block(index)) {
            for (slot, person) in block.people.iter().enumerate().filter(|(_, p)| p.age() < 40) {
                let parents: Vec<usize> =
                    [person.kin.father, person.kin.mother].into_iter().flatten().map(usize::from).collect();
                let head = usize::from(block.households[usize::from(person.household)].members[0]);
                if parents.is_empty()
                    || (slot != head && parents.iter().all(|&p| block.people[p].household != person.household))
                {
                    continue;
                }
                for years in [1, 5, 10, 20] {
                    let home = country.home_years_ago(&block, slot, years);
                    let with = |&p: &usize| country.home_years_ago(&block, p, years) == home;
                    if home.is_some()
                        && person.age() - (years as i32) < 17
                        && parents.iter().any(|&p| country.home_years_ago(&block, p, years).is_some())
                    {
                        children += 1;
                        assert!(parents.iter().any(with), "{years} years ago: {person:?}");
                        left += u32::from(parents.iter().all(|&p| block.people[p].household != person.household));
                    }
                }
            }
        }
        assert!(left > 500 && children > 5_000, "{left} of {children}");
    }

    #[test]
    fn couples_had_two_addresses_before_they_married_and_share_one_since() {
        let country = country();
        let (mut together, mut apart) = ([0; 2], [0; 2]);
        let (mut children, mut together_as_children) = (0, 0);
        for block in (0..BLOCKS).map(|index| country.block(index)) {
            for (slot, wife) in block.people.iter().enumerate() {
                let (Sex::Female, Some(husband)) = (wife.sex, wife.kin.spouse) else { continue };
                let couple = [slot, usize::from(husband)];
                let youngest = couple.map(|one| age(&block.people[one])).into_iter().fold(f64::MAX, f64::min);
                for (i, years) in [1, 10].into_iter().enumerate() {
                    let [hers, his] = couple.map(|one| country.home_years_ago(&block, one, years));
                    let (Some(hers), Some(his)) = (hers, his) else { continue };
                    together[i] += u32::from(hers == his);
                    apart[i] += u32::from(hers != his);
                    let common =
                        |child: &&Person| (child.kin.mother, child.kin.father) == (Some(slot as u16), Some(husband));
                    let eldest = block.people.iter().filter(common).map(age).fold(0.0, f64::max);
                    if eldest >= f64::from(years) {
                        assert_eq!(hers, his, "parents of a child of that age lived together");
                    } else if eldest < f64::from(years) - 2.0 && youngest - f64::from(years) < 16.0 {
                        children += 1;
                        together_as_children += u32::from(hers == his);
                    }
                }
            }
        }
        // But for those who find no dwelling free.
        assert!(together_as_children * 25 < children, "{together_as_children} of {children}");
        assert!(apart[0] * 150 > together[0] && apart[0] * 10 < together[0], "{together:?} {apart:?}");
        assert!(apart[1] * 10 > together[1], "{together:?} {apart:?}");
    }

    #[test]
    fn nobody_lived_anywhere_before_birth_or_arrival() {
        let country = country();
        let mut arrived = 0;
        for block in (0..40).map(|index| country.block(index)) {
            for (slot, person) in block.people.iter().enumerate() {
                let since = person.arrived.unwrap_or(person.born);
                assert!(since >= person.born && since <= TODAY);
                assert_eq!(person.arrived.is_some(), person.status != crate::population::Status::CitizenByBirth);
                arrived += u32::from(person.arrived.is_some());
                for years in [0, 3, 12, 30] {
                    let then = TODAY.0 - (f64::from(years) * YEAR) as i32;
                    assert_eq!(country.home_years_ago(&block, slot, years).is_some(), since.0 <= then);
                }
            }
        }
        assert!(arrived > 500);
    }

    #[test]
    fn nobody_moves_when_nobody_may() {
        let still = MoveRates { within_county: 0.0, within_state: 0.0, beyond: 0.0 };
        let config = PopulationConfig { moves: still, ..config(20 * PEOPLE_PER_BLOCK) };
        let country = Population::new(config, Seed(3));
        for block in (0..20).map(|index| country.block(index)) {
            for (slot, person) in block.people.iter().enumerate() {
                let home = block.households[usize::from(person.household)].dwelling;
                assert!(country.home_years_ago(&block, slot, 9).is_none_or(|then| then == home));
            }
        }
    }
}
