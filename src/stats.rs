//! Probabilities, rates and their intervals.
//!
//! A rate is never a bare number: [`Rate`] carries hits and trials, and an [`Interval`] carries the method that made
//! it. Transcendental functions come from `libm`, so that a native and a WebAssembly build agree to the byte.

mod replicates;

pub use replicates::{Replicated, replicated, student95};
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

/// A value that is no probability.
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

/// The interval of a ratio Σ hits / Σ trials whose units are clusters (all persons returned for one request), `None`
/// without trials.
///
/// `clusters` gives hits and trials of each cluster; those without trials count for nothing. The variance of the ratio
/// is the linearised one, n/(n−1) Σ (hᵢ − p tᵢ)² / (Σ t)² (W. G. Cochran, *Sampling Techniques*, 3rd ed., 6.4 and
/// 9A), and it enters the Wilson score interval as an effective number of trials p(1−p)/variance, after E. L. Korn and
/// B. I. Graubard (1998), *Survey Methodology* 24, 193–201. Where the variance says nothing, with no hit or nothing
/// but hits, the number of clusters takes the place of the number of trials.
pub fn clustered(clusters: impl Iterator<Item = Rate> + Clone) -> Option<Interval> {
    let used = clusters.filter(|cluster| cluster.trials > 0);
    let (mut count, mut total) = (0_u64, Rate::default());
    for cluster in used.clone() {
        count += 1;
        total.hits += cluster.hits;
        total.trials += cluster.trials;
    }
    let p = total.value()?;
    let trials = total.trials as f64;
    let binomial = p * (1.0 - p);
    if binomial == 0.0 || count < 2 {
        return Some(wilson_score(p, count as f64));
    }
    let squares: f64 =
        used.map(|cluster| cluster.hits as f64 - p * cluster.trials as f64).map(|residual| residual * residual).sum();
    let n = count as f64;
    let variance = n / (n - 1.0) * squares / (trials * trials);
    Some(wilson_score(p, binomial / variance))
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
    fn clusters_of_one_are_nearly_wilson_and_copies_add_nothing() {
        let single: Vec<Rate> = (0..200).map(|i| Rate::new(u64::from(i % 10 == 0), 1)).collect();
        let a = clustered(single.iter().copied()).unwrap();
        let w = wilson(Rate::new(20, 200)).unwrap();
        assert!((a.low - w.low).abs() < 2e-3 && (a.high - w.high).abs() < 2e-3);
        // The same two hundred answers, each handed over five times, are no more evidence than once.
        let copies = single.iter().map(|r| Rate::new(r.hits * 5, 5));
        let b = clustered(copies).unwrap();
        assert!((a.low - b.low).abs() < 1e-12 && (a.high - b.high).abs() < 1e-12);
    }

    #[test]
    fn a_ratio_without_hits_still_has_an_upper_end() {
        let none = clustered((0..50).map(|_| Rate::new(0, 3))).unwrap();
        assert_eq!(none.low, 0.0);
        assert!(none.high > 0.05 && none.high < 0.1);
        assert_eq!(clustered([Rate::new(0, 0)].into_iter()), None);
    }

    #[test]
    fn a_probability_refuses_what_is_none() {
        assert!(Probability::new(-0.1).is_err());
        assert!(Probability::new(f64::NAN).is_err());
        assert_eq!(Probability::new(1.0).unwrap().get(), 1.0);
    }
}
