//! Weighted samples: quantiles, moments, effective size, and a density for a picture.

use super::logit;
use serde::{Deserialize, Serialize};

/// A sample whose values have weights; the weights need not sum to 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weighted {
    /// Values in rising order, each with its weight above 0.
    sorted: Vec<(f64, f64)>,
}

impl Weighted {
    /// The sample of some values with their weights. Values without weight, and those that are no number, are left out.
    pub fn new(values: impl IntoIterator<Item = (f64, f64)>) -> Weighted {
        let counts = |(value, weight): &(f64, f64)| value.is_finite() && weight.is_finite() && *weight > 0.0;
        let mut sorted: Vec<(f64, f64)> = values.into_iter().filter(counts).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        Weighted { sorted }
    }

    /// The number of values that have weight.
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    fn total(&self) -> f64 {
        self.sorted.iter().map(|(_, weight)| weight).sum()
    }

    /// The size of the unweighted sample that would say as much: (Σw)² / Σw² (L. Kish (1965), *Survey Sampling*, 11.7).
    pub fn effective(&self) -> f64 {
        let squares: f64 = self.sorted.iter().map(|(_, weight)| weight * weight).sum();
        if squares > 0.0 { self.total() * self.total() / squares } else { 0.0 }
    }

    /// The mean; `None` of an empty sample.
    pub fn mean(&self) -> Option<f64> {
        let total = self.total();
        (total > 0.0).then(|| self.sorted.iter().map(|(value, weight)| value * weight).sum::<f64>() / total)
    }

    /// The mean of a function of the values; 0 of an empty sample.
    pub fn expectation(&self, of: impl Fn(f64) -> f64) -> f64 {
        let sum: f64 = self.sorted.iter().map(|(value, weight)| weight * of(*value)).sum();
        if self.sorted.is_empty() { 0.0 } else { sum / self.total() }
    }

    /// The variance about the mean, each value weighing as much as it does; `None` of an empty sample.
    pub fn variance(&self) -> Option<f64> {
        let mean = self.mean()?;
        let squares = self.sorted.iter().map(|(value, weight)| weight * (value - mean) * (value - mean));
        Some(squares.sum::<f64>() / self.total())
    }

    /// The quantile at `p` from 0 to 1: a value stands in the middle of its own weight, and between two values the
    /// quantile runs straight. With equal weights it is R. J. Hyndman and Y. Fan's (1996) fifth definition.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let target = p * self.total();
        let mut before = 0.0;
        let mut last: Option<(f64, f64)> = None;
        for &(value, weight) in &self.sorted {
            let middle = before + weight / 2.0;
            if middle >= target {
                return Some(match last {
                    Some((low, at)) if middle > at => low + (value - low) * (target - at) / (middle - at),
                    _ => value,
                });
            }
            last = Some((value, middle));
            before += weight;
        }
        last.map(|(value, _)| value)
    }

    /// The median and the ends of the middle 50 % and 90 %.
    pub fn summary(&self) -> Option<Summary> {
        let at = |p| self.quantile(p);
        Some(Summary { median: at(0.5)?, half: [at(0.25)?, at(0.75)?], most: [at(0.05)?, at(0.95)?] })
    }

    /// The sample of the logits of shares.
    pub fn logits(&self) -> Weighted {
        Weighted::new(self.sorted.iter().map(|(share, weight)| (logit(*share), *weight)))
    }

    /// The density at some places, by Gaussian kernels of B. W. Silverman's (1986, 3.31) width; zero everywhere where all
    /// values are one.
    pub fn density(&self, at: &[f64]) -> Vec<f64> {
        let spread = self.variance().map_or(0.0, libm::sqrt);
        let quartiles = self.quantile(0.75).zip(self.quantile(0.25)).map_or(0.0, |(high, low)| (high - low) / 1.34);
        let scale = if quartiles > 0.0 { spread.min(quartiles) } else { spread };
        let width = 0.9 * scale * libm::pow(self.effective().max(1.0), -0.2);
        if width <= 0.0 {
            return vec![0.0; at.len()];
        }
        let whole = self.total() * width * libm::sqrt(2.0 * std::f64::consts::PI);
        let kernel = |place: f64, (value, weight): &(f64, f64)| {
            let z = (place - value) / width;
            weight * libm::exp(-z * z / 2.0)
        };
        at.iter().map(|&place| self.sorted.iter().map(|one| kernel(place, one)).sum::<f64>() / whole).collect()
    }
}

/// The middle of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Its median.
    pub median: f64,
    /// The ends of its middle half.
    pub half: [f64; 2],
    /// The ends of its middle 90 %.
    pub most: [f64; 2],
}

impl Summary {
    /// The summary of what a rising function makes of the values.
    pub fn map(self, of: impl Fn(f64) -> f64) -> Summary {
        Summary { median: of(self.median), half: self.half.map(&of), most: self.most.map(&of) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_give_the_quantiles_of_the_textbook() {
        let sample = Weighted::new([4.0, 1.0, 3.0, 2.0].map(|value| (value, 2.0)));
        // R, quantile(1:4, type = 5): 1.5, 2.5, 3.5; at the ends the extremes.
        assert_eq!([0.25, 0.5, 0.75].map(|p| sample.quantile(p).unwrap()), [1.5, 2.5, 3.5]);
        assert_eq!([0.0, 1.0].map(|p| sample.quantile(p).unwrap()), [1.0, 4.0]);
        assert_eq!((sample.mean(), sample.variance(), sample.effective()), (Some(2.5), Some(1.25), 4.0));
    }

    #[test]
    fn a_weight_counts_as_so_many_values() {
        let weighted = Weighted::new([(1.0, 3.0), (5.0, 1.0), (f64::NAN, 4.0), (9.0, 0.0)]);
        assert_eq!((weighted.count(), weighted.mean()), (2, Some(2.0)));
        assert!((weighted.effective() - 1.6).abs() < 1e-12);
        assert_eq!(Weighted::default().quantile(0.5), None);
        assert_eq!(Weighted::default().summary(), None);
    }

    #[test]
    fn a_density_holds_all_the_weight() {
        let sample = Weighted::new((0..200).map(|i| (libm::sin(f64::from(i)) * 3.0, 1.0 + f64::from(i % 3))));
        let places: Vec<f64> = (0..2_000).map(|i| -10.0 + 0.01 * f64::from(i)).collect();
        let whole: f64 = sample.density(&places).iter().sum::<f64>() * 0.01;
        assert!((whole - 1.0).abs() < 1e-6, "{whole}");
        assert_eq!(Weighted::new([(2.0, 1.0), (2.0, 1.0)]).density(&[2.0]), [0.0]);
    }
}
