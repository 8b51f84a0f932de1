//! The families printed in `docs/families.md` are those of a run. `NAMESAKE_BLESS=1 cargo test families` writes them anew.

use crate::support::{same_or_blessed, scenario};
use namesake::population::{Block, Household, Person, Population, PopulationConfig};
use std::fmt::Write;

/// The block, and the interval between the households shown.
const BLOCK: u64 = 7;
const EVERY: usize = 5;

#[test]
fn the_families_of_the_docs_are_those_of_a_run() {
    let scenario = scenario(&[]);
    let country = Population::new(PopulationConfig::of(&scenario.population), scenario.population_seed());
    let block = country.block(BLOCK);
    let mut text = String::from(INTRODUCTION);
    for (number, household) in block.households.iter().skip(2).step_by(EVERY).take(20).enumerate() {
        let address = country.address(household.dwelling);
        let unit = if address.unit.is_empty() { String::new() } else { format!(", unit {}", address.unit) };
        writeln!(
            text,
            "\n**{}.** {} {}{unit}, {}, {} {}\n",
            number + 1,
            address.house_number,
            address.street,
            address.city,
            address.state,
            address.zip
        )
        .unwrap();
        for &slot in &household.members {
            let person = &block.people[usize::from(slot)];
            let what = relation(&country, &block, household, person);
            let sex = person.sex.name();
            writeln!(text, "- {}, {}, {sex}, born {}{what}", name(&country, person), person.age(), person.born)
                .unwrap();
        }
    }
    same_or_blessed("docs/families.md", None, &text);
}

const INTRODUCTION: &str = "# Twenty families

Every fifth household of one block of the default scenario, as the program invents them. Nobody here is real: names are
drawn by how common they are, and rare ones are put together from parts. The page lists kin who live in the same
block; everybody also has kin elsewhere, whom the program does not invent. A test compares this page with a run.
";

fn name(country: &Population, person: &Person) -> String {
    let mut name = String::new();
    country.names().write_given(person.given, &mut name);
    name.push(' ');
    if let Some(middle) = person.middle {
        country.names().write_given(middle, &mut name);
        name.push(' ');
    }
    country.surname(person, &mut name);
    if let Some(suffix) = person.suffix {
        write!(name, " {}", suffix.text()).unwrap();
    }
    name
}

/// The tie between a person and others of the household, and kin next door.
fn relation(country: &Population, block: &Block, household: &Household, person: &Person) -> String {
    let mut words = Vec::new();
    let kin = |slot: Option<u16>| slot.map(|slot| &block.people[usize::from(slot)]);
    let home = |other: &Person| household.members.iter().any(|&m| block.people[usize::from(m)].id == other.id);
    let elsewhere = |other: &Person| {
        let address = country.address(block.households[usize::from(other.household)].dwelling);
        format!(", who lives at {} {}", address.house_number, address.street)
    };
    let mut tie = |what: &str, other: Option<&Person>| {
        if let Some(other) = other {
            let place = if home(other) { String::new() } else { elsewhere(other) };
            words.push(format!("{what} of {}{place}", name(country, other)));
        }
    };
    tie("spouse", kin(person.kin.spouse));
    tie("twin", kin(person.kin.twin));
    let parent = kin(person.kin.father).or(kin(person.kin.mother));
    tie("child", parent);
    if words.is_empty() { String::new() } else { format!("; {}", words.join("; ")) }
}
