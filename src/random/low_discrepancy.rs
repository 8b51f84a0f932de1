//! Points that fill a cube more evenly than random ones: Sobol's sequence, scrambled.

use super::{Decision, Seed, mix};

const BEYOND: Decision = Decision::named("low_discrepancy.beyond");

/// The number of points of the sequence.
const POINTS: u64 = 1 << 16;

impl Seed {
    /// The coordinate along `dimension` of the `index`-th point, above 0 and below 1.
    ///
    /// I. M. Sobol' (1967), "On the distribution of points in a cube and the approximate evaluation of integrals", USSR
    /// Computational Mathematics and Mathematical Physics 7(4), 86–112, scrambled after A. B. Owen by the hash of B. Burley
    /// (2020), "Practical hash-based Owen scrambling", Journal of Computer Graphics Techniques 9(4), 1–20: every coordinate
    /// of every point is uniform, whatever the seed. Beyond the 65,536 points and 256 dimensions of the tables the
    /// coordinates are independent random numbers.
    pub fn even(self, decision: Decision, index: u64, dimension: u64) -> f64 {
        if index >= POINTS || dimension >= u64::from(sobol_burley::NUM_DIMENSIONS) {
            return inside(self.uniform(BEYOND.about(dimension), index ^ decision.key()));
        }
        let seed = mix(self.0 ^ decision.key()) >> 32;
        inside(f64::from(sobol_burley::sample(index as u32, dimension as u32, seed as u32)))
    }
}

/// The middle of the cell of 2⁻²⁴ in which a number from 0 to 1 lies.
fn inside(u: f64) -> f64 {
    const CELLS: f64 = (1_u64 << 24) as f64;
    (libm::floor(u * CELLS).min(CELLS - 1.0) + 0.5) / CELLS
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECISION: Decision = Decision::named("test.even");

    #[test]
    fn every_interval_of_every_dimension_gets_its_share_of_points() {
        for dimension in [0, 1, 7, 100, 255] {
            let mut cells = [0; 64];
            for index in 0..1_024 {
                cells[(Seed(3).even(DECISION, index, dimension) * 64.0) as usize] += 1;
            }
            assert_eq!(cells, [16; 64], "{dimension}");
        }
    }

    #[test]
    fn the_values_stay_and_beyond_the_tables_they_are_uniform() {
        let mean = |dimension| (0..4_096).map(|i| Seed(3).even(DECISION, i, dimension)).sum::<f64>() / 4_096.0;
        assert!((mean(300) - 0.5).abs() < 0.02);
        assert_ne!(Seed(3).even(DECISION, 5, 2), Seed(4).even(DECISION, 5, 2));
        assert_ne!(Seed(3).even(DECISION, 1 << 16, 2), Seed(3).even(DECISION, (1 << 16) + 1, 2));
        let inside = |u: f64| u > 0.0 && u < 1.0;
        assert!((0..4_096).all(|index| inside(Seed(9).even(DECISION, index, 1))));
    }
}
