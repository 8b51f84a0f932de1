//! Namesakes: what the closed formula expects of a file beside what is counted in it.

use crate::support::{same_or_blessed, scenario};
use namesake::experiment::{Coincidence, run};
use namesake::population::names::{Bearers, GivenCode, Namesakes, SurnameCode};
use namesake::population::{Population, PopulationConfig};
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
    let mut bearers = Bearers::default();
    let (mut made, mut rows, mut blocks) = (0, Vec::new(), 0.0);
    for index in 0..country.blocks() {
        let people = &country.block(index).people;
        of_names.block(people.iter().map(|p| (p.given, p.surname)));
        of_dates.block(people.iter().map(|p| (p.given, p.surname, p.born)));
        people.iter().for_each(|p| bearers.add(p.bearer(people), 1));
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
    let country = Population::new(PopulationConfig::of(&scenario.population), scenario.population_seed());
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

#[test]
fn as_many_namesakes_of_the_people_sought_are_on_file_as_arithmetic_expects() {
    let sets = ["population.people=256000", "requester.requests=4000", "requester.list=like_population", "beside=[]"];
    let outcome = run(&scenario(&sets), &|_| {});
    let [name, year, date] = &outcome.coincidences[..] else { panic!("{:?}", outcome.coincidences) };
    let within = |it: &Coincidence| {
        let (ends, pairs) = (it.counted.interval.unwrap(), it.counted.rate.trials as f64);
        (ends.low * pairs..=ends.high * pairs).contains(&it.expected)
    };
    assert!(name.counted.rate.hits > 500 && year.counted.rate.hits > 5, "{name:?} {year:?}");
    assert!(within(name) && within(year) && within(date), "{:?}", outcome.coincidences);
    assert!(date.expected < year.expected / 300.0 && year.expected < name.expected / 10.0);
    // Nobody sought shares a name with a stranger where the bank takes strangers of one name away.
    let none = run(&scenario(&[sets[0], "requester.requests=400", sets[2], sets[3], "bank.strangers=none"]), &|_| {});
    let name = &none.coincidences[0];
    assert!(name.counted.rate.hits == 0 && name.expected > 50.0, "{name:?}");
}
