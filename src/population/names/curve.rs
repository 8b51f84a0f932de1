//! A rank–share curve: how large a share of people bear the first, the second, … the millionth most common name.
//!
//! Published tables give the share of the top 1, 5, 10, … 100,000 names. Between two such points the density of
//! people over ranks is a power law, A·x^−a, which is what name frequencies look like on every scale on which they
//! were ever plotted. Its exponent is chosen so that the density never rises with the rank, also across the points;
//! the published shares are met exactly. Both directions are closed formulas, so a curve of thirty million names is
//! two dozen numbers.

/// A continuous distribution over (0, size], whose unit interval (r−1, r] is the name of rank r.
pub(super) struct Curve {
    pieces: Vec<Piece>,
    /// Mass below each piece's end, in order: what a uniform number is looked up in.
    ends: Vec<f64>,
}

/// One power law: density `scale · x^−a` on (start, end], with `flat = 1 − a`.
struct Piece {
    start: f64,
    end: f64,
    below: f64,
    mass: f64,
    flat: f64,
    /// start^flat and end^flat.
    low: f64,
    high: f64,
}

impl Piece {
    fn new(start: f64, end: f64, below: f64, mass: f64, exponent: f64) -> Piece {
        // At exponent 1 the integral is a logarithm; a hair beside it the power formula holds and differs by nothing.
        let flat = if (1.0 - exponent).abs() < 1e-6 { 1e-6 } else { 1.0 - exponent };
        let low = if start == 0.0 { 0.0 } else { libm::pow(start, flat) };
        Piece { start, end, below, mass, flat, low, high: libm::pow(end, flat) }
    }

    fn density(&self, x: f64) -> f64 {
        let scale = self.mass * self.flat / (self.high - self.low);
        if self.flat == 1.0 { scale } else { scale * libm::pow(x, self.flat - 1.0) }
    }
}

impl Curve {
    /// The curve through these points: (number of names, share of people who bear one of them), both rising, from
    /// (1, …) to (all names, 1).
    pub(super) fn through(points: &[(f64, f64)]) -> Curve {
        let mut spans = Vec::with_capacity(points.len());
        let (mut rank, mut share) = (0.0, 0.0);
        for &(next_rank, next_share) in points {
            debug_assert!(next_rank > rank && next_share > share, "points rise");
            spans.push((rank, next_rank, share, next_share - share));
            (rank, share) = (next_rank, next_share);
        }
        let mean = |i: usize| spans[i].3 / (spans[i].1 - spans[i].0);
        let pieces: Vec<Piece> = (0..spans.len())
            .map(|i| {
                let (start, end, below, mass) = spans[i];
                if i == 0 {
                    return Piece::new(start, end, below, mass, 0.0);
                }
                // The density at a point is agreed to lie between the means on its two sides; the steepest power law
                // that respects both ends is taken. Flat always does, since the means fall.
                let at_start = libm::sqrt(mean(i - 1) * mean(i));
                let at_end = if i + 1 < spans.len() { libm::sqrt(mean(i) * mean(i + 1)) } else { 0.0 };
                let (mut gentle, mut steep) = (0.0, 6.0);
                for _ in 0..40 {
                    let exponent = (gentle + steep) / 2.0;
                    let piece = Piece::new(start, end, below, mass, exponent);
                    if piece.density(start) <= at_start && piece.density(end) >= at_end {
                        gentle = exponent;
                    } else {
                        steep = exponent;
                    }
                }
                Piece::new(start, end, below, mass, gentle)
            })
            .collect();
        let ends = pieces.iter().map(|piece| piece.below + piece.mass).collect();
        Curve { pieces, ends }
    }

    /// The number of names.
    pub(super) fn size(&self) -> f64 {
        self.pieces.last().map_or(0.0, |piece| piece.end)
    }

    /// The share of people whose name's rank is at most `x`.
    pub(super) fn share(&self, x: f64) -> f64 {
        let i = self.pieces.partition_point(|piece| piece.end < x);
        let Some(piece) = self.pieces.get(i) else { return 1.0 };
        if x <= piece.start {
            return piece.below;
        }
        let part = (libm::pow(x, piece.flat) - piece.low) / (piece.high - piece.low);
        piece.below + piece.mass * part
    }

    /// The point below which a share `u` of people lies; the name's rank, counted from 0, is its floor.
    #[inline]
    pub(super) fn point(&self, u: f64) -> f64 {
        let i = self.ends.partition_point(|&end| end <= u).min(self.pieces.len() - 1);
        let piece = &self.pieces[i];
        let part = (u - piece.below) / piece.mass;
        let y = piece.low + part * (piece.high - piece.low);
        let x = if piece.flat == 1.0 { y } else { libm::pow(y, 1.0 / piece.flat) };
        // Rounding may step a hair over either end.
        x.clamp(piece.start, piece.end * (1.0 - 1e-12))
    }

    /// The density of people at `x`: the share of the one name there, where the curve is smooth.
    pub(super) fn density(&self, x: f64) -> f64 {
        let i = self.pieces.partition_point(|piece| piece.end < x);
        self.pieces.get(i).map_or(0.0, |piece| piece.density(x))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTS: [(f64, f64); 6] =
        [(1.0, 0.02), (5.0, 0.08), (10.0, 0.13), (100.0, 0.34), (10_000.0, 0.85), (1e6, 1.0)];

    #[test]
    fn a_curve_goes_through_its_points_and_its_inverse_undoes_it() {
        let curve = Curve::through(&POINTS);
        for (rank, share) in POINTS {
            assert!((curve.share(rank) - share).abs() < 1e-12);
        }
        for i in 1..1000 {
            let u = f64::from(i) / 1000.0;
            assert!((curve.share(curve.point(u)) - u).abs() < 1e-9, "{u}");
        }
        assert_eq!(curve.size(), 1e6);
        assert!(curve.point(0.999_999_999_999_999_9) < 1e6);
    }

    #[test]
    fn a_rarer_rank_is_never_more_common() {
        let curve = Curve::through(&POINTS);
        let mut last = 1.0;
        for rank in 1..20_000 {
            let p = curve.share(f64::from(rank)) - curve.share(f64::from(rank - 1));
            assert!(p <= last * (1.0 + 1e-9), "rank {rank}: {p} after {last}");
            last = p;
        }
    }
}
