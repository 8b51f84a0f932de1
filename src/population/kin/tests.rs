//! Tests of households and families: sizes, kin, names passed on, nativity and status.

use super::super::tests::config;
use super::super::{Sex, Status};
use super::*;
use crate::random::Seed;

fn blocks(count: u64) -> Vec<Block> {
    let country = Population::new(config(count * PEOPLE_PER_BLOCK), Seed(11));
    (0..count).map(|b| (*country.block(b)).clone()).collect()
}

#[test]
fn household_sizes_are_the_published_ones() {
    let sizes: Vec<usize> = blocks(500).iter().flat_map(|b| &b.households).map(|h| h.members.len()).collect();
    let share = |n: usize| sizes.iter().filter(|&&s| s == n).count() as f64 / sizes.len() as f64;
    let mean = sizes.iter().sum::<usize>() as f64 / sizes.len() as f64;
    assert!((share(1) - 0.289).abs() < 0.015, "{}", share(1));
    assert!((share(2) - 0.346).abs() < 0.015, "{}", share(2));
    assert!((mean / 2.51 - 1.0).abs() < 0.03, "{mean}");
}

#[test]
fn parents_are_older_than_the_children_who_live_with_them() {
    for block in blocks(60) {
        for household in &block.households {
            let people: Vec<&Person> = household.members.iter().map(|&m| &block.people[usize::from(m)]).collect();
            for person in &people {
                assert!((0..=105).contains(&person.age()), "{person:?}");
                if person.suffix.is_some() && people[0].given == person.given && people[0].id != person.id {
                    assert!(people[0].age() > person.age() + 12);
                }
            }
        }
    }
}

#[test]
fn kin_share_surnames_across_households_and_some_sons_the_whole_name() {
    let (mut shared, mut households, mut juniors, mut men) = (0, 0, 0, 0);
    for block in blocks(200) {
        let heads: Vec<&Person> = block.households.iter().map(|h| &block.people[usize::from(h.members[0])]).collect();
        for (i, head) in heads.iter().enumerate() {
            households += 1;
            shared += usize::from(heads.iter().enumerate().any(|(j, o)| i != j && o.surname == head.surname));
        }
        men += block.people.iter().filter(|p| p.sex == Sex::Male).count();
        juniors += block.people.iter().filter(|p| p.suffix.is_some()).count();
    }
    assert!(shared * 5 > households, "{shared} of {households}");
    assert!((0.005..0.05).contains(&(juniors as f64 / men as f64)), "{juniors} of {men}");
}

#[test]
fn cousins_are_children_of_siblings_and_live_near() {
    let parents = |person: &Person| [person.kin.father, person.kin.mother].map(|p| p.map(usize::from));
    let places = Population::new(config(200 * PEOPLE_PER_BLOCK), Seed(11));
    let (mut with_cousin, mut with_grandparent, mut children) = (0, 0, 0);
    for block in blocks(200) {
        let people = &block.people;
        let grandparents = |person: &Person| -> Vec<usize> {
            parents(person).into_iter().flatten().flat_map(|p| parents(&people[p])).flatten().collect()
        };
        let dwelling = |person: &Person| block.households[usize::from(person.household)].dwelling;
        for child in people.iter().filter(|person| person.age() < 18) {
            let own = grandparents(child);
            let cousins = people.iter().filter(|other| {
                let siblings = parents(child).iter().flatten().any(|p| parents(other).contains(&Some(*p)));
                !siblings && grandparents(other).iter().any(|one| own.contains(one))
            });
            let mut some = false;
            for cousin in cousins {
                some = true;
                // Of two households, in one county, in which no parent of the one is a parent of the other.
                let [here, there] = [child, cousin].map(dwelling);
                assert_ne!(here, there, "{child:?} {cousin:?}");
                let county = |dwelling: DwellingId| places.places().county_of(dwelling.block());
                assert_eq!(county(here), county(there));
            }
            children += 1;
            with_cousin += u32::from(some);
            with_grandparent += u32::from(!own.is_empty());
        }
    }
    let [cousins, grandparents] = [with_cousin, with_grandparent].map(|n| f64::from(n) / f64::from(children));
    assert!((0.05..0.15).contains(&cousins), "{cousins}");
    assert!((0.2..0.45).contains(&grandparents), "{grandparents}");
}

#[test]
fn twins_share_a_birthday_and_not_a_name() {
    let (mut twins, mut children) = (0, 0);
    for block in blocks(400) {
        for household in &block.households {
            let people: Vec<&Person> = household.members.iter().map(|&m| &block.people[usize::from(m)]).collect();
            children += people.iter().filter(|p| p.age() < 18).count();
            for pair in people.windows(2) {
                if pair[0].born == pair[1].born && pair[0].surname == pair[1].surname {
                    twins += 1;
                    assert_ne!(pair[0].given, pair[1].given);
                }
            }
        }
    }
    assert!(twins > 0 && twins < children / 30, "{twins} of {children}");
}

