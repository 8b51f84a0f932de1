//! Namesake
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod record;
pub mod stats;
pub mod random;
pub mod population;
