use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "ETCD-041",
    name: "etcd-topology-without-its-nodes",
    severity: Severity::Error,
    reason: "Members run on nodes of role `etcd` where etcd is external, and on the control plane where it is stacked. The \
             roles and the topology must say the same, or there are no members, or nodes that run nothing.",
    remedy: "Write `etcd: {topology: external}` together with nodes of role `etcd`, or neither of them.",
    source: "Kubernetes, options for highly available topology",
    failing: Example::three_masters(
        "
        etcd:
          topology: external           # <- ETCD-041
        ",
    ),
    passing: Example::on(Base::ExternalEtcd, ""),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let (topology, etcd) = (lint.topology, &lint.topology.etcd);
    if !topology.is_kubeadm() {
        return;
    }
    if etcd.is_external() && etcd.members.is_empty() {
        findings.at(at!(etcd.spec, topology), "etcd is external, and no node has role `etcd`");
    }
    if !etcd.is_external() {
        for (_, node) in topology.with_role(Role::Etcd) {
            let message = format!("`{}` has role `etcd`, but etcd is stacked: the node runs no member", node.name);
            findings.at(at!(node, roles), message).see(at!(etcd.spec, topology), "the topology");
        }
    }
}
