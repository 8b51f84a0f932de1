//! The draws of a later round: near the accepted draws of the rounds before.
//!
//! Population Monte Carlo (M. A. Beaumont, J.-M. Cornuet, J.-M. Marin and C. P. Robert (2009), "Adaptive approximate
//! Bayesian computation", Biometrika 96, 983–990) along the few dimensions about which the published figures say most.
//! Along all others draws keep coming from the prior, so that no weight has to make up for them. Every draw of every
//! round then counts by the mixture of all rounds (J.-M. Cornuet, J.-M. Marin, A. Mira and C. P. Robert (2012), "Adaptive
//! multiple importance sampling", Scandinavian Journal of Statistics 39, 798–812): with at least half of the draws from
//! the prior no weight is above 2.

use crate::random::Stream;
use crate::stats::Weighted;

/// The most dimensions along which draws are moved.
const MOST: usize = 6;

/// A dimension tells something if the accepted draws lie so many standard errors from even: by chance fewer than two in a
/// thousand do.
pub const TELLS: f64 = 3.3;

/// The narrowest kernel, as a part of the range.
const NARROWEST: f64 = 0.02;

/// A mixture of kernels around accepted draws, uniform along all dimensions but a few.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The dimensions that are moved, each with the width of its kernels.
    moved: Vec<(usize, f64)>,
    /// The positions of the accepted draws along these dimensions, with their weights, which sum to 1.
    parents: Vec<(Vec<f64>, f64)>,
}

impl Proposal {
    /// The proposal of accepted draws, each a point with its weight; `None` where they lie as evenly as the prior.
    pub fn near(accepted: &[(&[f64], f64)]) -> Option<Proposal> {
        let total: f64 = accepted.iter().map(|(_, weight)| weight).sum();
        let dimensions = accepted.first().map_or(0, |(point, _)| point.len());
        let mut telling: Vec<(f64, usize, f64)> = (0..dimensions)
            .filter_map(|dimension| {
                let along = Weighted::new(accepted.iter().map(|(point, weight)| (point[dimension], *weight)));
                let width = libm::sqrt(2.0 * along.variance()?).clamp(NARROWEST, 1.0);
                Some((uneven(&along)?, dimension, width)).filter(|(told, ..)| *told > TELLS)
            })
            .collect();
        telling.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        telling.truncate(MOST);
        let moved: Vec<(usize, f64)> = telling.into_iter().map(|(_, dimension, width)| (dimension, width)).collect();
        let along = |point: &[f64]| moved.iter().map(|(dimension, _)| point[*dimension]).collect();
        let parents = accepted.iter().map(|(point, weight)| (along(point), weight / total)).collect();
        (!moved.is_empty()).then_some(Proposal { moved, parents })
    }

    /// Moves a point of the prior: along the moved dimensions it lies near one of the parents.
    pub fn moved(&self, mut point: Vec<f64>, stream: &mut Stream) -> Vec<f64> {
        let mut left = stream.uniform();
        let parent = self.parents.iter().position(|(_, weight)| {
            left -= weight;
            left < 0.0
        });
        let (parent, _) = &self.parents[parent.unwrap_or(self.parents.len() - 1)];
        for ((dimension, width), centre) in self.moved.iter().zip(parent) {
            // A normal number that falls outside is drawn again.
            point[*dimension] = loop {
                let u = centre + width * normal(stream);
                if u > 0.0 && u < 1.0 {
                    break u;
                }
            };
        }
        point
    }

    /// The density at a point, where the prior's is 1.
    pub fn density(&self, point: &[f64]) -> f64 {
        let kernel = |centre: f64, width: f64, u: f64| {
            let below = |x: f64| libm::erfc(-x / std::f64::consts::SQRT_2) / 2.0;
            let z = (u - centre) / width;
            let inside = below((1.0 - centre) / width) - below(-centre / width);
            libm::exp(-z * z / 2.0) / (width * libm::sqrt(2.0 * std::f64::consts::PI) * inside)
        };
        let near = |parent: &[f64]| -> f64 {
            let along = self.moved.iter().zip(parent);
            along.map(|((dimension, width), centre)| kernel(*centre, *width, point[*dimension])).product()
        };
        self.parents.iter().map(|(parent, weight)| weight * near(parent)).sum()
    }
}

/// The distance of numbers between 0 and 1 from even, in standard errors: their mean, or how far they are from the middle. Of
/// uniform numbers the mean has variance 1/12n, and the squared distance from ½ 1/180n. `None` without numbers.
pub fn uneven(along: &Weighted) -> Option<f64> {
    let (mean, variance) = along.mean().zip(along.variance())?;
    let n = along.effective();
    let shift = (mean - 0.5) * libm::sqrt(12.0 * n);
    let squeeze = (variance + (mean - 0.5) * (mean - 0.5) - 1.0 / 12.0) * libm::sqrt(180.0 * n);
    Some(shift.abs().max(squeeze.abs()))
}

/// A standard normal number, by G. E. P. Box and M. E. Muller's (1958) transformation.
pub(super) fn normal(stream: &mut Stream) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - stream.uniform()));
    radius * libm::cos(2.0 * std::f64::consts::PI * stream.uniform())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Decision, Seed};

    const POINTS: Decision = Decision::named("test.points");
    const MOVES: Decision = Decision::named("test.moves");

    fn points(n: u64) -> Vec<Vec<f64>> {
        (0..n).map(|i| (0..4).map(|d| Seed(5).even(POINTS, i, d)).collect()).collect()
    }

    #[test]
    fn only_dimensions_that_tell_are_moved_and_the_density_is_that_of_the_draws() {
        let all = points(2_000);
        // Accepted: high along dimension 1, and in the middle along dimension 2.
        let accepted: Vec<(&[f64], f64)> =
            all.iter().filter(|p| p[1] > 0.7 && (p[2] - 0.5).abs() < 0.2).map(|p| (&p[..], 1.0)).collect();
        let proposal = Proposal::near(&accepted).unwrap();
        let mut moved: Vec<usize> = proposal.moved.iter().map(|(dimension, _)| *dimension).collect();
        moved.sort_unstable();
        assert_eq!(moved, [1, 2]);
        // Half of the draws from the prior and half from the proposal, weighted by the mixture, are the prior again.
        let (mut all, mut sums) = (0.0, [0.0; 3]);
        for (i, point) in points(20_000).into_iter().enumerate() {
            let point = if i % 2 == 0 { point } else { proposal.moved(point, &mut Seed(5).stream(MOVES, i as u64)) };
            assert!(point.iter().all(|u| *u > 0.0 && *u < 1.0));
            let weight = 1.0 / (0.5 + 0.5 * proposal.density(&point));
            all += weight;
            (0..3).for_each(|dimension| sums[dimension] += weight * point[dimension]);
        }
        assert!((all / 20_000.0 - 1.0).abs() < 0.02, "{all}");
        assert!(sums.iter().all(|sum| (sum / all - 0.5).abs() < 0.01), "{sums:?}");
    }

    #[test]
    fn draws_that_lie_as_evenly_as_the_prior_propose_nothing() {
        let all = points(400);
        assert_eq!(Proposal::near(&all.iter().map(|p| (&p[..], 1.0)).collect::<Vec<_>>()), None);
        assert_eq!(Proposal::near(&[]), None);
    }
}
