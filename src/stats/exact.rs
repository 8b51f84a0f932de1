//! The exact interval of a share, for where few events are expected.

use super::Interval;

/// The Clopper–Pearson interval of a share `p` seen in `n` trials; `n`, and the hits p·n, need not be whole.
///
/// C. J. Clopper and E. S. Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of the
/// binomial", Biometrika 26, 404–413. It covers at least 95 % whatever the share. With an effective number of trials it
/// is that of E. L. Korn and B. I. Graubard (1998), "Confidence intervals for proportions with small expected number of
/// positive counts estimated from survey data", Survey Methodology 24, 193–201.
pub fn clopper_pearson(p: f64, n: f64) -> Interval {
    let hits = p * n;
    let low = if hits <= 0.0 { 0.0 } else { beta_quantile(0.025, hits, n - hits + 1.0) };
    let high = if hits >= n { 1.0 } else { beta_quantile(0.975, hits + 1.0, n - hits) };
    Interval { low, high }
}

/// The number of trials in which no hit has this upper end of the interval of [`clopper_pearson`].
pub fn trials_without_hit(high: f64) -> f64 {
    libm::log(0.025) / libm::log1p(-high)
}

/// The chance of at most so many hits in so many trials, each with probability `p`.
pub fn binomial_below(hits: u64, trials: u64, p: f64) -> f64 {
    if hits >= trials { 1.0 } else { beta_below(1.0 - p, (trials - hits) as f64, hits as f64 + 1.0) }
}

/// The two-sided exact p-value of McNemar's test: of people whom two rules treat differently, `one` one way and `other` the
/// other way, how probable a split as uneven is if both ways are as likely.
///
/// Q. McNemar (1947), "Note on the sampling error of the difference between correlated proportions or percentages",
/// Psychometrika 12, 153–157, with the binomial distribution in place of its approximation.
pub fn mcnemar(one: u64, other: u64) -> f64 {
    (2.0 * binomial_below(one.min(other), one + other, 0.5)).min(1.0)
}

/// The quantile of a beta distribution, by halving. The bounds sought lie within a few orders of magnitude of the mean,
/// so it halves the logarithm where the mean is small.
pub(super) fn beta_quantile(at: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    // Sixty halvings after the first power of two: exact to the last bits of a double.
    let mut start = a / (a + b);
    while start > 1e-300 && beta_below(start, a, b) > at {
        high = start;
        start /= 2.0;
    }
    if start > 1e-300 {
        low = start;
    }
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        // Where the interval is wide in powers of two, halve those.
        let middle = if low > 0.0 && high / low > 4.0 { libm::sqrt(low * high) } else { middle };
        if beta_below(middle, a, b) < at { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// The chance that a beta variable is below x: the regularised incomplete beta function, by Lentz's continued fraction
/// (M. Abramowitz and I. A. Stegun (1964), 26.5.8).
pub(super) fn beta_below(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    let front = libm::exp(ln_front(a, b) + a * libm::log(x) + b * libm::log1p(-x));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

/// The chance that Student's t is farther from 0 than this, on either side.
pub(super) fn t_beyond(t: f64, degrees: f64) -> f64 {
    beta_below(degrees / (degrees + t * t), degrees / 2.0, 0.5)
}

/// The t beyond which, on both sides together, a chance of `p` lies.
pub(super) fn t_quantile(p: f64, degrees: f64) -> f64 {
    let x = beta_quantile(p, degrees / 2.0, 0.5);
    libm::sqrt(degrees * (1.0 - x) / x)
}

/// ln Γ(a + b) − ln Γ(a) − ln Γ(b). Of two large arguments the difference is taken as a series, since the logarithms
/// themselves are so large that their difference would lose its digits.
fn ln_front(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if large < 1e5 {
        return libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    }
    // Stirling's series: ln Γ(x) = (x − ½) ln x − x + ½ ln 2π + 1/(12x) − …
    let sum = small + large;
    let ratio = (large - 0.5) * libm::log1p(small / large) + small * libm::log(sum) - small;
    ratio + (1.0 / sum - 1.0 / large) / 12.0 - libm::lgamma(small)
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for step in 1..10_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            h *= d * c;
        }
        if (d * c - 1.0).abs() < 1e-14 {
            break;
        }
    }
    h
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_test_of_mcnemar_is_twice_the_tail_of_a_fair_coin() {
        // 1 of 9: 2 (1 + 9) / 2⁹. 0 of 5: 2 / 2⁵. 3 of 10: 2 (1 + 10 + 45 + 120) / 2¹⁰.
        for (one, other, p) in
            [(1, 8, 20.0 / 512.0), (5, 0, 2.0 / 32.0), (3, 7, 352.0 / 1024.0), (4, 4, 1.0), (0, 0, 1.0)]
        {
            assert!((mcnemar(one, other) - p).abs() < 1e-12, "{one} {other}: {}", mcnemar(one, other));
        }
    }

    #[test]
    fn it_gives_the_textbook_intervals() {
        // Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 5.
        for (hits, trials, low, high) in [
            (81.0, 263.0, 0.2527, 0.3676),
            (15.0, 148.0, 0.0578, 0.1617),
            (0.0, 20.0, 0.0, 0.1684),
            (1.0, 29.0, 0.0009, 0.1776),
        ] {
            let interval = clopper_pearson(hits / trials, trials);
            assert!((interval.low - low).abs() < 5e-5, "{hits}/{trials} {interval:?}");
            assert!((interval.high - high).abs() < 5e-5, "{hits}/{trials} {interval:?}");
        }
        assert_eq!(clopper_pearson(1.0, 5.0).high, 1.0);
    }

    #[test]
    fn of_ten_thousand_million_trials_it_is_the_poisson_interval() {
        // Garwood (1936), Biometrika 28: 10 events, 4.7954 to 18.3904.
        let n = 1e10;
        let interval = clopper_pearson(10.0 / n, n);
        assert!((interval.low * n - 4.7954).abs() < 1e-3, "{}", interval.low * n);
        assert!((interval.high * n - 18.3904).abs() < 1e-3, "{}", interval.high * n);
        let none = clopper_pearson(0.0, n);
        assert!((none.high * n - 3.6889).abs() < 1e-3);
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // Student's t, two-sided 5 % and 1 %; F(5, 10) at 5 % is 3.326.
        for (p, degrees, wanted) in [(0.05, 10.0, 2.228), (0.01, 10.0, 3.169), (0.05, 30.0, 2.042)] {
            assert!((t_quantile(p, degrees) - wanted).abs() < 5e-4);
            assert!((t_beyond(wanted, degrees) - p).abs() < 1e-4);
        }
        assert!((beta_below(10.0 / (10.0 + 5.0 * 3.326), 5.0, 2.5) - 0.05).abs() < 1e-4);
    }
}
