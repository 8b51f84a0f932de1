//! The promises Namesake makes, one module for each kind.

mod bad_input;
mod causes;
mod golden;
mod knobs;
mod labelled;
mod runs;
mod statistics;
mod support;
mod tidy;
mod webassembly;
