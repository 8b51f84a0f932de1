//! Runs.
pub mod scenario;
