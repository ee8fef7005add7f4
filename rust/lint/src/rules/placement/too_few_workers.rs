use crate::prelude::*;
use topology::pillar::TaintEffect;

pub(super) static RULE: Rule = Rule {
    code: "PLACE-005",
    name: "too-few-workers",
    severity: Severity::Error,
    reason: "Replicas of a lost node need another node to run on. When every node that takes pods may be lost, every \
             workload may be.",
    remedy: "Declare one worker more than may be lost, or let the control plane take pods with `taints: []`.",
    source: "Kubernetes documentation, Assigning Pods to Nodes; kubeadm, control-plane taint",
    failing: Example::three_masters(
        "
        targets:
          survive:
            node: 2                    # <- PLACE-005
        nodes:
          cp4: {profile: master, ip: 10.0.10.14, hypervisor: pve4}
          cp5: {profile: master, ip: 10.0.10.15, hypervisor: pve5}
        ",
    ),
    passing: Example::three_masters(
        "
        nodes:
          w2: {taints: [{key: gpu, effect: NoSchedule}]}
          w3: {profile: worker, ip: 10.0.10.23, hypervisor: pve3}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let lost = usize::try_from(lint.survive(Kind::Node)).unwrap_or(usize::MAX);
    let names: Vec<&str> =
        lint.topology.nodes.iter().filter(|node| takes_pods(node)).map(|node| node.name.as_str()).collect();
    let (place, message) = match names.len() {
        0 => (at!(lint.topology.pillar, nodes), "no node takes pods".to_owned()),
        some if some <= lost => {
            let message = format!("{lost} nodes may be lost, and {some} take pods: {}", names.join(", "));
            (lint.survive_place(Kind::Node), message)
        }
        _ => return,
    };
    findings.at(place, message).severity(lint.redundancy(Severity::Error));
}

/// Whether pods without tolerations are placed there.
fn takes_pods(node: &Node) -> bool {
    let keeps_away = |effect| matches!(effect, TaintEffect::NoSchedule | TaintEffect::NoExecute);
    match &node.taints {
        Some(taints) => {
            (node.has(Role::Worker) || node.has(Role::ControlPlane))
                && !taints.iter().any(|taint| keeps_away(taint.effect))
        }
        None => node.has(Role::Worker),
    }
}
