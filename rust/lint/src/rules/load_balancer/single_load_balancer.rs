use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-001",
    name: "single-load-balancer",
    severity: Severity::Error,
    reason: "An address that moves needs a second host to move to. With one host the API is gone as soon as that \
             host is, however many API servers still run.",
    remedy: "Give the role `load_balancer` to a second host, or to none, so that the control plane runs the \
             balancer.",
    source: "kubeadm, docs/ha-considerations.md",
    failing: Example::three_masters(
        "
        nodes:
          cp1:
            roles: [control_plane, load_balancer]    # <- LB-001
        ",
    ),
    passing: Example::three_masters(
        "nodes: {cp1: {roles: [control_plane, load_balancer]}, cp2: {roles: [control_plane, load_balancer]}}",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(vip) = lint.topology.api_vip().filter(|_| lint.survive(Kind::Node) > 0) else { return };
    let [only] = lint.topology.load_balancer.nodes[..] else { return };
    let node = &lint.topology.nodes[only];
    findings
        .at(at!(node, roles), format!("`{}` is the only host that can hold {}", node.name, vip.address))
        .severity(lint.redundancy(Severity::Error));
}
