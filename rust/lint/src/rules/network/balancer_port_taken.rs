use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-029",
    name: "balancer-port-taken",
    severity: Severity::Error,
    reason: "On a host of the cluster the balancer and Kubernetes' own programs listen on the same addresses. The \
             one that starts second does not start.",
    remedy: "Choose a port for the endpoint that nothing on these hosts uses, such as 8443.",
    source: "Kubernetes documentation, Ports and Protocols",
    failing: Example::three_masters(
        "
        cluster:
          control_plane_endpoint: \"api.prod1.lan:10250\"    # <- NET-029
        ",
    ),
    passing: Example::three_masters("cluster: {control_plane_endpoint: \"api.prod1.lan:443\"}"),
    check,
};

const OF_CONTROL_PLANE: [(u16, &str); 5] = [
    (2379, "etcd"),
    (2380, "etcd"),
    (2381, "etcd's metrics"),
    (10_257, "kube-controller-manager"),
    (10_259, "kube-scheduler"),
];
const OF_NODE: [(u16, &str); 4] =
    [(10_248, "the kubelet"), (10_249, "kube-proxy"), (10_250, "the kubelet"), (10_256, "kube-proxy")];

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    if topology.load_balancer.haproxy().is_none() || !topology.is_kubeadm() {
        return;
    }
    let port = topology.load_balancer.port;
    let known = |ports: &[(u16, &'static str)]| ports.iter().find(|(taken, _)| *taken == port).map(|(_, by)| *by);
    let clash = topology.load_balancer.nodes.iter().map(|index| &topology.nodes[*index]).find_map(|node| {
        let of_control_plane = node.has(Role::ControlPlane).then(|| known(&OF_CONTROL_PLANE)).flatten();
        let of_etcd = node.has(Role::Etcd).then(|| known(&OF_CONTROL_PLANE[..3])).flatten();
        let of_node = node.runs_kubelet().then(|| known(&OF_NODE)).flatten();
        of_control_plane.or(of_etcd).or(of_node).map(|by| (node, by))
    });
    if let Some((node, by)) = clash {
        let message = format!("HAProxy should listen on port {port}, which belongs to {by} on `{}`", node.name);
        findings.at(at!(topology.cluster, control_plane_endpoint), message);
    }
}
