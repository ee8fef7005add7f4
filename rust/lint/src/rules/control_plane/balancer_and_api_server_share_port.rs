use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-010",
    name: "balancer-and-api-server-share-port",
    severity: Severity::Error,
    reason: "An API server listens on all addresses of its node. HAProxy on the same node cannot have that port as well: \
             the one that starts second does not start.",
    remedy: "Write another port in `cluster.control_plane_endpoint`, such as 8443, or give role `load_balancer` to nodes of \
             their own.",
    source: "kubeadm, high availability considerations, options for software load balancing",
    failing: Example::three_masters(
        r#"
        cluster:
          control_plane_endpoint: "api.prod1.lan:6443"    # <- CP-010
        "#,
    ),
    passing: Example::three_masters(r#"cluster: {control_plane_endpoint: "api.prod1.lan:8443"}"#),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let (topology, balancer) = (lint.topology, &lint.topology.load_balancer);
    let Some(kubeadm) = super::kubeadm(lint).filter(|_| balancer.haproxy().is_some()) else { return };
    let hosts = balancer.nodes.iter().map(|index| &topology.nodes[*index]);
    let shared: Vec<&str> =
        hosts.filter(|node| node.has(Role::ControlPlane)).map(|node| node.name.as_str()).collect();
    if balancer.port == kubeadm.bind_port && !shared.is_empty() {
        let message = format!("HAProxy and kube-apiserver both listen on port {} of {}", balancer.port, shared.join(", "));
        findings
            .at(at!(topology.cluster, control_plane_endpoint), message)
            .see(at!(kubeadm, bind_port), "the port of the API servers");
    }
}
