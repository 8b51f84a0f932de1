//! A trend in a rate of few events: how it moves along a number, over clusters of experiments that share their luck.

use super::exact::{t_beyond, t_quantile};
use super::{Interval, Rate};

/// The trend of a rate along a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// The rate where the number is larger by the factor asked for, in units of the rate where it is not.
    pub times: f64,
    /// Its 95 % interval.
    pub interval: Interval,
    /// The chance of so strong a trend from luck alone.
    pub p: f64,
}

/// An experiment: its cluster, the logarithm of the number, and what came out.
pub type Experiment = (u64, f64, Rate);

/// The trend of a rate as its number grows by a factor whose logarithm is `step`; `None` with hits in fewer than three
/// clusters, of which the spread says nothing, where there is nothing but hits, or where all hits lie at one end, so that any
/// steeper trend would fit as well.
///
/// The logarithm of the rate is taken to be linear in the logarithm of the number: Poisson regression with the trials as
/// exposure (P. McCullagh and J. A. Nelder (1989), *Generalized Linear Models*, chapter 6). Its variance is that between
/// clusters (K.-Y. Liang and S. L. Zeger (1986), Biometrika 73, 13–22), times C/(C − 1) for C clusters; so hits need be neither
/// independent nor of Poisson's distribution. Its degrees of freedom are Satterthwaite's, 2 (Σ d²)² / Σ d⁴ of the clusters'
/// parts d, and at most C − 1: a few clusters may have most of the hits.
pub fn trend(experiments: &[Experiment], step: f64) -> Option<Trend> {
    let used = || experiments.iter().filter(|(_, _, rate)| rate.trials > 0);
    let ends = |which: &mut dyn Iterator<Item = f64>| {
        which.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    };
    let (low, high) = ends(&mut used().map(|(_, x, _)| *x));
    let (first, last) = ends(&mut used().filter(|(_, _, rate)| rate.hits > 0).map(|(_, x, _)| *x));
    if low >= high || first > last || (first == last && (first == low || first == high)) {
        return None;
    }
    let middle = (low + high) / 2.0;
    let total = used().fold(Rate::default(), |sum, (_, _, rate)| sum.with(*rate));
    let (mut level, mut slope) = (libm::log(total.value()?), 0.0);
    let expected =
        |level: f64, slope: f64, x: f64, rate: &Rate| rate.trials as f64 * libm::exp(level + slope * (x - middle));
    let information = |level: f64, slope: f64| {
        used().fold([0.0; 3], |[a, b, c], (_, x, rate)| {
            let (m, z) = (expected(level, slope, *x, rate), x - middle);
            [a + m, b + m * z, c + m * z * z]
        })
    };
    // Newton's steps on a concave likelihood; none longer than e², so that no rate overflows.
    for _ in 0..100 {
        let [a, b, c] = information(level, slope);
        let [u, v] = used().fold([0.0; 2], |[u, v], (_, x, rate)| {
            let residual = rate.hits as f64 - expected(level, slope, *x, rate);
            [u + residual, v + residual * (x - middle)]
        });
        let determinant = a * c - b * b;
        let moves = [(c * u - b * v) / determinant, (a * v - b * u) / determinant];
        let longest = moves.iter().fold(1.0_f64, |longest, step| longest.max(step.abs() / 2.0));
        (level, slope) = (level + moves[0] / longest, slope + moves[1] / longest);
        if moves.iter().all(|step| step.abs() < 1e-12) {
            break;
        }
    }
    let mut scores: Vec<(u64, [f64; 2])> = Vec::new();
    let mut ordered: Vec<&Experiment> = used().collect();
    ordered.sort_by_key(|(cluster, _, _)| *cluster);
    for (cluster, x, rate) in ordered {
        let residual = rate.hits as f64 - expected(level, slope, *x, rate);
        let score = [residual, residual * (x - middle)];
        match scores.last_mut() {
            Some((last, sum)) if last == cluster => *sum = [sum[0] + score[0], sum[1] + score[1]],
            _ => scores.push((*cluster, score)),
        }
    }
    let clusters = scores.len() as f64;
    let mut hit: Vec<u64> = used().filter(|(_, _, rate)| rate.hits > 0).map(|(cluster, _, _)| *cluster).collect();
    hit.sort_unstable();
    hit.dedup();
    if hit.len() < 3 || total.hits == total.trials {
        return None;
    }
    let [a, b, c] = information(level, slope);
    let determinant = a * c - b * b;
    // The row of the inverse information that belongs to the slope.
    let influence = |[u, v]: [f64; 2]| (a * v - b * u) / determinant;
    let parts = || scores.iter().map(|(_, score)| influence(*score) * influence(*score));
    let (squares, fourth): (f64, f64) = (parts().sum(), parts().map(|part| part * part).sum());
    let error = libm::sqrt(squares * clusters / (clusters - 1.0));
    let degrees = (2.0 * squares * squares / fourth).min(clusters - 1.0);
    let half_width = t_quantile(0.05, degrees) * error;
    let times = |slope: f64| libm::exp(slope * step);
    let p = if error > 0.0 { t_beyond(slope / error, degrees) } else { f64::from(slope == 0.0) };
    Some(Trend {
        times: times(slope),
        interval: Interval { low: times(slope - half_width), high: times(slope + half_width) },
        p,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Decision, Seed};

    #[test]
    fn a_rate_that_goes_with_a_power_has_that_power() {
        // Twice the rate for ten times the number, exactly, in every cluster.
        let of = |cluster, size: i32| {
            let trials = 1_000_000;
            let hits = 1_000.0 * libm::pow(2.0, f64::from(size));
            (cluster, f64::from(size) * libm::log(10.0), Rate::new(hits as u64, trials))
        };
        let all: Vec<Experiment> = (0..3).flat_map(|cluster| (0..4).map(move |size| of(cluster, size))).collect();
        let found = trend(&all, libm::log(10.0)).unwrap();
        assert!((found.times - 2.0).abs() < 1e-9 && found.p < 1e-9, "{found:?}");
    }

    #[test]
    fn where_all_hits_lie_at_one_end_or_there_is_one_cluster_nothing_is_claimed() {
        let at = |cluster, x: f64, hits| (cluster, x, Rate::new(hits, 100));
        assert_eq!(trend(&[at(0, 0.0, 0), at(0, 1.0, 3), at(1, 0.0, 0), at(1, 1.0, 2)], 1.0), None);
        assert_eq!(trend(&[at(0, 0.0, 1), at(0, 1.0, 3)], 1.0), None);
        assert_eq!(trend(&[at(0, 0.0, 0), at(1, 1.0, 0)], 1.0), None);
        assert_eq!(trend(&[], 1.0), None);
    }

    #[test]
    fn intervals_hold_the_trend_though_events_are_few_and_seeds_have_luck_in_common() {
        // Three hits expected in a run, more in some seeds and fewer in others, at four sizes; the rate grows by a half each.
        let (mut covered, mut told, runs) = (0, 0, 400);
        for run in 0..runs {
            let mut stream = Seed(run).stream(Decision::named("test.trend"), 0);
            let mut all: Vec<Experiment> = Vec::new();
            for seed in 0..12 {
                let luck = 0.4 + 1.2 * stream.uniform();
                for size in 0..4 {
                    let share = 0.006 * luck * libm::pow(1.5, f64::from(size));
                    let hits = (0..300).filter(|_| stream.uniform() < share).count() as u64;
                    all.push((seed, f64::from(size), Rate::new(hits, 300)));
                }
            }
            let found = trend(&all, 1.0).unwrap();
            covered += u32::from((found.interval.low..=found.interval.high).contains(&1.5));
            told += u32::from(found.p < 0.05);
        }
        // 95 % to within three standard errors of 400 runs, 3.3 points.
        assert!((366..=394).contains(&covered), "{covered} of {runs}");
        assert!(told > 380, "{told} of {runs}");
    }
}
