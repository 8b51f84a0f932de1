//! Probabilities, rates and their intervals.
//!
//! A rate is never a bare number: [`Rate`] carries hits and trials, and an [`Interval`] both its ends. Transcendental
//! functions come from `libm`, so that a native and a WebAssembly build agree to the byte.

mod exact;
mod jackknife;
mod joined;
mod least_squares;
mod mixture;
mod nearby;
mod neighbours;
mod overdispersed;
mod pairs;
mod replicates;
mod screening;
mod shapley;
mod share;
mod trend;
mod weighted;

pub use exact::{binomial_below, clopper_pearson, mcnemar, trials_without_hit};
pub use jackknife::jackknife;
pub use joined::Joined;
pub use least_squares::{Line, least_squares};
pub use mixture::{Cells, Mixture, Power, Shape, Unfit};
pub use nearby::{Nearby, distance, nearby};
pub use neighbours::{Neighbourhood, Neighbours};
pub use overdispersed::Overdispersed;
pub use pairs::{Dyads, Home, Moments, dyadic};
pub use replicates::{Replicated, replicated, student95};
pub use screening::{Effect, Folded, Screened};
pub use shapley::shapley;
pub use share::{
    Clusters, Contrast, Estimate, FEW, Share, Sums, clustered, clustered_count, clustered_count_in_few,
    clustered_in_few, design_effect, difference, first_of_each, independent, ratio, weighted_sum,
};
pub use trend::{Experiment, Trend, trend};
pub use weighted::{Summary, Weighted};

use serde::{Deserialize, Serialize};
use std::fmt;

/// The 97.5 % quantile of the standard normal distribution: the half-width of a 95 % interval in standard errors.
pub const Z95: f64 = 1.959_963_984_540_054;

/// A number from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Probability(f64);

impl TryFrom<f64> for Probability {
    type Error = OutOfRange;

    fn try_from(value: f64) -> Result<Probability, OutOfRange> {
        Probability::new(value)
    }
}

impl From<Probability> for f64 {
    fn from(probability: Probability) -> f64 {
        probability.0
    }
}

impl Probability {
    /// The probability `value`, or what is wrong with it.
    pub fn new(value: f64) -> Result<Probability, OutOfRange> {
        if (0.0..=1.0).contains(&value) { Ok(Probability(value)) } else { Err(OutOfRange(value)) }
    }

    /// The number itself.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// A value outside 0–1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutOfRange(f64);

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not between 0 and 1", self.0)
    }
}

impl std::error::Error for OutOfRange {}

/// A count of hits among a count of trials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Trials in which it happened.
    pub hits: u64,
    /// Trials in all.
    pub trials: u64,
}

impl Rate {
    /// A rate of `hits` among `trials`.
    pub fn new(hits: u64, trials: u64) -> Rate {
        Rate { hits, trials }
    }

    /// Hits over trials; `None` without trials.
    pub fn value(self) -> Option<f64> {
        (self.trials > 0).then(|| self.hits as f64 / self.trials as f64)
    }

    /// Adds one trial, a hit or not.
    pub fn count(&mut self, hit: bool) {
        self.trials += 1;
        self.hits += u64::from(hit);
    }

    /// Both rates together: of other trials.
    pub fn with(self, other: Rate) -> Rate {
        Rate::new(self.hits + other.hits, self.trials + other.trials)
    }
}

/// The two ends of a 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end, from 0.
    pub low: f64,
    /// Upper end, to 1.
    pub high: f64,
}

/// The Wilson score interval of a rate whose trials are independent; `None` without trials.
///
/// E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22, 209–212.
pub fn wilson(rate: Rate) -> Option<Interval> {
    rate.value().map(|p| wilson_score(p, rate.trials as f64))
}

/// The Wilson score interval of a share `p` seen in `n` trials; `n` need not be whole.
fn wilson_score(p: f64, n: f64) -> Interval {
    let z2 = Z95 * Z95;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z95 / (1.0 + z2 / n) * libm::sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n));
    // At p = 0 and p = 1 the interval ends there exactly; the formula misses it by a rounding error.
    Interval {
        low: if p == 0.0 { 0.0 } else { (centre - half).max(0.0) },
        high: if p == 1.0 { 1.0 } else { (centre + half).min(1.0) },
    }
}

/// The logarithm of the odds of a share above 0 and below 1.
pub fn logit(share: f64) -> f64 {
    libm::log(share) - libm::log1p(-share)
}

/// The share of which a number is the logarithm of the odds.
pub fn expit(logit: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-logit))
}

/// The probability that at least one of `pairs` pairs is alike, where each is with probability `share`: that of a Poisson
/// number of them, as in the birthday problem.
pub fn any_of(pairs: f64, share: f64) -> f64 {
    1.0 - libm::exp(-pairs * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_gives_the_textbook_intervals() {
        // Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 3.
        for (hits, trials, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let interval = wilson(Rate::new(hits, trials)).unwrap();
            assert!((interval.low - low).abs() < 5e-5, "{hits}/{trials} {interval:?}");
            assert!((interval.high - high).abs() < 5e-5, "{hits}/{trials} {interval:?}");
        }
        assert_eq!(wilson(Rate::new(0, 0)), None);
        assert_eq!(wilson(Rate::new(5, 5)).unwrap().high, 1.0);
    }

    #[test]
    fn of_twenty_three_people_two_probably_share_a_birthday() {
        let pairs = 23.0 * 22.0 / 2.0;
        assert!((any_of(pairs, 1.0 / 365.0) - 0.5000).abs() < 5e-5, "the exact probability is 0.5073");
        assert_eq!(any_of(pairs, 0.0), 0.0);
    }

    #[test]
    fn a_probability_refuses_what_is_none() {
        assert!(Probability::new(-0.1).is_err());
        assert!(Probability::new(f64::NAN).is_err());
        assert_eq!(Probability::new(1.0).unwrap().get(), 1.0);
    }
}
