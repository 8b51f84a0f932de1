//! Shares whose trials hang together, and how two shares compare.

use super::{Interval, Rate, Z95, clopper_pearson, student95, wilson_score};
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

    /// Of a share whose hits have this variance, or that of independent ones if it is less.
    fn of_count(p: f64, rate: Rate, variance: f64) -> Estimate {
        let (n, independent) = (rate.trials as f64, rate.hits as f64 * (1.0 - p));
        let variance = variance.max(independent);
        Estimate::of(p, if variance > 0.0 { n * independent / variance } else { n })
    }
}

/// The interval of a share of independent trials; `None` without trials.
pub fn independent(rate: Rate) -> Option<Estimate> {
    rate.value().map(|p| Estimate::of(p, rate.trials as f64))
}

/// The interval of a ratio Σ hits / Σ trials whose units are clusters (all persons returned for one request), `None`
/// without trials.
///
/// `clusters` gives hits and trials of each cluster; those without trials count for nothing. The variance is that of the
/// jackknife, (n−1)/n Σ ((hᵢ − p tᵢ) / (T − tᵢ))² with T = Σ t, what leaving out a cluster would change (W. G. Cochran,
/// *Sampling Techniques*, 3rd ed., 6.17; the linearised variance falls short of it where clusters are few or of unlike
/// size). It enters the interval as an effective number of trials p(1−p)/variance, with Student's t of the effective
/// number of clusters, T²/Σ t², less one in place of the normal quantile, after E. L. Korn and B. I. Graubard (1998),
/// *Survey Methodology* 24, 193–201. Where the variance says nothing, with no hit or nothing but hits, the number of
/// clusters takes the place of the number of trials.
pub fn clustered(clusters: impl Iterator<Item = Rate> + Clone) -> Option<Estimate> {
    let used = clusters.filter(|cluster| cluster.trials > 0);
    let (mut count, mut total, mut squared) = (0_u64, Rate::default(), 0.0);
    for cluster in used.clone() {
        count += 1;
        total.hits += cluster.hits;
        total.trials += cluster.trials;
        squared += (cluster.trials * cluster.trials) as f64;
    }
    let p = total.value()?;
    let trials = total.trials as f64;
    let binomial = p * (1.0 - p);
    if binomial == 0.0 || count < 2 {
        return Some(Estimate::of(p, count as f64));
    }
    let changes =
        used.map(|cluster| (cluster.hits as f64 - p * cluster.trials as f64) / (trials - cluster.trials as f64));
    let n = count as f64;
    let variance = (n - 1.0) / n * changes.map(|change| change * change).sum::<f64>();
    let wider = student95((trials * trials / squared) as u64 - 1) / Z95;
    Some(Estimate::of(p, binomial / (variance * wider * wider)))
}

/// A hit that belongs to two clusters at once, a request and a person returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crossed {
    /// The request, from 0.
    pub request: usize,
    /// The person.
    pub person: u64,
    /// Whether it would be no hit without this request. A person returned for two requests and counted once is not.
    pub own: bool,
}

