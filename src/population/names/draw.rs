//! Drawing a name from a list of shares.

/// Names to draw from.
#[derive(Default)]
pub(super) struct Draw {
    /// Cumulative shares; the last is the sum of all.
    sums: Vec<f64>,
    codes: Vec<u32>,
    /// Where to begin looking in `sums`, by equal parts of the people.
    guide: Vec<u16>,
}

const GUIDE: usize = 1024;

impl Draw {
    /// A list of these names with these shares; names without a share are left out.
    pub(super) fn new(names: impl Iterator<Item = (u32, f64)>) -> Draw {
        let (mut sums, mut codes, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for (code, share) in names.filter(|(_, share)| *share > 0.0) {
            sum += share;
            sums.push(sum);
            codes.push(code);
        }
        let at = |part: usize| sums.partition_point(|&below| below <= sum * part as f64 / GUIDE as f64) as u16;
        let guide = (0..=GUIDE).map(at).collect();
        Draw { sums, codes, guide }
    }

    /// The sum of the shares.
    pub(super) fn mass(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The name below which a share `u` of the list lies; the list must not be empty.
    #[inline]
    pub(super) fn code(&self, u: f64) -> u32 {
        let part = (u * GUIDE as f64) as usize;
        let last = self.codes.len() - 1;
        let (from, to) = (self.guide[part] as usize, (self.guide[part + 1] as usize + 1).min(last));
        let wanted = u * self.mass();
        // Rounding may step over the end of a part by one name.
        let from = from.min(to);
        self.codes[from + self.sums[from..to].partition_point(|&sum| sum <= wanted)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_drawn_at_their_shares() {
        let draw = Draw::new([(7, 0.2), (9, 0.0), (3, 0.05), (4, 0.15)].into_iter());
        assert!((draw.mass() - 0.4).abs() < 1e-12 && !draw.is_empty());
        let count = |code| (0..8_000).filter(|i| draw.code(f64::from(*i) / 8_000.0) == code).count() as i32;
        for (code, people) in [(7, 4_000), (9, 0), (3, 1_000), (4, 3_000)] {
            assert!((count(code) - people).abs() <= 1, "{code}");
        }
        assert_eq!(draw.code(0.999_999_999_999_999_9), 4);
    }
}
