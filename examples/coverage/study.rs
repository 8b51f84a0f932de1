//! How often intervals cover what they claim: many small runs that differ in nothing but their seed.

use super::settings::Setting;
use namesake::evaluation::{Groups, Measured, RateId, Rates, compared, rate_of_request};
use namesake::experiment::against::changes;
use namesake::experiment::{Outcome, Run, rates};
use namesake::parallel::in_parallel;
use namesake::scenario::{Scenario, Seeds, built_in};
use namesake::stats::{Contrast, Rate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an interval is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A rate of everybody.
    Rate,
    /// A rate of a group.
    OfGroup,
    /// The ratio of a group's rate to that of the reference.
    Ratio,
    /// The difference of a group's rate and that of the reference.
    Difference,
    /// The paired change of a rate between two agreements.
    Change,
    /// A share at a threshold of the curve.
    Curve,
    /// Namesakes among pairs.
    Coincidence,
}

impl Kind {
    /// The words used in tables.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Rate => "rate",
            Kind::OfGroup => "rate of a group",
            Kind::Ratio => "ratio",
            Kind::Difference => "difference",
            Kind::Change => "paired change",
            Kind::Curve => "curve",
            Kind::Coincidence => "coincidences",
        }
    }
}

/// How the intervals of one quantity fared over all runs of a setting.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fared {
    /// What the intervals are of.
    pub kind: Kind,
    /// The quantity.
    pub name: String,
    /// Events expected in a run: hits or non-hits, whichever are fewer; of two groups those of the smaller one; of a
    /// paired change the requests that the two agreements treat differently.
    pub events: f64,
    /// Those over the design effect that the seeds show, if it is above 1: how much more the quantity varies from seed to seed
    /// than one of as many independent trials.
    pub effective: f64,
    /// Runs that gave an interval.
    pub runs: u64,
    /// Those whose interval lies above the expectation.
    pub above: u64,
    /// Those whose interval lies below the expectation.
    pub below: u64,
    /// Those whose interval was the exact one.
    pub exact: u64,
}

impl Fared {
    /// The share of runs whose interval holds the expectation.
    pub fn coverage(&self) -> f64 {
        1.0 - (self.above + self.below) as f64 / self.runs as f64
    }
}

/// Namesakes counted beside those expected by arithmetic, over all runs of a setting.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Arithmetic {
    /// What the people have in common.
    pub what: String,
    /// Mean count of a run.
    pub counted: f64,
    /// Mean expectation of a run.
    pub expected: f64,
    /// The standard error of the ratio of the two.
    pub error: f64,
}

/// A setting that was studied.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Studied {
    /// The setting's key.
    pub key: String,
    /// Runs, with seeds from 1 up.
    pub runs: u64,
    /// Each quantity.
    pub fared: Vec<Fared>,
    /// Namesakes by arithmetic.
    pub arithmetic: Vec<Arithmetic>,
}

/// One interval of one run, and what it is of: one rate, or two.
struct Seen {
    of: [Rate; 2],
    events: u64,
    low: f64,
    high: f64,
    exact: bool,
}

impl Seen {
    fn of(measured: &Measured) -> Option<Seen> {
        let (interval, rate) = (measured.interval?, measured.rate);
        let events = rate.hits.min(rate.trials.saturating_sub(rate.hits));
        let [low, high] = [interval.low, interval.high];
        Some(Seen { of: [rate, Rate::default()], events, low, high, exact: measured.method.is_exact() })
    }

    fn two(of: [Rate; 2], events: u64, Contrast { low, high, .. }: Contrast) -> Seen {
        Seen { of, events, low, high, exact: false }
    }
}

