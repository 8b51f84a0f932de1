//! The threshold curve, and the luck in it.
//!
//! The same requests are behind every point of the curve, so its intervals come from one bootstrap
//! (B. Efron (1979), "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1–26) over clusters of
//! requests that depend on each other: as many clusters are drawn with replacement as there are, each with all that was returned
//! for its requests, and the whole curve is made of them again. The draws are keyed by their number alone. So a run gives
//! the same bytes anywhere, and runs of as many clusters share their luck.

use super::{Measured, Method, RateId, Returns, judge};
use crate::agreement::Answers;
use crate::linkage::decision::Score;
use crate::random::{Decision, Seed};
use crate::stats::{Clusters, Interval, Rate};
use std::collections::BTreeSet;

/// One point of the threshold curve: what a policy would return at one threshold. Two labelled files have pairs where an
/// exchange has persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurvePoint<T = Score> {
    /// The threshold; of other programs a number of theirs.
    pub threshold: T,
    /// Right persons returned at it; pairs matched that are one person.
    pub returned_right: u64,
    /// Wrong persons returned at it; pairs matched that are two.
    pub returned_wrong: u64,
    /// Requests whose person is on file and was not returned; pairs that are one person and not matched.
    pub missed: u64,
}

impl<T> CurvePoint<T> {
    /// The harmonic mean of precision and recall; 0 without anything right.
    pub fn f1(&self) -> f64 {
        let right = 2 * self.returned_right;
        if right == 0 {
            return 0.0;
        }
        right as f64 / (right + self.returned_wrong + self.missed) as f64
    }
}

/// The two shares of a point of an exchange's curve, with their intervals.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The share of persons returned who were sought.
    pub precision: Measured,
    /// The share of requests for a person on file that return the person.
    pub recall: Measured,
}

/// The most points of a curve.
pub const MOST_POINTS: usize = 400;

/// The curve over every threshold at which something changes, at most [`MOST_POINTS`] of them, spread evenly over the
/// scores if there are more. All routes are moved to the same threshold.
pub(super) fn curve(returns: &Returns<'_>) -> Vec<(CurvePoint, Band)> {
    let Returns { agreement, truth, observed, answers, judged, clusters, .. } = *returns;
    let scores: BTreeSet<Score> =
        answers.iter().flat_map(Answers::best).map(|answer| answer.score).filter(|s| s.0 != 0).collect();
    let step = scores.len().div_ceil(MOST_POINTS).max(1);
    let mut curve = Resampled::new(judged.iter().map(|request| request.on_file).collect(), clusters);
    let mut points = Vec::new();
    for &threshold in scores.iter().step_by(step) {
        let mut point = CurvePoint { threshold, returned_right: 0, returned_wrong: 0, missed: 0 };
        curve.point(answers.iter().zip(judged).enumerate().map(|(request, (answers, judged))| {
            let at = judge(agreement, truth, observed, request, judged.admitted, answers, |_| threshold);
            point.returned_right += u64::from(at.right());
            point.returned_wrong += at.wrong();
            point.missed += u64::from(at.on_file && !at.right());
            Rate::new(u64::from(at.right()), at.returned.len() as u64)
        }));
        points.push(point);
    }
    points.into_iter().zip(curve.bands()).collect()
}

/// The number of times the clusters are resampled. With 399 the 2.5 % quantiles are the tenth value from either end (A.
/// C. Davison and D. V. Hinkley (1997), *Bootstrap Methods and their Application*, 5.2).
const REPLICATES: usize = 399;

/// The rank, from either end of the resampled values, of the value at that end of the interval.
const END: usize = 10;

const RESAMPLE: Decision = Decision::named("evaluation.curve.resample");

/// Requests and what each returns at point after point, as changes from the point before: most change seldom.
struct Resampled<'a> {
    on_file: Vec<bool>,
    clusters: &'a Clusters,
    /// Every request, cluster by cluster, and those for people on file.
    requests: [Vec<usize>; 2],
    /// Right persons among persons returned, by request, at the last point.
    last: Vec<Rate>,
    /// For each point the requests that changed.
    changes: Vec<Vec<Change>>,
    /// For each point both shares, with the intervals that single rates have.
    shares: Vec<Band>,
}

/// A request and what it returns more than at the point before.
struct Change {
    request: u32,
    right: i32,
    returned: i32,
}

