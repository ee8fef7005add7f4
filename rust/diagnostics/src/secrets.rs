//! Which parts of a text must not be shown.

pub(crate) mod guess;
mod key;
pub(crate) mod spans;
