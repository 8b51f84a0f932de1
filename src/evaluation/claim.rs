//! Claims of match weights about the pairs of a request, counted in whole numbers as the file streams by, so that parts
//! of the file add up: [`Claim`].

use crate::linkage::decision::Score;
use crate::linkage::decision::fellegi_sunter::probability;
use serde::{Deserialize, Serialize};

/// The scores from which a pair is claimed to be one person with probability 0.1, 0.2, … 0.9: 1000·log₂(k / (10 − k)),
/// rounded up.
const TENTHS: [i32; 9] = [-3169, -2000, -1222, -584, 0, 585, 1223, 2000, 3170];

/// The unit in which doubts are summed; this many units are a doubt of 1.
pub(super) const WHOLE: f64 = (1_u64 << 32) as f64;

/// The claims about the pairs of one request, in whole numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its pairs by tenth of the probability claimed.
    pub(super) tenths: [u32; 10],
    /// Those at or above the threshold.
    pub(super) matches: u32,
    /// The sum of 1 − p over these, in parts of 2³².
    pub(super) doubt: u64,
}

impl Claim {
    /// A pair was scored.
    pub(super) fn add(&mut self, score: Score, threshold: Score) {
        self.tenths[tenth(score)] += 1;
        if score >= threshold {
            self.matches += 1;
            self.doubt += ((1.0 - probability(score).get()) * WHOLE) as u64;
        }
    }

    /// Adds the claims about other pairs of the same request.
    pub(super) fn merge(&mut self, other: &Claim) {
        for (mine, theirs) in self.tenths.iter_mut().zip(other.tenths) {
            *mine += theirs;
        }
        self.matches += other.matches;
        self.doubt += other.doubt;
    }
}

/// The tenth of probability, from 0, to which a score belongs.
pub(super) fn tenth(score: Score) -> usize {
    TENTHS.partition_point(|&border| border <= score.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_borders_of_the_tenths_are_those_of_the_probability() {
        for (border, k) in TENTHS.into_iter().zip(1..) {
            let p = |score| probability(Score(score)).get();
            assert!(p(border) >= f64::from(k) / 10.0 && p(border - 1) < f64::from(k) / 10.0, "{k}: {}", p(border));
        }
        assert_eq!([-40_000, -1, 0, 40_000].map(|score| tenth(Score(score))), [0, 4, 5, 9]);
    }

    #[test]
    fn claims_about_parts_of_the_file_add_up() {
        let scores = [-9000, -1000, 0, 0, 2500, 12_000].map(Score);
        let of = |scores: &[Score]| {
            let mut claim = Claim::default();
            scores.iter().for_each(|&score| claim.add(score, Score(0)));
            claim
        };
        let (mut left, right) = (of(&scores[..2]), of(&scores[2..]));
        left.merge(&right);
        assert_eq!(left, of(&scores));
        assert_eq!((left.matches, left.tenths), (4, [1, 0, 0, 1, 0, 2, 0, 0, 1, 1]));
        // Two even odds, odds of 2^2.5 and of 4096.
        let doubt = 0.5 + 0.5 + 1.0 / (1.0 + libm::exp2(2.5)) + 1.0 / 4097.0;
        assert!((left.doubt as f64 / WHOLE - doubt).abs() < 1e-8);
    }
}
