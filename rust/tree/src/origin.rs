//! Where a section was written.

use crate::NodeId;
use serde::{Deserialize, Deserializer};

/// The key under which [`crate::read`] offers the node id of a mapping to the struct made from it.
pub const ORIGIN_KEY: &str = "$origin";

/// A field of this name in a struct says that it takes keys that it does not know, and judges them itself.
pub const REST_KEY: &str = "$rest";

/// The mapping from which a section was read; empty for a section that nobody wrote (all defaults).
///
/// Equal to every other origin, so that two sections with the same content are equal wherever they were written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin(pub Option<NodeId>);

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u32::deserialize(deserializer).map(|id| Self(Some(NodeId(id))))
    }
}
