//! Namesake
pub mod record;
pub mod stats;
pub mod random;
pub mod population;
pub mod blocking;
pub mod comparison;
pub mod decision;
pub mod experiment;
pub mod bridge;