/// The interval of a rare share whose hits are clustered by request and by person; `None` without trials.
///
/// `homes` has for each request the first one in the neighbourhood of the person sought ([`first_of_each`]). Requests of one neighbourhood are of one cluster,
/// for kin and people of one origin live near each other, and so are requests that return one person. With c_k of C hits
/// in cluster k and r_k of R requests, the variance of the count is K/(K−1) Σ (c_k − r_k·C/R)², clusters without hits
/// included: the linearised variance of a ratio between clusters, as in [`clustered`], at the level at which clusters are
/// apart (A. C. Cameron and D. L. Miller (2015), "A practitioner's guide to cluster-robust inference", Journal of Human
/// Resources 50, 317–372, IV). What a request changes stands for its hits, as in the jackknife (B. Efron and C. Stein
/// (1981), Annals of Statistics 9, 586–596): of a person returned twice and counted once neither request changes anything.
///
/// Few clusters are allowed for by Student's t in place of the normal quantile (Korn and Graubard 1998, as in
/// [`clustered`]), with one degree of freedom less than there are effective clusters, (Σ r_k)²/Σ r_k² (A. V. Carter, K. T.
/// Schnepel and D. G. Steigerwald (2017), Review of Economics and Statistics 99, 698–709). Where there are fewer than
/// five, since nearly everything is linked, requests are taken as apart. Never is the variance less than that.
pub fn linked(hits: &[Crossed], rate: Rate, homes: &[usize]) -> Option<Estimate> {
    let p = rate.value()?;
    let cluster_of = clusters(hits.iter(), homes);
    let mut of_requests = vec![0_u64; homes.len()];
    hits.iter().for_each(|hit| of_requests[hit.request] += u64::from(hit.own));
    let mut clusters = vec![(0_u64, 0_u64); homes.len()];
    for (hits, &cluster) in of_requests.iter().zip(&cluster_of) {
        let cluster = &mut clusters[cluster];
        *cluster = (cluster.0 + hits, cluster.1 + 1);
    }
    clusters.retain(|(_, requests)| *requests > 0);
    let requests = homes.len() as f64;
    let mean = of_requests.iter().sum::<u64>() as f64 / requests;
    let variance = |clusters: &mut dyn Iterator<Item = (u64, u64)>, count: f64| {
        let residuals = clusters.map(|(hits, requests)| hits as f64 - requests as f64 * mean);
        let squares: f64 = residuals.map(|residual| residual * residual).sum();
        if count > 1.0 { count / (count - 1.0) * squares } else { 0.0 }
    };
    let apart = variance(&mut of_requests.iter().map(|hits| (*hits, 1)), requests);
    let effective = requests * requests / clusters.iter().map(|(_, r)| (r * r) as f64).sum::<f64>();
    if effective < FEWEST {
        return Some(Estimate::of_count(p, rate, apart));
    }
    let together = variance(&mut clusters.iter().copied(), clusters.len() as f64).max(apart);
    let wider = student95(effective as u64 - 1) / Z95;
    Some(Estimate::of_count(p, rate, together * wider * wider))
}

/// How the counts of two kinds of hits go together, from −1 to 1: the covariance of their sums over the clusters that
/// both share, with the variances of [`linked`]. Requests of one neighbourhood and those that return one person, of
/// whichever kind, are of one cluster. 0 where either has no variance, or where clusters are too few to tell.
pub fn together(a: &[Crossed], b: &[Crossed], homes: &[usize]) -> f64 {
    let cluster_of = clusters(a.iter().chain(b), homes);
    let mut sums = vec![([0.0; 2], 0.0); homes.len()];
    let mut totals = [0.0; 2];
    for (kind, hits) in [a, b].into_iter().enumerate() {
        for hit in hits.iter().filter(|hit| hit.own) {
            sums[cluster_of[hit.request]].0[kind] += 1.0;
            totals[kind] += 1.0;
        }
    }
    cluster_of.iter().for_each(|&cluster| sums[cluster].1 += 1.0);
    let requests = homes.len() as f64;
    let squared: f64 = sums.iter().map(|(_, requests)| requests * requests).sum();
    if squared == 0.0 || requests * requests / squared < FEWEST {
        return 0.0;
    }
    let [mut of_a, mut of_b, mut of_both] = [0.0; 3];
    for (hits, of_cluster) in sums {
        let [a, b] = [0, 1].map(|kind| hits[kind] - of_cluster * totals[kind] / requests);
        of_a += a * a;
        of_b += b * b;
        of_both += a * b;
    }
    if of_a > 0.0 && of_b > 0.0 { of_both / libm::sqrt(of_a * of_b) } else { 0.0 }
}

/// For each request the first one of its cluster: of its neighbourhood, and of all that return one person.
fn clusters<'a>(hits: impl Iterator<Item = &'a Crossed>, homes: &[usize]) -> Vec<usize> {
    // Each request points to an earlier one of its cluster, or to itself.
    let mut earlier = homes.to_vec();
    let mut returned_for: BTreeMap<u64, usize> = BTreeMap::new();
    for hit in hits {
        let other = *returned_for.entry(hit.person).or_insert(hit.request);
        let (a, b) = (first(&mut earlier, hit.request), first(&mut earlier, other));
        earlier[a.max(b)] = a.min(b);
    }
    (0..homes.len()).map(|request| first(&mut earlier, request)).collect()
}

