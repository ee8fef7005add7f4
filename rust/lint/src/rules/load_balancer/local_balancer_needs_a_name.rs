use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-059",
    name: "local-balancer-needs-a-name",
    severity: Severity::Error,
    reason: "With a balancer on each host the endpoint must lead every host to itself. A name can, through \
             `/etc/hosts`; an address leads all hosts to the same machine, past their balancers.",
    remedy: "Write a DNS name, such as `api.prod1.lan:8443`.",
    source: "kubeadm, `controlPlaneEndpoint`; engineering judgement",
    failing: Example::on(
        Base::LocalBalancer,
        "
        cluster:
          control_plane_endpoint: \"10.1.0.5:8443\"          # <- LB-059
        ",
    ),
    passing: Example::on(Base::LocalBalancer, "cluster: {control_plane_endpoint: \"api.example.net:8443\"}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let cluster = &lint.topology.cluster;
    let is_local = lint.topology.is_kubeadm() && lint.topology.load_balancer.r#type == LoadBalancerType::Local;
    let Some(address) = cluster.control_plane_endpoint.address().filter(|_| is_local) else { return };
    if address.is_loopback() {
        let message =
            format!("the endpoint is {address}: kubeconfigs work on the hosts of the cluster and nowhere else");
        findings.at(at!(cluster, control_plane_endpoint), message).severity(Severity::Warn);
    } else {
        let message = format!("the endpoint is {address}, the same machine for all hosts, not the balancer of each");
        findings.at(at!(cluster, control_plane_endpoint), message);
    }
}
