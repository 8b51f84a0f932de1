//! Shares of trials that depend on each other, and comparisons of two shares.
//!
//! Longer than 500 lines: half of them are tests against closed forms, papers and simulation.

use super::{Interval, Joined, Rate, Z95, clopper_pearson, student95, wilson_score};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// With fewer effective hits than this, or fewer effective trials that are no hit, an interval is the exact one.
///
/// With this many the two together cover at least 93.7 % of binomial counts wherever 5 or more are expected, and at most
/// 96.5 % from 20 up; with 30 the exact one is still at work there and covers up to 97 %. A test computes both.
pub const FEW: f64 = 25.0;

/// A 95 % interval, and which of the two formulas made it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The interval.
    pub interval: Interval,
    /// `true` if it is the exact (Clopper–Pearson) one, as few events were seen; `false` if it is Wilson's.
    pub exact: bool,
}

impl Estimate {
    /// The estimate for a share `p` seen in `n` effective trials.
    pub(super) fn of(p: f64, n: f64) -> Estimate {
        let exact = p.min(1.0 - p) * n < FEW;
        Estimate { interval: if exact { clopper_pearson(p, n) } else { wilson_score(p, n) }, exact }
    }

    /// The estimate for a share whose hits have this variance, or that of independent ones if it is less.
    pub(super) fn of_count(p: f64, rate: Rate, variance: f64) -> Estimate {
        let (n, independent) = (rate.trials as f64, rate.hits as f64 * (1.0 - p));
        let variance = variance.max(independent);
        Estimate::of(p, if variance > 0.0 { n * independent / variance } else { n })
    }
}

/// The interval of a share of independent trials; `None` without trials. No trials of a run are independent: tests put it
/// beside the intervals that are claimed.
pub fn independent(rate: Rate) -> Option<Estimate> {
    rate.value().map(|p| Estimate::of(p, rate.trials as f64))
}

/// The interval of a ratio Σ hits / Σ trials whose units are clusters, `None` without trials.
///
/// `clusters` gives hits and trials of each cluster; those without trials count for nothing. The variance is linearised
/// (D. A. Binder, "On the variances of asymptotically normal estimators from complex surveys", International Statistical
/// Review 51 (1983), 279–292), with the correction of few or unlike clusters that is called CR2 (R. M. Bell and D. F.
/// McCaffrey, "Bias reduction in standard errors for linear regression with multi-stage samples", Survey Methodology 28
/// (2002), 169–181): with cluster g's part of the trials w = t/T, Σ d² with d² = (h − p t)² / (T² (1 − w)). Its degrees of
/// freedom are Satterthwaite's, as in J. E. Pustejovsky and E. Tipton (2018), Journal of Business & Economic Statistics 36,
/// 672–683; for a mean they come to 1 / (Σ w² + (Σ c)² − Σ c²) with c = w²/(1 − w), and of equal clusters to one less than
/// their number.
///
/// The variance enters the interval as an effective number of trials p(1−p)/variance, with Student's t in place of the
/// normal quantile, after E. L. Korn and B. I. Graubard (1998), Survey Methodology 24, 193–201. Where the variance says
/// nothing, with no hit, nothing but hits or clusters that are all alike, the number of clusters takes the place of the
/// number of trials.
pub fn clustered(clusters: impl Iterator<Item = Rate> + Clone) -> Option<Estimate> {
    Ratio::of(clusters).map(|ratio| ratio.estimate(ratio.variance(false)))
}

/// The same for one of some groups where its hits come in a handful of the clusters and in numbers that differ: whole families.
///
/// The clusters with hits make the variance, so they and not all clusters say how well it is known. Satterthwaite's degrees
/// of freedom (F. E. Satterthwaite (1946), Biometrics Bulletin 2, 110–114) are twice the square of the variance over the
/// variance of the variance. Where the number of clusters with hits is a matter of luck too, Σ d⁴ estimates the latter, so
/// they are 2 (Σ d²)² / Σ d⁴, or those of [`clustered`] if these are fewer.
///
/// By luck a small group has small families, and then too small a share and too small a variance. So the variance is a mean of its
/// own, for its degrees of freedom, and of that with the design effect of all groups together ([`design_effect`]), for
/// two more (`BORROWED`): the moderated variance of G. K. Smyth (2004), Statistical Applications in Genetics and Molecular
/// Biology 3, article 3. The degrees of freedom stay those of the group, which is on the safe side.
pub fn clustered_in_few(clusters: impl Iterator<Item = Rate> + Clone, effect: f64) -> Option<Estimate> {
    let moderated = |ratio: Ratio| {
        let usual = effect * ratio.independent();
        ratio.estimate(ratio.spread.as_ref().map(|spread| spread.moderated(usual)))
    };
    Ratio::of(clusters).map(moderated)
}

