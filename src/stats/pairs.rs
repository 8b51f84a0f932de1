//! Hits among pairs, whose two sides are drawn apart from each other.

use super::{Estimate, Rate};
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

    /// Σ (h − p t)² of the clusters, where p is their share of hits.
    fn residuals(&self) -> f64 {
        let p = if self.trials == 0 { 0.0 } else { self.hits as f64 / self.trials as f64 };
        self.hits_squared as f64 - 2.0 * p * self.hits_by_trials as f64 + p * p * self.trials_squared as f64
    }
}

/// Hits among pairs of a request and a record, summed by the clusters of either side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TwoWay {
    /// Hits and requests of each cluster of requests.
    pub of_requests: Moments,
    /// Hits and records of each cluster of records.
    pub of_records: Moments,
    /// The squares of the hits that a cluster of requests and one of records have in common.
    pub of_both: u64,
}

/// The interval of a rare share among pairs of a request and a record, whose clusters are each drawn apart from the
/// others: people who share a name, of two files. `None` without trials.
///
/// The variance of the count is Σ over clusters of requests + Σ over clusters of records − Σ over pairs of clusters of the
/// squared residuals (A. C. Cameron, J. B. Gelbach and D. L. Miller (2011), "Robust inference with multiway clustering",
/// Journal of Business & Economic Statistics 29, 238–249), and never less than that of independent hits. A residual is the
/// hits of a cluster less those expected of its size; of a pair of clusters so few are expected that none are taken off.
pub fn two_way(sums: &TwoWay, rate: Rate) -> Option<Estimate> {
    let p = rate.value()?;
    let variance = sums.of_requests.residuals() + sums.of_records.residuals() - sums.of_both as f64;
    Some(Estimate::of_count(p, rate, variance))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::clopper_pearson;

    fn moments(clusters: u64, with_hits: u64, hits: u64) -> Moments {
        let mut moments = Moments::default();
        (0..clusters).for_each(|i| moments.add(Rate::new(if i < with_hits { hits } else { 0 }, 1)));
        moments
    }

    #[test]
    fn hits_that_share_requests_or_records_are_less_evidence_than_as_many_apart() {
        let rate = Rate::new(20, 100 * 1_000);
        let interval =
            |of_requests, of_records| two_way(&TwoWay { of_requests, of_records, of_both: 20 }, rate).unwrap().interval;
        // 4 hits of each of 5 requests, with 4 records for all five.
        let got = interval(moments(100, 5, 4), moments(1_000, 4, 5));
        let variance = (5.0 * 16.0 - 4.0) + (4.0 * 25.0 - 0.4) - 20.0;
        let wanted = clopper_pearson(2e-4, 1e5 * 20.0 * (1.0 - 2e-4) / variance);
        assert!((got.low / wanted.low - 1.0).abs() < 1e-9 && (got.high / wanted.high - 1.0).abs() < 1e-9);
        assert!(interval(moments(100, 20, 1), moments(1_000, 20, 1)).high < wanted.high);
        // Clusters that have their part each say nothing of luck beyond that of independent hits.
        assert_eq!(
            interval(moments(20, 20, 1), moments(1_000, 20, 1)),
            interval(moments(100, 20, 1), moments(1_000, 20, 1))
        );
    }

    #[test]
    fn larger_clusters_may_have_more_hits() {
        let mut sized = Moments::default();
        (1..=10).for_each(|size| sized.add(Rate::new(3 * size, 10 * size)));
        assert!(sized.residuals().abs() < 1e-9);
    }
}
