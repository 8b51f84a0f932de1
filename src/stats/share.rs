//! Shares whose trials hang together, and how two shares compare.

use super::{Interval, Rate, clopper_pearson, wilson_score};
use std::collections::BTreeMap;

/// With fewer effective hits than this, or fewer effective trials that are no hit, an interval is the exact one.
///
/// At 30 seen nearly all studies that expect fewer than 20 use the exact interval, and nearly all that expect 40 use
/// Wilson's; `docs/coverage.md` has what each covers.
pub const FEW: f64 = 30.0;

/// A 95 % interval, and which of the two formulas made it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The interval.
    pub interval: Interval,
    /// Whether it is the exact (Clopper–Pearson) one, as few events were seen; else it is Wilson's.
    pub exact: bool,
}

impl Estimate {
    /// Of a share `p` seen in `n` effective trials.
    fn of(p: f64, n: f64) -> Estimate {
        let exact = p.min(1.0 - p) * n < FEW;
        Estimate { interval: if exact { clopper_pearson(p, n) } else { wilson_score(p, n) }, exact }
    }
}

/// The interval of a share of independent trials; `None` without trials.
pub fn independent(rate: Rate) -> Option<Estimate> {
    rate.value().map(|p| Estimate::of(p, rate.trials as f64))
}

/// The interval of a ratio Σ hits / Σ trials whose units are clusters (all persons returned for one request), `None`
/// without trials.
///
/// `clusters` gives hits and trials of each cluster; those without trials count for nothing. The variance of the ratio
/// is the linearised one, n/(n−1) Σ (hᵢ − p tᵢ)² / (Σ t)² (W. G. Cochran, *Sampling Techniques*, 3rd ed., 6.4 and
/// 9A), and it enters the interval as an effective number of trials p(1−p)/variance, after E. L. Korn and
/// B. I. Graubard (1998), *Survey Methodology* 24, 193–201. Where the variance says nothing, with no hit or nothing
/// but hits, the number of clusters takes the place of the number of trials.
pub fn clustered(clusters: impl Iterator<Item = Rate> + Clone) -> Option<Estimate> {
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
        return Some(Estimate::of(p, count as f64));
    }
    let squares: f64 =
        used.map(|cluster| cluster.hits as f64 - p * cluster.trials as f64).map(|residual| residual * residual).sum();
    let n = count as f64;
    let variance = n / (n - 1.0) * squares / (trials * trials);
    Some(Estimate::of(p, binomial / variance))
}

/// A hit that belongs to two clusters at once, a request and a person returned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossed {
    /// The request.
    pub request: u64,
    /// The person.
    pub person: u64,
    /// How much of a hit it is: a person returned for two requests and counted once is half a hit in each.
    pub weight: f64,
}

/// The interval of a rare share among `trials` trials whose hits are clustered two ways; `None` without trials.
///
/// The variance of the count is Σ over requests + Σ over persons − Σ over pairs of the squared hits (A. C. Cameron,
/// J. B. Gelbach and D. L. Miller (2011), "Robust inference with multiway clustering", Journal of Business & Economic
/// Statistics 29, 238–249), the part of trials that are no hits being negligible where the share is small, and never
/// less than that of independent hits. It enters as an effective number of trials, as in [`clustered`].
pub fn two_way(hits: &[Crossed], trials: u64) -> Option<Estimate> {
    if trials == 0 {
        return None;
    }
    let (mut requests, mut persons): (BTreeMap<u64, f64>, BTreeMap<u64, f64>) = Default::default();
    let (mut sum, mut of_pairs) = (0.0, 0.0);
    for hit in hits {
        sum += hit.weight;
        of_pairs += hit.weight * hit.weight;
        *requests.entry(hit.request).or_default() += hit.weight;
        *persons.entry(hit.person).or_default() += hit.weight;
    }
    let squares = |sums: &BTreeMap<u64, f64>| -> f64 { sums.values().map(|sum| sum * sum).sum() };
    let variance = (squares(&requests) + squares(&persons) - of_pairs).max(sum);
    let n = trials as f64;
    let p = (sum / n).min(1.0);
    Some(Estimate::of(p, if variance > 0.0 { n * sum / variance } else { n }))
}

/// A share and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
}

/// How one share differs from another: a value and its interval. An upper end may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrast {
    /// The value.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// The difference a − b of two independent shares, from their own intervals.
///
/// R. G. Newcombe (1998), "Interval estimation for the difference between independent proportions", Statistics in
/// Medicine 17, 873–890, method 10; for shares of any kind G. Y. Zou and A. Donner (2008), Statistics in Medicine 27,
/// 1693–1702 (MOVER).
pub fn difference(a: Share, b: Share) -> Contrast {
    let apart = |x: f64, y: f64| libm::sqrt(x * x + y * y);
    let value = a.value - b.value;
    Contrast {
        value,
        low: value - apart(a.value - a.interval.low, b.interval.high - b.value),
        high: value + apart(a.interval.high - a.value, b.value - b.interval.low),
    }
}