/// Degrees of freedom of the variance that a small group borrows from all groups.
const BORROWED: f64 = 2.0;

/// The design effect of some groups together: their variances between clusters, over those of as many independent trials.
/// It is 1 where nothing is known of it.
pub fn design_effect<'s>(groups: impl Iterator<Item = &'s Sums>) -> f64 {
    let of_group = |sums: &'s Sums| {
        let ratio = Ratio::of(sums.rates())?;
        Some([ratio.spread.as_ref()?.sum, ratio.independent()])
    };
    let sums = groups.filter_map(of_group).fold([0.0, 0.0], |[a, b], [x, y]| [a + x, b + y]);
    if sums[1] > 0.0 { sums[0] / sums[1] } else { 1.0 }
}

/// The interval of a rare share of `rate.trials` pairs or people, whose hits belong to requests; `None` without trials.
///
/// `hits` has for each cluster the hits and the number of its requests, clusters without hits included. The variance of
/// the count is that of the hits of a request, as in [`clustered`], times the square of the requests, and never less than
/// that of independent hits. What a cluster changes stands for its hits, as in the jackknife (B. Efron and C. Stein
/// (1981), Annals of Statistics 9, 586–596): of a person returned for two clusters and counted once neither changes anything.
pub fn clustered_count(hits: impl Iterator<Item = Rate> + Clone, rate: Rate) -> Option<Estimate> {
    count(hits, rate, false)
}

/// The same where hits come in a handful of the clusters, as in [`clustered_in_few`].
pub fn clustered_count_in_few(hits: impl Iterator<Item = Rate> + Clone, rate: Rate) -> Option<Estimate> {
    count(hits, rate, true)
}

fn count(hits: impl Iterator<Item = Rate> + Clone, rate: Rate, in_few: bool) -> Option<Estimate> {
    let p = rate.value()?;
    let requests = hits.clone().map(|cluster| cluster.trials).sum::<u64>() as f64;
    let variance = Ratio::of(hits).and_then(|ratio| ratio.variance(in_few)).unwrap_or_default();
    Some(Estimate::of_count(p, rate, variance * requests * requests))
}

/// A ratio of sums over clusters.
struct Ratio {
    share: f64,
    trials: f64,
    /// The variance between clusters; none of a single cluster.
    spread: Option<Spread>,
    /// Clusters with trials.
    clusters: u64,
}

impl Ratio {
    fn of(clusters: impl Iterator<Item = Rate> + Clone) -> Option<Ratio> {
        let used = clusters.filter(|cluster| cluster.trials > 0);
        let (mut count, mut total) = (0_u64, Rate::default());
        for cluster in used.clone() {
            count += 1;
            total = total.with(cluster);
        }
        let trials = total.trials as f64;
        let share = if count == 0 { return None } else { total.hits as f64 / trials };
        let mut spread = (count > 1).then(Spread::default);
        for cluster in used {
            let weight = cluster.trials as f64 / trials;
            let residual = cluster.hits as f64 - share * cluster.trials as f64;
            let part = residual * residual / (trials * trials * (1.0 - weight));
            spread.iter_mut().for_each(|spread| spread.add(weight, part));
        }
        Some(Ratio { share, trials, spread, clusters: count })
    }

    /// The variance that the share of as many independent trials would have.
    fn independent(&self) -> f64 {
        self.share * (1.0 - self.share) / self.trials
    }

    /// The variance, as much larger as Student's t is than the normal quantile; `in_few` says that hits come in a handful of
    /// the clusters.
    fn variance(&self, in_few: bool) -> Option<f64> {
        self.spread.as_ref().map(|spread| spread.variance(in_few))
    }

    fn estimate(&self, variance: Option<f64>) -> Estimate {
        let binomial = self.share * (1.0 - self.share);
        let known = variance.filter(|variance| binomial > 0.0 && *variance > 0.0);
        Estimate::of(self.share, known.map_or(self.clusters as f64, |variance| binomial / variance))
    }
}

