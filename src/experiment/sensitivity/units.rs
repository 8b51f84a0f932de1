//! The assumptions of a scenario as factors of two levels: the ends of each range.

use crate::scenario::{Assumption, Basis, Scenario};
use std::collections::BTreeMap;

/// Assumptions that mean something only together: of capture the proportions count, and a country's or file's make-up is
/// one assumption in several numbers. They go to their ends together.
pub(in super::super) const TOGETHER_ONLY: [&str; 10] = [
    "requester.capture.names.",
    "requester.capture.status.",
    "requester.capture.age.",
    "holder.capture.names.",
    "holder.capture.status.",
    "holder.capture.age.",
    "holder.coverage.",
    "holder.coverage_by_group.",
    "population.born_abroad.",
    "agreement.appeal.reach.",
];

/// Shares that sum to 1: one is moved, and the others make room.
pub(in super::super) const SUMS_TO_ONE: [&str; 5] = [
    "population.groups.",
    "population.final_order_countries.",
    "population.status_hispanic.",
    "population.status_others.",
    "population.status_with_order.",
];

/// The level of a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The lower end of a range; of a choice its own value.
    Lower,
    /// The upper end of a range; of a choice another value. Where there are several, experiments take them in turn, by
    /// their number.
    Upper(usize),
}

/// A factor: all that is moved at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its key; of several assumptions that go together the beginning of their keys and a star.
    pub key: String,
    domain: Domain,
}

#[derive(Clone, Debug, PartialEq)]
enum Domain {
    Numbers(Vec<Number>),
    /// A share, and the beginning of the keys of all with which it sums to 1.
    ShareOf(Number, &'static str),
    /// Its own value and the others.
    Choice(String, Vec<String>),
}

#[derive(Clone, Debug, PartialEq)]
struct Number {
    key: String,
    ends: [f64; 2],
}

impl Number {
    fn of(assumption: &Assumption) -> Option<Number> {
        let ends = assumption.range.filter(|[low, high]| low < high)?;
        assumption.value.as_f64()?;
        Some(Number { key: assumption.key.clone(), ends })
    }

    fn at(&self, level: Level) -> f64 {
        self.ends[usize::from(level != Level::Lower)]
    }
}

impl Unit {
    /// The number of assumed values it moves.
    pub fn assumptions(&self) -> u64 {
        match &self.domain {
            Domain::Numbers(numbers) => numbers.len() as u64,
            Domain::ShareOf(..) | Domain::Choice(..) => 1,
        }
    }

