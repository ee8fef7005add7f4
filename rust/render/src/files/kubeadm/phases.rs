//! Phases of kubeadm's commands.

use serde_json::Value;
use topology::Topology;

/// Phases of `kubeadm init`. Source: `cmd/kubeadm/app/cmd/init.go` of 1.35 to 1.37.
pub(super) const INIT: [&str; 14] = [
    "preflight",
    "certs",
    "kubeconfig",
    "etcd",
    "control-plane",
    "kubelet-start",
    "wait-control-plane",
    "upload-config",
    "upload-certs",
    "mark-control-plane",
    "bootstrap-token",
    "kubelet-finalize",
    "addon",
    "show-join-command",
];

/// Phases of `kubeadm join`. Source: `cmd/kubeadm/app/cmd/join.go` of 1.35 to 1.37.
pub(super) const JOIN: [&str; 8] = [
    "preflight",
    "control-plane-prepare",
    "check-etcd",
    "kubelet-start",
    "etcd-join",
    "kubelet-wait-bootstrap",
    "control-plane-join",
    "wait-control-plane",
];

/// Phases that one of the commands leaves out: ours and the pillar's, each once.
///
/// kubeadm refuses a phase that the command does not have. A phase of the pillar that only the other command knows is left
/// out here; one that neither knows stays, and kubeadm names it.
pub(super) fn skipped(topology: &Topology, ours: impl IntoIterator<Item = &'static str>, known: &[&str]) -> Vec<Value> {
    let mut phases: Vec<&str> = ours.into_iter().collect();
    for phase in &topology.kubeadm.skip_phases {
        let top = phase.split('/').next().unwrap_or(phase);
        let elsewhere = !known.contains(&top) && (INIT.contains(&top) || JOIN.contains(&top));
        if !elsewhere && !phases.contains(&phase.as_str()) {
            phases.push(phase);
        }
    }
    phases.into_iter().map(Into::into).collect()
}
