use crate::addresses::given_out_by_dhcp;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-006",
    name: "vip-in-dhcp-range",
    severity: Severity::Error,
    reason: "The DHCP server gives the address to some machine one day. From then on two machines answer for the \
             API.",
    remedy: "Choose an address outside of every `dhcp_ranges`, or shorten the range.",
    source: "RFC 2131 section 2.2",
    failing: Example::three_masters(
        "
        networks: {lan: {dhcp_ranges: [10.0.10.100-10.0.10.200]}}
        vips:
          api:
            address: 10.0.10.150       # <- LB-006
        ",
    ),
    passing: Example::three_masters("networks: {lan: {dhcp_ranges: [10.0.10.100-10.0.10.200]}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for vip in &lint.topology.vips {
        for network in &lint.topology.networks {
            let Some(range) = given_out_by_dhcp(&network.spec, vip.address) else { continue };
            let message = format!(
                "{} of vip `{}` is given out by DHCP: {}",
                vip.address, vip.name, network.spec.dhcp_ranges[range]
            );
            findings.at(at!(vip, address), message).see(at!(network.spec, dhcp_ranges[range]), "the range");
        }
    }
}
