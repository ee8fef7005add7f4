//! Hosts that run the load balancer alone: nothing of Kubernetes and nothing of etcd, so that they ask by slots as workers do.

use topology::Node;
use topology::pillar::Role;

/// The slots of all of them together: whichever goes, the others have to carry the address.
pub const BALANCERS: &str = "load-balancers";

/// How many of them may be away at once.
pub const BALANCERS_AWAY: u32 = 1;

/// Whether a node runs the load balancer and nothing else.
#[must_use]
pub fn is_balancer_alone(node: &Node) -> bool {
    node.has(Role::LoadBalancer) && !node.runs_kubelet() && !node.has(Role::Etcd)
}
