//! Times as JSON and Python get them.

use super::SwitchOver;
use serde::Serialize;
use topology::Topology;

/// One part of the time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartAnswer {
    /// What is waited for, as the end of a sentence that begins with *until*.
    pub until: &'static str,
    /// Seconds at worst; `null` where nothing ends it.
    pub seconds: Option<f64>,
    /// The setting that says so.
    pub setting: &'static str,
}

/// How long one thing takes to serve again after one kind of failure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SwitchOverAnswer {
    /// What serves again.
    pub of: String,
    /// `node_lost`, `process_hung` or `hypervisor_lost`.
    pub failure: &'static str,
    /// The parts, one after another.
    pub parts: Vec<PartAnswer>,
    /// All parts together, in seconds; `null` where it does not end by itself.
    pub seconds: Option<f64>,
    /// The target that it is held against; `null` where nothing is promised.
    pub target: Option<&'static str>,
    /// That target in seconds.
    pub target_seconds: Option<f64>,
    /// Whether it is met.
    pub meets: Option<bool>,
}

impl SwitchOver {
    /// The same for JSON and Python.
    #[must_use]
    pub fn answer(&self, topology: &Topology) -> SwitchOverAnswer {
        let part = |part: &super::Part| PartAnswer {
            until: part.until,
            seconds: part.takes.map(topology::values::Duration::as_seconds),
            setting: part.setting,
        };
        SwitchOverAnswer {
            of: self.of.clone(),
            failure: self.failure.key(),
            parts: self.parts.iter().map(part).collect(),
            seconds: self.total().map(topology::values::Duration::as_seconds),
            target: self.goal.map(super::Goal::key),
            target_seconds: self.goal.map(|goal| goal.of(topology).as_seconds()),
            meets: self.meets(topology),
        }
    }
}
