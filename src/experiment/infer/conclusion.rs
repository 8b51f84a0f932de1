//! The reach of published figures: rates and assumptions before and after, and what to ask for.

use super::aims::{Aim, Near, figure};
use super::draws::{Draws, MEETS};
use super::figures::UNPUBLISHED;
use super::posterior::{Along, Rates, correlation};
use super::proposal::{TELLS, uneven};
use super::space::{Dimension, Drawn, Space};
use crate::random::Seed;
use crate::stats::{Summary, Weighted, distance, expit};
use serde::{Deserialize, Serialize};

/// Assumptions that trade off against each other at least so much are named.
const TRADES: f64 = 0.3;
/// Standard errors from 0 of the correlation of two assumptions of which the figures inform one only: there are some hundreds
/// of such pairs.
const TELLS_OF_MANY: f64 = 4.5;
/// Places at which a density is given.
const PLACES: usize = 49;
/// Returns that an audit by hand looks at.
pub const AUDITED: u64 = 400;

/// The reach of published figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    /// Draws that have a world.
    pub draws: u64,
    /// Draws that came from the prior.
    pub kept: u64,
    /// The effective size of those kept.
    pub effective: f64,
    /// Draws that meet every figure.
    pub meet: u64,
    /// The distance of the nearest draw, in units of uncertainty.
    pub nearest: f64,
    /// The distance within which draws were kept.
    pub reach: f64,
    /// The figures, those in use first.
    pub targets: Vec<Target>,
    /// The ranges that the nearest draws crowd at, if none meets the figures: those that would have to give way.
    pub pressed: Vec<Pressed>,
    /// The rates of everybody and of groups.
    pub quantities: Vec<InferredRate>,
    /// Every assumption, the most informed first.
    pub assumed: Vec<Assumed>,
    /// Pairs of assumptions of which the figures fix only how they go together.
    pub trades: Vec<Trade>,
    /// The things that would narrow the quantity of interest, the most first.
    pub ask: Vec<AskFor>,
    /// The kept draw nearest to the middle of what the figures allow.
    pub centre: Option<Centre>,
}

/// A published figure beside the draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The figure.
    pub aim: Aim,
    /// `true` if it was used, or held out.
    pub used: bool,
    /// The standard error of the published figure and the luck of a draw, both as logits.
    pub uncertainty: [f64; 2],
    /// The shares that the assumptions allow.
    pub prior: Option<Summary>,
    /// Those of the draws near the figures in use; of a figure held out, what the others predict.
    pub predicted: Option<Summary>,
    /// The share of the nearest draw.
    pub nearest: Option<f64>,
}

impl Target {
    /// `true` if the published value lies in the middle 90 % of what is predicted.
    pub fn within(&self) -> bool {
        self.predicted.is_some_and(|Summary { most: [low, high], .. }| (low..=high).contains(&self.aim.value))
    }
}

/// A range at whose end the nearest draws crowd.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pressed {
    /// The key.
    pub key: String,
    /// The end of the range, or the way.
    pub towards: String,
    /// The distance of the draws from even, in standard errors.
    pub standard_errors: f64,
}

/// A rate before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InferredRate {
    /// Its measure.
    pub measure: String,
    /// The range that the assumptions allow.
    pub prior: Summary,
    /// The range that the published figures leave of it.
    pub posterior: Summary,
    /// A picture of both: shares, and the densities there on the logit scale. Of the quantity of interest only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub density: Vec<[f64; 3]>,
}

/// Two numbers that trade off against each other: the figures allow much for each, and less for both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Trade {
    /// Their keys.
    pub keys: [String; 2],
    /// Their correlation in the draws kept.
    pub correlation: f64,
    /// Their product, where the one falls as the other rises and neither can be 0.
    pub product: Option<Summary>,
    /// The values of both in each draw kept, moved to the published figures.
    pub points: Vec<[f64; 2]>,
}

/// An assumption before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumed {
    /// Its key.
    pub key: String,
    /// The reason for its range.
    pub source: String,
    /// The knowledge of it.
    pub known: Known,
    /// The knowledge gained, from 0 to 1.
    pub learned: f64,
    /// The distance of the kept draws from even along it, in standard errors.
    pub uneven: f64,
}

