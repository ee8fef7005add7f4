use crate::addresses::set_apart;
use crate::prelude::*;
use std::collections::HashMap;
use std::net::IpAddr;

pub(super) static RULE: Rule = Rule {
    code: "NET-031",
    name: "address-used-twice",
    severity: Severity::Error,
    reason: "etcd's members, certificates and kubelets are bound to the addresses of their nodes. Two machines with \
             one address take each other's traffic, and the cluster loses them in turns.",
    remedy: "Give each node an address that nothing else has.",
    source: "RFC 5227 section 1.2.1; kubespray, preinstall, 0040-verify-settings.yml",
    failing: Example::three_masters(
        "
        nodes:
          w3: {profile: worker, ip: 10.0.10.22, hypervisor: pve3}      # <- NET-031
        ",
    ),
    passing: Example::three_masters("nodes: {w3: {profile: worker, ip: 10.0.10.23, hypervisor: pve3}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    let gateways: HashMap<IpAddr, _> =
        topology.networks.iter().filter_map(|network| network.spec.gateway.map(|gateway| (gateway, network))).collect();
    let mut first: HashMap<IpAddr, &Node> = HashMap::with_capacity(topology.nodes.len());
    for node in &topology.nodes {
        let other = *first.entry(node.ip).or_insert(node);
        if other.name != node.name {
            findings
                .at(at!(node, ip), format!("`{}` and `{}` both have {}", other.name, node.name, node.ip))
                .see(at!(other, ip), "the other node");
        }
        if let Some(network) = gateways.get(&node.ip) {
            findings
                .at(
                    at!(node, ip),
                    format!("`{}` has {}, the gateway of network `{}`", node.name, node.ip, network.name),
                )
                .see(at!(network.spec, gateway), "the gateway");
        }
        let cidr = node.network.map(|index| topology.networks[index].spec.cidr);
        if let Some(apart) = cidr.and_then(|cidr| set_apart(&cidr, node.ip)) {
            findings.at(at!(node, ip), format!("`{}` has {}, {apart}", node.name, node.ip));
        }
    }
}
