use crate::prelude::*;
use topology::pillar::TaintEffect;

pub(super) static RULE: Rule = Rule {
    code: "CP-027",
    name: "control-plane-open-to-workloads",
    severity: Severity::Warn,
    reason: "Workloads beside the API server and etcd take their memory and their disk, at worst when a lost worker's pods \
             look for a new place. There are enough workers to keep them apart.",
    remedy: "Leave `taints` out and take role `worker` from the node, so that it keeps kubeadm's taint.",
    source: "kubeadm, control plane node isolation",
    failing: Example::three_masters(
        "
        nodes:
          cp3:
            taints: []                 # <- CP-027
        ",
    ),
    passing: Example::three_masters(
        "nodes: {cp3: {taints: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]}}",
    ),
    check,
};

/// Workers of their own from which on pods need no control-plane node to survive the loss of a worker.
const ENOUGH_WORKERS: usize = 2;

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let workers = lint.topology.with_role(Role::Worker).filter(|(_, node)| !node.has(Role::ControlPlane)).count();
    if !lint.topology.is_kubeadm() || workers < ENOUGH_WORKERS {
        return;
    }
    for (_, node) in lint.topology.with_role(Role::ControlPlane) {
        let place = match &node.taints {
            Some(taints) if taints.iter().any(|taint| taint.effect != TaintEffect::PreferNoSchedule) => continue,
            Some(_) => at!(node, taints),
            None if node.has(Role::Worker) => at!(node, roles),
            None => continue,
        };
        findings.at(place, format!("`{}` takes any pod, although {workers} other nodes are workers", node.name));
    }
}
