//! The false-match rate that curves fitted to the scores give, once some pairs have been reviewed: the method of Belin
//! and Rubin ([`crate::stats::Shape`]), beside the truth.
//!
//! The method takes each request's best answer, whatever its score: right or wrong, one a request. Half of the requests,
//! drawn by their number, are *reviewed*: what is known of them teaches the shape of the two curves. The estimate is made
//! for the other half, of which it sees the scores alone, and there the truth stands beside it.

use super::{Exchange, Measured, PairCount, Returns};
use crate::linkage::decision::Score;
use crate::linkage::decision::fellegi_sunter::probability;
use crate::random::{Decision, Seed};
use crate::stats::{Clusters, Interval, Mixture, Rate, Shape, Unfit, Z95};
use std::collections::BTreeMap;

const REVIEWED: Decision = Decision::named("evaluation.belin_rubin.reviewed");
const RESAMPLE: Decision = Decision::named("evaluation.belin_rubin.resample");

/// The fewest resamples that must have given an estimate.
const ENOUGH: usize = 95;
/// The most cells that the scores are counted in.
const MOST_CELLS: i64 = 500;

/// The estimate of Belin and Rubin beside the truth of the same best answers.
#[derive(Clone, Debug, PartialEq)]
pub struct BelinRubin {
    /// Best answers reviewed.
    pub reviewed: PairCount,
    /// Best answers of the other half, at any score: what the mixture is fitted to.
    pub scores: u64,
    /// The share of the other half's best answers at or above the threshold that are somebody else.
    pub truth: Measured,
    /// The estimate from the model's own probabilities for the same answers; `None` where there is no such answer.
    pub posterior: Option<f64>,
    /// The estimate, or why there is none.
    pub fit: Result<Fitted, Unfit>,
}

impl BelinRubin {
    /// The number of times both halves are resampled for the interval.
    pub const RESAMPLES: u64 = 99;
}

/// A fitted estimate and the parameters behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitted {
    /// The estimated share of best answers at or above the threshold that are somebody else.
    pub share: f64,
    /// Its interval over requests drawn again, reviewed ones too; none where too many resamples gave no estimate, and for
    /// groups.
    pub interval: Option<Interval>,
    /// Parameters learned from the reviewed half.
    pub shape: Shape,
    /// The mixture fitted to the other half.
    pub mixture: Mixture,
}

/// A request's best answer.
#[derive(Clone, Copy)]
struct Best {
    request: usize,
    cell: usize,
    score: Score,
    right: bool,
    reviewed: bool,
}

/// The best answers on a route that uses match weights, and what was learned of them.
pub(super) struct Calibration<'a> {
    clusters: &'a Clusters,
    best: Vec<Best>,
    cells: usize,
    /// The border of the cells at which the threshold is.
    from: f64,
    threshold: Score,
    shape: Result<Shape, Unfit>,
}

