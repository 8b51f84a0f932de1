//! A run's value for each published figure of its scenario.

use super::outcome::Outcome;
use crate::evaluation::{Judged, RateId, Rates, least_city};
use crate::scenario::case::{Measure, Published, Quantity};
use crate::scenario::{Scenario, ScenarioError};
use crate::stats::{Interval, Rate, any_of, wilson};

/// A run's value for a published figure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Simulated {
    /// The value in the run; none where nothing of its kind happened.
    pub simulated: Option<f64>,
    /// A 95 % interval of that, of luck alone.
    pub interval: Option<Interval>,
    /// The published share carried over to a file of this size.
    pub expected_here: Option<f64>,
}

/// A run's values for the published figures of its scenario, in their order.
pub fn beside(scenario: &Scenario, outcome: &Outcome) -> Vec<Simulated> {
    let row = |published: &Published| {
        let (simulated, interval) = measured(&published.measure, scenario, outcome);
        let grows = published.at_records.is_some() && published.value < 1.0;
        let expected_here = grows.then(|| carried_over(published, outcome.evaluation.holder_records));
        Simulated { simulated, interval, expected_here }
    };
    scenario.published.iter().map(row).collect()
}

/// A run's value of a measure, with a 95 % interval where one is claimed.
pub fn measured(measure: &Measure, scenario: &Scenario, outcome: &Outcome) -> (Option<f64>, Option<Interval>) {
    match measure {
        Measure::Setting(key) => {
            let found = scenario.assumptions().into_iter().find(|assumption| assumption.key == *key);
            (found.and_then(|assumption| assumption.value.as_f64()), None)
        }
        Measure::LeastOfCities => {
            let least = least_city(&outcome.by_city).map(|city| city.rate());
            (least.and_then(Rate::value), least.and_then(wilson))
        }
        Measure::SameBirthDate(people) => {
            // Pairs of one list are nearly independent: people of one date are few.
            let pairs = (people * people.saturating_sub(1) / 2) as f64;
            let interval = wilson(outcome.same_birth_date);
            let interval = interval.map(|i| Interval { low: any_of(pairs, i.low), high: any_of(pairs, i.high) });
            (outcome.same_birth_date.value().map(|share| any_of(pairs, share)), interval)
        }
        Measure::One(one) => match quantity(one, outcome) {
            Some(Counted::Rate(rate, interval)) => (rate.value(), interval),
            Some(Counted::Count(count)) => (Some(count as f64), None),
            None => (None, None),
        },
        Measure::Ratio(over, under) => match (quantity(over, outcome), quantity(under, outcome)) {
            (Some(Counted::Count(over)), Some(Counted::Count(under))) if under > 0 => {
                let interval = if over <= under { wilson(Rate::new(over, under)) } else { None };
                (Some(over as f64 / under as f64), interval)
            }
            (Some(over), Some(under)) => {
                let ratio = over.value().zip(under.value()).filter(|(_, under)| *under > 0.0);
                (ratio.map(|(over, under)| over / under), None)
            }
            _ => (None, None),
        },
    }
}

/// Hits and trials of a share that a run gives; `None` where the measure is no share of counted cases.
pub fn share(measure: &Measure, outcome: &Outcome) -> Option<Rate> {
    match measure {
        Measure::One(one) => match quantity(one, outcome)? {
            Counted::Rate(rate, _) => Some(rate),
            Counted::Count(_) => None,
        },
        Measure::Ratio(over, under) => match (quantity(over, outcome)?, quantity(under, outcome)?) {
            (Counted::Count(over), Counted::Count(under)) if over <= under => Some(Rate::new(over, under)),
            _ => None,
        },
        _ => None,
    }
}

/// The published value carried over to a file of `records` records.
///
/// Wrong returns grow with the file and right ones do not: the odds do.
pub fn carried_over(published: &Published, records: u64) -> f64 {
    match published.at_records.filter(|_| published.value < 1.0) {
        Some(at) => at_odds(published.value, records as f64 / at as f64),
        None => published.value,
    }
}

/// The share whose odds are so many times those of another.
fn at_odds(share: f64, times: f64) -> f64 {
    let odds = share / (1.0 - share) * times;
    odds / (1.0 + odds)
}

enum Counted {
    Count(u64),
    Rate(Rate, Option<Interval>),
}

impl Counted {
    fn value(&self) -> Option<f64> {
        match self {
            Counted::Count(count) => Some(*count as f64),
            Counted::Rate(rate, _) => rate.value(),
        }
    }
}

