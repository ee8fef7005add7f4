use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-003",
    name: "vip-outside-network",
    severity: Severity::Error,
    reason: "A host announces a moving address by ARP or neighbour discovery on its own network. Routers and \
             neighbours look for an address of another network elsewhere, so nobody ever reaches it.",
    remedy: "Choose a free address of the network in which its holders stand.",
    source: "RFC 5227; RFC 4861 section 7.2.6; kubeadm, docs/ha-considerations.md",
    failing: Example::three_masters(
        "
        vips:
          api:
            address: 10.0.11.5         # <- LB-003
        ",
    ),
    passing: Example::three_masters("vips: {api: {address: 10.0.10.6}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let networks = &lint.topology.networks;
    for vip in lint.topology.vips.iter().filter(|_| !networks.is_empty()) {
        let Some(network) = vip.network.map(|index| &networks[index]) else {
            findings.at(at!(vip, address), format!("{} of vip `{}` is in none of the networks", vip.address, vip.name));
            continue;
        };
        if !network.spec.cidr.contains(&vip.address) {
            let message = format!(
                "{} of vip `{}` is outside of network `{}`, {}",
                vip.address, vip.name, network.name, network.spec.cidr
            );
            findings.at(at!(vip, address), message).see(at!(network.spec, cidr), "the network");
        }
    }
}
