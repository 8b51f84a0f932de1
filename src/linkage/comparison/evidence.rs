//! The levels that a pair reached: [`Evidence`].

use super::{Comparison, MAX_COMPARISONS};
use std::fmt;
use std::hash::{Hash, Hasher};

/// The levels of all comparisons of a pair, in their order. Ordered and small, so that pairs can be counted by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    len: u8,
    // One more than the level, 0 where it is missing; what lies past the end is 0.
    levels: [u8; MAX_COMPARISONS],
}

impl Evidence {
    /// The evidence of these levels, `None` where a side is missing.
    ///
    /// # Panics
    /// With more than [`MAX_COMPARISONS`] levels.
    pub fn new(levels: &[Option<u8>]) -> Evidence {
        let mut evidence = Evidence { len: 0, levels: [0; MAX_COMPARISONS] };
        levels.iter().for_each(|&level| evidence.push(level));
        evidence
    }

    /// Number of comparisons it covers.
    pub fn len(&self) -> usize {
        usize::from(self.len)
    }

    /// Returns `true` if it covers none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The level of a comparison; `None` where a side is missing.
    #[inline]
    pub fn level(&self, comparison: usize) -> Option<u8> {
        self.levels[comparison].checked_sub(1)
    }

    /// The name of each comparison and the label of the level it reached.
    pub fn named(&self, comparisons: &[Comparison]) -> Vec<(String, String)> {
        let label = |(i, comparison): (usize, &Comparison)| {
            let level = self.level(i).map(|level| comparison.labels().swap_remove(usize::from(level)));
            (comparison.name.clone(), level.unwrap_or_else(|| "missing".to_owned()))
        };
        comparisons.iter().enumerate().map(label).collect()
    }

    #[inline]
    pub(super) fn push(&mut self, level: Option<u8>) {
        self.levels[usize::from(self.len)] = level.map_or(0, |level| level + 1);
        self.len += 1;
    }
}

impl Hash for Evidence {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // All levels as a few numbers: far quicker than one by one, and pairs are counted by it.
        self.levels
            .chunks_exact(8)
            .for_each(|levels| state.write_u64(u64::from_le_bytes(levels.try_into().expect("eight bytes"))));
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.len()).map(|i| self.level(i))).finish()
    }
}