/// Shares counted over a country, by what they are of.
#[derive(Default)]
struct Shares(std::collections::BTreeMap<&'static str, [u64; 2]>);

impl Shares {
    fn add(&mut self, what: &'static str, hit: bool) {
        let [hits, trials] = self.0.entry(what).or_default();
        (*hits, *trials) = (*hits + u64::from(hit), *trials + 1);
    }

    fn assert_between(&self, what: &str, low: f64, high: f64) {
        let [hits, trials] = self.0[what];
        let share = hits as f64 / trials as f64;
        assert!((low..high).contains(&share), "{what}: {share} of {trials}, not between {low} and {high}");
    }
}

fn without_status(person: &Person) -> bool {
    matches!(person.status, Status::NoneRecorded | Status::Pending) || person.final_order
}

fn add_person(shares: &mut Shares, person: &Person, spouse: Option<&Person>) {
    shares.add("people born abroad", person.abroad);
    match person.group {
        Group::Hispanic => shares.add("Hispanic people born abroad", person.abroad),
        Group::AsianPacific => shares.add("Asian people born abroad", person.abroad),
        Group::White => shares.add("white people born abroad", person.abroad),
        Group::Black => shares.add("Black people born abroad", person.abroad),
        _ => {}
    }
    if person.age() < 18 {
        shares.add("children born abroad", person.abroad);
    }
    if person.abroad {
        shares.add("naturalised of people born abroad", person.status == Status::Naturalised);
        shares.add("without a status of people born abroad", without_status(person));
    }
    if person.final_order {
        shares.add("people with an order who are Hispanic", person.group == Group::Hispanic);
        if person.group == Group::Hispanic {
            shares.add("two surnames", person.second_surname.is_some());
        }
    }
    let Some(spouse) = spouse else { return };
    if person.sex == Sex::Male {
        shares.add("couples both born abroad", person.abroad && spouse.abroad);
        shares.add("couples one born abroad", person.abroad != spouse.abroad);
        if person.abroad && spouse.abroad {
            let naturalised = [person, spouse].iter().filter(|one| one.status == Status::Naturalised).count();
            shares.add("both naturalised", naturalised == 2);
            shares.add("one naturalised", naturalised == 1);
        }
    }
    if person.final_order {
        shares.add("spouses who are citizens", spouse.status.is_citizen());
        shares.add("spouses who are residents", spouse.status == Status::PermanentResident);
    }
}

fn add_household(shares: &mut Shares, people: &[&Person]) {
    let somebody = people.iter().any(|person| without_status(person));
    shares.add("households with somebody without a status", somebody);
    if somebody {
        shares.add("mixed households", people.iter().any(|person| !without_status(person)));
        for child in people.iter().filter(|person| person.age() < 18) {
            shares.add("children who are citizens", child.status.is_citizen());
        }
    }
    let orders = people.iter().filter(|person| person.final_order).count();
    if orders > 0 {
        shares.add("households with several orders", orders > 1);
        for adult in people.iter().filter(|person| !person.final_order && person.age() >= 18) {
            shares.add("adults beside an order who are citizens", adult.status.is_citizen());
            shares.add("adults beside an order who are naturalised", adult.status == Status::Naturalised);
        }
    }
}

#[test]
fn families_are_alike_in_nativity_and_status_as_published() {
    let people = 3_000 * PEOPLE_PER_BLOCK;
    let country = Population::new(super::super::PopulationConfig { final_order: 0.004, ..config(people) }, Seed(11));
    let mut shares = Shares::default();
    for block in (0..country.blocks()).map(|index| country.block(index)) {
        for person in &block.people {
            add_person(&mut shares, person, person.kin.spouse.map(|slot| &block.people[usize::from(slot)]));
        }
        for household in block.households.iter().filter(|household| household.institution.is_none()) {
            let people: Vec<&Person> = household.members.iter().map(|&slot| &block.people[usize::from(slot)]).collect();
            add_household(&mut shares, &people);
        }
    }
    // Of the size of census estimates; the groups are those of 2010 here.
    shares.assert_between("people born abroad", 0.11, 0.16);
    shares.assert_between("Hispanic people born abroad", 0.29, 0.38);
    shares.assert_between("Asian people born abroad", 0.55, 0.70);
    shares.assert_between("white people born abroad", 0.03, 0.055);
    shares.assert_between("Black people born abroad", 0.09, 0.14);
    shares.assert_between("children born abroad", 0.02, 0.05);
    // 49 % and 27 % in 2023.
    shares.assert_between("naturalised of people born abroad", 0.42, 0.54);
    shares.assert_between("without a status of people born abroad", 0.22, 0.33);
    // 13.1, 7.4, 41 and 20 % of married couples in 2011 (Census Bureau, ACSBR/11-16).
    shares.assert_between("couples both born abroad", 0.10, 0.16);
    shares.assert_between("couples one born abroad", 0.05, 0.10);
    shares.assert_between("both naturalised", 0.33, 0.49);
    shares.assert_between("one naturalised", 0.15, 0.27);
    // One household in 18, and three quarters of the children (Pew Research Center, August 2025).
    shares.assert_between("households with somebody without a status", 0.04, 0.075);
    shares.assert_between("children who are citizens", 0.70, 0.88);
    shares.assert_between("mixed households", 0.50, 0.75);
    // 80.2 % in the countries read, and some of the rest.
    shares.assert_between("people with an order who are Hispanic", 0.78, 0.87);
    shares.assert_between("two surnames", 0.75, 0.88);
    // 27 and 14 % of married people without a status (Migration Policy Institute).
    shares.assert_between("spouses who are citizens", 0.17, 0.37);
    shares.assert_between("spouses who are residents", 0.05, 0.22);
    shares.assert_between("households with several orders", 0.08, 0.30);
    shares.assert_between("adults beside an order who are citizens", 0.2, 0.55);
    shares.assert_between("adults beside an order who are naturalised", 0.05, 0.25);
}
