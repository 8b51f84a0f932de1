//! Inference from published figures: which of the worlds that the assumptions allow would have produced them, and what
//! else holds in those.
//!
//! [`Space`] says what is not known, [`Inference`] plans the draws and makes each of them a [`Row`] of counts, and
//! [`conclude`] finds the draws near the published figures and what they say. A row can be made at any time, on any
//! machine: its settings follow from its number and from the rows of the rounds before its own.

mod space;
mod figures;
mod proposal;
mod draws;
mod aims;
mod plan;
mod posterior;
mod conclusion;
mod calibration;
mod kept;
#[cfg(test)]
mod tests;

pub use aims::{Aim, Near};
pub use calibration::{Ranks, calibrate};
pub use conclusion::{
    AUDITED, AskFor, Assumed, Centre, Conclusion, InferredRate, Known, Pressed, Target, Trade, conclude,
};
pub use draws::{Draws, Row};
pub use figures::{Figures, QUANTITY, UNPUBLISHED};
pub use kept::{digest, made_for};
pub use plan::{A_REQUEST, DRAWS, Inference, MOST_DRAWS, PEOPLE, Plan, ROUNDS, Wanted, requests_of};
pub use space::{Dimension, Drawn, Range, Space};
