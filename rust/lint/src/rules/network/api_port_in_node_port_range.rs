use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-030",
    name: "api-port-in-node-port-range",
    severity: Severity::Warn,
    reason: "The cluster gives ports of this range to services, on every node, and the kernel gives those above it \
             to outgoing connections. One day the port is taken when the program that needs it starts.",
    remedy: "Choose a port below 30000, such as 8443 for the endpoint and 6443 for the API servers.",
    source: "Kubernetes documentation, Ports and Protocols; Linux, net.ipv4.ip_local_port_range",
    failing: Example::three_masters(
        "
        cluster:
          control_plane_endpoint: \"api.prod1.lan:30443\"    # <- NET-030
        ",
    ),
    passing: Example::three_masters("cluster: {control_plane_endpoint: \"api.prod1.lan:9443\"}"),
    check,
};

/// From the first node port to the last port that Linux gives to outgoing connections.
const GIVEN_OUT: std::ops::RangeInclusive<u16> = 30_000..=60_999;

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    if !topology.is_kubeadm() {
        return;
    }
    let (port, api) = (topology.load_balancer.port, topology.kubeadm.bind_port);
    if GIVEN_OUT.contains(&api) {
        let message = format!("the API servers listen on {api}, a port that is given out to others");
        findings.at(at!(topology.kubeadm, bind_port), message);
    }
    if topology.load_balancer.haproxy().is_some() && GIVEN_OUT.contains(&port) {
        let message = format!("HAProxy listens on {port}, a port that is given out to others");
        findings.at(at!(topology.cluster, control_plane_endpoint), message);
    }
}