fn quantity(quantity: &Quantity, outcome: &Outcome) -> Option<Counted> {
    let of = quantity.of.as_ref().map(|(attribute, value)| (attribute.as_str(), value.as_str()));
    if let Some(count) = count(&quantity.name, of, outcome) {
        return Some(Counted::Count(count));
    }
    let groups = &outcome.evaluation.groups;
    let rates = match of {
        None => &groups.rates,
        Some((attribute, value)) => groups.of(attribute, value)?,
    };
    let measured = rates.get(&RateId::from_name(&quantity.name)?)?;
    Some(Counted::Rate(measured.rate, measured.interval))
}

fn count(name: &str, of: Option<(&str, &str)>, outcome: &Outcome) -> Option<u64> {
    let e = &outcome.evaluation;
    if let Some(cause) = name.strip_prefix("cause.") {
        let found = e.causes.iter().find(|(known, _)| known.name() == cause);
        return found.filter(|_| of.is_none()).map(|(_, n)| n.primary);
    }
    let Some((attribute, value)) = of else {
        // The refused are of neither kind: no route took them.
        let by_number = |gives: bool, counts: &dyn Fn(&Judged) -> bool| {
            let is = |judged: &&Judged| judged.admitted.is_ok_and(|route| outcome.by_number[route] == gives);
            outcome.judged.iter().filter(is).filter(|judged| counts(judged)).count() as u64
        };
        return Some(match name {
            "requests" => e.requests,
            "requests_with_number" => by_number(true, &|_| true),
            "requests_without_number" => by_number(false, &|_| true),
            "on_file_with_number" => by_number(true, &|judged| judged.on_file),
            "on_file_without_number" => by_number(false, &|judged| judged.on_file),
            "answered_with_number" => by_number(true, &|judged| !judged.returned.is_empty()),
            "answered_several" => outcome.judged.iter().filter(|judged| judged.returned.len() > 1).count() as u64,
            "requested_on_file" => e.requested_on_file,
            "unanswered" => outcome.judged.iter().filter(|judged| judged.returned.is_empty()).count() as u64,
            "answered" => outcome.judged.iter().filter(|judged| !judged.returned.is_empty()).count() as u64,
            "returned" => e.returned_right + e.returned_wrong,
            "returned_right" => e.returned_right,
            "returned_wrong" => e.returned_wrong,
            "not_matched" => e.requested_on_file - e.returned_right,
            "check_skipped" => e.check_skipped,
            "right_but_moved" => e.aside.right_but_moved,
            "right_and_not_moved" => e.returned_right - e.aside.right_but_moved,
            _ => return None,
        });
    };
    let rates: &Rates = e.groups.of(attribute, value)?;
    let rate = |id: RateId| rates[&id].rate;
    let wrong = rate(RateId::ShareOfWrong).hits;
    Some(match name {
        "requests" => rate(RateId::WrongPerson).trials,
        "requested_on_file" => rate(RateId::Recall).trials,
        "returned" => rate(RateId::Recall).hits + wrong,
        "returned_right" => rate(RateId::Recall).hits,
        "returned_wrong" => wrong,
        "not_matched" => rate(RateId::Missed).hits,
        _ => return None,
    })
}

/// The results of a case: its run, and for each published figure the values at the low and the high ends of the ranges
/// of its assumed settings.
pub struct Given {
    /// The value of each published figure at the default size.
    pub figures: Vec<Simulated>,
    /// For each published figure, if it names settings that move it.
    pub ends: Vec<Option<[Option<f64>; 2]>>,
}

/// Runs a case at its default size, and again wherever a figure asks for the ends of assumed ranges.
pub fn give(scenario: &Scenario, run: impl Fn(&Scenario) -> Outcome) -> Result<Given, ScenarioError> {
    let assumptions = scenario.assumptions();
    let mut made: Vec<(&[String], [Outcome; 2])> = Vec::new();
    let mut ends = Vec::new();
    for published in &scenario.published {
        let over = published.over.as_slice();
        if over.is_empty() {
            ends.push(None);
            continue;
        }
        if !made.iter().any(|(known, _)| *known == over) {
            let at = |end: usize| {
                let value =
                    |key: &String| assumptions.iter().find(|known| known.key == *key)?.range.map(|range| range[end]);
                let sets = over.iter().filter_map(|key| Some(format!("{key}={}", value(key)?)));
                let moved = scenario.with(&scenario.name, &sets.collect::<Vec<_>>())?;
                Ok(run(&moved))
            };
            made.push((over, [at(0)?, at(1)?]));
        }
        let found = made.iter().find(|(known, _)| *known == over);
        ends.push(found.map(|(_, both)| both.each_ref().map(|one| measured(&published.measure, scenario, one).0)));
    }
    Ok(Given { figures: beside(scenario, &run(scenario)), ends })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::case::RATES;

    #[test]
    fn every_rate_that_a_measure_may_name_is_in_the_catalogue() {
        assert!(RATES.iter().all(|name| RateId::from_name(name).is_some()));
    }
}