/// Everything seen in one run: the intervals, and namesakes counted and expected.
struct Observed {
    seed: u64,
    seen: Vec<((Kind, String), Seen)>,
    namesakes: Vec<(&'static str, f64, f64)>,
}

/// The rates of groups that are looked at.
const OF_GROUPS: [RateId; 6] = [
    RateId::ShareOfWrong,
    RateId::WrongAmongAnswers,
    RateId::WrongPerson,
    RateId::Missed,
    RateId::NotResolved,
    RateId::PeopleExposed,
];

/// The attributes of people whose groups are looked at; of the first two the contrasts as well.
const ATTRIBUTES: [&str; 4] = ["group", "sex", "status", "age"];

/// The scenario of a setting with some values set.
pub fn scenario(setting: &Setting, further: &[&str]) -> Scenario {
    let text = built_in(setting.scenario).unwrap_or(setting.scenario);
    let sets: Vec<String> =
        setting.sets.iter().chain(further).chain(&["beside=[]"]).map(|set| set.to_string()).collect();
    Scenario::parse_with(text, setting.key, &sets).expect("settings that fit the scenario")
}

/// Runs a setting `runs` times, with seeds from 1 up.
pub fn study(setting: &Setting, runs: u64) -> Studied {
    let own = scenario(setting, &[]);
    let other = (!setting.against.is_empty()).then(|| scenario(setting, setting.against));
    let one = |all: &mut Vec<Observed>, seed: u64| all.push(observe(setting, &own, other.as_ref(), seed));
    let mut all: Vec<Observed> =
        in_parallel(1..runs + 1, Vec::new, one, "seeds", &|_| {}).into_iter().flatten().collect();
    // What is added up as numbers is added up in one order.
    all.sort_by_key(|observed| observed.seed);
    let arithmetic = arithmetic(&all);
    let mut rows: BTreeMap<(Kind, String), Vec<Seen>> = BTreeMap::new();
    for observed in all {
        observed.seen.into_iter().for_each(|(key, seen)| rows.entry(key).or_default().push(seen));
    }
    let fared = rows.into_iter().filter_map(|((kind, name), seen)| fared(kind, name, &seen, runs)).collect();
    Studied { key: setting.key.to_string(), runs, fared, arithmetic }
}

/// How the intervals of one quantity fared; `None` where nothing happens at all, so that there is nothing to tell.
fn fared(kind: Kind, name: String, seen: &[Seen], runs: u64) -> Option<Fared> {
    let sum = |side: usize| seen.iter().fold(Rate::default(), |sum, seen| sum.with(seen.of[side]));
    let (one, two) = (sum(0).value()?, sum(1).value());
    let truth = match kind {
        Kind::Ratio => one / two.filter(|share| *share > 0.0)?,
        Kind::Difference | Kind::Change => one - two?,
        _ => one,
    };
    let events = seen.iter().map(|seen| seen.events).sum::<u64>() as f64 / runs as f64;
    // A sum of floats differs from the sum of its parts in the last digits.
    let close = 1e-12 * truth.abs();
    let outside = |out: fn(&Seen, f64, f64) -> bool| seen.iter().filter(|seen| out(seen, truth, close)).count() as u64;
    (events > 0.0).then(|| Fared {
        kind,
        name,
        events,
        effective: events / design_effect(kind, seen).max(1.0),
        runs: seen.len() as u64,
        above: outside(|seen, truth, close| seen.low > truth + close),
        below: outside(|seen, truth, close| seen.high < truth - close),
        exact: seen.iter().filter(|seen| seen.exact).count() as u64,
    })
}

/// The variance of a quantity over seeds, over that of as many independent trials: of two groups that of the one with more,
/// of a paired change that of the requests which are treated differently. It is 1 where nothing varies.
fn design_effect(kind: Kind, seen: &[Seen]) -> f64 {
    let over = |squares: f64, independent: f64| if independent > 0.0 { squares / independent } else { 1.0 };
    let share = |side: usize| seen.iter().fold(Rate::default(), |sum, seen| sum.with(seen.of[side])).value();
    if kind == Kind::Change {
        let (Some(after), Some(before)) = (share(0), share(1)) else { return 1.0 };
        // What a change brings beyond its expectation, in requests.
        let square = |seen: &Seen| {
            let more = |side: usize, share: f64| seen.of[side].hits as f64 - share * seen.of[side].trials as f64;
            let beyond = more(0, after) - more(1, before);
            beyond * beyond
        };
        return over(seen.iter().map(square).sum(), seen.iter().map(|seen| seen.events as f64).sum());
    }
    let of_side = |side: usize| {
        let p = share(side)?;
        let of = |seen: &Seen| {
            let beyond = seen.of[side].hits as f64 - p * seen.of[side].trials as f64;
            [beyond * beyond, p * (1.0 - p) * seen.of[side].trials as f64]
        };
        let [squares, independent] = seen.iter().map(of).fold([0.0; 2], |[a, b], [x, y]| [a + x, b + y]);
        Some(over(squares, independent))
    };
    let sides = (0..2).filter_map(of_side);
    sides.fold(0.0, f64::max)
}

fn observe(setting: &Setting, own: &Scenario, other: Option<&Scenario>, seed: u64) -> Observed {
    let seeded = |scenario: &Scenario| {
        let mut scenario = scenario.clone();
        scenario.seed = Seeds::all(seed);
        scenario
    };
    let outcome = |scenario: &Scenario| Run::alone(&seeded(scenario), &|_| {}).outcome(&|_| {});
    let (mut seen, mut namesakes) = (Vec::new(), Vec::new());
    if setting.thresholds.is_empty() && other.is_none() {
        of_rates(&rates(&seeded(own), &|_| {}), &mut seen);
        return Observed { seed, seen, namesakes };
    }
    let first = outcome(own);
    of_rates(&first.evaluation.groups, &mut seen);
    of_curve(setting, &first, &mut seen);
    for coincidence in &first.coincidences {
        let name = coincidence.what.to_string();
        seen.extend(Seen::of(&coincidence.counted).map(|of| ((Kind::Coincidence, name), of)));
        namesakes.push((coincidence.what, coincidence.counted.rate.hits as f64, coincidence.expected));
    }
    if let Some(other) = other {
        of_changes(&first, &outcome(other), &mut seen);
    }
    Observed { seed, seen, namesakes }
}

fn of_rates(groups: &Groups, into: &mut Vec<((Kind, String), Seen)>) {
    let rates = groups.rates.iter().filter_map(|(id, rate)| Some(((Kind::Rate, id.to_string()), Seen::of(rate)?)));
    into.extend(rates);
    for (attribute, of_values) in &groups.by_group {
        let Some(place) = ATTRIBUTES.iter().position(|name| *name == attribute.name) else { continue };
        let compared_with = attribute.reference;
        for (value, (word, of_value)) in attribute.values.iter().zip(of_values).enumerate() {
            for id in OF_GROUPS {
                let seen = of_value.get(&id).and_then(Seen::of);
                into.extend(seen.map(|seen| ((Kind::OfGroup, format!("{id}, {word}")), seen)));
            }
            if place < 2 && value != compared_with {
                contrasts(
                    &format!("{word} to {}", attribute.values[compared_with]),
                    of_value,
                    &of_values[compared_with],
                    into,
                );
            }
        }
    }
}

/// The contrasts of two groups, in every rate that both have.
fn contrasts(words: &str, group: &Rates, reference: &Rates, into: &mut Vec<((Kind, String), Seen)>) {
    for compared in compared(group, reference) {
        let of = [group, reference].map(|rates| rates[&compared.rate].rate);
        let events = of.map(|rate| rate.hits.min(rate.trials.saturating_sub(rate.hits)));
        let events = events[0].min(events[1]);
        for (kind, contrast) in [(Kind::Ratio, compared.ratio), (Kind::Difference, compared.difference)] {
            let name = format!("{}, {words}", compared.rate);
            into.extend(contrast.map(|contrast| ((kind, name), Seen::two(of, events, contrast))));
        }
    }
}

fn of_curve(setting: &Setting, outcome: &Outcome, into: &mut Vec<((Kind, String), Seen)>) {
    for &threshold in setting.thresholds {
        // Between two points nothing changes.
        let point = outcome.evaluation.curve.iter().find(|(point, _)| point.threshold.0 >= threshold);
        let Some((_, band)) = point else { continue };
        for (what, measured) in [("precision", &band.precision), ("recall", &band.recall)] {
            let name = format!("{what} at {}", f64::from(threshold) / 1000.0);
            into.extend(Seen::of(measured).map(|seen| ((Kind::Curve, name), seen)));
        }
    }
}

fn of_changes(first: &Outcome, second: &Outcome, into: &mut Vec<((Kind, String), Seen)>) {
    for change in changes(first, second) {
        let Some(told) = change.change else { continue };
        let apart = first
            .judged
            .iter()
            .zip(&second.judged)
            .filter(|(a, b)| rate_of_request(change.rate, a) != rate_of_request(change.rate, b));
        let [before, after] = change.of;
        let contrast = Contrast { value: told.value, low: told.low, high: told.high };
        let seen = Seen::two([after, before], apart.count() as u64, contrast);
        into.push(((Kind::Change, change.rate.to_string()), seen));
    }
}

/// Namesakes counted beside those expected, with the standard error of the ratio of the two sums.
fn arithmetic(all: &[Observed]) -> Vec<Arithmetic> {
    let names = all.first().map_or(0, |observed| observed.namesakes.len());
    let of = |at: usize| {
        let runs = all.len() as f64;
        let each = || all.iter().map(move |observed| observed.namesakes[at]);
        let (counted, expected) = each().fold((0.0, 0.0), |(a, b), (_, counted, by)| (a + counted, b + by));
        let ratio = if expected > 0.0 { counted / expected } else { 0.0 };
        let squares: f64 = each().map(|(_, counted, by)| (counted - ratio * by) * (counted - ratio * by)).sum();
        let error = if expected > 0.0 { (squares * runs / (runs - 1.0)).sqrt() / expected } else { 0.0 };
        let what = all[0].namesakes[at].0.to_string();
        Arithmetic { what, counted: counted / runs, expected: expected / runs, error }
    };
    (0..names).map(of).collect()
}
