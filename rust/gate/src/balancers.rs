//! Hosts that run the load balancer, and nothing of the control plane or etcd, so that they ask by slots as workers do.

use topology::Node;
use topology::pillar::Role;

/// The slots of all of them together: whichever goes, the others have to carry the address.
pub const BALANCERS: &str = "load-balancers";

/// How many of them may be away at once.
pub const BALANCERS_AWAY: u32 = 1;

/// Whether a node waits for the slot of the balancers. A worker that is one waits there with all that is done to it: how many
/// workers of its failure domain are away, the gate sees.
#[must_use]
pub fn is_balancer(node: &Node) -> bool {
    node.has(Role::LoadBalancer) && !node.has(Role::ControlPlane) && !node.has(Role::Etcd)
}

/// Whether a node runs the load balancer and nothing else.
#[must_use]
pub fn is_balancer_alone(node: &Node) -> bool {
    is_balancer(node) && !node.runs_kubelet()
}
