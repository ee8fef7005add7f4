use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-003",
    name: "api-lost-with-survivable-loss",
    severity: Severity::Error,
    reason: "The pillar declares that this loss is survived, and it takes every API server. A healthy etcd elsewhere does \
             not help: nobody answers.",
    remedy: "Put one control-plane node where the loss does not reach it, or lower the count under `targets.survive`.",
    source: "Kubernetes, running in multiple zones, control plane behavior",
    failing: Example::on(
        Base::ExternalEtcd,
        "
        targets:
          survive:
            hypervisor: 1              # <- CP-003
        nodes:
          cp2: {hypervisor: pve1}
          cp3: {hypervisor: pve1}
        ",
    ),
    passing: Example::on(Base::ExternalEtcd, "nodes: {cp2: {hypervisor: pve1}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let servers = lint.topology.control_plane();
    // Where etcd is stacked, its quorum is lost first: ETCD-005. Of a single server CP-001 speaks.
    if !lint.topology.is_kubeadm() || !lint.topology.etcd.is_external() || servers.len() < 2 {
        return;
    }
    for kind in lint.topology.domains.kinds() {
        if let Some(breaking) = lint.takes_nodes(kind, lint.survive(kind), servers.len(), &servers) {
            let message = format!(
                "the loss of {} {} takes all API servers: {}",
                lint.topology.domains.words(kind),
                lint.failed(&breaking),
                lint.names(&servers)
            );
            findings.at(lint.survive_place(kind), message).severity(lint.redundancy(RULE.severity));
        }
    }
}
