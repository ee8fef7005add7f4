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
        let reserved = millis(&kubelet.system_reserved_cpu).zip(millis(&kubelet.kube_reserved_cpu));
        let cpu_millis = node.cpus.zip(reserved).map(|(cpus, (system, kubernetes))| {
            (u64::from(cpus) * 1_000).saturating_sub(system).saturating_sub(kubernetes).saturating_sub(cpu)
        });
        let taken = [kubelet.system_reserved_memory.0, kubelet.kube_reserved_memory.0, EVICTION_MEMORY, memory];
        let memory_bytes = node.memory.map(|has| taken.iter().fold(has.0, |left, taken| left.saturating_sub(*taken)));
        Self { cpu_millis, memory_bytes, pods }
    }
}

/// A quantity of processor time, such as `200m`, `1` or `0.5`, in thousandths.
fn millis(text: &str) -> Option<u64> {
    if let Some(thousandths) = text.strip_suffix('m') {
        return thousandths.parse().ok();
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let fraction: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(fraction)
}

#[cfg(test)]
mod tests {
    use super::millis;

    #[test]
    fn reads_quantities() {
        let read = [("200m", Some(200)), ("1", Some(1_000)), ("0.5", Some(500)), ("1.25", Some(1_250)), ("x", None)];
        for (text, expected) in read {
            assert_eq!(millis(text), expected, "{text}");
        }
    }
}
