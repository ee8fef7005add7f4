use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-002",
    name: "pod-range-too-small",
    severity: Severity::Error,
    reason: "Each node gets a part of the pod range. When no part is left, the next node stays NotReady; a range \
             that is used up leaves no room to replace a node before the lost one is removed.",
    remedy: "Choose a shorter prefix in `network.pod_cidrs`, or a longer node mask. The range cannot be changed \
             later.",
    source: "kube-controller-manager, `--node-cidr-mask-size-ipv4`; kubespray, roles/validate_inventory",
    failing: Example::three_masters(
        "
        network:
          pod_cidrs: [10.244.0.0/22]             # <- NET-002
        ",
    ),
    passing: Example::three_masters("network: {pod_cidrs: [10.244.0.0/20]}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let network = &lint.topology.network;
    // Calico and Cilium give out addresses themselves.
    let own_addresses = network.cni.as_ref().is_some_and(|cni| matches!(cni.r#type, CniType::Calico | CniType::Cilium));
    if own_addresses || !lint.topology.is_kubeadm() {
        return;
    }
    let nodes = lint.topology.nodes.iter().filter(|node| node.runs_kubelet()).count() as u128;
    for (item, cidr) in network.pod_cidrs.iter().enumerate() {
        let mask =
            if cidr.addr().is_ipv4() { network.node_cidr_mask_size_ipv4 } else { network.node_cidr_mask_size_ipv6 };
        let Some(bits) = mask.checked_sub(cidr.prefix_len()).filter(|bits| *bits <= 64) else { continue };
        let parts = 1u128 << bits;
        let message = format!("{cidr} holds {parts} ranges of /{mask}, there are {nodes} nodes");
        if parts < nodes {
            findings.at(at!(network, pod_cidrs[item]), message);
        } else if parts * 5 < nodes * 6 {
            findings.at(at!(network, pod_cidrs[item]), message).severity(Severity::Warn);
        }
    }
}