/// The knowledge of an assumption.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// A number: its range and its middle after. Of several that go together from 0, all lowest, to 1, all highest.
    Number([f64; 2], &'static str, Summary),
    /// Ways, each with its share after.
    Ways(Vec<(String, f64)>),
}

impl Assumed {
    /// `true` if the published figures say something about it.
    pub fn informed(&self) -> bool {
        self.uneven > TELLS
    }
}

/// Something to ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskFor {
    /// Its measure, or the key of an assumption.
    pub what: String,
    /// In words.
    pub says: String,
    /// The part by which the interval of the quantity of interest is expected to become narrower, from 0 to 1.
    pub narrows: f64,
}

/// The draw nearest to the middle.
#[derive(Clone, Debug, PartialEq)]
pub struct Centre {
    /// Its number.
    pub row: u64,
    /// The settings it makes.
    pub sets: Vec<String>,
}

/// Finds the draws near some figures and says what they say. `quantity` is the measure of the quantity of interest.
pub fn conclude(
    space: &Space,
    draws: &Draws,
    aims: &[Aim],
    held_out: &[Aim],
    quantity: &str,
    seed: Seed,
) -> Conclusion {
    let near = Near::of(aims, draws, seed, draws.keep());
    let weights = &near.kept.weights;
    let along: Vec<Along> =
        (0..space.dimensions.len()).map(|at| Along::of(&space.dimensions[at], at, draws, &near)).collect();
    let of_interest = Rates::of(draws, &near, quantity, seed);
    let meets = |z: &&Vec<f64>| z.iter().all(|z| z.abs() <= MEETS);
    let meet = near.offsets.iter().flatten().filter(meets).count() as u64;
    let distances = || near.offsets.iter().enumerate().filter_map(|(draw, z)| Some((distance(z.as_ref()?), draw)));
    let nearest = distances().min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let assumed = assumed(space, draws, &near, &along);
    let aims = aims.iter().map(|aim| (aim, true)).chain(held_out.iter().map(|aim| (aim, false)));
    Conclusion {
        draws: draws.rows.iter().filter(|row| row.records > 0).count() as u64,
        kept: near.kept.draws.len() as u64,
        effective: Weighted::new(weights.iter().map(|weight| (0.0, *weight))).effective(),
        meet,
        nearest: nearest.map_or(f64::INFINITY, |(distance, _)| distance),
        reach: near.kept.reach,
        targets: aims.map(|(aim, used)| target(aim, used, draws, &near, nearest.map(|(_, draw)| draw), seed)).collect(),
        pressed: if meet == 0 { pressed(space, draws, &near, &along) } else { Vec::new() },
        quantities: quantities(draws, &near, quantity, seed),
        trades: trades(space, &along, &assumed, weights),
        ask: of_interest
            .as_ref()
            .map_or_else(Vec::new, |rates| ask(space, draws, &near, &along, quantity, rates, seed)),
        centre: of_interest.and_then(|rates| centre(space, draws, &near, &along, &assumed, &rates)),
        assumed,
    }
}

fn target(aim: &Aim, used: bool, draws: &Draws, near: &Near, nearest: Option<usize>, seed: Seed) -> Target {
    let rates = Rates::of(draws, near, &aim.measure, seed);
    let own = |row: &usize| draws.counts(*row, &aim.measure).and_then(figure);
    // Of a figure in use the draws are near it by choice: they stand as they are, the luck of their counts included.
    let kept = near.kept.draws.iter().zip(&near.kept.weights).filter_map(|(row, weight)| Some((own(row)?, *weight)));
    let as_they_are = Weighted::new(kept).summary().map(|summary| summary.map(expit));
    let trials = near.kept.draws.iter().filter_map(|row| Some(draws.counts(*row, &aim.measure)?[1]));
    let typical = Weighted::new(trials.map(|n| (n as f64, 1.0))).quantile(0.5).unwrap_or(1.0);
    let uncertain = aim.uncertain(typical, aim.value);
    Target {
        aim: aim.clone(),
        used,
        uncertainty: [uncertain.published, uncertain.luck],
        prior: rates.as_ref().and_then(|rates| rates.prior.summary()),
        predicted: if used { as_they_are } else { rates.and_then(|rates| rates.posterior.summary()) },
        nearest: nearest.as_ref().and_then(own).map(expit),
    }
}

