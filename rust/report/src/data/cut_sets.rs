//! The smallest sets that break a service, grouped by symmetry.

use super::{ElementIndex, Level, ServiceIndex};
use serde::{Deserialize, Serialize};

/// The minimal cut sets of one service and level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutSets {
    /// The service.
    pub service: ServiceIndex,
    /// The level that is lost.
    pub level: Level,
    /// All cut sets of at most so many elements are in `groups`.
    pub complete_to: u32,
    /// The groups, smallest sets first.
    pub groups: Vec<CutGroup>,
}

/// Cut sets of one shape: so many of these and so many of those.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutGroup {
    /// What fails together.
    pub parts: Vec<CutPart>,
    /// How many cut sets that makes.
    pub count: u64,
}

/// Any so many of these elements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutPart {
    /// So many,
    pub take: u32,
    /// whichever of these.
    pub of: Vec<ElementIndex>,
}
