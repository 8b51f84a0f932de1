//! Blocks of a small country, kept once they were made.

use super::Block;
use std::sync::{Arc, OnceLock};

/// A run goes through its country several times. Blocks of a large country are made again each time, so that memory does
/// not grow with it.
pub(super) struct Kept(Vec<OnceLock<Arc<Block>>>);

impl Kept {
    /// The most blocks that are kept: 262,144 people in about 25 MB.
    const MOST: u64 = 1_024;

    /// Room for the blocks of a country of so many, if it is small.
    pub fn new(blocks: u64) -> Kept {
        let kept = if blocks <= Kept::MOST { blocks } else { 0 };
        Kept((0..kept).map(|_| OnceLock::new()).collect())
    }

    /// Forgets all blocks.
    pub fn clear(&mut self) {
        self.0.fill_with(OnceLock::new);
    }

    /// A block, made if it is not at hand.
    pub fn block(&self, index: u64, make: impl FnOnce() -> Block) -> Arc<Block> {
        match self.0.get(index as usize) {
            Some(kept) => Arc::clone(kept.get_or_init(|| Arc::new(make()))),
            None => Arc::new(make()),
        }
    }
}
