use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-062",
    name: "load-balancer-role-unused",
    severity: Severity::Warn,
    reason: "The role says who runs HAProxy and keepalived. With another kind of balancer nothing is installed on \
             that host, and its owner may believe that it serves.",
    remedy: "Remove the role, or write `load_balancer: {type: haproxy-keepalived}`.",
    source: "engineering judgement: a host that does nothing is a mistake in the pillar",
    failing: Example::on(
        Base::KubeVip,
        "
        nodes:
          w1:
            roles: [worker, load_balancer]       # <- LB-062
        ",
    ),
    passing: Example::three_masters(
        "nodes: {w1: {roles: [worker, load_balancer]}, w2: {roles: [worker, load_balancer]}}",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let balancer = &lint.topology.load_balancer;
    if balancer.r#type == LoadBalancerType::HaproxyKeepalived {
        return;
    }
    for (_, node) in lint.topology.with_role(Role::LoadBalancer) {
        findings
            .at(at!(node, roles), format!("`{}` has the role `load_balancer`, which nothing uses", node.name))
            .see(at!(balancer, r#type), "the kind of balancer");
    }
}
