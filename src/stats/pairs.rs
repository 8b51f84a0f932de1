//! Hits among pairs of people, of whom each is in many pairs.

use super::{Estimate, Rate, Z95, student95};
use serde::{Deserialize, Serialize};

/// Hits and trials of clusters, as the sums that the variance of their ratio is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moments {
    hits: u64,
    trials: u64,
    hits_squared: u64,
    hits_by_trials: u64,
    trials_squared: u64,
}

impl Moments {
    /// Adds a cluster.
    pub fn add(&mut self, Rate { hits, trials }: Rate) {
        self.merge(&Moments {
            hits,
            trials,
            hits_squared: hits * hits,
            hits_by_trials: hits * trials,
            trials_squared: trials * trials,
        });
    }

    /// Adds other clusters.
    pub fn merge(&mut self, other: &Moments) {
        self.hits += other.hits;
        self.trials += other.trials;
        self.hits_squared += other.hits_squared;
        self.hits_by_trials += other.hits_by_trials;
        self.trials_squared += other.trials_squared;
    }

    /// Σ (h − p t)² of the clusters, where p hits are expected of each trial.
    fn residuals(&self, p: f64) -> f64 {
        self.hits_squared as f64 - 2.0 * p * self.hits_by_trials as f64 + p * p * self.trials_squared as f64
    }
}

/// Hits among pairs of a request and a record, by the neighbourhoods that they join.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dyads {
    /// The neighbourhoods in which somebody is sought.
    pub sought: Vec<Home>,
    /// Hits and records of each of the others.
    pub others: Moments,
    /// Records of all.
    pub records: u64,
    /// The squares of the hits that two neighbourhoods have in common.
    pub of_two: u64,
}

/// A neighbourhood in which somebody is sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Home {
    /// Hits of which either side lives there.
    pub hits: u64,
    /// Its share of all requests.
    pub requests: f64,
    /// Its share of all records.
    pub records: f64,
}

/// The interval of a rare share among pairs of a request and a record, whose neighbourhoods are drawn apart from each
/// other: people who share a name. `None` without trials.
///
/// Two pairs depend on each other if they have a neighbourhood in common on whichever side, for the same people are sought
/// and on file. The variance is that of a sum over dyads (P. M. Aronow, C. Samii and V. A. Assenova (2015), "Cluster-robust
/// variance estimation for dyadic data", Political Analysis 23, 564–577): the squared residuals of the neighbourhoods less
/// those of every two neighbourhoods, which the first sum has twice. A neighbourhood's residual is what the count loses
/// without it, as in the jackknife of a U-statistic (J. N. Arvesen (1969), Annals of Mathematical Statistics 40, 2076–2100).
/// The variance is never less than that of independent hits, and Student's t has the degrees of freedom of as many
/// neighbourhoods as their shares amount to.
pub fn dyadic(sums: &Dyads, rate: Rate) -> Option<Estimate> {
    let p = rate.value()?;
    let wider = student95((1.0 / sums.concentration() - 1.0 + 1e-9) as u64) / Z95;
    Some(Estimate::of_count(p, rate, sums.variance(rate.hits as f64) * wider * wider))
}

impl Dyads {
    /// The variance of the number of hits.
    fn variance(&self, hits: f64) -> f64 {
        let mut variance = 0.0;
        let [mut requests, mut records, mut both] = [0.0; 3];
        for home in &self.sought {
            let share = home.requests + home.records;
            if share < 1.0 {
                let residual = (home.hits as f64 - hits * share) / (1.0 - share);
                variance += residual * residual;
            }
            requests += home.requests * home.requests;
            records += home.records * home.records;
            both += home.requests * home.records;
        }
        let all = self.records.max(1) as f64;
        variance += self.others.residuals(hits / all);
        records += self.others.trials_squared as f64 / (all * all);
        // The squares of what two neighbourhoods would have in common, were hits spread evenly.
        let expected = hits * hits * (requests * records + both * both);
        variance - (self.of_two as f64 - expected).max(0.0)
    }

