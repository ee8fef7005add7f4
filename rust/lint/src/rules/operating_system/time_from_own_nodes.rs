use crate::prelude::*;
use std::collections::HashSet;

pub(super) static RULE: Rule = Rule {
    code: "OS-011",
    name: "time-from-own-nodes",
    severity: Severity::Error,
    reason: "After a power cut every host waits for the time of another one that waits as well. With a clock that \
             starts in the past no certificate is valid yet, and the cluster does not come up.",
    remedy: "Name at least one source outside of the cluster.",
    source: "chrony.conf(5), `local`; engineering judgement for the cold start",
    failing: Example::three_masters(
        "
        chrony:
          sources: [10.0.10.11, 10.0.10.12, 10.0.10.13]        # <- OS-011
        ",
    ),
    passing: Example::three_masters("chrony: {sources: [10.0.10.11, 10.0.10.12, 10.0.10.1]}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let (topology, chrony) = (lint.topology, &lint.topology.chrony);
    if topology.manage.chrony == Managed::No || chrony.sources.is_empty() {
        return;
    }
    let addresses = topology.nodes.iter().map(|node| node.ip).chain(topology.vips.iter().map(|vip| vip.address));
    let addresses: HashSet<_> = addresses.collect();
    let names: HashSet<&str> =
        topology.nodes.iter().flat_map(|node| [node.name.as_str(), node.minion.as_str()]).collect();
    let is_inside = |source: &String| {
        let host = source.strip_prefix("pool ").unwrap_or(source).split_whitespace().next().unwrap_or_default();
        names.contains(host) || host.parse().is_ok_and(|address| addresses.contains(&address))
    };
    if chrony.sources.iter().all(is_inside) {
        let message = format!("time comes from the cluster's own hosts alone: {}", chrony.sources.join(", "));
        findings.at(at!(chrony, sources), message);
    }
}