/// The dimensions along which the kept draws crowd at an end, the strongest first.
fn pressed(space: &Space, draws: &Draws, near: &Near, along: &[Along]) -> Vec<Pressed> {
    const NAMED: usize = 3;
    let mut all: Vec<Pressed> = Vec::new();
    for (at, dimension) in space.dimensions.iter().enumerate() {
        let places = near.kept.draws.iter().map(|draw| draws.points[*draw][at]);
        let sample = Weighted::new(places.zip(near.kept.weights.iter().copied()));
        let Some(mean) = sample.mean() else { continue };
        let by = (mean - 0.5) * libm::sqrt(12.0 * sample.effective());
        let towards = match &dimension.drawn {
            Drawn::Ways(ways) => {
                let shares = along[at].shares(ways.len(), &near.kept.weights);
                let most = (0..ways.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b])).unwrap_or(0);
                ways[most].name.clone()
            }
            _ if by > 0.0 => "upper end".to_string(),
            _ => "lower end".to_string(),
        };
        all.push(Pressed { key: dimension.key.clone(), towards, standard_errors: by.abs() });
    }
    all.sort_by(|a, b| b.standard_errors.total_cmp(&a.standard_errors).then(a.key.cmp(&b.key)));
    all.retain(|pressed| pressed.standard_errors > TELLS);
    all.truncate(NAMED);
    all
}

fn quantities(draws: &Draws, near: &Near, quantity: &str, seed: Seed) -> Vec<InferredRate> {
    let one = |measure: &str| {
        let rates = Rates::of(draws, near, measure, seed)?;
        let density = if measure == quantity { picture(&rates) } else { Vec::new() };
        let (prior, posterior) = rates.prior.summary().zip(rates.posterior.summary())?;
        Some(InferredRate { measure: measure.to_string(), prior, posterior, density })
    };
    // What is asked for stands elsewhere, unless it is the quantity of interest.
    let asked = |name: &&String| UNPUBLISHED.iter().all(|(measure, _)| measure != name) && *name != quantity;
    let others = draws.figures.iter().filter(asked).map(String::as_str);
    std::iter::once(quantity).chain(others).filter_map(one).collect()
}

/// The densities before and after, over the logits that either has.
fn picture(rates: &Rates) -> Vec<[f64; 3]> {
    let [prior, posterior] = [&rates.prior, &rates.posterior].map(Weighted::logits);
    let end = |p| [&prior, &posterior].into_iter().filter_map(|sample| sample.quantile(p)).collect::<Vec<f64>>();
    let low = end(0.005).into_iter().fold(f64::INFINITY, f64::min);
    let high = end(0.995).into_iter().fold(f64::NEG_INFINITY, f64::max);
    if low >= high {
        return Vec::new();
    }
    let places: Vec<f64> = (0..PLACES).map(|i| low + (high - low) * i as f64 / (PLACES - 1) as f64).collect();
    let densities = prior.density(&places).into_iter().zip(posterior.density(&places));
    let figure = |(place, (prior, posterior)): (&f64, (f64, f64))| [expit(*place), prior, posterior];
    places.iter().zip(densities).map(figure).collect()
}

fn assumed(space: &Space, draws: &Draws, near: &Near, along: &[Along]) -> Vec<Assumed> {
    let weights = &near.kept.weights;
    let one = |(at, (dimension, along)): (usize, (&Dimension, &Along))| {
        let (known, count) = match &dimension.drawn {
            Drawn::Ways(ways) => {
                let shares = along.shares(ways.len(), weights);
                (Known::Ways(ways.iter().map(|way| way.name.clone()).zip(shares).collect()), ways.len())
            }
            drawn => {
                let (ends, shape) = match drawn {
                    Drawn::Number(range) | Drawn::Part(range, _) => (range.ends, range.shape.name()),
                    _ => ([0.0, 1.0], "uniform"),
                };
                let places = along.places(weights)?;
                (Known::Number(ends, shape, places.map(|u| dimension.value(u))), 0)
            }
        };
        let (key, source) = (dimension.key.clone(), dimension.source.clone());
        let places = near.kept.draws.iter().map(|draw| draws.points[*draw][at]);
        let uneven = match &known {
            Known::Ways(ways) => uneven_ways(ways, near),
            Known::Number(..) => uneven(&Weighted::new(places.zip(weights.iter().copied())))?,
        };
        Some(Assumed { key, source, known, learned: along.learned(count, weights), uneven })
    };
    let mut all: Vec<Assumed> = space.dimensions.iter().zip(along).enumerate().filter_map(one).collect();
    all.sort_by(|a, b| b.uneven.total_cmp(&a.uneven).then(a.key.cmp(&b.key)));
    all
}

