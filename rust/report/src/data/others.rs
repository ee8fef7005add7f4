//! Partitions, capacity, start-up and findings.

use super::{ElementIndex, ServiceIndex};
use serde::{Deserialize, Serialize};

/// A network that falls apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    /// What is cut: `between rack-a and rack-b`.
    pub name: String,
    /// The sides.
    pub sides: Vec<Side>,
    /// What else happens, a sentence each: an address that is held twice, writes that are discarded on rejoin.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// One side of a partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// What is on it.
    pub elements: Vec<ElementIndex>,
    /// What serves there.
    pub serves: Vec<ServiceIndex>,
}

/// Whether everything still fits after a loss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// After what: `the loss of 1 hypervisor`.
    pub after: String,
    /// What is counted.
    pub resource: Resource,
    /// What must fit: bytes, thousandths of a core, or a count.
    pub needed: u64,
    /// What is left in the worst case, in the same unit.
    pub left: u64,
    /// The worst case; empty when all cases are equal.
    #[serde(default)]
    pub witness: Vec<ElementIndex>,
    /// Why it does not fit although there is enough, such as anti-affinity or a disruption budget. Empty otherwise.
    #[serde(default)]
    pub obstacle: String,
}

/// What capacity is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Processors, in thousandths of a core.
    Cpu,
    /// Memory, in bytes.
    Memory,
    /// Memory of hypervisors for virtual machines, in bytes.
    HostMemory,
    /// Disk space, in bytes.
    Disk,
    /// Pods.
    Pods,
}

/// The order in which a cluster without power comes up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartUp {
    /// The steps: what stands in one step waits for the steps before it only.
    pub steps: Vec<Step>,
    /// What waits for itself.
    #[serde(default)]
    pub circles: Vec<Circle>,
}

/// What starts together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Names of elements or services.
    pub starts: Vec<String>,
    /// What there is to know about it; may be empty.
    #[serde(default)]
    pub note: String,
}

/// Things that wait for each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Circle {
    /// Each waits for the next one, and the last one for the first.
    pub of: Vec<String>,
    /// Whether it comes up.
    #[serde(default)]
    pub comes_up: ComesUp,
    /// What mends it; may be empty.
    #[serde(default)]
    pub note: String,
}

/// Whether things that wait for each other come up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComesUp {
    /// Never by themselves.
    #[default]
    Never,
    /// Unless a condition holds, which [`Circle::note`] names.
    Sometimes,
    /// Always: something among them can be had in another way.
    Always,
}

/// A finding of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The code of the rule: `ETCD-023`.
    pub code: String,
    /// How grave it is.
    pub severity: Severity,
    /// Path in the pillar: `k8s_ha.nodes.cp1`; may be empty.
    #[serde(default)]
    pub path: String,
    /// Where it is written: `pillar/prod1.sls:11:32`; may be empty.
    #[serde(default)]
    pub place: String,
    /// One sentence.
    pub message: String,
    /// Why it matters; may be empty.
    #[serde(default)]
    pub why: String,
    /// What to write instead; may be empty.
    #[serde(default)]
    pub help: String,
    /// The reason for which the risk is accepted.
    #[serde(default)]
    pub acknowledged: Option<String>,
}

/// How grave a finding is. Ordered: `Info < Warn < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Reported, nothing to mend.
    Info,
    /// Good practice, or a risk that is worth an acknowledgement.
    Warn,
    /// Something will not start, data or quorum is at risk, or a declared target is missed.
    Error,
}
