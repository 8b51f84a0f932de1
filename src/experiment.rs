//! Runs: each principal function calls the stages in order, once.
//!
//! A run is a list of phases, each a value made from the ones before it:
//!
//! [`World`] (country, files and terms) → [`Requests`] → matchers → [`Streamed`] → judgement → [`Outcome`].
//!
//! The runs beside a run go through the same phases: a function takes all of them, the run itself first. The functions
//! that call the phases are on one screen in `run.rs`.
//!
//! The list of modules is in reading order: each imports only from those above it.

mod profile;
mod forms;
mod list;
mod coincidences;
mod situations;
mod world;
mod requests;
mod holder_file;
mod labels;
mod matching;
mod prepared;
mod stream;
mod lookup;
mod causes;
mod judgement;
mod differences;
mod moved;
mod outcome;
mod explain;
mod run;
mod learned;
pub mod against;
pub mod replay;
pub mod published;
pub mod sensitivity;
pub mod decompose;
pub mod sweep;
pub mod infer;
pub mod link;
#[cfg(test)]
mod ties;

pub use crate::parallel::{Progress, Watch};
pub use coincidences::Coincidence;
pub use explain::Explanation;
pub use forms::normal_name;
pub use learned::learned_loss;
pub use moved::{Look, Moved, Sensitivity};
pub use outcome::{Analyses, Outcome};
pub use prepared::{Run, prepare, prepare_with};
pub use requests::Requests;
pub use run::{conclude, measure, most_requests, rates, run, run_part, run_with};
pub use situations::Counted;
pub use stream::{Streamed, stream};
pub use world::World;
