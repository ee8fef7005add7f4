use crate::addresses::family;
use crate::prelude::*;
use ipnet::IpNet;

pub(super) static RULE: Rule = Rule {
    code: "NET-007",
    name: "address-families-differ",
    severity: Severity::Error,
    reason: "Pods, services and nodes must have the same families in the same order: the first is the one of the \
             API's own service. kubeadm and the API server refuse anything else, or nodes stay NotReady.",
    remedy: "Write one range, or one of each family, in the same order in `pod_cidrs` and `service_cidrs`; nodes \
             have the first.",
    source: "Kubernetes documentation, IPv4/IPv6 dual-stack",
    failing: Example::three_masters(
        "
        network:
          pod_cidrs: [10.244.0.0/16, \"fd00:10:244::/56\"]
          service_cidrs: [10.96.0.0/16]          # <- NET-007
        ",
    ),
    passing: Example::three_masters(
        "
        network:
          pod_cidrs: [10.244.0.0/16, \"fd00:10:244::/56\"]
          service_cidrs: [10.96.0.0/16, \"fd00:10:96::/112\"]
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let network = &lint.topology.network;
    if !lint.topology.is_kubeadm() {
        return;
    }
    let (pods, services) = (families(&network.pod_cidrs), families(&network.service_cidrs));
    for (found, what, place) in
        [(&pods, "pods", at!(network, pod_cidrs)), (&services, "services", at!(network, service_cidrs))]
    {
        if !matches!(found[..], [_]) && !matches!(found[..], [one, other] if one != other) {
            findings.at(place, format!("{what} have {}: not one range, and not one of each family", listed(found)));
            return;
        }
    }
    if pods != services {
        let message = format!("pods have {}, services have {}", listed(&pods), listed(&services));
        findings.at(at!(network, service_cidrs), message).see(at!(network, pod_cidrs), "the ranges of pods");
    }
    let mut strangers = lint.topology.nodes.iter().filter(|node| family(node.ip) != pods[0]);
    if let Some(node) = strangers.next() {
        let more = strangers.count();
        let others = if more == 0 { String::new() } else { format!(" (and {more} more nodes)") };
        findings
            .at(
                at!(node, ip),
                format!("`{}` has {}{others}, the first range of pods is {}", node.name, node.ip, pods[0]),
            )
            .see(at!(network, pod_cidrs), "the ranges of pods");
    }
}

fn families(ranges: &[IpNet]) -> Vec<&'static str> {
    ranges.iter().map(|range| family(range.addr())).collect()
}

fn listed(families: &[&str]) -> String {
    if families.is_empty() { "no range".to_owned() } else { families.join(" and ") }
}
