use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-004",
    name: "vip-holders-apart",
    severity: Severity::Error,
    reason: "A moving address works only among hosts on one layer 2 segment. On a host elsewhere it is held and \
             reaches nobody, and hosts that do not hear each other hold it at the same time.",
    remedy: "Let hosts of one segment run the balancer, or write `load_balancer: {type: local}`, which needs no \
             moving address.",
    source: "RFC 9568 section 1; kube-vip documentation, ARP mode; kubeadm, docs/ha-considerations.md",
    failing: Example::three_masters(
        "
        networks: {other: {cidr: 10.0.20.0/24}}
        nodes:
          cp3:
            ip: 10.0.20.13             # <- LB-004
        ",
    ),
    passing: Example::on(Base::LocalBalancer, ""),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    let Some((vip, home)) = topology.api_vip().and_then(|vip| vip.network.map(|home| (vip, home))) else { return };
    let network = &topology.networks[home];
    if !network.spec.layer2 {
        let message = format!(
            "{} should move between hosts of network `{}`, which is no layer 2 segment",
            vip.address, network.name
        );
        findings.at(at!(network.spec, layer2), message).see(at!(vip, address), "the address that moves");
    }
    let apart = topology.load_balancer.nodes.iter().map(|index| &topology.nodes[*index]);
    for node in apart.filter(|node| node.network != Some(home)) {
        let there = node.network.map_or("no declared network", |index| topology.networks[index].name.as_str());
        let message = format!("`{}` is in {there}, {} belongs to {}", node.name, vip.address, network.name);
        findings.at(at!(node, ip), message).see(at!(vip, address), "the address that moves");
    }
}
