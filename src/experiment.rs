//! Runs.
pub mod link;
pub mod scenario;
