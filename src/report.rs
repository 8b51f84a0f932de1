//! Results as text: the summary, the tables and the page of a run, and what every other command says.
//!
//! A report computes nothing that it tells: it reads [`Results`](crate::results::Results). [`bundle`] makes the whole run
//! folder without a file system; the caller writes or serves it.
//!
//! The list of modules is in reading order: each imports only from those above it.

mod written;
mod table;
mod charts;
mod notices;
mod outcomes;
mod sensitivity;
mod decomposition;
mod against;
pub mod validation;
pub mod cases;
mod allowed;
mod summary;
pub mod settings;
mod shown;
mod handout;
pub mod compare;
pub mod waterfall;
pub mod explain;
pub mod files;
mod page;
mod bundle;
pub mod infer;
pub mod sweep;
pub mod check;
pub mod link;
pub mod score;

pub use crate::results::VERSION;
pub use against::against_text;
pub use bundle::{AGAINST_FILES, File, against_bundle, bundle, run_dictionary, run_files};
pub use decomposition::decomposition_text;
pub use handout::handout;
pub use sensitivity::sensitivity_text;
pub use shown::show_page;
pub use summary::{summary, training_warnings};
pub use written::{by_number, counted, thousands};
