//! Files that treat everybody alike, at the level at which they treat some people on average.

use super::AgencyConfig;
use crate::population::{Person, Population};

impl AgencyConfig {
    /// The same file with equal capture: each error happens to everybody as often as to these people on average.
    pub fn with_equal_capture(&self, country: &Population, people: &[Person]) -> AgencyConfig {
        AgencyConfig { capture: self.capture.levelled(country, people), ..self.clone() }
    }

    /// The same file with equal coverage: everybody of age is on file as probably as these people are on average.
    pub fn with_equal_coverage(&self, people: &[Person]) -> AgencyConfig {
        if people.is_empty() {
            return self.clone();
        }
        let covered =
            |person: &Person| self.coverage[person.status as usize] * self.coverage_by_group[person.group as usize];
        let level = people.iter().map(covered).sum::<f64>() / people.len() as f64;
        AgencyConfig { coverage: [level; 6], coverage_by_group: [1.0; 6], ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agency::{Agency, Side, Subject};
    use crate::population::PopulationConfig;
    use crate::random::Seed;
    use crate::scenario::tests::scenario;
    use std::collections::BTreeMap;

    #[test]
    fn equal_capture_and_coverage_keep_the_level_and_take_the_differences_between_groups() {
        let scenario = scenario(&["population.people=102400"]);
        let country = Population::new(PopulationConfig::of(&scenario.population), Seed(4));
        let own = AgencyConfig::holder(&scenario);
        let people: Vec<Person> = (0..400).flat_map(|block| country.block(block).people.clone()).collect();
        let equal = own.with_equal_capture(&country, &people).with_equal_coverage(&people);
        // Errors and people on file, by group.
        let counted = |config: &AgencyConfig| {
            let holder = Agency::new(&country, config, Side::Holder, Seed(5));
            let mut by_group: BTreeMap<usize, [f64; 3]> = BTreeMap::new();
            for block in (0..400).map(|block| country.block(block)) {
                for slot in 0..block.people.len() {
                    let subject = Subject::of(&block, slot);
                    let sums = by_group.entry(subject.person.group as usize).or_default();
                    sums[0] += 1.0;
                    sums[1] += holder.drawn(subject).len() as f64;
                    sums[2] += f64::from(u8::from(holder.covers_at(
                        subject,
                        config.coverage[subject.person.status as usize]
                            * config.coverage_by_group[subject.person.group as usize],
                    )));
                }
            }
            by_group
        };
        let (before, after) = (counted(&own), counted(&equal));
        let mean = |counts: &BTreeMap<usize, [f64; 3]>, what: usize| {
            let [all, of] = [0, what].map(|what| counts.values().map(|sums| sums[what]).sum::<f64>());
            of / all
        };
        for what in [1, 2] {
            let (a, b) = (mean(&before, what), mean(&after, what));
            assert!((a / b - 1.0).abs() < 0.02, "{what}: {a} and {b}");
        }
        let of =
            |counts: &BTreeMap<usize, [f64; 3]>, group: usize, what: usize| counts[&group][what] / counts[&group][0];
        let apart = |counts, what| of(counts, 2, what) / of(counts, 0, what);
        assert!(apart(&before, 1) > 1.05 && apart(&before, 2) < 0.96, "{before:?}");
        assert!((apart(&after, 1) - 1.0).abs() < 0.02 && (apart(&after, 2) - 1.0).abs() < 0.02, "{after:?}");
    }
}
