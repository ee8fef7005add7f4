use crate::addresses::set_apart;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-005",
    name: "vip-in-use",
    severity: Severity::Error,
    reason: "Two machines with one address take each other's traffic. A moving address must belong to nobody else, \
             and no host can have an address that the network itself needs.",
    remedy: "Choose an address that nothing else has.",
    source: "RFC 5227 section 1.2.1; RFC 4291 section 2.6.1",
    failing: Example::three_masters(
        "
        vips:
          api:
            address: 10.0.10.11        # <- LB-005
        ",
    ),
    passing: Example::three_masters("vips: {api: {address: 10.0.10.6}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let topology = lint.topology;
    for vip in &topology.vips {
        let intro = format!("{} of vip `{}` is", vip.address, vip.name);
        if let Some(node) = topology.nodes.iter().find(|node| node.ip == vip.address) {
            findings
                .at(at!(vip, address), format!("{intro} the address of node `{}`", node.name))
                .see(at!(node, ip), "the node");
        }
        for network in topology.networks.iter().filter(|network| network.spec.gateway == Some(vip.address)) {
            findings
                .at(at!(vip, address), format!("{intro} the gateway of network `{}`", network.name))
                .see(at!(network.spec, gateway), "the gateway");
        }
        let cidr = vip.network.map(|index| topology.networks[index].spec.cidr);
        if let Some(apart) = cidr.and_then(|cidr| set_apart(&cidr, vip.address)) {
            findings.at(at!(vip, address), format!("{intro} {apart}"));
        }
    }
}
