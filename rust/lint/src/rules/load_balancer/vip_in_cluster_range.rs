use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "LB-007",
    name: "vip-in-cluster-range",
    severity: Severity::Error,
    reason: "Inside the cluster, addresses of pods and services never leave the hosts: what is sent to such an \
             address ends at a pod, or nowhere.",
    remedy: "Choose an address outside of `network.pod_cidrs` and `network.service_cidrs`.",
    source: "Kubernetes documentation, Virtual IPs and Service Proxies",
    failing: Example::three_masters(
        "
        vips:
          api:
            address: 10.96.0.5         # <- LB-007
        ",
    ),
    passing: Example::three_masters("vips: {api: {address: 10.0.10.6}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let network = &lint.topology.network;
    for vip in lint.topology.vips.iter().filter(|_| lint.topology.is_kubeadm()) {
        for (item, cidr) in network.pod_cidrs.iter().enumerate().filter(|(_, cidr)| cidr.contains(&vip.address)) {
            findings
                .at(at!(vip, address), format!("{} of vip `{}` is an address of pods, {cidr}", vip.address, vip.name))
                .see(at!(network, pod_cidrs[item]), "addresses of pods");
        }
        for (item, cidr) in network.service_cidrs.iter().enumerate().filter(|(_, cidr)| cidr.contains(&vip.address)) {
            findings
                .at(
                    at!(vip, address),
                    format!("{} of vip `{}` is an address of services, {cidr}", vip.address, vip.name),
                )
                .see(at!(network, service_cidrs[item]), "addresses of services");
        }
    }
}
