//! Record linkage: which pairs are looked at ([`blocking`]), how alike each field is ([`comparison`]), and the score a
//! model gives ([`decision`]).
//!
//! Nothing here can name the truth about a record.

pub mod blocking;
pub mod comparison;
pub mod decision;