/// The distance of the shares of ways from even, in standard errors: chi-square as a normal number, by its cube root (E. B.
/// Wilson and M. M. Hilferty (1931), "The distribution of chi-square", PNAS 17, 684–688).
fn uneven_ways(ways: &[(String, f64)], near: &Near) -> f64 {
    let count = ways.len() as f64;
    let n = Weighted::new(near.kept.weights.iter().map(|weight| (0.0, *weight))).effective();
    let off = |share: f64| (share - 1.0 / count) * (share - 1.0 / count) * count;
    let chi: f64 = n * ways.iter().map(|(_, share)| off(*share)).sum::<f64>();
    let degrees = count - 1.0;
    let spread = 2.0 / (9.0 * degrees);
    (libm::cbrt(chi / degrees) - (1.0 - spread)) / libm::sqrt(spread)
}

/// The pairs of numbers, one of them informed at least, that go together.
fn trades(space: &Space, along: &[Along], assumed: &[Assumed], weights: &[f64]) -> Vec<Trade> {
    let told = |key: &str| assumed.iter().any(|one| one.key == key && one.informed());
    let n = Weighted::new(weights.iter().map(|weight| (0.0, *weight))).effective();
    let numbers: Vec<(&Dimension, &Vec<f64>, bool)> = space
        .dimensions
        .iter()
        .zip(along)
        .filter_map(|(dimension, along)| match along {
            Along::Number(logits) => Some((dimension, logits, told(&dimension.key))),
            Along::Ways(_) => None,
        })
        .collect();
    let mut pairs = Vec::new();
    for (i, (first, a, first_told)) in numbers.iter().enumerate() {
        for (second, b, second_told) in &numbers[i + 1..] {
            if !first_told && !second_told {
                continue;
            }
            let correlation = correlation(a, b, weights);
            let least = if first_told & second_told { TRADES } else { TRADES.max(TELLS_OF_MANY / libm::sqrt(n)) };
            if correlation.abs() < least {
                continue;
            }
            let points: Vec<[f64; 2]> =
                a.iter().zip(*b).map(|(a, b)| [first.value(expit(*a)), second.value(expit(*b))]).collect();
            let products = points.iter().zip(weights).map(|([a, b], weight)| (a * b, *weight));
            let falls = correlation < 0.0 && points.iter().flatten().all(|value| *value > 0.0);
            let product = falls.then(|| Weighted::new(products).summary()).flatten();
            pairs.push(Trade { keys: [first.key.clone(), second.key.clone()], correlation, points, product });
        }
    }
    pairs.sort_by(|a, b| b.correlation.abs().total_cmp(&a.correlation.abs()).then(a.keys.cmp(&b.keys)));
    pairs
}

/// The part by which an interval becomes narrower when this part of its variance is explained.
fn narrower(explained: f64) -> f64 {
    1.0 - libm::sqrt(1.0 - explained.clamp(0.0, 0.999))
}

