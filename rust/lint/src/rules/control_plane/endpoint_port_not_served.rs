use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "CP-009",
    name: "endpoint-port-not-served",
    severity: Severity::Error,
    reason: "kube-vip moves an address and nothing more: whoever holds it answers with its own API server, on that \
             server's port. On any other port nobody listens.",
    remedy: "Write the same port in `cluster.control_plane_endpoint` and `kubeadm.bind_port`; 6443 is the default.",
    source: "kube-vip, static pods, control plane load balancing",
    failing: Example::on(
        Base::KubeVip,
        r#"
        cluster:
          control_plane_endpoint: "api.prod1.lan:8443"    # <- CP-009
        "#,
    ),
    passing: Example::on(Base::KubeVip, ""),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(kubeadm) = super::kubeadm(lint) else { return };
    let (endpoint, bind_port) = (&lint.topology.cluster.control_plane_endpoint, kubeadm.bind_port);
    if lint.topology.load_balancer.r#type == LoadBalancerType::KubeVip && endpoint.port != bind_port {
        findings
            .at(
                at!(lint.topology.cluster, control_plane_endpoint),
                format!("clients ask {endpoint}, the API servers behind kube-vip listen on port {bind_port}"),
            )
            .see(at!(kubeadm, bind_port), "the port of the API servers");
    }
}
