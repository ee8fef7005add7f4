use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-010",
    name: "balancer-and-api-server-share-port",
    severity: Severity::Error,
    reason: "An API server listens on all addresses of its node. A HAProxy on the same node that wants this port on one of \
             them does not start, or keeps the API server from starting.",
    remedy: "Write another port in `cluster.control_plane_endpoint`, such as 8443. With keepalived the port can be shared: \
             leave `bind-address` out, and each API server keeps to the address of its node.",
    source: "kubeadm, high availability considerations, options for software load balancing",
    failing: Example::on(
        Base::LocalBalancer,
        r#"
        cluster:
          control_plane_endpoint: "api.spread1.lan:6443"    # <- CP-010
        "#,
    ),
    passing: Example::three_masters(r#"cluster: {control_plane_endpoint: "api.prod1.lan:6443"}"#),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let (topology, balancer) = (lint.topology, &lint.topology.load_balancer);
    let Some(kubeadm) = super::kubeadm(lint).filter(|kubeadm| kubeadm.bind_port == balancer.port) else { return };
    let bind_address = super::argument(&kubeadm.api_server, "bind-address");
    let takes_all = match balancer.r#type {
        LoadBalancerType::Local => true,
        LoadBalancerType::HaproxyKeepalived => bind_address.is_some(),
        LoadBalancerType::KubeVip | LoadBalancerType::External => false,
    };
    let hosts = balancer.nodes.iter().map(|index| &topology.nodes[*index]);
    let shared: Vec<&str> = hosts.filter(|node| node.has(Role::ControlPlane)).map(|node| node.name.as_str()).collect();
    if takes_all && !shared.is_empty() {
        let message =
            format!("HAProxy and kube-apiserver both listen on port {} of {}", balancer.port, shared.join(", "));
        let finding = findings
            .at(at!(topology.cluster, control_plane_endpoint), message)
            .see(at!(kubeadm, bind_port), "the port of the API servers");
        if let Some((_, place)) = bind_address {
            finding.see(place, "the same addresses for all of them");
        }
    }
}
