//! Rates that differ from run to run by more than the luck of their counts: the beta-binomial distribution.

use super::Rate;
use super::exact::beta_quantile;

/// A beta distribution of rates, of which each is seen through a binomial count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overdispersed {
    /// The mean of the rates.
    pub mean: f64,
    /// The sum of the two parameters of the beta distribution: the larger, the more alike are the rates.
    pub size: f64,
}

impl Overdispersed {
    /// The distribution of some rates, each with a weight; `None` without trials.
    ///
    /// By moments (J. C. Kleinman (1973), "Proportions with extraneous variance: single and independent samples", JASA 68,
    /// 46–54): the spread between rates beyond that of binomial counts is the beta's. A rate is never taken to be known
    /// better than all of them together are.
    pub fn of(rates: &[(Rate, f64)]) -> Option<Overdispersed> {
        let seen = || rates.iter().filter(|(rate, weight)| rate.trials > 0 && *weight > 0.0);
        let sum = |of: &dyn Fn(Rate) -> f64| seen().map(|(rate, weight)| weight * of(*rate)).sum::<f64>();
        let (hits, trials) = (sum(&|r| r.hits as f64), sum(&|r| r.trials as f64));
        if trials <= 0.0 {
            return None;
        }
        let most: f64 = seen().map(|(rate, _)| rate.trials as f64).sum();
        // Half a case more and half a case less than were seen: a mean of 0 or 1 would be sure of what it cannot know.
        let scale = most / trials;
        let mean = (hits * scale + 0.5) / (most + 1.0);
        let binomial = mean * (1.0 - mean);
        // Each rate counts by its trials: E Σ w n (p − μ)² = μ(1−μ) Σ w (1 + (n−1)ρ), with ρ = 1/(size + 1).
        let squares = sum(&|r| {
            let off = r.hits as f64 / r.trials as f64 - mean;
            r.trials as f64 * off * off
        });
        let (weights, more) = (sum(&|_| 1.0), sum(&|r| r.trials as f64 - 1.0));
        let alike = if more > 0.0 { (squares / binomial - weights) / more } else { 0.0 };
        let size = if alike > 0.0 { (1.0 / alike - 1.0).max(0.01) } else { most };
        Some(Overdispersed { mean, size: size.min(most.max(1.0)) })
    }

    /// The quantile at `u` of the rate behind a count: of the beta distribution with parameters
    /// mean·size + hits and (1 − mean)·size + misses.
    pub fn behind(&self, rate: Rate, u: f64) -> f64 {
        let a = self.mean * self.size + rate.hits as f64;
        let b = (1.0 - self.mean) * self.size + (rate.trials - rate.hits) as f64;
        beta_quantile(u, a, b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Decision, Seed};
    use crate::stats::Weighted;

    const COUNT: Decision = Decision::named("test.count");

    #[test]
    fn the_distribution_behind_counts_is_found_and_given_back() {
        // Rates of a beta distribution of mean 0.05 and size 40, each seen in 150 trials.
        let truth = Overdispersed { mean: 0.05, size: 40.0 };
        let mut streams: Vec<_> = (0..4_000).map(|i| Seed(1).stream(COUNT, i)).collect();
        let counted = streams.iter_mut().map(|stream| {
            let rate = beta_quantile(stream.uniform(), 2.0, 38.0);
            (Rate::new((0..150).filter(|_| stream.chance(rate)).count() as u64, 150), 1.0)
        });
        let rates: Vec<(Rate, f64)> = counted.collect();
        let found = Overdispersed::of(&rates).unwrap();
        assert!((found.mean - truth.mean).abs() < 0.004 && (30.0..55.0).contains(&found.size), "{found:?}");
        let given = rates.iter().zip(&mut streams);
        let given = given.map(|((rate, _), stream)| (found.behind(*rate, stream.uniform()), 1.0));
        let given = Weighted::new(given);
        let (given, expected) = (given.summary().unwrap(), [0.05, 0.95].map(|p| beta_quantile(p, 2.0, 38.0)));
        for (given, expected) in given.most.into_iter().zip(expected) {
            assert!((given / expected - 1.0).abs() < 0.12, "{given} {expected}");
        }
    }

    #[test]
    fn rates_that_differ_by_luck_alone_are_taken_for_one() {
        let rates = [(Rate::new(5, 100), 1.0), (Rate::new(5, 100), 1.0), (Rate::new(0, 0), 1.0)];
        let one = Overdispersed::of(&rates).unwrap();
        assert!(one.size == 200.0 && (one.mean - 10.5 / 201.0).abs() < 1e-12, "{one:?}");
        let most = [0.025, 0.975].map(|u| one.behind(Rate::new(0, 0), u));
        assert!(most[0] < 0.05 && most[1] > 0.05 && most[1] < 0.1, "{most:?}");
        assert_eq!(Overdispersed::of(&[(Rate::new(0, 0), 1.0)]), None);
        let none = Overdispersed::of(&[(Rate::new(0, 50), 1.0)]).unwrap();
        assert!(none.behind(Rate::new(0, 50), 0.5) > 0.0, "nothing seen is no proof of nothing");
    }
}
