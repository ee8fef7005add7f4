use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-061",
    name: "kube-vip-moves-no-port",
    severity: Severity::Error,
    reason: "kube-vip moves an address and nothing else: behind it listens the API server itself. On another port nobody answers.",
    remedy: "Write the endpoint with the port of `kubeadm.bind_port`.",
    source: "kube-vip documentation, static pods",
    failing: Example::on(
        Base::KubeVip,
        "
        cluster:
          control_plane_endpoint: \"api.prod1.lan:8443\"     # <- LB-061
        ",
    ),
    passing: Example::on(Base::KubeVip, "cluster: {control_plane_endpoint: \"api.example.net:6443\"}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    let (cluster, kubeadm) = (&topology.cluster, &topology.kubeadm);
    let (port, bind_port) = (cluster.control_plane_endpoint.port, kubeadm.bind_port);
    if topology.is_kubeadm() && topology.load_balancer.r#type == LoadBalancerType::KubeVip && port != bind_port {
        findings
            .at(at!(cluster, control_plane_endpoint), format!("clients ask on port {port}, the API servers listen on {bind_port}"))
            .see(at!(kubeadm, bind_port), "the port of the API servers");
    }
}
