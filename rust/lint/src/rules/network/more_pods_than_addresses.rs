use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "NET-003",
    name: "more-pods-than-addresses",
    severity: Severity::Error,
    reason: "A node accepts pods up to `max_pods`, and each of them needs an address of the node's range. The others \
             stay in ContainerCreating: on the survivors, when a failover fills them.",
    remedy: "Lower `max_pods`, or choose a shorter `node_cidr_mask_size_ipv4`.",
    source: "kubespray, roles/validate_inventory; kubelet, `maxPods`",
    failing: Example::three_masters(
        "
        kubeadm:
          kubelet:
            max_pods: 500              # <- NET-003
        ",
    ),
    passing: Example::three_masters("{kubeadm: {kubelet: {max_pods: 500}}, network: {node_cidr_mask_size_ipv4: 22}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let network = &lint.topology.network;
    let own_addresses = network.cni.as_ref().is_some_and(|cni| matches!(cni.r#type, CniType::Calico | CniType::Cilium));
    let has_ipv4 = network.pod_cidrs.iter().any(|cidr| cidr.addr().is_ipv4());
    let Some(bits) = 32u8.checked_sub(network.node_cidr_mask_size_ipv4) else { return };
    if own_addresses || !has_ipv4 || !lint.topology.is_kubeadm() {
        return;
    }
    let addresses = (1u64 << bits).saturating_sub(2);
    for kubelet in lint.kubelets() {
        let pods = kubelet.settings.max_pods;
        if u64::from(pods) > addresses {
            let message = format!(
                "{} may run {pods} pods, a range of /{} has {addresses} addresses",
                lint.some_names(&kubelet.nodes),
                network.node_cidr_mask_size_ipv4
            );
            findings
                .at(at!(kubelet.settings, max_pods), message)
                .see(at!(network, node_cidr_mask_size_ipv4), "the range of a node");
        }
    }
}
