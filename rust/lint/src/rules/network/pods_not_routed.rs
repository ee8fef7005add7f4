use crate::prelude::*;
use topology::pillar::Encapsulation;

pub(super) static RULE: Rule = Rule {
    code: "NET-019",
    name: "pods-not-routed",
    severity: Severity::Error,
    reason: "Without wrapping, each node sends to pods of another node through that node's address, which works on \
             one layer 2 segment only. A router between them knows nothing of pods and drops the packets.",
    remedy: "Write `encapsulation: vxlan`, or let the plugin tell the routers with `bgp: true`.",
    source: "Calico documentation, Overlay networking; Kubernetes documentation, Cluster Networking",
    failing: Example::on(
        Base::LocalBalancer,
        "
        network:
          cni:
            type: calico
            encapsulation: none        # <- NET-019
        ",
    ),
    passing: Example::on(Base::LocalBalancer, "network: {cni: {type: calico, encapsulation: none, bgp: true}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    let Some(cni) = &topology.network.cni else { return };
    let (unwrapped, place) = match cni.r#type {
        CniType::Bridge => (true, at!(cni, r#type)),
        _ => (cni.encapsulation == Encapsulation::None, at!(cni, encapsulation)),
    };
    if !unwrapped || cni.bgp {
        return;
    }
    let mut nodes = topology.nodes.iter().filter(|node| node.runs_kubelet());
    let Some(first) = nodes.next() else { return };
    if let Some(index) = first.network.filter(|index| !topology.networks[*index].spec.layer2) {
        let network = &topology.networks[index];
        let message = format!("pods are not wrapped, and network `{}` is no layer 2 segment", network.name);
        findings.at(place, message).see(at!(network.spec, layer2), "the network of the nodes");
    } else if let Some(other) = nodes.find(|node| node.network != first.network) {
        let message =
            format!("pods are not wrapped, and `{}` and `{}` are in different networks", first.name, other.name);
        findings.at(place, message).see(at!(other, ip), "a node behind a router");
    }
}
