//! The unknown as a cube: each assumption is a dimension along which it is drawn from 0 to 1.
//!
//! Some assumptions share a dimension, since they mean something only together. Shares that sum to 1 are drawn each from
//! its own range and then scaled, all but the published ones, until they do.

use super::super::sensitivity::units::{SUMS_TO_ONE, TOGETHER_ONLY, own_text};
use crate::scenario::{Assumption, Basis, Scenario, Shape, Way, did_you_mean};

/// The cube of all that is assumed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Space {
    /// Its dimensions.
    pub dimensions: Vec<Dimension>,
    /// The published parts of each sum.
    fixed: Vec<(&'static str, f64)>,
}

/// A dimension: one assumption, or several that go together.
#[derive(Clone, Debug, PartialEq)]
pub struct Dimension {
    /// Its key; of several that go together the beginning of their keys and a star.
    pub key: String,
    /// The reason for its range.
    pub source: String,
    /// The values drawn.
    pub drawn: Drawn,
}

/// The values drawn along a dimension.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawn {
    /// A number.
    Number(Range),
    /// Several numbers, at the same place of their ranges.
    Together(Vec<Range>),
    /// One of the shares that sum to 1.
    Part(Range, &'static str),
    /// One of several ways, each as likely.
    Ways(Vec<Way>),
}

/// The range of a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The key of the setting.
    pub key: String,
    /// The lowest and the highest value.
    pub ends: [f64; 2],
    /// The shape of the values between them.
    pub shape: Shape,
    /// `true` if it is a whole number.
    pub whole: bool,
}

impl Range {
    fn of(assumption: &Assumption, shape: Option<Shape>) -> Option<Range> {
        let ends = assumption.range.filter(|[low, high]| low < high)?;
        let whole = assumption.value.is_i64() || assumption.value.is_u64();
        assumption.value.as_f64()?;
        Some(Range { key: assumption.key.clone(), ends, shape: shape.unwrap_or_else(|| Shape::of(ends)), whole })
    }

    /// The value at `u` from 0 to 1.
    pub fn at(&self, u: f64) -> f64 {
        let [low, high] = self.ends;
        match self.whole {
            // Each whole number has the same room, or the same ratio.
            true => libm::round(self.shape.at([(low - 0.499).max(0.001), high + 0.499], u)).clamp(low, high),
            false => self.shape.at(self.ends, u),
        }
    }
}

impl Dimension {
    /// The way at `u`.
    pub fn way(&self, u: f64) -> Option<usize> {
        match &self.drawn {
            Drawn::Ways(ways) => Some(((u * ways.len() as f64) as usize).min(ways.len() - 1)),
            _ => None,
        }
    }

    /// The value at `u` of one number; of several that go together their place from 0, all lowest, to 1, all highest.
    pub fn value(&self, u: f64) -> f64 {
        match &self.drawn {
            Drawn::Number(range) | Drawn::Part(range, _) => range.at(u),
            Drawn::Together(_) => u,
            Drawn::Ways(_) => self.way(u).map_or(0.0, |way| way as f64),
        }
    }
}

impl Space {
    /// A cube of some dimensions, none of which is a part of a sum.
    pub fn new(dimensions: Vec<Dimension>) -> Space {
        Space { dimensions, fixed: Vec::new() }
    }

