//! Calibration of inference: each draw in turn is taken for the published one, and inferred from the others.
//!
//! Simulation-based calibration (S. Talts, M. Betancourt, D. Simpson, A. Vehtari and A. Gelman (2018), "Validating Bayesian
//! inference algorithms with simulation-based calibration", arXiv:1804.06788): the rank of the true value among the
//! posterior is uniform, and an interval of 90 % holds it nine times of ten.

use super::aims::{Aim, Near, figure};
use super::draws::Draws;
use super::plan::Inference;
use super::posterior::{Along, Rates};
use crate::random::{Decision, Seed};
use crate::stats::{Weighted, binomial_below, expit, logit};

const TIES: Decision = Decision::named("infer.calibration.ties");

/// The ranks of true values, from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranks {
    /// The key of an assumption, or the measure of a rate.
    pub of: String,
    /// The rank of the truth in each data set.
    pub ranks: Vec<f64>,
}

impl Ranks {
    /// The share of truths in the middle 90 %.
    pub fn covered(&self) -> f64 {
        let inside = self.ranks.iter().filter(|rank| (0.05..=0.95).contains(*rank)).count();
        inside as f64 / self.ranks.len().max(1) as f64
    }

    /// Chi-square of the ranks in ten bins against even ones; of 9 degrees of freedom.
    pub fn chi_square(&self) -> f64 {
        let mut bins = [0.0; 10];
        self.ranks.iter().for_each(|rank| bins[((rank * 10.0) as usize).min(9)] += 1.0);
        let expected = self.ranks.len() as f64 / 10.0;
        bins.iter().map(|n| (n - expected) * (n - expected) / expected).sum()
    }
}

/// Takes `sets` draws of the first round, evenly spread, for published figures, and infers some assumptions and the quantity of
/// interest of each from all others. What is true of an assumption is known. Of the quantity the count is, which is
/// ranked among the counts that the posterior predicts.
pub fn calibrate(inference: &Inference, draws: &Draws, sets: usize, keys: &[&str]) -> Vec<Ranks> {
    let dimensions: Vec<usize> = keys
        .iter()
        .filter_map(|key| inference.space().dimensions.iter().position(|dimension| dimension.key == *key))
        .collect();
    let quantity = &inference.quantity();
    let named = dimensions.iter().map(|at| inference.space().dimensions[*at].key.clone()).chain([quantity.clone()]);
    let mut all: Vec<Ranks> = named.map(|of| Ranks { of, ranks: Vec::new() }).collect();
    // Later rounds look near the published figures; a truth has to come from the whole ranges.
    let first = inference.plan().rounds()[0].end;
    let of_the_first = draws.rows.iter().filter(|row| row.row < first).count();
    let step = (of_the_first / sets.max(1)).max(1);
    for row in (0..of_the_first).step_by(step).take(sets) {
        let Some(aims) = taken_for_published(inference.aims(), draws, row) else { continue };
        let others = without(draws, row);
        let near = Near::of(&aims, &others, inference.seed(), others.keep());
        for (ranks, &at) in all.iter_mut().zip(&dimensions) {
            let along = Along::of(&inference.space().dimensions[at], at, &others, &near);
            if let Along::Number(logits) = along {
                ranks.ranks.push(rank(&logits, &near.kept.weights, logit(draws.points[row][at])));
            }
        }
        let counted = draws.counts(row, quantity).filter(|[_, trials]| *trials > 0);
        let rates = Rates::of(&others, &near, quantity, inference.seed());
        if let (Some(counted), Some(rates), Some(last)) = (counted, rates, all.last_mut()) {
            let u = inference.seed().uniform(TIES, draws.rows[row].row);
            last.ranks.push(rank_of_count(&rates.posterior, counted, u));
        }
    }
    all
}

/// The figures of a draw as if they had been published; `None` where it lacks one.
fn taken_for_published(aims: &[Aim], draws: &Draws, row: usize) -> Option<Vec<Aim>> {
    let taken = |(number, aim): (usize, &Aim)| {
        let counts = draws.counts(row, &aim.measure)?;
        let seen = aim.blurred(figure(counts)?, counts[1] as f64, number, Seed(draws.rows[row].row));
        // The range keeps its width as a logit.
        let [low, high] = aim.range.map(|end| expit(logit(end) - logit(aim.value) + seen));
        Some(Aim { value: expit(seen), range: [low, high], at_records: None, ..aim.clone() })
    };
    aims.iter().enumerate().map(taken).collect()
}

/// The draws without one of them.
fn without(draws: &Draws, row: usize) -> Draws {
    let mut others = draws.clone();
    others.rows.remove(row);
    others.points.remove(row);
    others.weights.remove(row);
    others
}

/// The weight of the values below one.
fn rank(values: &[f64], weights: &[f64], truth: f64) -> f64 {
    let below = values.iter().zip(weights).filter(|(value, _)| **value < truth).map(|(_, weight)| weight);
    below.sum::<f64>() / weights.iter().sum::<f64>()
}

/// The rank of a count among those that the rates predict; a tie is broken at `u`.
fn rank_of_count(rates: &Weighted, [hits, trials]: [u64; 2], u: f64) -> f64 {
    let below = |rate: f64| {
        let less = if hits == 0 { 0.0 } else { binomial_below(hits - 1, trials, rate) };
        less + u * (binomial_below(hits, trials, rate) - less)
    };
    rates.expectation(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_ranks_pass_and_crowded_ones_do_not() {
        let even = Ranks { of: "x".into(), ranks: (0..200).map(|i| (f64::from(i) + 0.5) / 200.0).collect() };
        assert!(even.chi_square() < 1e-9 && (even.covered() - 0.9).abs() < 1e-9);
        let narrow = Ranks { of: "x".into(), ranks: (0..200).map(|i| f64::from(i % 2)).collect() };
        assert!(narrow.chi_square() > 500.0 && narrow.covered() == 0.0);
    }

    #[test]
    fn a_count_is_ranked_among_those_that_are_predicted() {
        let rates = Weighted::new([(0.1, 1.0), (0.3, 1.0)]);
        // Of three trials: none with chance 0.729 and 0.343.
        assert!((rank_of_count(&rates, [0, 3], 1.0) - 0.536).abs() < 1e-9);
        assert!((rank_of_count(&rates, [0, 3], 0.5) - 0.268).abs() < 1e-9);
        assert!((rank_of_count(&rates, [3, 3], 1.0) - 1.0).abs() < 1e-9);
    }
}
