//! From one pillar to another.
#![expect(clippy::unwrap_used, reason = "clippy allows it in test functions, not in their helpers")]

mod cluster;
mod quorum;
mod refused;
mod steps;
mod tolerance;