    /// The cube of a scenario; `held` are the keys of settings that stay as they are. An error names the entry of `[infer]`
    /// that is wrong.
    pub fn of(scenario: &Scenario, held: &[&str]) -> Result<Space, String> {
        let priors = scenario.priors()?;
        let mut space = Space::default();
        let assumed = || priors.iter().filter(|(one, _)| one.basis == Basis::Assumed && !held.contains(&&one.key[..]));
        for (assumption, shape) in assumed() {
            let key = &assumption.key;
            let range = Range::of(assumption, *shape);
            let group = TOGETHER_ONLY.into_iter().find(|group| key.starts_with(group));
            let (key, drawn) = if let Some(group) = group {
                let name = format!("{group}*");
                if space.dimensions.iter().any(|known| known.key == name) {
                    continue;
                }
                let members = assumed().filter(|(other, _)| other.key.starts_with(group));
                let members: Vec<Range> = members.filter_map(|(other, shape)| Range::of(other, *shape)).collect();
                if members.is_empty() {
                    continue;
                }
                (name, Drawn::Together(members))
            } else if let Some(range) = range {
                let sum = SUMS_TO_ONE.into_iter().find(|sum| key.starts_with(sum));
                (key.clone(), sum.map_or(Drawn::Number(range.clone()), |sum| Drawn::Part(range, sum)))
            } else {
                let way = |option: &String| Way { name: option.clone(), set: vec![format!("{key}={option}")] };
                let fits = |way: &Way| scenario.with("infer", &way.set).is_ok();
                let others: Vec<Way> = assumption.alternatives.iter().map(way).filter(fits).collect();
                if others.is_empty() {
                    continue;
                }
                let own = Way { name: own_text(assumption), set: Vec::new() };
                (key.clone(), Drawn::Ways([vec![own], others].concat()))
            };
            space.dimensions.push(Dimension { key, source: assumption.source.clone(), drawn });
        }
        for choice in &scenario.infer.choice {
            for way in &choice.options {
                scenario.with("infer", &way.set).map_err(|error| format!("infer.choice: {}: {error}", choice.name))?;
            }
            let drawn = Drawn::Ways(choice.options.clone());
            space.dimensions.push(Dimension { key: choice.name.clone(), source: choice.source.clone(), drawn });
        }
        let is_drawn = |key: &str| space.dimensions.iter().any(|dimension| dimension.key == key);
        let fixed = |sum: &'static str| {
            let parts = priors.iter().filter(|(part, _)| part.key.starts_with(sum) && !is_drawn(&part.key));
            (sum, parts.filter_map(|(part, _)| part.value.as_f64()).sum::<f64>())
        };
        space.fixed = SUMS_TO_ONE.into_iter().map(fixed).collect();
        Ok(space)
    }

    /// The part of the cube along some keys, or all of it where none is named; what lies along the others stays as the
    /// scenario has it. Shares that sum to 1 cannot be among them.
    pub fn only(mut self, keys: &[String]) -> Result<Space, String> {
        if keys.is_empty() {
            return Ok(self);
        }
        for key in keys {
            let known = || self.dimensions.iter().map(|dimension| dimension.key.as_str());
            if !known().any(|name| name == key) {
                return Err(format!("{key}: nothing of this name is drawn{}", did_you_mean(key, known())));
            }
        }
        self.dimensions.retain(|dimension| keys.contains(&dimension.key));
        match self.dimensions.iter().find(|dimension| matches!(dimension.drawn, Drawn::Part(..))) {
            Some(part) => Err(format!("{}: it is one of shares that sum to 1; leave it out", part.key)),
            None => Ok(self),
        }
    }

    /// The settings of a point of the cube, each `KEY=VALUE`.
    pub fn sets(&self, point: &[f64]) -> Vec<String> {
        let mut sets = Vec::new();
        let mut parts: Vec<(&'static str, &str, f64)> = Vec::new();
        for (dimension, &u) in self.dimensions.iter().zip(point) {
            match &dimension.drawn {
                Drawn::Number(range) => sets.push(format!("{}={}", range.key, range.at(u))),
                Drawn::Together(ranges) => {
                    sets.extend(ranges.iter().map(|range| format!("{}={}", range.key, range.at(u))));
                }
                Drawn::Part(range, sum) => parts.push((sum, &range.key, range.at(u))),
                Drawn::Ways(ways) => sets.extend(dimension.way(u).into_iter().flat_map(|way| ways[way].set.clone())),
            }
        }
        for (sum, key, value) in &parts {
            let drawn: f64 = parts.iter().filter(|(of, ..)| of == sum).map(|(.., value)| value).sum();
            let fixed = self.fixed.iter().find(|(of, _)| of == sum).map_or(0.0, |(_, fixed)| *fixed);
            sets.push(format!("{key}={}", value / drawn * (1.0 - fixed)));
        }
        sets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tests::scenario;

    #[test]
    fn every_corner_of_the_cube_is_a_scenario() {
        let scenario = scenario(&[]);
        let space = Space::of(&scenario, &["population.final_order"]).unwrap();
        assert!(space.dimensions.len() > 80, "{}", space.dimensions.len());
        assert!(space.dimensions.iter().all(|dimension| dimension.key != "population.final_order"));
        for u in [0.000_1, 0.5, 0.999_9] {
            let sets = space.sets(&vec![u; space.dimensions.len()]);
            let made = scenario.with("corner", &sets).unwrap_or_else(|error| panic!("{u}: {error}"));
            let shares: f64 = made.population.final_order_countries.values().iter().sum();
            assert!((shares - 1.0).abs() < 1e-9);
            assert!((made.population.final_order_countries.honduras.value.get() - 0.181).abs() < 1e-12, "published");
        }
    }

    #[test]
    fn a_dimension_is_one_assumption_or_several_that_go_together() {
        let scenario = scenario(&[]);
        let space = Space::of(&scenario, &[]).unwrap();
        let mut keys: Vec<&str> = space.dimensions.iter().map(|dimension| dimension.key.as_str()).collect();
        assert!(keys.contains(&"holder.capture.names.*") && keys.contains(&"agreement.answers"));
        assert!(scenario.infer.choice.iter().all(|choice| keys.contains(&choice.name.as_str())));
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all, "each once");
        let sets = space.sets(&vec![0.3; all]);
        let said: Vec<&str> = sets.iter().map(|set| set.split_once('=').unwrap().0).collect();
        for (assumption, _) in scenario.priors().unwrap() {
            let moves = assumption.range.is_some_and(|[low, high]| low < high);
            let wanted = assumption.basis == Basis::Assumed && moves && assumption.value.is_number();
            assert!(!wanted || said.contains(&assumption.key.as_str()), "{}", assumption.key);
        }
    }

    #[test]
    fn a_part_of_the_cube_leaves_all_else_as_it_is() {
        let scenario = scenario(&[]);
        let keys = ["address rule", "requester.number_given"].map(str::to_string);
        let space = Space::of(&scenario, &[]).unwrap().only(&keys).unwrap();
        assert_eq!(space.dimensions.len(), 2);
        let made = scenario.with("part", &space.sets(&[0.5, 0.3])).unwrap();
        assert_eq!(made.requester.errors, scenario.requester.errors);
        assert!(made.requester.number_given != scenario.requester.number_given);
        let refused = |key: &str| Space::of(&scenario, &[]).unwrap().only(&[key.to_string()]).unwrap_err();
        assert!(refused("requester.number_givn").contains("did you mean \"requester.number_given\""));
        assert!(refused("population.groups.white").contains("sum to 1"));
    }

    #[test]
    fn whole_numbers_are_drawn_alike_and_ways_have_the_same_room() {
        let range = Range { key: "k".into(), ends: [1.0, 4.0], shape: Shape::Uniform, whole: true };
        let mut counts = [0; 5];
        (0..1_000).for_each(|i| counts[range.at((f64::from(i) + 0.5) / 1_000.0) as usize] += 1);
        assert!(counts[0] == 0 && counts[1..].iter().all(|count| (count - 250_i32).abs() < 3), "{counts:?}");
        let ways = ["a", "b", "c"].map(|name| Way { name: name.into(), set: Vec::new() }).to_vec();
        let dimension = Dimension { key: "k".into(), source: "s".into(), drawn: Drawn::Ways(ways) };
        assert_eq!([0.0, 0.33, 0.34, 0.67, 0.999].map(|u| dimension.way(u).unwrap()), [0, 0, 1, 2, 2]);
    }
}