    /// The sum of the squared shares of all neighbourhoods, each the mean of its two shares.
    fn concentration(&self) -> f64 {
        let all = self.records.max(1) as f64;
        let square = |home: &Home| (home.requests + home.records) * (home.requests + home.records);
        let sum: f64 = self.sought.iter().map(square).sum();
        ((sum + self.others.trials_squared as f64 / (all * all)) / 4.0).max(f64::MIN_POSITIVE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Decision, Seed};

    const NAME: Decision = Decision::named("test.name");

    fn even(homes: u64, hits: impl Fn(u64) -> u64, of_two: u64) -> Dyads {
        let share = 1.0 / homes as f64;
        let sought = (0..homes).map(|home| Home { hits: hits(home), requests: share, records: share }).collect();
        Dyads { sought, others: Moments::default(), records: 100 * homes, of_two }
    }

    #[test]
    fn two_namesakes_who_are_both_sought_and_on_file_count_twice_and_are_one_piece_of_evidence() {
        // 50 couples in 100 of 10,000 neighbourhoods: 100 hits, of which two come together each. Their variance is
        // 50 · 2², less what is expected of so many neighbourhoods.
        let dyads = even(10_000, |home| if home < 100 { 2 } else { 0 }, 50 * 4);
        let variance = dyads.variance(100.0);
        assert!((variance / 200.0 - 1.0).abs() < 0.02, "{variance}");
        let rate = Rate::new(100, 1_000_000_000);
        let got = dyadic(&dyads, rate).unwrap();
        let wanted = Estimate::of_count(1e-7, rate, variance);
        assert!((got.interval.high / wanted.interval.high - 1.0).abs() < 1e-3);
        // Neighbourhoods that have their part each say nothing of luck beyond that of independent hits.
        let alike = even(100, |_| 2, 200);
        assert!(alike.variance(100.0) < 100.0);
        // Whether a neighbourhood where nobody is sought is given apart or with the others plays no part.
        let mut apart = dyads.clone();
        for home in apart.sought.split_off(9_000) {
            apart.others.add(Rate::new(home.hits, 100));
        }
        let requests = apart.sought.iter_mut().map(|home| &mut home.requests);
        requests.for_each(|share| *share = 1.0 / 9_000.0);
        assert!((apart.variance(100.0) / variance - 1.0).abs() < 0.01);
        assert_eq!(dyadic(&Dyads::default(), Rate::new(0, 0)), None);
    }

    /// Namesakes among people of some neighbourhoods who are all sought and all on file.
    fn drawn(seed: u64, homes: usize, people: usize) -> (f64, Dyads) {
        const NAMES: usize = 300;
        let mut stream = Seed(seed).stream(NAME, 0);
        let called = |_| {
            let mut called = vec![0_u64; NAMES];
            for _ in 0..people {
                // Some names are more common than others.
                let u = stream.uniform();
                called[(u * u * NAMES as f64) as usize] += 1;
            }
            called
        };
        let called: Vec<Vec<u64>> = (0..homes).map(called).collect();
        let (mut hits, mut of_two) = (vec![0; homes], 0);
        for a in 0..homes {
            for b in 0..a {
                let shared = 2 * called[a].iter().zip(&called[b]).map(|(a, b)| a * b).sum::<u64>();
                hits[a] += shared;
                hits[b] += shared;
                of_two += shared * shared;
            }
        }
        let total = hits.iter().sum::<u64>() / 2;
        (total as f64, even(homes as u64, |home| hits[home as usize], of_two))
    }

    #[test]
    fn the_variance_of_namesakes_is_that_of_many_countries() {
        for (homes, people) in [(40, 10), (80, 3)] {
            let drawn: Vec<(f64, Dyads)> = (0..400).map(|seed| drawn(seed, homes, people)).collect();
            let count = drawn.len() as f64;
            let mean = drawn.iter().map(|(hits, _)| hits).sum::<f64>() / count;
            let seen = drawn.iter().map(|(hits, _)| (hits - mean) * (hits - mean)).sum::<f64>() / count;
            let said = drawn.iter().map(|(hits, dyads)| dyads.variance(*hits)).sum::<f64>() / count;
            assert!((0.8..1.3).contains(&(said / seen)), "{homes}: {said} and {seen}");
            // Taken as independent, hits vary by less than half of that.
            assert!(mean < 0.5 * seen, "{homes}: {mean} and {seen}");
        }
    }

    #[test]
    fn larger_clusters_may_have_more_hits() {
        let mut sized = Moments::default();
        (1..=10).for_each(|size| sized.add(Rate::new(3 * size, 10 * size)));
        assert!(sized.residuals(0.3).abs() < 1e-9);
    }
}
