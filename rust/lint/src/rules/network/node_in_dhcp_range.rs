use crate::addresses::given_out_by_dhcp;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-038",
    name: "node-in-dhcp-range",
    severity: Severity::Warn,
    reason: "Unless the DHCP server reserves the address for this node, it gives it to another machine while the \
             node is down; the node cannot come back.",
    remedy: "Choose an address outside of `dhcp_ranges`; accept the finding where the address is reserved.",
    source: "RFC 2131 section 2.2; kubespray, preinstall, 0040-verify-settings.yml",
    failing: Example::three_masters(
        "
        networks: {lan: {dhcp_ranges: [10.0.10.100-10.0.10.200]}}
        nodes:
          w3: {profile: worker, hypervisor: pve3, ip: 10.0.10.123}     # <- NET-038
        ",
    ),
    passing: Example::three_masters("networks: {lan: {dhcp_ranges: [10.0.10.100-10.0.10.200]}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for node in &lint.topology.nodes {
        let Some(network) = node.network.map(|index| &lint.topology.networks[index]) else { continue };
        if let Some(range) = given_out_by_dhcp(&network.spec, node.ip) {
            let message =
                format!("`{}` has {}, which DHCP gives out: {}", node.name, node.ip, network.spec.dhcp_ranges[range]);
            findings.at(at!(node, ip), message).see(at!(network.spec, dhcp_ranges[range]), "the range");
        }
    }
}
