//! Drawing a name from a list of shares, by the alias method: M. D. Vose (1991), "A linear algorithm for generating random
//! numbers with a given distribution", IEEE Transactions on Software Engineering 17, 972–975. A draw looks at one entry,
//! whatever the length of the list, which matters because the lists together are larger than a processor's cache.

/// Names to draw from.
#[derive(Default)]
pub(super) struct Draw {
    entries: Vec<Entry>,
    mass: f64,
}

/// One of equal parts of the people: up to a part of it the one name, beyond it the other.
#[derive(Clone, Copy)]
struct Entry {
    upto: f64,
    code: u32,
    other: u32,
}

impl Draw {
    /// A list of these names with these shares; names without a share are left out.
    pub(super) fn new(names: impl Iterator<Item = (u32, f64)>) -> Draw {
        let names: Vec<(u32, f64)> = names.filter(|(_, share)| *share > 0.0).collect();
        let mass: f64 = names.iter().map(|(_, share)| share).sum();
        let part = mass / names.len() as f64;
        let mut entries: Vec<Entry> =
            names.iter().map(|&(code, share)| Entry { upto: share / part, code, other: code }).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..names.len()).partition(|&i| entries[i].upto < 1.0);
        while let (Some(&less), Some(&more)) = (small.last(), large.last()) {
            small.pop();
            entries[less].other = entries[more].code;
            entries[more].upto -= 1.0 - entries[less].upto;
            if entries[more].upto < 1.0 {
                large.pop();
                small.push(more);
            }
        }
        // What is left is whole up to rounding.
        small.into_iter().chain(large).for_each(|i| entries[i].upto = 1.0);
        Draw { entries, mass }
    }

    /// The sum of the shares.
    pub(super) fn mass(&self) -> f64 {
        self.mass
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The name at a place `u` of the unit interval; the list must not be empty.
    #[inline]
    pub(super) fn code(&self, u: f64) -> u32 {
        let at = u * self.entries.len() as f64;
        let entry = &self.entries[(at as usize).min(self.entries.len() - 1)];
        if at - libm::floor(at) < entry.upto { entry.code } else { entry.other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_drawn_at_their_shares() {
        let draw = Draw::new([(7, 0.2), (9, 0.0), (3, 0.05), (4, 0.15)].into_iter());
        assert!((draw.mass() - 0.4).abs() < 1e-12 && !draw.is_empty());
        let count = |code| (0..24_000).filter(|i| draw.code(f64::from(*i) / 24_000.0) == code).count() as i32;
        for (code, people) in [(7, 12_000), (9, 0), (3, 3_000), (4, 9_000)] {
            assert!((count(code) - people).abs() <= 2, "{code}: {}", count(code));
        }
        assert!([7, 3, 4].contains(&draw.code(0.999_999_999_999_999_9)));
        assert!(Draw::new(std::iter::empty()).is_empty());
        let long = Draw::new((0..5_000).map(|code| (code, 1.0 / f64::from(code + 3))));
        for code in [0, 10, 1_000, 4_999] {
            let hits = (0..2_000_000).filter(|i| long.code(f64::from(*i) / 2e6) == code).count() as f64 / 2e6;
            let share = 1.0 / f64::from(code + 3) / long.mass();
            assert!((hits / share - 1.0).abs() < 0.05, "{code}: {hits} {share}");
        }
    }
}
