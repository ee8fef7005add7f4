//! How long it takes until something serves again: the parts of it, added up.
//!
//! Every figure is a setting that is rendered, or the default of the program that nobody changes; each stands with its
//! source. Parts are worst cases and follow each other. Starting a program is not in them: the pillar does not say how long
//! one takes.

mod answer;
mod api;
mod machines;
mod pods;
mod storage;

pub use answer::{PartAnswer, SwitchOverAnswer};

use topology::Topology;
use topology::values::Duration;

/// What fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A node, with everything on it.
    NodeLost,
    /// A program that runs on and answers nothing.
    ProcessHung,
    /// A hypervisor, with its machines.
    HypervisorLost,
}

impl Failure {
    /// Its key in answers.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::NodeLost => "node_lost",
            Self::ProcessHung => "process_hung",
            Self::HypervisorLost => "hypervisor_lost",
        }
    }
}

/// What must not take longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// `targets.api_failover`.
    ApiFailover,
    /// `targets.recovery_time`.
    RecoveryTime,
}

impl Goal {
    /// Its key in the pillar.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::ApiFailover => "targets.api_failover",
            Self::RecoveryTime => "targets.recovery_time",
        }
    }

    /// Its value.
    #[must_use]
    pub fn of(self, topology: &Topology) -> Duration {
        match self {
            Self::ApiFailover => topology.targets.api_failover,
            Self::RecoveryTime => topology.targets.recovery_time,
        }
    }
}

/// One part of the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What is waited for, as the end of a sentence that begins with *until*.
    pub until: &'static str,
    /// How long at worst; `None` where nothing ends it.
    pub takes: Option<Duration>,
    /// The setting that says so.
    pub setting: &'static str,
}

impl Part {
    fn new(until: &'static str, takes: Duration, setting: &'static str) -> Self {
        Self { until, takes: Some(takes), setting }
    }

    fn never(until: &'static str, setting: &'static str) -> Self {
        Self { until, takes: None, setting }
    }
}

/// How long one thing takes to serve again after one kind of failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchOver {
    /// What serves again.
    pub of: String,
    /// What fails.
    pub failure: Failure,
    /// The parts, one after another.
    pub parts: Vec<Part>,
    /// What it is held against; `None` where nothing is promised.
    pub goal: Option<Goal>,
}

impl SwitchOver {
    /// All parts together; `None` where it does not end by itself.
    #[must_use]
    pub fn total(&self) -> Option<Duration> {
        self.parts.iter().try_fold(Duration::default(), |sum, part| Some(Duration(sum.0.saturating_add(part.takes?.0))))
    }

    /// Whether it ends in time; `None` where nothing is promised.
    #[must_use]
    pub fn meets(&self, topology: &Topology) -> Option<bool> {
        let goal = self.goal?.of(topology);
        Some(self.total().is_some_and(|total| total <= goal))
    }
}

/// How long everything declared takes to serve again, service by service.
#[must_use]
pub fn switch_over(topology: &Topology) -> Vec<SwitchOver> {
    let mut all = api::all(topology);
    all.extend(pods::all(topology));
    all.extend(storage::all(topology));
    all.extend(machines::all(topology));
    all
}

/// An argument of a component of the control plane, as a time span: what the pillar writes, or the program's default. `None`
/// where what is written is no span.
fn argument(component: &topology::pillar::Component, name: &str, default: Duration) -> Option<Duration> {
    component.argument(name).map_or(Some(default), |text| text.parse().ok())
}
