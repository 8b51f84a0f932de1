//! Mean, spread and interval of a figure over independent replicates.

use super::Interval;

/// A figure over replicates: runs that differ in nothing but the seed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Replicated {
    /// Replicates that have the figure.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, with n − 1 in the denominator; `None` of a single one.
    pub deviation: Option<f64>,
    /// The 95 % interval of the expectation, mean ± t·s/√n with Student's t of n − 1 degrees of freedom. `None` of a
    /// single replicate, and where all are alike: then their spread says nothing.
    pub interval: Option<Interval>,
}

/// Sums a figure up over replicates; `None` without any. Values are added in the order in which they come.
pub fn replicated(values: &[f64]) -> Option<Replicated> {
    let count = values.len() as u64;
    let n = count as f64;
    let mean = if values.is_empty() { return None } else { values.iter().sum::<f64>() / n };
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let alike = values.iter().all(|value| *value == values[0]);
    let deviation = (count > 1).then(|| if alike { 0.0 } else { libm::sqrt(squares / (n - 1.0)) });
    let interval = deviation.filter(|_| !alike).map(|deviation| {
        let half = student95(count - 1) * deviation / libm::sqrt(n);
        Interval { low: mean - half, high: mean + half }
    });
    Some(Replicated { count, mean, deviation, interval })
}

/// The 97.5 % quantile of Student's t distribution with so many degrees of freedom, from 1 up.
///
/// Found by halving on the exact finite series of its distribution function (M. Abramowitz and I. A. Stegun, *Handbook
/// of Mathematical Functions*, 26.7.3 and 26.7.4).
pub fn student95(degrees: u64) -> f64 {
    // From here on the quantile differs from the limit by less than 2 in a thousand, and slowly.
    let degrees = degrees.clamp(1, 2_000);
    let within = |t: f64| {
        let angle = libm::atan(t / libm::sqrt(degrees as f64));
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        let odd = degrees % 2 == 1;
        // The terms of the series: each is the one before times cos² and the next factor.
        let (mut term, mut sum) = if odd { (cos, cos) } else { (1.0, 1.0) };
        let mut k = if odd { 3 } else { 2 };
        while k < degrees {
            term *= cos * cos * (k - 1) as f64 / k as f64;
            sum += term;
            k += 2;
        }
        match (odd, degrees) {
            (true, 1) => 2.0 * angle / std::f64::consts::PI,
            (true, _) => 2.0 / std::f64::consts::PI * (angle + sin * sum),
            (false, _) => sin * sum,
        }
    };
    let (mut low, mut high) = (1.9, 13.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if within(middle) < 0.95 { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantiles_are_those_of_the_tables() {
        // Any table of the t distribution, 97.5 %.
        for (degrees, t) in [
            (1, 12.7062),
            (2, 4.3027),
            (3, 3.1824),
            (4, 2.7764),
            (9, 2.2622),
            (19, 2.0930),
            (30, 2.0423),
            (100, 1.9840),
            (1_000, 1.9623),
        ] {
            assert!((student95(degrees) - t).abs() < 5e-5, "{degrees}: {}", student95(degrees));
        }
        assert!(student95(u64::MAX) > super::super::Z95);
    }

    #[test]
    fn mean_spread_and_interval_are_those_worked_out_by_hand() {
        // 2, 4, 6: mean 4, deviation 2, half-width 4.3027 · 2 / √3 = 4.9683.
        let three = replicated(&[2.0, 4.0, 6.0]).unwrap();
        assert_eq!((three.count, three.mean, three.deviation), (3, 4.0, Some(2.0)));
        let interval = three.interval.unwrap();
        assert!((interval.low + 0.9683).abs() < 1e-4 && (interval.high - 8.9683).abs() < 1e-4, "{interval:?}");
    }

    #[test]
    fn one_replicate_has_no_spread_and_equal_ones_claim_no_interval() {
        let one = replicated(&[0.1]).unwrap();
        assert_eq!((one.deviation, one.interval), (None, None));
        let alike = replicated(&[0.1, 0.1, 0.1]).unwrap();
        assert_eq!((alike.deviation, alike.interval), (Some(0.0), None));
        assert_eq!(replicated(&[]), None);
    }
}