impl<'a> Calibration<'a> {
    /// Collects the best answers of one route.
    pub fn of(exchange: &Exchange<'a>, route: usize) -> Calibration<'a> {
        let Returns { agreement, truth, answers, judged, clusters, .. } = exchange.returns;
        let threshold = agreement.routes[route].threshold;
        let taken = judged.iter().zip(answers).enumerate().filter(|(_, (judged, _))| judged.admitted == Ok(route));
        let best: Vec<(usize, Score, bool)> = taken
            .filter_map(|(request, (_, answers))| {
                let best = answers.best().first()?;
                Some((request, best.score, truth.is_match(request, best.record)))
            })
            .collect();
        // Cells of whole millibits with a border at the threshold.
        let above = |score: Score| i64::from(score.0) - i64::from(threshold.0);
        let lowest = best.iter().map(|(_, score, _)| above(*score)).min().unwrap_or(0);
        let highest = best.iter().map(|(_, score, _)| above(*score)).max().unwrap_or(0);
        let width = (highest - lowest) / MOST_CELLS + 1;
        let first = lowest.div_euclid(width);
        let cells = (highest.div_euclid(width) - first + 1) as usize;
        let best: Vec<Best> = best
            .into_iter()
            .map(|(request, score, right)| {
                let cell = (above(score).div_euclid(width) - first) as usize;
                let reviewed = Seed(0).stream(REVIEWED, request as u64).chance(0.5);
                Best { request, cell, score, right, reviewed }
            })
            .collect();
        let reviewed: Vec<&Best> = best.iter().filter(|best| best.reviewed).collect();
        let shape = learn(reviewed.iter().copied(), cells);
        Calibration { clusters, best, cells, from: -first as f64 - 0.5, threshold, shape }
    }

    /// The estimate for all requests, with its interval.
    pub fn overall(&self) -> BelinRubin {
        let mut of_all = self.estimate(|_| true);
        if let Ok(fitted) = &mut of_all.fit {
            fitted.interval = self.interval(fitted);
        }
        of_all
    }

    /// The estimate for the requests that `include` lets in: the shape is that of all.
    pub fn estimate(&self, include: impl Fn(usize) -> bool) -> BelinRubin {
        let (mut reviewed, mut doubt) = (PairCount::default(), 0.0);
        let (mut scores, mut matched) = (Vec::new(), BTreeMap::new());
        for best in self.best.iter().filter(|best| include(best.request)) {
            if best.reviewed {
                *(if best.right { &mut reviewed.right } else { &mut reviewed.wrong }) += 1;
                continue;
            }
            scores.push(best);
            if best.score >= self.threshold {
                matched.insert(best.request, Rate::new(u64::from(!best.right), 1));
                doubt += 1.0 - probability(best.score).get();
            }
        }
        let of_request = |request: usize| matched[&request];
        let wrong = self.clusters.sums(&self.clusters.requests(|r| matched.contains_key(&r)), of_request);
        let counts = count(scores.iter().copied(), self.cells);
        let fit = self.shape.and_then(|shape| {
            let mixture = shape.fit(&counts, shape.start)?;
            if matched.is_empty() {
                return Err(Unfit::NoneAbove);
            }
            let share = shape.false_match(&mixture, self.from, self.cells);
            Ok(Fitted { share, interval: None, shape, mixture })
        });
        BelinRubin {
            reviewed,
            scores: scores.len() as u64,
            truth: Measured::of_clusters(&wrong, "best answers not reviewed, at or above the threshold"),
            posterior: (!matched.is_empty()).then(|| doubt / matched.len() as f64),
            fit,
        }
    }

    /// Both halves are drawn again with replacement, the shape learned and the mixture fitted again (B. Efron 1979): the
    /// spread of the logit of the estimate gives its interval.
    fn interval(&self, fitted: &Fitted) -> Option<Interval> {
        let halves: [Vec<&Best>; 2] =
            [true, false].map(|reviewed| self.best.iter().filter(|best| best.reviewed == reviewed).collect());
        let logits: Vec<f64> = (0..BelinRubin::RESAMPLES)
            .filter_map(|replicate| {
                let mut stream = Seed(0).stream(RESAMPLE, replicate);
                let [reviewed, others] = halves.each_ref().map(|half| {
                    half.iter().map(|_| half[stream.below(half.len() as u64) as usize]).collect::<Vec<_>>()
                });
                let shape = learn(reviewed.into_iter(), self.cells).ok()?;
                let mixture = shape.fit(&count(others.into_iter(), self.cells), shape.start).ok()?;
                Some(logit(shape.false_match(&mixture, self.from, self.cells))).filter(|logit| logit.is_finite())
            })
            .collect();
        if logits.len() < ENOUGH {
            return None;
        }
        let n = logits.len() as f64;
        let mean = logits.iter().sum::<f64>() / n;
        let variance = logits.iter().map(|logit| (logit - mean) * (logit - mean)).sum::<f64>() / (n - 1.0);
        let half = Z95 * libm::sqrt(variance);
        let end = |logit: f64| 1.0 / (1.0 + libm::exp(-logit));
        let middle = logit(fitted.share);
        Some(Interval { low: end(middle - half), high: end(middle + half) })
    }
}

fn logit(share: f64) -> f64 {
    libm::log(share / (1.0 - share))
}

fn count<'a>(best: impl Iterator<Item = &'a Best>, cells: usize) -> Vec<u64> {
    let mut counts = vec![0; cells];
    best.for_each(|best| counts[best.cell] += 1);
    counts
}

