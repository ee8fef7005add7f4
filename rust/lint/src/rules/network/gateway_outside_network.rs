use crate::addresses::set_apart;
use crate::prelude::*;
use std::net::IpAddr;

pub(super) static RULE: Rule = Rule {
    code: "NET-035",
    name: "gateway-outside-network",
    severity: Severity::Error,
    reason: "A host reaches its gateway without a gateway. One with an address of another network is never found, \
             and nothing outside is reached: no packages, no images, no time.",
    remedy: "Write the router's address inside of the network.",
    source: "RFC 1122 section 3.3.1.1",
    failing: Example::three_masters(
        "
        networks:
          lan:
            gateway: 10.0.1.1          # <- NET-035
        ",
    ),
    passing: Example::three_masters("networks: {lan: {gateway: 10.0.10.254}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for network in &lint.topology.networks {
        let Some(gateway) = network.spec.gateway else { continue };
        let cidr = &network.spec.cidr;
        // Routers of IPv6 networks often have a link-local address.
        let is_link_local = match gateway {
            IpAddr::V6(address) => address.is_unicast_link_local() && cidr.addr().is_ipv6(),
            IpAddr::V4(_) => false,
        };
        if !cidr.contains(&gateway) && !is_link_local {
            let message = format!("gateway {gateway} is outside of network `{}`, {cidr}", network.name);
            findings.at(at!(network.spec, gateway), message).see(at!(network.spec, cidr), "the network");
        } else if let Some(apart) = set_apart(cidr, gateway).filter(|_| gateway.is_ipv4()) {
            findings
                .at(at!(network.spec, gateway), format!("gateway {gateway} of network `{}` is {apart}", network.name));
        }
    }
}
