//! The draws of an inference: what the world of each gave, where in the cube it lies, and how much it counts.

use serde::{Deserialize, Serialize};

/// Of the draws one in so many is kept, and at least [`LEAST_KEPT`].
const KEPT: usize = 10;
const LEAST_KEPT: usize = 100;
/// A draw meets a figure if it is at most this many units of uncertainty away.
pub const MEETS: f64 = 2.0;

/// The figures of the world of one draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The number of the draw.
    pub row: u64,
    /// Records on the holder's file; 0 of settings that no world can have.
    pub records: u64,
    /// Hits and trials of each figure; empty of settings that no world can have.
    pub counts: Vec<[u64; 2]>,
}

/// Draws with their points in the cube and their weights before anything was observed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draws {
    /// The names of the figures that rows count.
    pub figures: Vec<String>,
    /// The rows, by number.
    pub rows: Vec<Row>,
    /// The point of each in the cube.
    pub points: Vec<Vec<f64>>,
    /// The weight of each: the prior's density over that of the rounds together.
    pub weights: Vec<f64>,
}

impl Draws {
    /// Hits and trials of a figure in a draw; `None` where the draw has no world.
    pub fn counts(&self, row: usize, figure: &str) -> Option<[u64; 2]> {
        let place = self.figures.iter().position(|name| name == figure)?;
        self.rows[row].counts.get(place).copied()
    }

    /// The number of draws kept of so many.
    pub fn keep(&self) -> usize {
        (self.rows.len() / KEPT).max(LEAST_KEPT)
    }
}
