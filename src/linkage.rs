//! Record linkage: which pairs are compared ([`blocking`]), how alike each field is ([`comparison`]), and the score that a
//! model gives ([`decision`]).
//!
//! [`BlockingSettings`] and [`ModelSettings`] describe all of it as TOML, in the same words for a route of a scenario and
//! for two files. [`Extensions`] adds custom comparisons and models. There are two drivers: [`stream`] holds requests
//! while a file streams by, and [`batch`] joins two whole files. [`ModelPlan::fit`] is the one trainer of both.
//!
//! Nothing here can name the truth about a record.

pub mod assignment;
pub mod batch;
pub mod blocking;
pub mod comparison;
pub mod decision;
mod settings;
pub mod splink;
pub mod stream;
mod training;

pub use settings::{
    Assignment, BlockingSettings, Complaint, Driver, Extensions, MOST_STARTS, ModelKind, ModelSettings,
};
pub use training::{Fitted, ModelPlan, ModelSource, Seen, Sessions};
