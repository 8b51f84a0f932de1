//! A rate with its denominator and its interval: [`Measured`].

use crate::stats::{
    Dyads, Estimate, Interval, Neighbours, Rate, Share, Sums, clustered, clustered_count, clustered_count_in_few,
    dyadic,
};

/// A rate, what a trial of it is, and an interval with its method.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Hits and trials.
    pub rate: Rate,
    /// The description of one trial.
    pub of: &'static str,
    /// A 95 % interval, where one is claimed.
    pub interval: Option<Interval>,
    /// The method of the interval.
    pub method: Method,
    /// The correlation with the same rate of the reference group. `None` for the reference group itself, and where the
    /// groups share nothing.
    pub with_reference: Option<f64>,
}

named! {
    /// The method of an interval. Each is Wilson's, or the exact one where few events were seen ([`crate::stats::FEW`]).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Method {
        /// Effective trials, clustered by the neighbourhood of the person sought, and by person returned.
        Clustered = "Wilson, effective trials, clustered by neighbourhood and person returned",
        /// The same, exact.
        ClusteredExact = "Clopper-Pearson, effective trials, clustered by neighbourhood and person returned",
        /// Effective trials, clustered by person, and by persons whom a match takes for one.
        ByPerson = "Wilson, effective trials, clustered by person",
        /// The same, exact.
        ByPersonExact = "Clopper-Pearson, effective trials, clustered by person",
        /// Effective trials, dyadic by neighbourhood.
        Dyadic = "Wilson, effective trials, dyadic by neighbourhood",
        /// The same, exact.
        DyadicExact = "Clopper-Pearson, effective trials, dyadic by neighbourhood",
        /// Quantiles of the share over clusters drawn again ([`crate::evaluation::Band`]).
        Bootstrap = "bootstrap over neighbourhoods, percentiles of 399",
        /// No interval is claimed.
        None = "none claimed",
    }
}

impl Method {
    /// Returns `true` if the interval is an exact one, as few events were seen.
    pub fn is_exact(self) -> bool {
        matches!(self, Method::ClusteredExact | Method::ByPersonExact | Method::DyadicExact)
    }

    /// Returns `true` if the trials are those of neighbourhoods, which may be far fewer than the people in them.
    pub fn counts_neighbourhoods(self) -> bool {
        matches!(self, Method::Clustered | Method::ClusteredExact)
    }
}

impl Measured {
    /// A ratio of sums over clusters.
    pub fn of_clusters(sums: &Sums, of: &'static str) -> Measured {
        Measured::with(sums.total(), of, clustered(sums.rates()), [Method::Clustered, Method::ClusteredExact])
    }

    /// A rare share whose hits belong to requests: `hits` has them and the requests of each cluster.
    pub(super) fn of_count(rate: Rate, of: &'static str, hits: &Sums) -> Measured {
        // Families of one name are returned together, and few have most of the hits.
        let estimate = clustered_count_in_few(hits.rates(), rate);
        Measured::with(rate, of, estimate, [Method::Clustered, Method::ClusteredExact])
    }

    /// A rate of pairs, from the sums over clusters of persons.
    pub fn of_persons(sums: &[Rate], of: &'static str) -> Measured {
        let total = sums.iter().copied().fold(Rate::default(), Rate::with);
        Measured::with(total, of, clustered(sums.iter().copied()), [Method::ByPerson, Method::ByPersonExact])
    }

    /// A share of people who live near somebody sought, or do not; `effect` is the design effect that is taken where nobody
    /// is hit.
    pub(super) fn of_people(neighbours: &Neighbours, of: &'static str, effect: f64) -> Measured {
        Measured::with(neighbours.rate, of, neighbours.estimate(effect), [Method::Clustered, Method::ClusteredExact])
    }

    /// A rare share of pairs whose hits belong to records: `hits` has them and the records of each cluster of persons.
    pub fn of_count_by_person(rate: Rate, of: &'static str, hits: &[Rate]) -> Measured {
        let estimate = clustered_count(hits.iter().copied(), rate);
        Measured::with(rate, of, estimate, [Method::ByPerson, Method::ByPersonExact])
    }

    /// A rare share of pairs of a request and a record.
    pub fn of_pairs(rate: Rate, of: &'static str, sums: &Dyads) -> Measured {
        Measured::with(rate, of, dyadic(sums, rate), [Method::Dyadic, Method::DyadicExact])
    }

    /// A rate with an estimate of its interval: `method` names it, `exact` where few events were seen.
    pub(super) fn with(
        rate: Rate,
        of: &'static str,
        estimate: Option<Estimate>,
        [method, exact]: [Method; 2],
    ) -> Measured {
        let method = if estimate.is_some_and(|estimate| estimate.exact) { exact } else { method };
        Measured { rate, of, interval: estimate.map(|e| e.interval), method, with_reference: None }
    }

    /// The share with its interval, where there are trials.
    pub fn share(&self) -> Option<Share> {
        Some(Share { value: self.rate.value()?, interval: self.interval? })
    }
}