/// The ratio a / b of two independent shares, from their own intervals; `None` where b is 0.
///
/// A. Donner and G. Y. Zou (2012), "Closed-form confidence intervals for functions of the normal mean and standard
/// deviation", Statistical Methods in Medical Research 21, 347–359, equation for a ratio (MOVER-R): the bounds of a
/// ratio θ are where the difference a − θ b has a bound at 0.
pub fn ratio(a: Share, b: Share) -> Option<Contrast> {
    if b.value <= 0.0 {
        return None;
    }
    let product = a.value * b.value;
    let root = |x: f64| libm::sqrt(x.max(0.0));
    let of = |end: f64, share: Share| end * (2.0 * share.value - end);
    let (above, below) = (of(b.interval.high, b), of(b.interval.low, b));
    let numerator = product * product - of(a.interval.low, a) * above;
    // The quadratic loses its leading term where the interval reaches twice the share.
    let low = if above.abs() < 1e-12 * product.max(1e-300) {
        of(a.interval.low, a) / (2.0 * product).max(1e-300)
    } else {
        (product - root(numerator)) / above
    };
    let numerator = product * product - of(a.interval.high, a) * below;
    let high = if below <= 0.0 { f64::INFINITY } else { (product + root(numerator)) / below };
    // The larger of -0.0 and 0.0 is another one in WebAssembly than natively.
    let low = if low > 0.0 { low } else { 0.0 };
    Some(Contrast { value: a.value / b.value, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::wilson;

    #[test]
    fn clusters_of_one_are_nearly_independent_and_copies_add_nothing() {
        let single: Vec<Rate> = (0..400).map(|i| Rate::new(u64::from(i % 10 == 0), 1)).collect();
        let a = clustered(single.iter().copied()).unwrap();
        let w = independent(Rate::new(40, 400)).unwrap();
        assert!(!a.exact && !w.exact);
        assert!((a.interval.low - w.interval.low).abs() < 1e-3 && (a.interval.high - w.interval.high).abs() < 1e-3);
        // The same answers, each handed over five times, are no more evidence than once.
        let copies = single.iter().map(|r| Rate::new(r.hits * 5, 5));
        let b = clustered(copies).unwrap();
        assert!((a.interval.low - b.interval.low).abs() < 1e-12 && (a.interval.high - b.interval.high).abs() < 1e-12);
    }

    #[test]
    fn a_ratio_without_hits_still_has_an_upper_end() {
        let none = clustered((0..50).map(|_| Rate::new(0, 3))).unwrap();
        assert_eq!((none.interval.low, none.exact), (0.0, true));
        assert!(none.interval.high > 0.05 && none.interval.high < 0.1);
        assert_eq!(clustered([Rate::new(0, 0)].into_iter()), None);
    }

    #[test]
    fn hits_that_share_a_request_or_a_person_are_less_evidence_than_hits_that_do_not() {
        let width = |hits: &[Crossed]| {
            let interval = two_way(hits, 1_000_000).unwrap().interval;
            interval.high - interval.low
        };
        let crossed = |request, person| Crossed { request, person, weight: 1.0 };
        let apart: Vec<Crossed> = (0..60).map(|i| crossed(i, i)).collect();
        let by_request: Vec<Crossed> = (0..60).map(|i| crossed(i / 3, i)).collect();
        let by_person: Vec<Crossed> = (0..60).map(|i| crossed(i, i / 3)).collect();
        assert!(width(&by_request) > 1.5 * width(&apart));
        assert!((width(&by_request) - width(&by_person)).abs() < 1e-12);
        let alone = independent(Rate::new(60, 1_000_000)).unwrap().interval;
        assert!((width(&apart) / (alone.high - alone.low) - 1.0).abs() < 1e-3);
        assert_eq!(two_way(&[], 0), None);
    }

    #[test]
    fn differences_and_ratios_are_those_of_the_papers() {
        let share = |hits, trials| {
            let rate = Rate::new(hits, trials);
            Share { value: rate.value().unwrap(), interval: wilson(rate).unwrap() }
        };
        // Newcombe (1998), table II, method 10: 56/70 − 48/80.
        let d = difference(share(56, 70), share(48, 80));
        assert!((d.low - 0.0524).abs() < 5e-5 && (d.high - 0.3339).abs() < 5e-5, "{d:?}");
        // A ratio's bound is where the difference has a bound at 0.
        let (a, b) = (share(30, 200), share(12, 240));
        let r = ratio(a, b).unwrap();
        assert!((r.value - 3.0).abs() < 1e-12 && r.low > 1.5 && r.high < 6.5, "{r:?}");
        let scaled = |theta: f64| Share {
            value: b.value * theta,
            interval: Interval { low: b.interval.low * theta, high: b.interval.high * theta },
        };
        assert!(difference(a, scaled(r.low)).low.abs() < 1e-12);
        assert!(difference(a, scaled(r.high)).high.abs() < 1e-12);
        assert_eq!(ratio(a, share(0, 30)), None);
        assert_eq!(ratio(share(0, 30), b).unwrap().low, 0.0);
    }
}
