//! Who holds the address of the API on one side.

use topology::pillar::{LoadBalancerType, Managed};
use topology::{NodeIndex, Topology};

/// Who holds the address of the API on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// No address of ours moves: each node asks its own balancer, or that of somebody else.
    DoesNotMove,
    /// Nobody.
    NotHeld,
    /// One of these.
    Held {
        /// Hosts that may hold it, sorted.
        by: Vec<NodeIndex>,
        /// Whether the API serves behind it.
        serves: bool,
    },
}

/// Who holds the address of the API among these nodes, where the API serves among them or not.
///
/// VRRP has no quorum: each side elects a holder, and only the check that a host makes of itself takes it out. Ours asks for
/// the API through the host's own HAProxy; where no host reaches one, it keeps the address on hosts that reach another
/// balancer, and takes it from one that reaches none and so is cut off itself. A check with a weight only changes
/// priorities, so that somebody always holds it. kube-vip holds it by a lease in the API, and gives it up where that cannot
/// be renewed.
pub(super) fn on(topology: &Topology, nodes: &[NodeIndex], api: bool) -> Address {
    let balancer = &topology.load_balancer;
    let moves = matches!(balancer.r#type, LoadBalancerType::HaproxyKeepalived | LoadBalancerType::KubeVip);
    if !moves || !topology.is_kubeadm() {
        return Address::DoesNotMove;
    }
    let mut by: Vec<NodeIndex> = balancer.nodes.iter().copied().filter(|host| nodes.contains(host)).collect();
    by.sort_unstable();
    let check_is_ours = topology.manage.load_balancer == Managed::Yes;
    let kept = match balancer.r#type {
        LoadBalancerType::KubeVip => false,
        _ => !check_is_ours || balancer.keepalived.check.weight != 0 || by.len() > 1,
    };
    if by.is_empty() || !(api || kept) { Address::NotHeld } else { Address::Held { by, serves: api } }
}