/// The variance between clusters, as it is summed up, and what its degrees of freedom are made of ([`clustered`]).
#[derive(Default)]
pub(super) struct Spread {
    /// The variance so far.
    sum: f64,
    /// The squares of its parts.
    fourth: f64,
    /// The squares of the clusters' weights.
    weights: f64,
    corrected: f64,
    corrected_squares: f64,
}

impl Spread {
    /// That of clusters known as sums alone: their part of the variance, and the squares of their weights.
    pub fn of_others(sum: f64, weights: f64) -> Spread {
        Spread { sum, weights, ..Spread::default() }
    }

    /// The variance as it is summed up.
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// Adds a cluster with its weight among all trials and its part of the variance.
    pub fn add(&mut self, weight: f64, part: f64) {
        let corrected = weight * weight / (1.0 - weight);
        self.sum += part;
        self.fourth += part * part;
        self.weights += weight * weight;
        self.corrected += corrected;
        self.corrected_squares += corrected * corrected;
    }

    /// The variance, as much larger as Student's t is than the normal quantile; `in_few` as in [`clustered_in_few`].
    pub fn variance(&self, in_few: bool) -> f64 {
        widened(self.sum, self.degrees(in_few))
    }

    /// The same for clusters whose hits come in a handful, with the variance that is usual for all groups.
    pub fn moderated(&self, usual: f64) -> f64 {
        let degrees = self.degrees(true);
        widened((degrees * self.sum + BORROWED * usual) / (degrees + BORROWED), degrees)
    }

    fn degrees(&self, in_few: bool) -> f64 {
        let degrees = 1.0 / (self.weights + self.corrected * self.corrected - self.corrected_squares);
        match in_few && self.fourth > 0.0 {
            true => degrees.min(2.0 * self.sum * self.sum / self.fourth),
            false => degrees,
        }
    }
}

/// A variance, as much larger as Student's t is than the normal quantile.
fn widened(variance: f64, degrees: f64) -> f64 {
    // Of equal clusters the degrees are a whole number, and rounding is not to take one from it.
    let wider = student95((degrees + 1e-9) as u64) / Z95;
    variance * wider * wider
}

/// Clusters of dependent requests; each request is in one cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clusters {
    /// The first request of its cluster, by request.
    of: Vec<usize>,
    /// The requests, cluster by cluster.
    order: Vec<usize>,
}

impl Clusters {
    /// Requests of one neighbourhood are of one cluster, for kin live there, and so are requests that return one person.
    ///
    /// `homes` has for each request the first one of its neighbourhood ([`first_of_each`]), `returned` a request and a
    /// person for each return. Where a few people are returned to nearly everybody, that leaves too few clusters to tell
    /// anything from, and neighbourhoods alone are clusters.
    pub fn linked(homes: &[usize], returned: impl Iterator<Item = (usize, u64)>) -> Clusters {
        let mut returned_for: BTreeMap<u64, usize> = BTreeMap::new();
        let further = returned.map(|(request, person)| [request, *returned_for.entry(person).or_insert(request)]);
        let own = homes.iter().enumerate().map(|(request, &home)| [request, home]);
        Clusters::new(Joined::new(homes.len(), own, further).into_first())
    }

    /// Each request has the first one of its cluster.
    fn new(of: Vec<usize>) -> Clusters {
        let mut order: Vec<usize> = (0..of.len()).collect();
        order.sort_by_key(|&request| of[request]);
        Clusters { of, order }
    }

    /// The requests that `include` lets in, cluster by cluster.
    pub fn requests(&self, include: impl Fn(usize) -> bool) -> Vec<usize> {
        self.order.iter().copied().filter(|&request| include(request)).collect()
    }

    /// Hits and trials of each cluster, of requests as [`Clusters::requests`] gives them; clusters without trials are left
    /// out.
    pub fn sums(&self, requests: &[usize], rate: impl Fn(usize) -> Rate) -> Sums {
        let mut sums: Vec<(usize, Rate)> = Vec::new();
        for &request in requests {
            let (cluster, rate) = (self.of[request], rate(request));
            match sums.last_mut() {
                _ if rate.trials == 0 => {}
                Some((last, sum)) if *last == cluster => *sum = sum.with(rate),
                _ => sums.push((cluster, rate)),
            }
        }
        Sums(sums)
    }

    /// The cluster of each request.
    pub fn of(&self) -> &[usize] {
        &self.of
    }
}

/// Hits and trials of some clusters, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums(Vec<(usize, Rate)>);

