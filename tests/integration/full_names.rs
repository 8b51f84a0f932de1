//! Full names: how many people of the country bear a given name and a surname together, beside the product of the
//! published shares of both. The expected counts are kept outside the repository.

use crate::support::{scenario, shared_data};
use namesake::population::names::{GivenCode, SurnameCode};
use namesake::population::{Group, Population, PopulationConfig};
use namesake::random::Seed;
use std::collections::BTreeMap;
use std::fs;

/// Ratios of counted to expected of so many pairs of names.
#[derive(Default)]
struct Ratios(Vec<f64>);

impl Ratios {
    /// The geometric mean, and the standard deviation of the logarithms, exponentiated.
    fn mean_and_spread(&self) -> (f64, f64) {
        let logs: Vec<f64> = self.0.iter().map(|ratio| ratio.ln()).collect();
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let variance = logs.iter().map(|log| (log - mean) * (log - mean)).sum::<f64>() / logs.len() as f64;
        (mean.exp(), variance.sqrt().exp())
    }
}

#[test]
fn full_names_are_as_common_as_their_published_parts_make_them() {
    const NATION: f64 = 331.4e6;
    let Some(file) = shared_data("data/calibration/full_names.csv") else { return };
    let scenario = scenario(&["population.people=3000000", "population.final_order=0.004"]);
    let country = Population::new(PopulationConfig::of(&scenario.population), Seed(1));
    let names = country.names();
    let mut expected: BTreeMap<(GivenCode, SurnameCode), (f64, bool)> = BTreeMap::new();
    for line in fs::read_to_string(file).unwrap().lines().filter(|line| line.contains("product, scaled")) {
        let cells: Vec<&str> = line.split(',').collect();
        let Some(pair) = names.find_given(cells[0]).zip(names.find_surname(cells[1])) else { continue };
        // Given name and surname of one Asian or Haitian tradition go together more often than the product says.
        let of_group = |group| names.surname_probability(group, pair.1);
        let hispanic = of_group(Group::Hispanic) > 4.0 * of_group(Group::White);
        let asian = of_group(Group::AsianPacific) > 4.0 * of_group(Group::White) && !hispanic;
        if !asian && !["Jean", "Pierre"].contains(&cells[0]) {
            expected.insert(pair, (cells[2].parse::<f64>().unwrap() * country.people() as f64 / NATION, hispanic));
        }
    }
    let mut counts: BTreeMap<(GivenCode, SurnameCode), u64> = BTreeMap::new();
    for index in 0..country.blocks() {
        for person in country.block(index).people.iter().filter(|person| !person.compound_given) {
            if person.second_surname.is_none() && expected.contains_key(&person.called()) {
                *counts.entry(person.called()).or_default() += 1;
            }
        }
    }
    let (mut hispanic, mut others) = (Ratios::default(), Ratios::default());
    // With fewer expected the spread would be that of luck.
    for (pair, (people, of_hispanic)) in expected.iter().filter(|(_, (people, _))| *people >= 10.0) {
        let ratios = if *of_hispanic { &mut hispanic } else { &mut others };
        ratios.0.push((counts.get(pair).copied().unwrap_or(0) as f64 + 0.5) / (people + 0.5));
    }
    for (who, ratios) in [("Hispanic", &hispanic), ("other", &others)] {
        let (mean, spread) = ratios.mean_and_spread();
        eprintln!("{who}: {} pairs, geometric mean {mean:.3}, spread {spread:.3}", ratios.0.len());
        assert!(ratios.0.len() > 20, "{who}: {}", ratios.0.len());
        assert!((0.85..=1.15).contains(&mean) && spread <= 1.45, "{who}: {mean} {spread}");
    }
}
