use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-006",
    name: "endpoint-is-an-address",
    severity: Severity::Info,
    reason: "A name can be pointed at another balancer or network later. An address stands in the certificates and in \
             every kubeconfig, so moving it means to issue all of them again.",
    remedy: "Write a DNS name that resolves to the address: `cluster: {control_plane_endpoint: \"api.prod1.lan:8443\"}`.",
    source: "kubeadm, creating highly available clusters, considerations about controlPlaneEndpoint",
    failing: Example::three_masters(
        r#"
        cluster:
          control_plane_endpoint: "10.0.10.5:8443"    # <- CP-006
        "#,
    ),
    passing: Example::three_masters(r#"cluster: {control_plane_endpoint: "api.prod1.lan:8443"}"#),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let endpoint = &lint.topology.cluster.control_plane_endpoint;
    let Some(address) = endpoint.address().filter(|address| !address.is_loopback()) else { return };
    if lint.topology.is_kubeadm() && lint.topology.nodes.iter().all(|node| node.ip != address) {
        findings
            .at(at!(lint.topology.cluster, control_plane_endpoint), format!("the endpoint {endpoint} is an address"));
    }
}