impl Sums {
    /// All together.
    pub fn total(&self) -> Rate {
        self.rates().fold(Rate::default(), Rate::with)
    }

    /// Those of each cluster.
    pub fn rates(&self) -> impl Iterator<Item = Rate> + Clone + '_ {
        self.0.iter().map(|(_, rate)| *rate)
    }

    /// The correlation of two shares, from −1 to 1: that of their linearised residuals h − p t over the clusters that
    /// both have. It is 0 where either has no variance.
    pub fn correlation(&self, other: &Sums) -> f64 {
        let (Some(p), Some(q)) = (self.total().value(), other.total().value()) else { return 0.0 };
        let residual = |rate: &Rate, share: f64| rate.hits as f64 - share * rate.trials as f64;
        let squares =
            |sums: &Sums, share: f64| sums.0.iter().map(|(_, r)| residual(r, share) * residual(r, share)).sum::<f64>();
        let (mut both, mut others) = (0.0, other.0.iter().peekable());
        for (cluster, rate) in &self.0 {
            while others.next_if(|(known, _)| known < cluster).is_some() {}
            if let Some((_, same)) = others.next_if(|(known, _)| known == cluster) {
                both += residual(rate, p) * residual(same, q);
            }
        }
        let product = squares(self, p) * squares(other, q);
        if product > 0.0 { (both / libm::sqrt(product)).clamp(-1.0, 1.0) } else { 0.0 }
    }
}

/// For each of these, the place of the first that is equal to it.
pub fn first_of_each(homes: impl Iterator<Item = u64>) -> Vec<usize> {
    let mut first: BTreeMap<u64, usize> = BTreeMap::new();
    homes.enumerate().map(|(place, home)| *first.entry(home).or_insert(place)).collect()
}

/// A share and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
}

/// A ratio or a difference with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Contrast {
    /// The ratio or the difference.
    pub value: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end; null where it has no bound.
    #[serde(deserialize_with = "bound")]
    #[cfg_attr(test, schemars(with = "Option<f64>"))]
    pub high: f64,
}

impl Contrast {
    /// The same of a difference of two shares, which is from −1 to 1.
    pub fn of_shares(self) -> Contrast {
        Contrast { low: self.low.max(-1.0), high: self.high.min(1.0), ..self }
    }
}

/// Reads an upper end. JSON has no number without bound: it is written as null.
fn bound<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f64::INFINITY))
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

