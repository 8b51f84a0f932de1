//! Claims of a route that uses match weights about its own pairs, beside the truth.
//!
//! A score is the logarithm of the odds that a pair is one person, so each pair carries a claim: that probability. An
//! agency without the truth can use the claims to decide whether to believe a match. It can also estimate how many of
//! its matches are wrong: the sum of 1 − p over the matches, the estimate that fastLink reports (T. Enamorado, B.
//! Fifield and K. Imai (2019), "Using a probabilistic model to assist merging of large-scale administrative records",
//! APSR 113, 353–371).

use super::belin_rubin::Calibration;
use super::claim::{WHOLE, tenth};
use super::{Attribute, BelinRubin, Exchange, Measured, Returns};
use crate::linkage::decision::Score;
use crate::linkage::decision::fellegi_sunter::probability;
use crate::stats::Rate;

/// Claims beside the truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// The pairs by tenth of the probability claimed; tenths without pairs are left out.
    pub calibration: Vec<Tenth>,
    /// The share of pairs at or above the threshold that are two people.
    pub false_match: FalseMatch,
    /// The same by attribute and value of the person sought.
    pub by_group: Vec<(Attribute, Vec<FalseMatch>)>,
}

/// The pairs of one tenth of the probability claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenth {
    /// The number of the tenth, from 0.
    pub tenth: usize,
    /// The mean of what is claimed.
    pub claimed: f64,
    /// The share that are one person; clustered as other rates are.
    pub truth: Measured,
}

/// The share of matches that are two people, as the model estimates it and as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct FalseMatch {
    /// The mean of 1 − p over the matches; none without matches.
    pub posterior: Option<f64>,
    /// The truth; clustered as other rates are.
    pub truth: Measured,
    /// The estimate from curves fitted to the scores; `None` where several routes use match weights, each on its own
    /// scale.
    pub belin_rubin: Option<BelinRubin>,
}

/// Sets the claims beside the truth; `None` where no route claims anything.
pub(super) fn claimed(exchange: &Exchange<'_>) -> Option<Claimed> {
    let Exchange { returns, weighs, .. } = *exchange;
    let Returns { agreement, observed, attributes, sought, judged, clusters, .. } = returns;
    let claims = &observed.claims;
    if claims.is_empty() {
        return None;
    }
    // A route that claims nothing leaves nothing to sum; its pairs are in no tenth.
    let mut sums = [0.0; 10];
    for (pairs, _) in observed.pairs.iter().zip(weighs).filter(|(_, weighs)| **weighs) {
        for (score, count) in pairs {
            sums[tenth(*score)] += (count.right + count.wrong) as f64 * probability(*score).get();
        }
    }
    // The score of each request's true pair, where it was scored on a route that claims something.
    let right: Vec<Option<(Score, bool)>> = observed
        .true_pairs
        .iter()
        .zip(judged)
        .map(|(seen, judged)| {
            let route = judged.admitted.ok().filter(|&route| weighs[route])?;
            let score = (*seen)?.score;
            Some((score, score >= agreement.routes[route].threshold))
        })
        .collect();
    let calibration = (0..10).filter_map(|i| {
        let of_request = |request: usize| {
            let hits = right[request].is_some_and(|(score, _)| tenth(score) == i);
            Rate::new(u64::from(hits), u64::from(claims[request].tenths[i]))
        };
        let pairs = clusters.sums(&clusters.requests(|_| true), of_request);
        let truth = Measured::of_clusters(&pairs, "pairs scored by a route that uses match weights");
        (truth.rate.trials > 0).then(|| Tenth { tenth: i, claimed: sums[i] / truth.rate.trials as f64, truth })
    });
    let weighing: Vec<usize> = (0..weighs.len()).filter(|&route| weighs[route]).collect();
    let calibrated = match weighing[..] {
        [route] => Some(Calibration::of(exchange, route)),
        _ => None,
    };
    let false_match = |include: &dyn Fn(usize) -> bool| {
        let requests = clusters.requests(include);
        let doubt: u64 = requests.iter().map(|&request| claims[request].doubt).sum();
        let of_request = |request: usize| {
            let matches = u64::from(claims[request].matches);
            Rate::new(matches - u64::from(right[request].is_some_and(|(_, matched)| matched)), matches)
        };
        let truth = Measured::of_clusters(&clusters.sums(&requests, of_request), "pairs at or above the threshold");
        let matches = truth.rate.trials;
        let posterior = (matches > 0).then(|| doubt as f64 / WHOLE / matches as f64);
        FalseMatch { posterior, truth, belin_rubin: calibrated.as_ref().map(|c| c.estimate(include)) }
    };
    let by_value =
        |attribute: usize, value: usize| false_match(&|request| usize::from(sought[request][attribute]) == value);
    let mut all = false_match(&|_| true);
    all.belin_rubin = calibrated.as_ref().map(|c| c.overall());
    let attributes = attributes.iter().enumerate();
    Some(Claimed {
        calibration: calibration.collect(),
        false_match: all,
        by_group: attributes
            .map(|(i, attribute)| (attribute.clone(), (0..attribute.values.len()).map(|v| by_value(i, v)).collect()))
            .collect(),
    })
}
