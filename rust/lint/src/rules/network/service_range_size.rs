use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-005",
    name: "service-range-size",
    severity: Severity::Error,
    reason: "kubeadm refuses a service range of more than 20 bits, and one in which the tenth address, the one of \
             DNS, does not exist.",
    remedy: "Write an IPv4 range of /12 to /28, or an IPv6 range of /108 to /124.",
    source: "kubeadm, constants.go, MaximumBitsForServiceSubnet and MinimumAddressesInServiceSubnet; executed",
    failing: Example::three_masters(
        "
        network:
          service_cidrs: [10.32.0.0/11]          # <- NET-005
        ",
    ),
    passing: Example::three_masters("network: {service_cidrs: [10.96.0.0/16]}"),
    check,
};

/// Bits below the prefix: at most kubeadm's `MaximumBitsForServiceSubnet`, at least those of ten addresses.
const BITS: std::ops::RangeInclusive<u8> = 4..=20;

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let network = &lint.topology.network;
    for (item, cidr) in network.service_cidrs.iter().enumerate().filter(|_| lint.topology.is_kubeadm()) {
        let longest = cidr.max_prefix_len();
        if !BITS.contains(&(longest - cidr.prefix_len())) {
            let message =
                format!("the service range {cidr} is not of /{} to /{}", longest - BITS.end(), longest - BITS.start());
            findings.at(at!(network, service_cidrs[item]), message);
        }
    }
}
