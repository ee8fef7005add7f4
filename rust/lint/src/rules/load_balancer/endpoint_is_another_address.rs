use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-060",
    name: "endpoint-is-another-address",
    severity: Severity::Error,
    reason: "The endpoint is written into every kubeconfig and certificate. When it is not the address that moves, \
             no client uses the address that moves, and none is served after a failover.",
    remedy: "Write the address of `vips.api`, or better a name that leads to it.",
    source: "Kubernetes documentation, Creating Highly Available Clusters with kubeadm",
    failing: Example::three_masters(
        "
        cluster:
          control_plane_endpoint: \"10.0.10.7:8443\"         # <- LB-060
        ",
    ),
    passing: Example::three_masters("cluster: {control_plane_endpoint: \"10.0.10.5:8443\"}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let cluster = &lint.topology.cluster;
    let (Some(vip), Some(address)) = (lint.topology.api_vip(), cluster.control_plane_endpoint.address()) else {
        return;
    };
    // That it belongs to one host alone is another finding.
    let is_host = address.is_loopback() || lint.topology.nodes.iter().any(|node| node.ip == address);
    if address != vip.address && !is_host {
        findings
            .at(
                at!(cluster, control_plane_endpoint),
                format!("the endpoint is {address}, the address that moves is {}", vip.address),
            )
            .see(at!(vip, address), "the address that moves");
    }
}
