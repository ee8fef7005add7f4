//! The one tree that serves every door of the product: YAML files (with spans), Salt's dicts and Python objects (without).
//!
//! [`Tree`] is an arena: nodes are referred to by [`NodeId`], so YAML aliases share a node and are never expanded.
//! [`merge`] puts trees together as Salt does, and spans survive. [`read`] turns a node into a type and collects
//! *all* problems instead of stopping at the first.

mod merge;
mod node;
mod origin;
mod path;
mod read;
mod secret;

pub use merge::{Strategy, merge};
pub use node::{Node, NodeId, Position, SourceId, Span, Tree, Value};
pub use origin::{ORIGIN_KEY, Origin, REST_KEY};
pub use path::{Place, Target};
pub use read::{Outcome, Problem, ProblemKind, nearest, read};
pub use secret::is_secret_key;
