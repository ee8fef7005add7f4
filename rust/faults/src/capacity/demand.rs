//! What runs.

use topology::Topology;
use topology::pillar::{Requests, Role, Spread};

/// Pods of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Name of the application.
    pub name: String,
    /// How many of them run.
    pub replicas: u32,
    /// Processor time that one requests, in thousandths of a processor; 0 where it requests none.
    pub cpu_millis: u64,
    /// Memory that one requests, in bytes; 0 where it requests none.
    pub memory_bytes: u64,
    /// Whether no two of them may share a node.
    pub apart: bool,
    /// Pods that a disruption budget keeps.
    pub min_available: Option<u32>,
    /// The node to which they are bound.
    pub node: Option<String>,
    /// Whether they run on nodes of the control plane that take nothing else.
    pub on_control_plane: bool,
}

/// Requests of CoreDNS as kubeadm deploys it: 100m and 70Mi.
/// Source: kubeadm, `cmd/kubeadm/app/phases/addons/dns/manifests.go`.
const COREDNS: (u64, u64) = (100, 70 << 20);

impl Demand {
    /// Pods without requests, which are placed anywhere.
    #[must_use]
    pub fn new(name: &str, replicas: u32) -> Self {
        Self {
            name: name.to_owned(),
            replicas,
            cpu_millis: 0,
            memory_bytes: 0,
            apart: false,
            min_available: None,
            node: None,
            on_control_plane: false,
        }
    }

    fn requesting(name: &str, replicas: u32, requests: Option<&Requests>) -> Self {
        let cpu = requests.and_then(|requests| requests.cpu);
        let memory = requests.and_then(|requests| requests.memory);
        Self {
            cpu_millis: cpu.map_or(0, |cpu| cpu.0),
            memory_bytes: memory.map_or(0, |memory| memory.0),
            ..Self::new(name, replicas)
        }
    }

    /// What a pillar declares to run: `CoreDNS`, the ingress controller, the applications.
    #[must_use]
    pub fn declared(topology: &Topology) -> Vec<Self> {
        let mut all = Vec::new();
        if topology.is_kubeadm() {
            all.push(Self {
                cpu_millis: COREDNS.0,
                memory_bytes: COREDNS.1,
                apart: topology.coredns.spec.spread == Spread::Required,
                on_control_plane: true,
                ..Self::new("coredns", topology.coredns.replicas)
            });
        }
        let pillar = &topology.pillar;
        all.extend(pillar.ingress.iter().map(|ingress| Self {
            apart: ingress.spread == Some(Spread::Required),
            ..Self::requesting("ingress", ingress.replicas, ingress.requests.as_ref())
        }));
        all.extend(pillar.apps.iter().flatten().map(|(name, app)| Self {
            apart: app.spread == Some(Spread::Required),
            min_available: app.min_available,
            node: app.node.clone(),
            on_control_plane: app.r#type.as_deref() == Some("cloud-controller-manager"),
            ..Self::requesting(name, app.replicas, app.requests.as_ref())
        }));
        all
    }

    /// Whether its pods are placed on a node.
    pub(super) fn is_placed_on(&self, topology: &Topology, node: &topology::Node) -> bool {
        let open = topology.takes_pods(node, &[]) || (self.on_control_plane && node.has(Role::ControlPlane));
        open && self.node.as_ref().is_none_or(|name| *name == node.name)
    }
}
