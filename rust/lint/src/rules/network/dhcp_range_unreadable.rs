use crate::addresses::dhcp_range;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-037",
    name: "dhcp-range-unreadable",
    severity: Severity::Error,
    reason: "What a DHCP server gives out is kept away from nodes and moving addresses. A range that cannot be read, \
             or lies elsewhere, keeps nothing away.",
    remedy: "Write the first and the last address with a dash between them, such as `10.0.10.100-10.0.10.200`.",
    source: "RFC 2131 section 1",
    failing: Example::three_masters(
        "
        networks:
          lan:
            dhcp_ranges:
              - 10.0.10.200-10.0.10.100          # <- NET-037
        ",
    ),
    passing: Example::three_masters("networks: {lan: {dhcp_ranges: [10.0.10.100-10.0.10.200]}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for network in &lint.topology.networks {
        let cidr = &network.spec.cidr;
        for (item, text) in network.spec.dhcp_ranges.iter().enumerate() {
            let place = at!(network.spec, dhcp_ranges[item]);
            match dhcp_range(text) {
                None => {
                    findings.at(place, format!("`{text}` is no range of addresses from the first to the last"));
                }
                Some(range) if !cidr.contains(range.start()) || !cidr.contains(range.end()) => {
                    let message = format!("{text} is outside of network `{}`, {cidr}", network.name);
                    findings.at(place, message).see(at!(network.spec, cidr), "the network");
                }
                Some(_) => {}
            }
        }
    }
}
