//! Namesake
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod record;
pub mod stats;
pub mod random;
pub mod population;
pub mod agency;
pub mod blocking;
pub mod comparison;
pub mod decision;
pub mod agreement;
pub mod evaluation;
pub mod experiment;
pub mod validation;
pub mod bridge;
pub mod report;
