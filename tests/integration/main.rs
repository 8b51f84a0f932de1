//! The promises Namesake makes, one module for each kind.

mod agencies;
mod bad_input;
mod bank;
mod cases;
mod causes;
mod claimed;
mod dependence;
mod families;
mod golden;
mod knobs;
mod labelled;
mod lesson;
mod namesakes;
mod never_issued;
mod pairs;
mod runs;
mod shared_names;
mod statistics;
mod support;
mod sweeps;
mod terms;
mod tidy;
mod validation;
mod webassembly;
mod which_rate;