/// For each of these, the place of the first that is equal to it.
pub fn first_of_each(homes: impl Iterator<Item = u64>) -> Vec<usize> {
    let mut first: BTreeMap<u64, usize> = BTreeMap::new();
    homes.enumerate().map(|(place, home)| *first.entry(home).or_insert(place)).collect()
}

/// With fewer effective clusters than this there are too few to tell anything from.
const FEWEST: f64 = 5.0;

/// The first request of a cluster, of which `earlier` leads to it; the way is made shorter for the next time.
fn first(earlier: &mut [usize], mut request: usize) -> usize {
    while earlier[request] != request {
        earlier[request] = earlier[earlier[request]];
        request = earlier[request];
    }
    request
}

/// Hits that share requests and persons, summed up: all that their two-way variance is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Squares {
    /// The squares of the hits of each request.
    pub by_request: f64,
    /// The squares of the hits of each person.
    pub by_person: f64,
}

/// The interval of a rare share among pairs of `requests` and `persons`, each drawn apart from the others: people who
/// share a name, of two files. `None` without trials.
///
/// The variance of the count is Σ over requests + Σ over persons − Σ over pairs of the squared residuals (A. C. Cameron,
/// J. B. Gelbach and D. L. Miller (2011), "Robust inference with multiway clustering", Journal of Business & Economic
/// Statistics 29, 238–249), and never less than that of independent hits. A residual is the hits less those expected of
/// the cluster: with c_r of C hits in request r of R, Σ (c_r − C/R)² = Σ c_r² − C²/R.
pub fn two_way(squares: Squares, rate: Rate, requests: u64, persons: u64) -> Option<Estimate> {
    let p = rate.value()?;
    let hits = rate.hits as f64;
    let centred = |squares: f64, clusters: u64| squares - hits * hits / clusters as f64;
    let of_pairs = centred(hits, rate.trials);
    let variance = centred(squares.by_request, requests) + centred(squares.by_person, persons) - of_pairs;
    Some(Estimate::of_count(p, rate, variance))
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

/// The difference a − b of two shares, from their own intervals and how they go together: their correlation, 0 of shares
/// that are independent.
///
/// R. G. Newcombe (1998), "Interval estimation for the difference between independent proportions", Statistics in
/// Medicine 17, 873–890, method 10; for shares of any kind G. Y. Zou and A. Donner (2008), Statistics in Medicine 27,
/// 1693–1702 (MOVER), with the term of the correlation.
pub fn difference(a: Share, b: Share, correlation: f64) -> Contrast {
    let apart = |x: f64, y: f64| libm::sqrt((x * x + y * y - 2.0 * correlation * x * y).max(0.0));
    let value = a.value - b.value;
    Contrast {
        value,
        low: value - apart(a.value - a.interval.low, b.interval.high - b.value),
        high: value + apart(a.interval.high - a.value, b.value - b.interval.low),
    }
}

/// The ratio a / b of two shares, from their own intervals and how they go together; `None` where b is 0.
///
/// A. Donner and G. Y. Zou (2012), "Closed-form confidence intervals for functions of the normal mean and standard
/// deviation", Statistical Methods in Medical Research 21, 347–359, equation for a ratio (MOVER-R): the bounds of a
/// ratio θ are where the difference a − θ b has a bound at 0.
pub fn ratio(a: Share, b: Share, correlation: f64) -> Option<Contrast> {
    if b.value <= 0.0 {
        return None;
    }
    let product = a.value * b.value;
    let root = |x: f64| libm::sqrt(x.max(0.0));
    let of = |end: f64, share: Share| end * (2.0 * share.value - end);
    let (above, below) = (of(b.interval.high, b), of(b.interval.low, b));
    // What moves together is taken off the product.
    let shared = |end_a: f64, end_b: f64| product - correlation * (a.value - end_a) * (end_b - b.value);
    let with_high = shared(a.interval.low, b.interval.high);
    let numerator = with_high * with_high - of(a.interval.low, a) * above;
    // The quadratic loses its leading term where the interval reaches twice the share.
    let low = if above.abs() < 1e-12 * product.max(1e-300) {
        of(a.interval.low, a) / (2.0 * with_high).max(1e-300)
    } else {
        (with_high - root(numerator)) / above
    };
    let with_low = shared(a.interval.high, b.interval.low);
    let numerator = with_low * with_low - of(a.interval.high, a) * below;
    let high = if below <= 0.0 { f64::INFINITY } else { (with_low + root(numerator)) / below };
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
        let rate = Rate::new(60, 1_000_000);
        let apart_from_each_other: Vec<usize> = (0..1_000).collect();
        let width = |hits: &[Crossed]| {
            let interval = linked(hits, rate, &apart_from_each_other).unwrap().interval;
            interval.high - interval.low
        };
        let crossed = |request, person| Crossed { request, person, own: true };
        let apart: Vec<Crossed> = (0..60).map(|i| crossed(i, i as u64)).collect();
        let by_request: Vec<Crossed> = (0..60).map(|i| crossed(i / 3, i as u64)).collect();
        let by_person: Vec<Crossed> = (0..60).map(|i| crossed(i, i as u64 / 3)).collect();
        assert!(width(&by_request) > 1.5 * width(&apart) && width(&by_person) > 1.5 * width(&apart));
        // Families of three who return each other share neither all requests nor all persons, and are one cluster.
        let families: Vec<Crossed> =
            (0..60).map(|i| crossed(i / 6 * 3 + i % 6 / 2, (i / 6 * 3 + (i % 6 / 2 + 1 + i % 2) % 3) as u64)).collect();
        assert!(width(&families) > 1.2 * width(&by_request), "{} {}", width(&families), width(&by_request));
        let alone = independent(rate).unwrap().interval;
        assert!((width(&apart) / (alone.high - alone.low) - 1.0).abs() < 1e-3);
        assert_eq!(linked(&[], Rate::new(0, 0), &[1, 2]), None);
        // Neighbours are one cluster, whomever they return.
        let homes = first_of_each((0..1_000).map(|request| request / 20));
        let neighbours = linked(&apart, rate, &homes).unwrap().interval;
        assert!(neighbours.high - neighbours.low > 3.0 * width(&apart));
    }

    #[test]
    fn the_variance_between_linked_requests_is_that_worked_out_by_hand() {
        // Six hits of one request of eight, and one of each of two that share a person. The mean is 1, and the squares are
        // (6 − 1)² + (2 − 2)² + 5·(0 − 1)² = 30, times 7/6; 64/(1 + 4 + 5) = 6.4 effective clusters.
        let crossed = |request, person| Crossed { request, person, own: true };
        let mut hits: Vec<Crossed> = (0..6).map(|i| crossed(0, i)).chain([crossed(1, 9), crossed(2, 9)]).collect();
        let rate = Rate::new(8, 1_000_000);
        let of_variance = |variance: f64, degrees| {
            let t = student95(degrees) / Z95;
            clopper_pearson(8e-6, 1e6 * 8.0 * (1.0 - 8e-6) / (variance * t * t))
        };
        let homes: Vec<usize> = (0..8).collect();
        let near =
            |a: Interval, b: Interval| (a.low / b.low - 1.0).abs() < 1e-9 && (a.high / b.high - 1.0).abs() < 1e-9;
        assert!(near(linked(&hits, rate, &homes).unwrap().interval, of_variance(35.0, 5)));
        // Without the person returned twice, who is no hit of either, the mean is 3/4.
        hits[6].own = false;
        hits[7].own = false;
        let variance = 7.0 / 6.0 * (5.25 * 5.25 + 1.5 * 1.5 + 5.0 * 0.75 * 0.75);
        assert!(near(linked(&hits, rate, &homes).unwrap().interval, of_variance(variance, 5)));
        // All in one neighbourhood: there is nothing to tell from but requests, as if apart.
        let variance = 8.0 / 7.0 * (5.25 * 5.25 + 7.0 * 0.75 * 0.75);
        let together = linked(&hits, rate, &first_of_each([3; 8].into_iter())).unwrap().interval;
        assert!(near(together, clopper_pearson(8e-6, 1e6 * 8.0 * (1.0 - 8e-6) / variance)));
    }

    #[test]
    fn namesakes_of_two_files_are_less_evidence_than_as_many_pairs_apart() {
        // 20 hits of each of 5 requests with 4 persons for all five: squares 5·16 and 4·25.
        let rate = Rate::new(20, 100 * 1_000);
        let of = |by_request, by_person| two_way(Squares { by_request, by_person }, rate, 100, 1_000).unwrap().interval;
        let variance = 80.0 - 4.0 + 100.0 - 0.4 - (20.0 - 0.004);
        let p = 2e-4;
        let n = 1e5 * 20.0 * (1.0 - p) / variance;
        let wanted = clopper_pearson(p, n);
        let got = of(80.0, 100.0);
        assert!((got.low / wanted.low - 1.0).abs() < 1e-9 && (got.high / wanted.high - 1.0).abs() < 1e-9);
        assert!(of(20.0, 20.0).high < wanted.high);
    }

    #[test]
    fn differences_and_ratios_are_those_of_the_papers() {
        let share = |hits, trials| {
            let rate = Rate::new(hits, trials);
            Share { value: rate.value().unwrap(), interval: wilson(rate).unwrap() }
        };
        // Newcombe (1998), table II, method 10: 56/70 − 48/80.
        let d = difference(share(56, 70), share(48, 80), 0.0);
        assert!((d.low - 0.0524).abs() < 5e-5 && (d.high - 0.3339).abs() < 5e-5, "{d:?}");
        // A ratio's bound is where the difference has a bound at 0.
        let (a, b) = (share(30, 200), share(12, 240));
        let r = ratio(a, b, 0.0).unwrap();
        assert!((r.value - 3.0).abs() < 1e-12 && r.low > 1.5 && r.high < 6.5, "{r:?}");
        let scaled = |theta: f64| Share {
            value: b.value * theta,
            interval: Interval { low: b.interval.low * theta, high: b.interval.high * theta },
        };
        assert!(difference(a, scaled(r.low), 0.0).low.abs() < 1e-12);
        assert!(difference(a, scaled(r.high), 0.0).high.abs() < 1e-12);
        assert_eq!(ratio(a, share(0, 30), 0.0), None);
        assert_eq!(ratio(share(0, 30), b, 0.0).unwrap().low, 0.0);
        // Of shares that move together both contrasts are shorter, and still agree.
        for correlation in [-0.5, 0.5, 0.9] {
            let together = ratio(a, b, correlation).unwrap();
            assert_eq!(together.high - together.low < r.high - r.low, correlation > 0.0);
            assert!(difference(a, scaled(together.low), correlation).low.abs() < 1e-12);
            assert!(difference(a, scaled(together.high), correlation).high.abs() < 1e-12);
        }
        let same = difference(a, a, 1.0);
        assert_eq!((same.value, same.low < 0.0, same.high < 0.02), (0.0, true, true));
    }

    #[test]
    fn hits_that_come_together_are_correlated_and_hits_apart_are_not() {
        let crossed = |request, person| Crossed { request, person, own: true };
        let homes: Vec<usize> = (0..200).collect();
        let one: Vec<Crossed> = (0..40).map(|i| crossed(i, i as u64)).collect();
        let brothers: Vec<Crossed> = (0..40).map(|i| crossed(i, 1_000 + i as u64)).collect();
        let strangers: Vec<Crossed> = (0..40).map(|i| crossed(100 + i, 2_000 + i as u64)).collect();
        assert!((together(&one, &brothers, &homes) - 1.0).abs() < 1e-12);
        // Hits of other requests are a little rarer where these are: −(1/5)²/(1/5·4/5).
        assert!((together(&one, &strangers, &homes) + 0.25).abs() < 1e-12);
        // Of one neighbourhood they are together again.
        let near = first_of_each((0..200).map(|request| request % 100));
        assert!((together(&one, &strangers, &near) - 1.0).abs() < 1e-12);
        assert_eq!(together(&one, &[], &homes), 0.0);
        assert_eq!(together(&one, &brothers, &[0; 200]), 0.0);
    }
}