/// The sum of some counts over the clusters of the same requests, each times its factor, from the interval of each count
/// and how the counts go together. Each of `counts` has the hits and the requests of every cluster.
///
/// With few events this keeps what a variance forgets: a count of 0 has an upper end of 3.7. Zou and Donner's MOVER (2008,
/// as in [`difference`]) for a linear function: at the lower end each count is at the end of its own interval that lowers
/// the sum, and the distances are added up as standard deviations are, with their correlations.
pub fn weighted_sum(counts: &[(f64, &Sums)]) -> Contrast {
    // A request may have any number of hits, so hits are rare ones of many that could be.
    const COULD_BE: u64 = 1_000;
    let ends = |(factor, sums): &(f64, &Sums)| {
        let Rate { hits, trials } = sums.total();
        let of = Rate::new(hits, (hits + trials) * COULD_BE);
        let interval = clustered_count(sums.rates(), of).map_or(Interval { low: 0.0, high: 0.0 }, |e| e.interval);
        let [low, high] = [interval.low, interval.high].map(|end| end * of.trials as f64 - hits as f64);
        if *factor < 0.0 { [factor * high, factor * low] } else { [factor * low, factor * high] }
    };
    let ends: Vec<[f64; 2]> = counts.iter().map(ends).collect();
    let distance = |end: usize| {
        let mut square = 0.0;
        for (i, (own, sums)) in counts.iter().enumerate() {
            square += ends[i][end] * ends[i][end];
            for (j, (other, further)) in counts.iter().enumerate().skip(i + 1) {
                let together = sums.correlation(further) * own.signum() * other.signum();
                square += 2.0 * together * ends[i][end] * ends[j][end];
            }
        }
        libm::sqrt(square.max(0.0))
    };
    let value = counts.iter().map(|(factor, sums)| factor * sums.total().hits as f64).sum();
    Contrast { value, low: value - distance(0), high: value + distance(1) }
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
    // Of the two forms of a root that which takes no difference of two numbers that may be nearly the same.
    let root_of = |with: f64, root: f64, end: f64, leading: f64| {
        if with > 0.0 { end / (with + root) } else { (with - root) / leading }
    };
    let low = root_of(with_high, root(numerator), of(a.interval.low, a), above);
    let with_low = shared(a.interval.high, b.interval.low);
    let end = of(a.interval.high, a);
    let numerator = with_low * with_low - end * below;
    // Where the reference may be next to nothing, the ratio may be anything.
    let is_open = b.interval.low <= 1e-9 * b.value;
    let high = match (is_open, with_low < 0.0) {
        (true, _) => f64::INFINITY,
        (_, true) => end / (with_low - root(numerator)),
        _ => (with_low + root(numerator)) / below,
    };
    // The larger of -0.0 and 0.0 is another one in WebAssembly than natively.
    let low = if low > 0.0 { low } else { 0.0 };
    Some(Contrast { value: a.value / b.value, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Decision, Seed};
    use crate::stats::wilson;

    #[test]
    fn a_ratio_lies_in_its_interval_however_wide_the_two_are() {
        const DRAWN: Decision = Decision::named("test.ratio");
        for run in 0..200_000 {
            let mut stream = Seed(run).stream(DRAWN, 0);
            let mut share = || {
                let (value, wide) = (stream.uniform(), stream.uniform());
                let low = value * libm::pow(wide, 1.0 + (run % 30) as f64);
                Share { value, interval: Interval { low, high: value + (1.0 - value) * stream.uniform() } }
            };
            let (a, b) = (share(), share());
            let Some(found) = ratio(a, b, stream.uniform() * 2.0 - 1.0) else { continue };
            assert!(
                found.low <= found.value * (1.0 + 1e-9) && found.high >= found.value * (1.0 - 1e-9),
                "{a:?} {b:?} {found:?}"
            );
        }
    }

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
    fn the_two_intervals_together_cover_binomial_counts() {
        for n in [200, 2_000, 50_000] {
            let trials = f64::from(n);
            let intervals: Vec<Interval> =
                (0..=130).map(|hits| Estimate::of(f64::from(hits) / trials, trials).interval).collect();
            for expected in (100..1_200).map(|step| f64::from(step) / 20.0) {
                let share = expected / trials;
                let mut chance = libm::exp(trials * libm::log1p(-share));
                let mut covered = 0.0;
                for (hits, interval) in intervals.iter().enumerate() {
                    covered += if (interval.low..=interval.high).contains(&share) { chance } else { 0.0 };
                    chance *= (trials - hits as f64) / (hits as f64 + 1.0) * share / (1.0 - share);
                }
                assert!(covered > 0.935 && (expected < 20.0 || covered < 0.965), "{n}, {expected}: {covered}");
            }
        }
    }

    #[test]
    fn a_ratio_without_hits_still_has_an_upper_end() {
        let none = clustered((0..50).map(|_| Rate::new(0, 3))).unwrap();
        assert_eq!((none.interval.low, none.exact), (0.0, true));
        assert!(none.interval.high > 0.05 && none.interval.high < 0.1);
        assert_eq!(clustered([Rate::new(0, 0)].into_iter()), None);
    }

    /// The interval of a rare share of a million pairs, from the requests and persons of its hits.
    fn of_hits(hits: &[(usize, u64)], homes: &[usize]) -> Interval {
        let clusters = Clusters::linked(homes, hits.iter().copied());
        let of = |request: usize| Rate::new(hits.iter().filter(|hit| hit.0 == request).count() as u64, 1);
        let sums = clusters.sums(&clusters.requests(|_| true), of);
        clustered_count(sums.rates(), Rate::new(hits.len() as u64, 1_000_000)).unwrap().interval
    }

    #[test]
    fn hits_that_share_a_request_or_a_person_are_less_evidence_than_hits_that_do_not() {
        let alone: Vec<usize> = (0..1_000).collect();
        let width = |hits: &[(usize, u64)]| {
            let interval = of_hits(hits, &alone);
            interval.high - interval.low
        };
        let apart: Vec<(usize, u64)> = (0..60).map(|i| (i, i as u64)).collect();
        let by_request: Vec<(usize, u64)> = (0..60).map(|i| (i / 3, i as u64)).collect();
        let by_person: Vec<(usize, u64)> = (0..60).map(|i| (i, i as u64 / 3)).collect();
        assert!(width(&by_request) > 1.5 * width(&apart) && width(&by_person) > 1.5 * width(&apart));
        // Families of three who return each other share neither all requests nor all persons, and are one cluster.
        let families: Vec<(usize, u64)> =
            (0..60).map(|i| (i / 6 * 3 + i % 6 / 2, (i / 6 * 3 + (i % 6 / 2 + 1 + i % 2) % 3) as u64)).collect();
        assert!(width(&families) > 1.2 * width(&by_request), "{} {}", width(&families), width(&by_request));
        let formula = independent(Rate::new(60, 1_000_000)).unwrap().interval;
        assert!((width(&apart) / (formula.high - formula.low) - 1.0).abs() < 5e-3);
        assert_eq!(clustered_count([Rate::new(0, 1)].into_iter(), Rate::new(0, 0)), None);
        // Neighbours are one cluster, whomever they return.
        let homes = first_of_each((0..1_000).map(|request| request / 20));
        let neighbours = of_hits(&apart, &homes);
        assert!(neighbours.high - neighbours.low > 3.0 * width(&apart));
    }

    #[test]
    fn the_variance_between_clusters_is_that_worked_out_by_hand() {
        // Clusters of 1, 1 and 2 trials with 0, 1 and 1 hits: p is 1/2, and the residuals are −1/2, 1/2 and 0. With weights
        // 1/4, 1/4 and 1/2 the variance is 2 · (1/4) / (16 · 3/4) = 1/24; c is 1/12, 1/12 and 1/2, so 1/df is
        // 3/8 + 4/9 − (2/144 + 1/4) = 5/9, and df 1.8.
        let clusters = [Rate::new(0, 1), Rate::new(1, 1), Rate::new(1, 2)];
        let variance = Ratio::of(clusters.into_iter()).unwrap().variance(false).unwrap();
        let wider = student95(1) / Z95;
        assert!((variance - wider * wider / 24.0).abs() < 1e-12, "{variance}");
        // Of equal clusters there is one degree of freedom less than there are clusters.
        let equal = Ratio::of((0..10).map(|i| Rate::new(i % 2, 1))).unwrap().variance(false).unwrap();
        let wider = student95(9) / Z95;
        assert!((equal - wider * wider * 0.25 / 9.0).abs() < 1e-12);
        // Of 400 clusters one has all of the hits, but for two: the variance is nearly known from that one alone, Σ d² is about
        // (36 + 2)/400², Σ d⁴ (36² + 2)/400⁴, and there are 2 · 38²/1298 = 2.2 degrees of freedom.
        let one = (0..400).map(|i| Rate::new([6, 1, 1].get(i).copied().unwrap_or(0), 6 + u64::from(i > 0) * 4));
        let few = |in_few: bool| Ratio::of(one.clone()).unwrap().variance(in_few).unwrap();
        let wider = student95(2) / student95(398);
        assert!((few(true) / few(false) - wider * wider).abs() < 1e-4);
        // With the variance that is usual: of 2.2 degrees and 2 borrowed, the mean of its own and of three times its own.
        let spread = Ratio::of(one.clone()).unwrap().spread.unwrap();
        let (own, degrees) = (spread.sum, 2.0 * 38.0 * 38.0 / 1298.0);
        let wider = student95(2) / Z95;
        let moderated = own * (degrees + 2.0 * 3.0) / (degrees + 2.0) * wider * wider;
        assert!((spread.moderated(3.0 * own) / moderated - 1.0).abs() < 2e-3);
        // Clusters that are all alike say nothing about how far they may differ.
        let alike = clustered((0..40).map(|_| Rate::new(1, 2))).unwrap();
        assert_eq!(alike, Estimate::of(0.5, 40.0));
    }

    #[test]
    fn a_share_of_a_few_families_is_covered_where_their_clusters_are_few() {
        // Of 300 people in 80 neighbourhoods 12 are of a group whose families have 1 to 6 members.
        const COUNT: Decision = Decision::named("test.families");
        const SIZES: [u64; 10] = [1, 1, 1, 1, 1, 2, 2, 3, 4, 6];
        let drawn = |run: u64| {
            let mut stream = Seed(run).stream(COUNT, 0);
            let home = |_| {
                let mut home = Rate::new(0, (0..8).filter(|_| stream.chance(0.45)).count() as u64);
                for _ in 0..4 {
                    if stream.chance(12.0 / 2.2 / 320.0) {
                        let family = SIZES[(stream.uniform() * 10.0) as usize];
                        home = home.with(Rate::new(family, family));
                    }
                }
                home
            };
            (0..80).map(home).collect::<Vec<Rate>>()
        };
        let runs: Vec<Vec<Rate>> = (0..2_000).map(drawn).collect();
        let truth = runs.iter().flatten().fold(Rate::default(), |sum, home| sum.with(*home)).value().unwrap();
        let covered = |in_few: bool| {
            let holds = |run: &&Vec<Rate>| {
                let ratio = Ratio::of(run.iter().copied()).unwrap();
                let Interval { low, high } = ratio.estimate(ratio.variance(in_few)).interval;
                low <= truth && truth <= high
            };
            runs.iter().filter(holds).count() as f64 / runs.len() as f64
        };
        let (all, few) = (covered(false), covered(true));
        assert!(all < 0.945 && few > 0.95, "{all} and {few}");
    }

    #[test]
    fn requests_that_return_one_person_are_one_cluster_unless_hardly_any_are_left() {
        let homes = first_of_each((0..20).map(|request| request / 2));
        let linked = |returned: &[(usize, u64)]| Clusters::linked(&homes, returned.iter().copied()).of().to_vec();
        let two = linked(&[(2, 40), (5, 40), (7, 41)]);
        assert_eq!(two[..8], [0, 0, 2, 2, 2, 2, 6, 6]);
        // One person who is returned to all would leave a single cluster.
        assert_eq!(linked(&(0..20).map(|request| (request, 40)).collect::<Vec<_>>()), homes);
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
    fn a_sum_of_counts_has_the_poisson_interval_of_few_and_adds_what_goes_together() {
        let clusters = Clusters::new((0..500).collect());
        let all = clusters.requests(|_| true);
        let of = |from: usize, hits: usize| {
            clusters.sums(&all, |request| Rate::new(u64::from((from..from + hits).contains(&request)), 1))
        };
        let none = weighted_sum(&[(1.0, &of(0, 0)), (-1.0, &of(0, 0))]);
        assert!(none.value == 0.0 && (none.high - 3.689).abs() < 0.01 && (none.low + 3.689).abs() < 0.01, "{none:?}");
        // Garwood (1936): of 10 events 4.795 to 18.39.
        let ten = weighted_sum(&[(2.0, &of(0, 10))]);
        assert!(ten.value == 20.0 && (ten.low - 9.59).abs() < 0.05 && (ten.high - 36.8).abs() < 0.05, "{ten:?}");
        // The same ten counted twice, a half of each, are ten; taken off one another they are none.
        let (own, same) = (of(0, 10), of(0, 10));
        let halves = weighted_sum(&[(1.0, &own), (1.0, &same)]);
        assert!((halves.low - ten.low).abs() < 1e-9 && (halves.high - ten.high).abs() < 1e-9, "{halves:?}");
        let off = weighted_sum(&[(1.0, &own), (-1.0, &same)]);
        assert!(off.value == 0.0 && off.high < 4.0, "{off:?}");
    }

    #[test]
    fn shares_that_go_up_together_are_correlated_and_shares_of_other_clusters_are_not() {
        let clusters = Clusters::new((0..200).collect());
        let all = clusters.requests(|_| true);
        let of =
            |from: usize| clusters.sums(&all, |request| Rate::new(u64::from((from..from + 40).contains(&request)), 1));
        assert!((of(0).correlation(&of(0)) - 1.0).abs() < 1e-12);
        // Hits of other requests are a little rarer where these are: −(1/5)²/(1/5·4/5).
        assert!((of(0).correlation(&of(100)) + 0.25).abs() < 1e-12);
        assert_eq!(of(0).correlation(&Sums::default()), 0.0);
        // Shares of requests in clusters of their own are apart.
        let half =
            |odd: usize| clusters.sums(&clusters.requests(|r| r % 2 == odd), |r| Rate::new(u64::from(r % 3 == 0), 1));
        assert_eq!(half(0).correlation(&half(1)), 0.0);
        // In clusters of two of which each has one they go together where their hits do.
        let pairs = Clusters::new((0..200).map(|request| request / 2 * 2).collect());
        let half = |odd: usize| {
            let members = pairs.requests(|request| request % 2 == odd);
            pairs.sums(&members, |request| Rate::new(u64::from(request / 2 % 3 == 0), 1))
        };
        assert!((half(0).correlation(&half(1)) - 1.0).abs() < 1e-12);
    }
}
