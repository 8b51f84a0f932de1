//! The principal functions: each calls the stages in order, once.

pub mod link;
