use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-004",
    name: "node-mask-impossible",
    severity: Severity::Error,
    reason: "kubeadm refuses a node mask that is shorter than the pod range, or longer than it by more than 16 bits.",
    remedy: "Choose a node mask at least as long as the prefix of the pod range, and at most 16 bits longer.",
    source: "kubeadm, constants.go, PodSubnetNodeMaskMaxDiff",
    failing: Example::three_masters(
        "
        network:
          pod_cidrs: [10.0.32.0/24]
          node_cidr_mask_size_ipv4: 23           # <- NET-004
        ",
    ),
    passing: Example::three_masters("network: {pod_cidrs: [10.244.0.0/16], node_cidr_mask_size_ipv4: 25}"),
    check,
};

/// kubeadm's `PodSubnetNodeMaskMaxDiff`.
const LONGEST_DIFFERENCE: u8 = 16;

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let network = &lint.topology.network;
    for (item, cidr) in network.pod_cidrs.iter().enumerate().filter(|_| lint.topology.is_kubeadm()) {
        let (mask, place) = if cidr.addr().is_ipv4() {
            (network.node_cidr_mask_size_ipv4, at!(network, node_cidr_mask_size_ipv4))
        } else {
            (network.node_cidr_mask_size_ipv6, at!(network, node_cidr_mask_size_ipv6))
        };
        let prefix = cidr.prefix_len();
        let why = match mask.checked_sub(prefix) {
            None => "is not inside of".to_owned(),
            Some(_) if mask > cidr.max_prefix_len() => {
                format!("has more than {} bits, as has no part of", cidr.max_prefix_len())
            }
            Some(bits) if bits > LONGEST_DIFFERENCE => format!("is {bits} bits longer than"),
            Some(_) => continue,
        };
        findings
            .at(place, format!("a node's /{mask} {why} the pod range {cidr}"))
            .see(at!(network, pod_cidrs[item]), "the pod range");
    }
}
