//! What a node has for pods.

use topology::pillar::Role;
use topology::{Node, Topology};

/// What a node has for pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Room {
    /// Processor time in thousandths of a processor; `None` where the pillar says nothing.
    pub cpu_millis: Option<u64>,
    /// Memory in bytes; `None` where the pillar says nothing.
    pub memory_bytes: Option<u64>,
    /// Most pods.
    pub pods: u32,
}

/// Requests of the static pods: kube-apiserver 250m, kube-controller-manager 200m, kube-scheduler 100m.
/// Source: the manifests that kubeadm writes.
const CONTROL_PLANE_CPU: u64 = 550;

/// Requests of a stacked etcd: 100m and 100Mi. Source: the manifest that kubeadm writes.
const ETCD: (u64, u64) = (100, 100 << 20);

/// The kubelet's `evictionHard` for memory as it is rendered: 200Mi, which no pod gets.
/// Source: kubernetes.io, Reserve Compute Resources for System Daemons.
const EVICTION_MEMORY: u64 = 200 << 20;

impl Room {
    /// What is left of a node's processors and memory without the reservations of its kubelet and without the static pods.
    /// Pods of the network plugin and other `DaemonSet`s are not counted: the pillar does not say what they request.
    #[must_use]
    pub fn of(topology: &Topology, node: &Node) -> Self {
        let (mut cpu, mut memory) = (0, 0);
        let mut pods = node.kubelet.max_pods;
        if topology.is_kubeadm() && node.has(Role::ControlPlane) {
            cpu += CONTROL_PLANE_CPU;
            pods = pods.saturating_sub(3);
            if !topology.etcd.is_external() {
                cpu += ETCD.0;
                memory += ETCD.1;
                pods = pods.saturating_sub(1);
            }
        }
        let kubelet = &node.kubelet;
        let taken = [kubelet.system_reserved_cpu.0, kubelet.kube_reserved_cpu.0, cpu];
        let left = |has: u64, taken: &[u64]| taken.iter().fold(has, |left, taken| left.saturating_sub(*taken));
        let cpu_millis = node.cpus.map(|cpus| left(u64::from(cpus) * 1_000, &taken));
        let taken = [kubelet.system_reserved_memory.0, kubelet.kube_reserved_memory.0, EVICTION_MEMORY, memory];
        let memory_bytes = node.memory.map(|has| left(has.0, &taken));
        Self { cpu_millis, memory_bytes, pods }
    }
}
