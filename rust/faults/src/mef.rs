//! Fault trees in the Open-PSA Model Exchange Format, read and written: so that an independent tool can check what this
//! engine says, and published models can check the engine.
//!
//! Of the format (Open-PSA MEF 2.0d, chapter IV, and the constants of chapter V) this is understood: fault trees and
//! components, gates of `and`, `or` and `atleast`, house events, and basic events with a constant probability.

mod document;
mod error;
mod names;
mod read;
mod scope;
mod write;

pub use error::{MefError, MefFault};
pub use read::{FaultTree, read};
pub use write::{MefTooLarge, write, write_service};