impl<'a> Resampled<'a> {
    fn new(on_file: Vec<bool>, clusters: &'a Clusters) -> Resampled<'a> {
        let last = vec![Rate::default(); on_file.len()];
        let requests = [clusters.requests(|_| true), clusters.requests(|request| on_file[request])];
        Resampled { on_file, clusters, requests, last, changes: Vec::new(), shares: Vec::new() }
    }

    /// Adds a point: of each request the right persons among those returned.
    fn point(&mut self, requests: impl Iterator<Item = Rate>) {
        let mut changes = Vec::new();
        for (request, (last, now)) in self.last.iter_mut().zip(requests).enumerate() {
            if *last != now {
                let more = |now: u64, last: u64| now as i32 - last as i32;
                let (right, returned) = (more(now.hits, last.hits), more(now.trials, last.trials));
                changes.push(Change { request: request as u32, right, returned });
                *last = now;
            }
        }
        self.changes.push(changes);
        let [all, on_file] = &self.requests;
        let returned = self.clusters.sums(all, |request| self.last[request]);
        let found = self.clusters.sums(on_file, |request| Rate::new(u64::from(self.last[request].hits > 0), 1));
        self.shares.push(Band {
            precision: Measured::of_clusters(&returned, RateId::Precision.trials()),
            recall: Measured::of_clusters(&found, RateId::Recall.trials()),
        });
    }

    /// The shares of each point with their intervals. Those of few events keep the exact one: where
    /// nobody wrong was returned no resample has anybody wrong either, and the interval would have no width.
    fn bands(self) -> Vec<Band> {
        let Resampled { on_file, clusters, requests: [all, _], changes, mut shares, .. } = self;
        let few = |band: &Band| [&band.precision, &band.recall].iter().all(|m| m.method.is_exact());
        if shares.iter().all(few) {
            return shares;
        }
        let drawn_together: Vec<&[usize]> = all.chunk_by(|&a, &b| clusters.of()[a] == clusters.of()[b]).collect();
        let mut resamples = vec![[const { Vec::new() }; 2]; shares.len()];
        for replicate in 0..REPLICATES {
            let mut stream = Seed(0).stream(RESAMPLE, replicate as u64);
            let mut times = vec![0_i64; on_file.len()];
            for _ in &drawn_together {
                let cluster = drawn_together[stream.below(drawn_together.len() as u64) as usize];
                cluster.iter().for_each(|&request| times[request] += 1);
            }
            let sought: i64 = times.iter().zip(&on_file).filter(|(_, on_file)| **on_file).map(|(times, _)| times).sum();
            let (mut right, mut returned) = (0, 0);
            for (changes, [precision, recall]) in changes.iter().zip(&mut resamples) {
                for change in changes {
                    let times = times[change.request as usize];
                    right += times * i64::from(change.right);
                    returned += times * i64::from(change.returned);
                }
                precision.extend((returned > 0).then(|| right as f64 / returned as f64));
                recall.extend((sought > 0).then(|| right as f64 / sought as f64));
            }
        }
        for (band, [precision, recall]) in shares.iter_mut().zip(resamples) {
            for (measured, resamples) in [(&mut band.precision, precision), (&mut band.recall, recall)] {
                if !measured.method.is_exact()
                    && let Some(interval) = percentiles(resamples)
                {
                    measured.interval = Some(interval);
                    measured.method = Method::Bootstrap;
                }
            }
        }
        shares
    }
}

/// The interval between the quantiles of resampled shares; none unless each resample has one.
fn percentiles(mut shares: Vec<f64>) -> Option<Interval> {
    shares.sort_by(f64::total_cmp);
    (shares.len() == REPLICATES).then(|| Interval { low: shares[END - 1], high: shares[REPLICATES - END] })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requests of a country: whether the person is on file, and at two points the right among those returned. One in six
    /// requests returns four people who are somebody else at the first point; at the second, one in nine two of them.
    fn requests(seed: u64) -> (Vec<bool>, [Vec<Rate>; 2]) {
        let (mut on_file, mut points) = (Vec::new(), [Vec::new(), Vec::new()]);
        for request in 0..500 {
            let mut stream = Seed(seed).stream(Decision::named("test.requests"), request);
            let (there, found, crowd) = (stream.chance(0.6), stream.uniform(), stream.uniform());
            on_file.push(there);
            for (point, (chance, crowded, size)) in points.iter_mut().zip([(0.8, 1.0 / 6.0, 4), (0.5, 1.0 / 9.0, 2)]) {
                let right = u64::from(there && found < chance);
                point.push(Rate::new(right, right + if crowd < crowded { size } else { 0 }));
            }
        }
        (on_file, points)
    }

    /// Each request alone.
    fn apart(requests: usize) -> Clusters {
        Clusters::linked(&(0..requests).collect::<Vec<_>>(), std::iter::empty())
    }

    fn bands((on_file, points): (Vec<bool>, [Vec<Rate>; 2])) -> Vec<Band> {
        let clusters = apart(on_file.len());
        let mut curve = Resampled::new(on_file, &clusters);
        points.into_iter().for_each(|point| curve.point(point.into_iter()));
        curve.bands()
    }

    #[test]
    fn bands_cover_what_other_seeds_give_in_nineteen_of_twenty_runs() {
        let truth = [0.48 / (0.48 + 4.0 / 6.0), 0.8, 0.3 / (0.3 + 2.0 / 9.0), 0.5];
        const RUNS: u64 = 400;
        let mut covered = [0_u64; 4];
        for seed in 0..RUNS {
            let bands = bands(requests(seed));
            let shares = bands.iter().flat_map(|band| [&band.precision, &band.recall]);
            for ((measured, truth), covered) in shares.zip(truth).zip(&mut covered) {
                assert_eq!(measured.method, Method::Bootstrap);
                let Interval { low, high } = measured.interval.unwrap();
                *covered += u64::from((low..=high).contains(&truth));
            }
        }
        for covered in covered {
            let share = covered as f64 / RUNS as f64;
            // Three standard errors of a share of 95 % seen in 400 runs, and half a point less.
            assert!((0.912..=0.983).contains(&share), "{covered} of {RUNS}");
        }
    }

    #[test]
    fn at_one_threshold_the_bootstrap_gives_about_the_interval_of_the_formula() {
        let (on_file, points) = requests(1);
        let clusters = apart(on_file.len());
        let formula: Vec<Interval> = points
            .iter()
            .flat_map(|point| {
                let returned = clusters.sums(&clusters.requests(|_| true), |request| point[request]);
                let there = clusters.requests(|request| on_file[request]);
                let found = clusters.sums(&there, |request| Rate::new(u64::from(point[request].hits > 0), 1));
                [Measured::of_clusters(&returned, ""), Measured::of_clusters(&found, "")]
            })
            .filter_map(|measured| measured.interval)
            .collect();
        let bands = bands((on_file, points));
        let bootstrap = bands.iter().flat_map(|band| [&band.precision, &band.recall]).filter_map(|m| m.interval);
        assert_eq!(formula.len(), 4);
        for (formula, bootstrap) in formula.iter().zip(bootstrap) {
            let width = formula.high - formula.low;
            for (one, other) in [(formula.low, bootstrap.low), (formula.high, bootstrap.high)] {
                assert!((one - other).abs() < 0.15 * width, "{formula:?} {bootstrap:?}");
            }
        }
    }

    #[test]
    fn neighbours_are_drawn_together() {
        // Requests in tens of which all or none find the person.
        let clusters = Clusters::linked(&crate::stats::first_of_each((0..600).map(|i| i / 10)), std::iter::empty());
        let point = (0..600).map(|i| Rate::new(u64::from(i / 10 % 2 == 0), 1));
        let width = |clusters: &Clusters| {
            let mut curve = Resampled::new(vec![true; 600], clusters);
            curve.point(point.clone());
            let Interval { low, high } = curve.bands()[0].recall.interval.unwrap();
            high - low
        };
        assert!(width(&clusters) > 2.5 * width(&apart(600)));
    }

    #[test]
    fn where_few_were_seen_the_interval_is_exact_and_has_a_width() {
        // Eighty requests, all found alone; at a second point half of them, and nobody else.
        let all = vec![Rate::new(1, 1); 80];
        let half = (0..80).map(|i| if i < 40 { Rate::new(1, 1) } else { Rate::default() }).collect();
        let bands = bands((vec![true; 80], [all, half]));
        let methods: Vec<_> = bands.iter().map(|band| (band.precision.method, band.recall.method)).collect();
        assert_eq!(
            methods,
            [(Method::ClusteredExact, Method::ClusteredExact), (Method::ClusteredExact, Method::Bootstrap)]
        );
        assert!(bands.iter().all(|band| band.precision.interval.is_some_and(|i| i.high == 1.0 && i.low < 0.96)));
    }
}