/// The things that would narrow the quantity of interest: figures that the agency can count, every assumption, an audit by hand.
fn ask(
    space: &Space,
    draws: &Draws,
    near: &Near,
    along: &[Along],
    quantity: &str,
    rates: &Rates,
    seed: Seed,
) -> Vec<AskFor> {
    let weights = &near.kept.weights;
    // A rate drawn from behind a count goes together with anything less than the rate itself does, by the part of its
    // variance that the count knows. So little is known of some that nothing is made of it.
    let seen = |reliability: f64| (reliability * reliability).max(0.1);
    let known = seen(rates.reliability);
    let figure = |&(measure, says): &(&str, &str)| {
        if measure == quantity {
            return None;
        }
        let of = Rates::of(draws, near, measure, seed)?;
        let explained = Along::Number(of.adjusted.clone()).explains(&rates.adjusted, weights);
        let explained = explained / (known * seen(of.reliability));
        Some(AskFor { what: measure.to_string(), says: says.to_string(), narrows: narrower(explained) })
    };
    let assumption = |(dimension, along): (&Dimension, &Along)| AskFor {
        what: dimension.key.clone(),
        says: dimension.source.clone(),
        narrows: narrower(along.explains(&rates.adjusted, weights) / known),
    };
    let mut all: Vec<AskFor> = UNPUBLISHED.iter().filter_map(figure).collect();
    all.extend(space.dimensions.iter().zip(along).map(assumption));
    all.extend(audit(rates, weights));
    all.sort_by(|a, b| b.narrows.total_cmp(&a.narrows).then(a.what.cmp(&b.what)));
    all
}

/// An audit of [`AUDITED`] cases drawn by lot, looked at by hand: of a logit with variance V what is left is
/// 1/(1/V + n p (1 − p)).
fn audit(rates: &Rates, weights: &[f64]) -> Option<AskFor> {
    let logits = Weighted::new(rates.adjusted.iter().copied().zip(weights.iter().copied()));
    let (variance, median) = (logits.variance()?, expit(logits.quantile(0.5)?));
    let left = 1.0 / (1.0 + variance * AUDITED as f64 * median * (1.0 - median));
    Some(AskFor {
        what: "audit".to_string(),
        says: format!("{AUDITED} cases drawn by lot and looked at by hand"),
        narrows: narrower(1.0 - left),
    })
}

/// The kept draw nearest to the middle: of the figures, of the quantity of interest and of the informed assumptions. Of an
/// informed choice it took the likeliest way, if any draw took that of each.
fn centre(
    space: &Space,
    draws: &Draws,
    near: &Near,
    along: &[Along],
    assumed: &[Assumed],
    rates: &Rates,
) -> Option<Centre> {
    let weights = &near.kept.weights;
    let informed = |key: &str| assumed.iter().any(|one| one.key == key && one.informed());
    let mut scales: Vec<(Vec<f64>, f64, f64)> = Vec::new();
    let mut scale = |values: Vec<f64>| {
        let sample = Weighted::new(values.iter().copied().zip(weights.iter().copied()));
        if let (Some(middle), Some(variance)) = (sample.quantile(0.5), sample.variance().filter(|v| *v > 0.0)) {
            scales.push((values, middle, variance));
        }
    };
    scale(rates.adjusted.clone());
    for (at, dimension) in space.dimensions.iter().enumerate().filter(|(_, dimension)| informed(&dimension.key)) {
        if dimension.way(0.5).is_none() {
            scale(near.kept.draws.iter().map(|draw| draws.points[*draw][at]).collect());
        }
    }
    let mut usual: Vec<usize> = (0..near.kept.draws.len()).collect();
    for (along, _) in along.iter().zip(&space.dimensions).filter(|(_, dimension)| informed(&dimension.key)) {
        let Along::Ways(taken) = along else { continue };
        let ways = taken.iter().max().map_or(0, |most| most + 1);
        let shares = along.shares(ways, weights);
        let likeliest = (0..ways).max_by(|a, b| shares[*a].total_cmp(&shares[*b]))?;
        usual.retain(|draw| taken[*draw] == likeliest);
    }
    if usual.is_empty() {
        usual = (0..near.kept.draws.len()).collect();
    }
    let off = |i: usize| {
        let figures: f64 = near.kept.offsets[i].iter().map(|z| z * z).sum();
        figures + scales.iter().map(|(values, middle, v)| (values[i] - middle) * (values[i] - middle) / v).sum::<f64>()
    };
    let best = usual.into_iter().min_by(|a, b| off(*a).total_cmp(&off(*b)).then(a.cmp(b)))?;
    let draw = near.kept.draws[best];
    Some(Centre { row: draws.rows[draw].row, sets: space.sets(&draws.points[draw]) })
}
