//! Namesakes: what the closed formula expects of a file beside what is counted in it.

use crate::agencies::{same_or_blessed, scenario};
use namesake::population::names::{Bearer, Bearers, GivenCode, Namesakes, SurnameCode};
use namesake::population::{Person, Population};
use namesake::record::Date;
use namesake::report::thousands;
use std::collections::HashMap;
use std::hash::Hash;

/// Pairs of people who have something in common and live in different blocks: kin whom the model knows of live in one.
struct Tally<K> {
    people: HashMap<K, u64>,
    within: HashMap<K, u64>,
    kin: u64,
}

impl<K: Hash + Eq + Copy> Tally<K> {
    fn new() -> Tally<K> {
        Tally { people: HashMap::new(), within: HashMap::new(), kin: 0 }
    }

    fn block(&mut self, keys: impl Iterator<Item = K>) {
        self.within.clear();
        for key in keys {
            *self.people.entry(key).or_default() += 1;
            *self.within.entry(key).or_default() += 1;
        }
        self.kin += self.within.values().map(|n| n * (n - 1) / 2).sum::<u64>();
    }

    fn pairs(&self) -> u64 {
        self.people.values().map(|n| n * (n - 1) / 2).sum::<u64>() - self.kin
    }
}

/// Whose name a person's surname is: the husband's for a wife who took it.
fn bearer(person: &Person, block: &[Person]) -> Bearer {
    let spouse = person.kin.spouse.map(|slot| &block[usize::from(slot)]);
    let taken = spouse.filter(|spouse| spouse.surname == person.surname && spouse.sex != person.sex);
    Bearer {
        surname: taken.map_or(person.group, |spouse| spouse.group),
        group: person.group,
        sex: person.sex,
        year: person.born.ymd().0,
    }
}

/// Expected and counted pairs of one name, and of one name and date of birth, in the first so many people of a country.
struct Row {
    people: u64,
    named_alike: [f64; 2],
    born_alike: [f64; 2],
}

fn rows(country: &Population, sizes: &[u64]) -> Vec<Row> {
    let namesakes = Namesakes::new(country.names());
    let mut of_names: Tally<(GivenCode, SurnameCode)> = Tally::new();
    let mut of_dates: Tally<(GivenCode, SurnameCode, Date)> = Tally::new();
    let mut bearers = Bearers::new();
    let (mut made, mut rows, mut blocks) = (0, Vec::new(), 0.0);
    for index in 0..country.blocks() {
        let people = country.block(index).people;
        of_names.block(people.iter().map(|p| (p.given, p.surname)));
        of_dates.block(people.iter().map(|p| (p.given, p.surname, p.born)));
        people.iter().for_each(|p| *bearers.entry(bearer(p, &people)).or_default() += 1);
        made += people.len() as u64;
        blocks += people.len() as f64 * (people.len() as f64 - 1.0);
        if sizes.contains(&made) {
            // Pairs of one block are counted on neither side.
            let apart = 1.0 - blocks / (made as f64 * (made as f64 - 1.0));
            let same_date = |year| country.same_birth_date(year);
            rows.push(Row {
                people: made,
                named_alike: [namesakes.pairs(&bearers) * apart, of_names.pairs() as f64],
                born_alike: [namesakes.pairs_born_alike(&bearers, same_date) * apart, of_dates.pairs() as f64],
            });
        }
    }
    rows
}

#[test]
fn a_million_people_have_the_namesakes_that_the_closed_formula_expects() {
    // Groups live everywhere alike, so that names do not depend on the place.
    let scenario = scenario(&["population.people=1024000", "population.clustering=0"]);
    let country = Population::new(scenario.population_config(), scenario.population_seed());
    let rows = rows(&country, &[10_240, 102_400, 1_024_000]);
    let mut table = String::from(
        "\n| people | pairs of one name: by arithmetic | counted | pairs of one name and date of birth: by arithmetic | \
         counted |\n|---|---|---|---|---|\n",
    );
    for Row { people, named_alike: [named, counted], born_alike: [born, found] } in &rows {
        table += &format!(
            "| {} | {} | {} | {born:.1} | {found} |\n",
            thousands(*people),
            thousands(named.round() as u64),
            thousands(*counted as u64),
        );
    }
    same_or_blessed("docs/measures.md", Some("namesakes"), &format!("{table}\n"));
    let [named, counted] = rows[2].named_alike;
    assert!((counted / named - 1.0).abs() < 0.03, "{counted} counted, {named} expected");
    let [born, found] = rows[2].born_alike;
    assert!((found - born).abs() < 4.0 * born.sqrt(), "{found} counted, {born} expected");
}
