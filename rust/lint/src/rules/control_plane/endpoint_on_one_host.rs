use crate::prelude::*;
use topology::pillar::LoadBalancerType as Type;

pub(super) static RULE: Rule = Rule {
    code: "CP-005",
    name: "endpoint-on-one-host",
    severity: Severity::Error,
    reason: "Every kubelet and kubeconfig keeps this endpoint. When it is the address of one host, the loss of that host \
             takes the API from all of them, and a cluster that began so cannot grow without new certificates and files.",
    remedy: "Write a DNS name, or the address of `vips.api` that moves.",
    source: "kubeadm, creating highly available clusters; kubeadm, controlPlaneEndpoint",
    failing: Example::three_masters(
        r#"
        cluster:
          control_plane_endpoint: "10.0.10.11:8443"    # <- CP-005
        "#,
    ),
    passing: Example::three_masters(r#"cluster: {control_plane_endpoint: "api.prod1.lan:8443"}"#),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    let endpoint = &topology.cluster.control_plane_endpoint;
    if !topology.is_kubeadm() {
        return;
    }
    let place = at!(topology.cluster, control_plane_endpoint);
    let address = endpoint.address();
    let is_loopback = endpoint.host == "localhost" || address.is_some_and(|address| address.is_loopback());
    if let Some(node) = topology
        .nodes
        .iter()
        .find(|node| Some(node.ip) == address || [&node.name, &node.minion].contains(&&endpoint.host))
    {
        let message = format!("the endpoint {endpoint} is `{}` alone", node.name);
        findings.at(place, message).see(at!(node, ip), "its address").severity(lint.redundancy(RULE.severity));
    } else if is_loopback && topology.load_balancer.r#type != Type::Local {
        let message = format!("the endpoint {endpoint} is a different host for each client that asks");
        findings.at(place, message).see(at!(topology.load_balancer, r#type), "no balancer listens on every host");
    }
}
