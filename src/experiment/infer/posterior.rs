//! The posterior of a rate and of an assumption, from the draws near the published figures.

use super::aims::Near;
use super::draws::Draws;
use super::proposal::TELLS;
use super::space::Dimension;
use crate::random::{Decision, Seed};
use crate::stats::{Overdispersed, Rate, Summary, Weighted, expit, logit};

const BEHIND: Decision = Decision::named("infer.behind");

/// A rate before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// The rates that the assumptions allow.
    pub prior: Weighted,
    /// Those that would have produced the published figures.
    pub posterior: Weighted,
    /// For each kept draw the logit of its rate, moved to the published figures.
    pub adjusted: Vec<f64>,
    /// The part of the differences between draws that is due to rates and not to the luck of counts, from 0 to 1.
    pub reliability: f64,
}

/// The rate behind each draw's count, as a logit: a draw from its posterior, given how rates differ between the draws.
/// The luck of a small world is thereby taken out of the spread of the rates, though not out of any one of them.
fn behind(draws: &Draws, rows: &[usize], weights: &[f64], figure: &str, seed: Seed) -> Option<(Vec<f64>, f64)> {
    let rate =
        |row: &usize| draws.counts(*row, figure).map_or(Rate::default(), |[hits, trials]| Rate::new(hits, trials));
    let rates: Vec<(Rate, f64)> = rows.iter().map(rate).zip(weights.iter().copied()).collect();
    let spread = Overdispersed::of(&rates)?;
    let name = BEHIND.of_text(figure);
    let draw = |(row, (rate, _)): (&usize, &(Rate, f64))| {
        let u = seed.uniform(BEHIND.about(name), draws.rows[*row].row);
        logit(spread.behind(*rate, u).clamp(1e-12, 1.0 - 1e-12))
    };
    let total: f64 = weights.iter().sum();
    let known = |(rate, weight): &(Rate, f64)| weight * rate.trials as f64 / (rate.trials as f64 + spread.size);
    Some((rows.iter().zip(&rates).map(draw).collect(), rates.iter().map(known).sum::<f64>() / total))
}

impl Rates {
    /// The rate of a figure over all draws and over those near the aims; `None` where no draw has trials.
    pub fn of(draws: &Draws, near: &Near, figure: &str, seed: Seed) -> Option<Rates> {
        let all: Vec<usize> = (0..draws.rows.len()).filter(|row| draws.rows[*row].records > 0).collect();
        let weights: Vec<f64> = all.iter().map(|row| draws.weights[*row]).collect();
        let (prior, _) = behind(draws, &all, &weights, figure, seed)?;
        let (close, reliability) = behind(draws, &near.kept.draws, &near.kept.weights, figure, seed)?;
        let adjusted = near.kept.adjusted(&close);
        let weighted = |logits: &[f64], weights: &[f64]| {
            Weighted::new(logits.iter().map(|logit| expit(*logit)).zip(weights.iter().copied()))
        };
        Some(Rates {
            prior: weighted(&prior, &weights),
            posterior: weighted(&adjusted, &near.kept.weights),
            adjusted,
            reliability,
        })
    }
}

/// An assumption after: where along its dimension the draws lie that would have produced the published figures.
#[derive(Clone, Debug, PartialEq)]
pub enum Along {
    /// A number: the logit of its place in the range, for each kept draw, moved to the published figures.
    Number(Vec<f64>),
    /// Ways: which one each kept draw took.
    Ways(Vec<usize>),
}

impl Along {
    /// A dimension of the kept draws.
    pub fn of(dimension: &Dimension, at: usize, draws: &Draws, near: &Near) -> Along {
        let places = near.kept.draws.iter().map(|draw| draws.points[*draw][at]);
        match dimension.way(0.5) {
            Some(_) => Along::Ways(places.filter_map(|u| dimension.way(u)).collect()),
            None => Along::Number(near.kept.adjusted(&places.map(logit).collect::<Vec<f64>>())),
        }
    }

    /// The middle of a number's places, from 0 to 1.
    pub fn places(&self, weights: &[f64]) -> Option<Summary> {
        match self {
            Along::Number(logits) => {
                let sample = Weighted::new(logits.iter().copied().zip(weights.iter().copied()));
                Some(sample.summary()?.map(expit))
            }
            Along::Ways(_) => None,
        }
    }

    /// The share of each of so many ways.
    pub fn shares(&self, count: usize, weights: &[f64]) -> Vec<f64> {
        let Along::Ways(ways) = self else { return Vec::new() };
        let total: f64 = weights.iter().sum();
        let share = |way: usize| {
            let of_way = ways.iter().zip(weights).filter(|(taken, _)| **taken == way);
            of_way.map(|(_, weight)| weight).sum::<f64>() / total
        };
        (0..count).map(share).collect()
    }

    /// The knowledge gained, from 0 to 1: by how much the middle 90 % of a number became narrower, or for
    /// ways by how much their entropy fell.
    pub fn learned(&self, count: usize, weights: &[f64]) -> f64 {
        let learned = match self.places(weights) {
            Some(Summary { most: [low, high], .. }) => 1.0 - (high - low) / 0.9,
            None => {
                let shares = self.shares(count, weights);
                let entropy: f64 = shares.iter().filter(|share| **share > 0.0).map(|p| -p * libm::log(*p)).sum();
                1.0 - entropy / libm::log(count.max(2) as f64)
            }
        };
        learned.clamp(0.0, 1.0)
    }

    /// The part of the variance of a value that the assumption explains, without what chance alone explains; nothing where
    /// the whole of it cannot be told from chance.
    pub fn explains(&self, values: &[f64], weights: &[f64]) -> f64 {
        let n = Weighted::new(values.iter().copied().zip(weights.iter().copied())).effective().max(2.0);
        let told = |part: f64, degrees: f64| {
            if part * n < TELLS * TELLS + degrees { 0.0 } else { part - degrees / n }
        };
        match self {
            Along::Number(logits) => {
                let r = correlation(logits, values, weights);
                told(r * r, 1.0)
            }
            Along::Ways(ways) => {
                let of = |way: Option<usize>| {
                    let chosen = ways.iter().zip(values.iter().zip(weights));
                    Weighted::new(
                        chosen.filter(|(taken, _)| way.is_none_or(|way| way == **taken)).map(|(_, (v, w))| (*v, *w)),
                    )
                };
                let Some(whole) = of(None).variance().filter(|variance| *variance > 0.0) else { return 0.0 };
                let taken = ways.iter().max().map_or(0, |most| most + 1);
                let shares = self.shares(taken, weights);
                let within: f64 = (0..taken).map(|way| shares[way] * of(Some(way)).variance().unwrap_or(0.0)).sum();
                told(1.0 - within / whole, taken as f64 - 1.0)
            }
        }
    }
}

/// The weighted correlation of two lists; 0 where one of them does not vary.
pub fn correlation(a: &[f64], b: &[f64], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    let mean = |of: &dyn Fn(usize) -> f64| (0..weights.len()).map(|i| weights[i] * of(i)).sum::<f64>() / total;
    let (middle_a, middle_b) = (mean(&|i| a[i]), mean(&|i| b[i]));
    let product = |x: &[f64], y: &[f64], mx: f64, my: f64| mean(&|i| (x[i] - mx) * (y[i] - my));
    let scale = libm::sqrt(product(a, a, middle_a, middle_a) * product(b, b, middle_b, middle_b));
    if scale > 0.0 { product(a, b, middle_a, middle_b) / scale } else { 0.0 }
}
