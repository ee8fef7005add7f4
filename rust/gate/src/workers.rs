//! Workers: which of them go away together, and how many may at once.

use topology::pillar::Role;
use topology::{Kind, Node, Topology};

/// Workers that may be away at once in a failure domain, where the pillar says nothing.
const WORKERS_AWAY: u32 = 1;

/// Whether a node runs workloads and nothing of the control plane.
#[must_use]
pub fn is_worker(node: &Node) -> bool {
    node.has(Role::Worker) && !node.has(Role::ControlPlane)
}

/// How many workers of a failure domain may be away at once: at least one.
#[must_use]
pub fn workers_away(topology: &Topology) -> u32 {
    let upgrades = topology.pillar.upgrades.as_ref();
    upgrades.and_then(|upgrades| upgrades.workers_max_unavailable).unwrap_or(WORKERS_AWAY).max(1)
}

/// The failure domain by which workers are counted: the hypervisor, which is what goes away with all nodes on it. `None` where
/// the pillar names none: the whole cluster is one.
#[must_use]
pub fn worker_domain<'t>(topology: &'t Topology, node: &'t Node) -> Option<&'t str> {
    let has_hypervisors = topology.domains.of_kind(Kind::Hypervisor).next().is_some();
    node.hypervisor.as_deref().filter(|_| has_hypervisors)
}
