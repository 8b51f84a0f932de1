//! The promises Namesake makes, one module for each kind.

mod support;
mod tidy;
mod webassembly;
