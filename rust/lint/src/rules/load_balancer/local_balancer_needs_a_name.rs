use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-059",
    name: "local-balancer-needs-a-name",
    severity: Severity::Error,
    reason: "With a balancer on each host the endpoint must lead every host to itself. A name can, through `/etc/hosts`; an \
             address leads all hosts to the same machine, past their balancers.",
    remedy: "Write a DNS name, such as `api.prod1.lan:8443`.",
    source: "engineering judgement: a certificate holds one name for all hosts, and 127.0.0.1 is none of its names",
    failing: Example::on(
        Base::LocalBalancer,
        "
        cluster:
          control_plane_endpoint: \"10.1.0.11:8443\"         # <- LB-059
        ",
    ),
    passing: Example::on(Base::LocalBalancer, "cluster: {control_plane_endpoint: \"api.example.net:8443\"}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let cluster = &lint.topology.cluster;
    let is_local = lint.topology.is_kubeadm() && lint.topology.load_balancer.r#type == LoadBalancerType::Local;
    if let Some(address) = cluster.control_plane_endpoint.address().filter(|_| is_local) {
        findings.at(at!(cluster, control_plane_endpoint), format!("the endpoint of local balancers is the address {address}"));
    }
}
