//! Services, and how much each of them survives.

use super::{ElementIndex, ServiceIndex};
use faults::Level;
use serde::{Deserialize, Serialize};

/// A service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// What it is, in a few words: `a majority of 3 members`. Empty when its name says it.
    #[serde(default)]
    pub about: String,
    /// Services without which it serves less.
    #[serde(default)]
    pub degraded_by: Vec<ServiceIndex>,
    /// How many losses it survives, for each kind and level that was asked.
    #[serde(default)]
    pub tolerance: Vec<Tolerance>,
    /// How likely it serves, where the pillar gives MTBF and MTTR.
    #[serde(default)]
    pub availability: Option<Availability>,
}

/// How many elements of a kind may be lost at once, whichever they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// The [`Kind::key`](super::Kind::key) of the kind.
    pub kind: String,
    /// What goes on.
    pub level: Level,
    /// So many may be lost. All of them: `survives` equals `of`.
    pub survives: u32,
    /// Elements of that kind.
    pub of: u32,
    /// `survives` is exact. Otherwise the allowed work did not suffice: at least so many, and perhaps more.
    pub settled: bool,
    /// The smallest set that breaks it; empty when all of them together do not, or when it is not known.
    #[serde(default)]
    pub witness: Vec<ElementIndex>,
    /// So many must be survived, where the pillar's `targets` ask for it.
    #[serde(default)]
    pub target: Option<u32>,
}

/// How likely a service serves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Availability {
    /// Share of the time in which it serves, 0 to 1.
    pub share: f64,
    /// What the rest of the time comes from, greatest first; need not be complete.
    #[serde(default)]
    pub contributions: Vec<Contribution>,
}

/// What part of the time in which a service does not serve an element has to do with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contribution {
    /// The element.
    pub element: ElementIndex,
    /// Its share of that time, 0 to 1. Shares add up to more than 1 where only several failures together break it.
    pub share: f64,
}
