use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-047",
    name: "external-not-highly-available",
    severity: Severity::Error,
    reason: "Clients and workers reach the API through somebody else's balancer alone. When it is one machine, the \
             loss of that machine is the loss of the API.",
    remedy: "Write `highly_available: true` where its operator promises that it survives the loss of any of its \
             parts.",
    source: "kubeadm, docs/ha-considerations.md",
    failing: Example::three_masters(
        "
        load_balancer:                 # <- LB-047
          type: external
        ",
    ),
    passing: Example::three_masters(
        "load_balancer: {type: external, external: {highly_available: true, failover: 5s}}",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let balancer = &lint.topology.load_balancer;
    let is_single = balancer.r#type == LoadBalancerType::External && !balancer.external.highly_available;
    if is_single && lint.survive(Kind::Node) > 0 {
        let message = format!(
            "nobody promises that the balancer at {} is redundant",
            lint.topology.cluster.control_plane_endpoint
        );
        findings.at(at!(balancer.external, highly_available), message).severity(lint.redundancy(Severity::Error));
    }
}
