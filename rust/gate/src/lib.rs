//! What may be done to a cluster now: decisions over what was observed and what is on record, without any I/O.
//!
//! Time, records and requests come in as values, so each decision can be tested for every state that there is.

pub mod creation;
mod fixed;
mod members;

pub use fixed::Fixed;
pub use members::{Member, undeclared};
