//! Approximate Bayesian computation: which simulated draws are near an observed figure, and what they say of it.
//!
//! The draws nearest to the observation are kept, weighted by an Epanechnikov kernel of their distance, and each value
//! of interest is moved to where it would be had the draw met the observation exactly: local-linear regression
//! (M. A. Beaumont, W. Zhang and D. J. Balding (2002), "Approximate Bayesian computation in population genetics",
//! Genetics 162, 2025–2035) with the spread, too, a function of the distance (M. G. B. Blum and O. François (2010),
//! "Non-linear regression models for approximate Bayesian computation", Statistics and Computing 20, 63–73).

use super::least_squares;

/// The draws near an observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearby {
    /// The numbers of the draws, in rising order.
    pub draws: Vec<usize>,
    /// The weight of each.
    pub weights: Vec<f64>,
    /// The offset of each from the observation, in units of its uncertainty, figure by figure.
    pub offsets: Vec<Vec<f64>>,
    /// The distance within which draws were kept.
    pub reach: f64,
}

/// The distance of offsets: the root of their mean square.
pub fn distance(offsets: &[f64]) -> f64 {
    libm::sqrt(offsets.iter().map(|z| z * z).sum::<f64>() / offsets.len().max(1) as f64)
}

/// The `keep` draws nearest to the observation. `offsets` holds for each draw its offset from the observation in units
/// of the observation's uncertainty, `None` for a draw that gave no figure; `weights` is the weight of each draw before
/// anything was observed.
pub fn nearby(offsets: &[Option<Vec<f64>>], weights: &[f64], keep: usize) -> Nearby {
    let mut near: Vec<(f64, usize)> =
        offsets.iter().enumerate().filter_map(|(draw, z)| Some((distance(z.as_ref()?), draw))).collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    // The first draw outside gives the width of the kernel; where there is none, a little more than the last inside.
    let reach = near.get(keep).or(near.last()).map_or(0.0, |(d, _)| if near.len() > keep { *d } else { d * 1.01 });
    near.truncate(keep);
    near.sort_by_key(|(_, draw)| *draw);
    let kernel = |d: f64| if reach > 0.0 { (1.0 - d * d / (reach * reach)).max(0.0) } else { 1.0 };
    let kept: Vec<(usize, f64)> =
        near.iter().map(|&(d, draw)| (draw, kernel(d) * weights[draw])).filter(|(_, weight)| *weight > 0.0).collect();
    Nearby {
        offsets: kept.iter().filter_map(|(draw, _)| offsets[*draw].clone()).collect(),
        weights: kept.iter().map(|(_, weight)| *weight).collect(),
        draws: kept.into_iter().map(|(draw, _)| draw).collect(),
        reach,
    }
}

impl Nearby {
    /// Moves a value of each draw to where it would be without the draw's offset from the observation.
    ///
    /// The mean m and the spread s of the value are fitted as functions of the offset z; a value v becomes
    /// m(0) + (v − m(z)) · s(0)/s(z). Values have to be on a scale without ends.
    pub fn adjusted(&self, values: &[f64]) -> Vec<f64> {
        let columns = self.offsets.first().map_or(0, Vec::len);
        // With fewer draws the line would follow their luck.
        if self.draws.len() < 10 * (columns + 1) {
            return values.to_vec();
        }
        let mean = least_squares(&self.offsets, values, &self.weights);
        let rest: Vec<f64> = values.iter().zip(&self.offsets).map(|(value, z)| value - mean.at(z)).collect();
        let total: f64 = self.weights.iter().sum();
        let variance = rest.iter().zip(&self.weights).map(|(e, w)| w * e * e).sum::<f64>() / total;
        if variance <= 0.0 {
            return vec![mean.intercept; values.len()];
        }
        // A residual that happens to be next to nothing has a logarithm far below all others.
        let logs: Vec<f64> = rest.iter().map(|e| libm::log(e * e + 1e-3 * variance)).collect();
        let spread = least_squares(&self.offsets, &logs, &self.weights);
        let moved = |(e, z): (&f64, &Vec<f64>)| mean.intercept + e * libm::exp((spread.intercept - spread.at(z)) / 2.0);
        rest.iter().zip(&self.offsets).map(moved).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws whose value is twice the offset and a rest that alternates; far ones have a wider rest if `wider` says so.
    fn draws(n: usize, wider: f64) -> (Vec<Option<Vec<f64>>>, Vec<f64>) {
        let z = |i: usize| -3.0 + 6.0 * i as f64 / (n - 1) as f64;
        let rest = |i: usize| (if i.is_multiple_of(2) { 1.0 } else { -1.0 }) * libm::exp(wider * z(i));
        ((0..n).map(|i| Some(vec![z(i)])).collect(), (0..n).map(|i| 5.0 + 2.0 * z(i) + rest(i)).collect())
    }

    #[test]
    fn the_nearest_are_kept_and_the_nearest_of_all_weighs_most() {
        let (mut offsets, _) = draws(61, 0.0);
        offsets[30] = None;
        let near = nearby(&offsets, &[1.0; 61], 10);
        assert_eq!(near.draws, [25, 26, 27, 28, 29, 31, 32, 33, 34, 35]);
        assert!(near.weights[4] > near.weights[0] && (near.reach - 0.6).abs() < 1e-9, "{near:?}");
        let all = nearby(&offsets, &[1.0; 61], 100);
        assert!(all.draws.len() == 60 && all.weights.iter().all(|weight| *weight > 0.0));
    }

    #[test]
    fn a_value_moves_along_the_line_and_its_spread_along_with_it() {
        let (offsets, values) = draws(600, 0.0);
        let near = nearby(&offsets, &[1.0; 600], 300);
        let adjusted = near.adjusted(&near.draws.iter().map(|draw| values[*draw]).collect::<Vec<f64>>());
        assert!(adjusted.iter().all(|value| ((value - 5.0).abs() - 1.0).abs() < 0.02), "{:?}", &adjusted[..6]);
        // Where far draws spread more on one side, each is scaled to the spread at the observation.
        let (offsets, values) = draws(600, 0.5);
        let near = nearby(&offsets, &[1.0; 600], 300);
        let adjusted = near.adjusted(&near.draws.iter().map(|draw| values[*draw]).collect::<Vec<f64>>());
        assert!(adjusted.iter().all(|value| ((value - 5.0).abs() - 1.0).abs() < 0.15), "{:?}", &adjusted[..6]);
    }
}
