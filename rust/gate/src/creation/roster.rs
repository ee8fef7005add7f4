//! Who belongs to the cluster, as the pillar declares it now.

use crate::balancers::is_balancer_alone;
use topology::Topology;
use topology::pillar::Role;

/// The nodes that initialise or join, and the identity that the pillar pins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// Name of the cluster.
    pub cluster: String,
    /// Control-plane nodes in natural order.
    pub control_plane: Vec<String>,
    /// All other nodes with a kubelet.
    pub workers: Vec<String>,
    /// Hosts of an external etcd; none where it is stacked.
    pub etcd: Vec<String>,
    /// Hosts that run the load balancer alone.
    pub balancers: Vec<String>,
    /// Whether control-plane nodes are members of etcd.
    pub stacked: bool,
    /// `cluster.identity.kube_system_uid`.
    pub pinned_uid: Option<String>,
    /// `cluster.identity.ca_fingerprint`.
    pub pinned_fingerprint: Option<String>,
}

impl Roster {
    /// The roster of a topology.
    #[must_use]
    pub fn of(topology: &Topology) -> Self {
        let named = |wanted: &dyn Fn(&topology::Node) -> bool| {
            topology.nodes.iter().filter(|node| wanted(node)).map(|node| node.name.clone()).collect()
        };
        let identity = &topology.cluster.identity;
        Self {
            cluster: topology.cluster.name.clone(),
            control_plane: named(&|node| node.has(Role::ControlPlane)),
            workers: named(&|node| node.runs_kubelet() && !node.has(Role::ControlPlane)),
            etcd: if topology.etcd.is_external() { named(&|node| node.has(Role::Etcd)) } else { Vec::new() },
            balancers: named(&is_balancer_alone),
            stacked: !topology.etcd.is_external(),
            pinned_uid: identity.kube_system_uid.clone(),
            pinned_fingerprint: identity.ca_fingerprint.clone(),
        }
    }

    /// Whether the node is one of the control plane.
    #[must_use]
    pub fn is_control_plane(&self, node: &str) -> bool {
        self.control_plane.iter().any(|name| name == node)
    }

    /// Whether the node is one of Kubernetes.
    #[must_use]
    pub fn runs_kubelet(&self, node: &str) -> bool {
        self.is_control_plane(node) || self.workers.iter().any(|name| name == node)
    }

    /// Whether the node is named at all.
    #[must_use]
    pub fn names(&self, node: &str) -> bool {
        self.runs_kubelet(node) || self.etcd.iter().any(|name| name == node) || self.is_balancer(node)
    }

    /// Whether the node runs the load balancer alone.
    #[must_use]
    pub fn is_balancer(&self, node: &str) -> bool {
        self.balancers.iter().any(|name| name == node)
    }
}