    /// The names of its lower and its upper level.
    pub fn ends(&self) -> [String; 2] {
        match &self.domain {
            Domain::Numbers(numbers) if numbers.len() > 1 => ["all lowest".to_string(), "all highest".to_string()],
            Domain::Numbers(numbers) => numbers[0].ends.map(|end| end.to_string()),
            Domain::ShareOf(number, _) => number.ends.map(|end| end.to_string()),
            Domain::Choice(own, others) => [own.clone(), others.join(" or ")],
        }
    }
}

/// All that can be moved, and the keys that cannot.
pub fn units(scenario: &Scenario) -> (Vec<Unit>, Vec<String>) {
    let assumptions = scenario.assumptions();
    let assumed = || assumptions.iter().filter(|assumption| assumption.basis == Basis::Assumed);
    let (mut units, mut not_tried): (Vec<Unit>, Vec<String>) = (Vec::new(), Vec::new());
    for assumption in assumed() {
        let key = &assumption.key;
        if let Some(group) = TOGETHER_ONLY.into_iter().find(|group| key.starts_with(group)) {
            let name = format!("{group}*");
            if units.iter().all(|unit| unit.key != name) {
                let members = assumed().filter(|other| other.key.starts_with(group)).filter_map(Number::of);
                units.push(Unit { key: name, domain: Domain::Numbers(members.collect()) });
            }
        } else if let Some(number) = Number::of(assumption) {
            let domain = match SUMS_TO_ONE.into_iter().find(|sum| key.starts_with(sum)) {
                Some(sum) => Domain::ShareOf(number, sum),
                None => Domain::Numbers(vec![number]),
            };
            units.push(Unit { key: key.clone(), domain });
        } else {
            let fits = |option: &&String| scenario.with("sensitivity", &[format!("{key}={option}")]).is_ok();
            let others: Vec<String> = assumption.alternatives.iter().filter(fits).cloned().collect();
            if !others.is_empty() {
                units.push(Unit { key: key.clone(), domain: Domain::Choice(own_text(assumption), others) });
            } else if assumption.range.is_none() {
                // A number with no range but itself is a choice of the user's.
                not_tried.push(key.clone());
            }
        }
    }
    units.retain(|unit| !matches!(&unit.domain, Domain::Numbers(numbers) if numbers.is_empty()));
    (units, not_tried)
}

/// The settings with which each of these units has its level. Shares that sum to 1 and are not moved make room for those
/// that are; where there is no room, all are made smaller.
pub fn sets(scenario: &Scenario, levels: &[(&Unit, Level)]) -> Vec<String> {
    let mut sets = Vec::new();
    let mut shares: BTreeMap<&str, BTreeMap<&str, f64>> = BTreeMap::new();
    for (unit, level) in levels {
        match &unit.domain {
            Domain::Numbers(numbers) => {
                sets.extend(numbers.iter().map(|number| format!("{}={}", number.key, number.at(*level))));
            }
            Domain::ShareOf(number, sum) => {
                shares.entry(sum).or_default().insert(&number.key, number.at(*level));
            }
            Domain::Choice(own, others) => {
                let value = match level {
                    Level::Lower => own,
                    Level::Upper(turn) => &others[turn % others.len()],
                };
                sets.push(format!("{}={value}", unit.key));
            }
        }
    }
    for (sum, moved) in shares {
        let own = |assumption: Assumption| Some((assumption.key, assumption.value.as_f64()?));
        let all = scenario.assumptions().into_iter().filter(|assumption| assumption.key.starts_with(sum));
        let others: Vec<(String, f64)> = all.filter_map(own).filter(|(key, _)| !moved.contains_key(&**key)).collect();
        let (taken, left): (f64, f64) = (moved.values().sum(), others.iter().map(|(_, value)| value).sum());
        let room = if left > 0.0 { ((1.0 - taken) / left).max(0.0) } else { 0.0 };
        let total = taken + left * room;
        sets.extend(moved.iter().map(|(key, value)| format!("{key}={}", value / total)));
        sets.extend(others.iter().map(|(key, value)| format!("{key}={}", value * room / total)));
    }
    sets
}

/// The value of a choice as `--set` takes it.
pub(in super::super) fn own_text(assumption: &Assumption) -> String {
    match &assumption.value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tests::scenario;

    #[test]
    fn every_assumption_is_moved_or_named_as_one_that_is_not() {
        let scenario = scenario(&[]);
        let (units, not_tried) = units(&scenario);
        for assumption in scenario.assumptions() {
            let stands_still = assumption.range.is_some_and(|[low, high]| low == high);
            if assumption.basis == Basis::Published || stands_still {
                continue;
            }
            let key = &assumption.key;
            let named =
                |unit: &Unit| unit.key == *key || unit.key.strip_suffix('*').is_some_and(|p| key.starts_with(p));
            assert!(units.iter().any(named) || not_tried.contains(key), "{key}");
        }
        // Everything that is set is a scenario, and one end at least is another one.
        for unit in &units {
            let moved =
                [Level::Lower, Level::Upper(0)].map(|level| scenario.with("moved", &sets(&scenario, &[(unit, level)])));
            let others = moved.map(|moved| moved.unwrap_or_else(|error| panic!("{}: {error}", unit.key)) != scenario);
            assert!(others.contains(&true), "{}", unit.key);
        }
    }

    #[test]
    fn shares_that_are_moved_together_still_sum_to_one() {
        let scenario = scenario(&[]);
        let (units, _) = units(&scenario);
        for sum in SUMS_TO_ONE {
            let moved: Vec<&Unit> = units.iter().filter(|unit| unit.key.starts_with(sum)).collect();
            for level in [Level::Lower, Level::Upper(0)] {
                let levels: Vec<(&Unit, Level)> = moved.iter().map(|unit| (*unit, level)).collect();
                let sets = sets(&scenario, &levels);
                let total: f64 = sets.iter().map(|set| set.split_once('=').unwrap().1.parse::<f64>().unwrap()).sum();
                assert!(moved.is_empty() || (total - 1.0).abs() < 1e-9, "{sum} {total}");
                assert!(scenario.with("moved", &sets).is_ok(), "{sets:?}");
            }
        }
    }
}