fn learn<'a>(reviewed: impl Iterator<Item = &'a Best>, cells: usize) -> Result<Shape, Unfit> {
    let (mut right, mut wrong) = (vec![0; cells], vec![0; cells]);
    reviewed.for_each(|best| if best.right { right[best.cell] += 1 } else { wrong[best.cell] += 1 });
    Shape::learn(&right, &wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many requests, each alone.
    fn apart(requests: usize) -> Clusters {
        Clusters::linked(&(0..requests).collect::<Vec<_>>(), std::iter::empty())
    }

    /// Best answers of one person around 70 and of two around 30, one in five, in 100 cells; the threshold is cell 50.
    fn drawn(study: u64, clusters: &Clusters) -> Calibration<'_> {
        let mut stream = Seed(study).stream(Decision::named("test.belin_rubin"), 0);
        let best: Vec<Best> = (0..clusters.of().len())
            .map(|request| {
                let right = stream.chance(0.8);
                let (middle, spread) = if right { (70.0, 8.0) } else { (30.0, 10.0) };
                // The sum of twelve uniform numbers, less six: normal enough.
                let normal = (0..12).map(|_| stream.uniform()).sum::<f64>() - 6.0;
                let cell = (middle + spread * normal).clamp(0.0, 99.0) as usize;
                let score = Score(1000 * (cell as i32 - 50));
                Best { request, cell, score, right, reviewed: stream.chance(0.5) }
            })
            .collect();
        let shape = learn(best.iter().filter(|best| best.reviewed), 100);
        Calibration { clusters, best, cells: 100, from: 49.5, threshold: Score(0), shape }
    }

    #[test]
    fn the_interval_holds_the_expected_share_and_is_not_wide() {
        // Above the threshold: a fifth of the 2.3 % of a normal distribution beyond two deviations, against the 99.4 % of
        // four fifths.
        let expected = 0.2 * 0.02275 / (0.2 * 0.02275 + 0.8 * 0.9938);
        let studies = 10;
        let mut held = 0;
        for study in 0..studies {
            let estimate = drawn(study, &apart(1_500)).overall();
            let fitted = estimate.fit.unwrap();
            let Interval { low, high } = fitted.interval.unwrap();
            assert!(low < fitted.share && fitted.share < high && high < 20.0 * low, "{fitted:?}");
            assert!(estimate.truth.rate.trials > 500);
            held += u32::from(low <= expected && expected <= high);
        }
        assert!(held >= 8, "{held} of {studies}");
    }

    #[test]
    fn only_what_is_not_reviewed_is_estimated_and_a_group_is_part_of_all() {
        let clusters = apart(3_000);
        let all = drawn(1, &clusters);
        let (odd, even) = (all.estimate(|request| request % 2 == 1), all.estimate(|request| request % 2 == 0));
        let whole = all.estimate(|_| true);
        assert_eq!(odd.scores + even.scores, whole.scores);
        assert_eq!(whole.scores + whole.reviewed.right + whole.reviewed.wrong, 3_000);
        assert_eq!(odd.truth.rate.hits + even.truth.rate.hits, whole.truth.rate.hits);
        assert!(odd.fit.is_ok() && even.fit.is_ok());
        // Whatever is true of the others, the estimate knows nothing of it.
        let mut unlike = drawn(1, &clusters);
        unlike.best.iter_mut().filter(|best| !best.reviewed).for_each(|best| best.right = false);
        assert_eq!(unlike.estimate(|_| true).fit, whole.fit);
        assert_eq!(all.estimate(|request| request < 50).fit, Err(Unfit::FewScores));
    }
}
