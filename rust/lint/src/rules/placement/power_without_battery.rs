use crate::prelude::*;
use std::collections::{BTreeMap, HashSet};
use topology::pillar::Pillar;

pub(super) static RULE: Rule = Rule {
    code: "PLACE-009",
    name: "power-without-battery",
    severity: Severity::Warn,
    reason: "When such a feed fails, its hosts stop in the middle of a write, all at the same moment. It is the one \
             loss that can damage the data of several members of etcd at once.",
    remedy: "Give the hosts a second feed, or write `ups: true` where an uninterruptible supply shuts them down in \
             order.",
    source: "etcd documentation, Disaster recovery; engineering judgement",
    failing: Example::three_masters(
        "
        power_feeds:
          a:
            ups: false                 # <- PLACE-009
          b: {}
        hypervisors: {pve1: {power_feeds: [a]}, pve2: {power_feeds: [a, b]}, pve3: {power_feeds: [b, a]}}
        ",
    ),
    passing: Example::three_masters(
        "
        power_feeds: {a: {ups: true}, b: {}}
        hypervisors: {pve1: {power_feeds: [a]}, pve2: {power_feeds: [a, b]}, pve3: {power_feeds: [b, a]}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let pillar = &lint.topology.pillar;
    let mut alone: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (host, feeds) in hosts(pillar) {
        if let [only] = feeds {
            alone.entry(only).or_default().push(host);
        }
    }
    for (name, hosts) in alone {
        let Some(feed) = pillar.power_feeds.get(name).filter(|_| !has_battery(pillar, name)) else { continue };
        let message = format!("feed `{name}` has no battery, and is the only one of {}", hosts.join(", "));
        findings.at(at!(feed, ups), message).severity(lint.redundancy(Severity::Warn));
    }
}

/// Hosts and their feeds: hypervisors, and nodes that run on none.
fn hosts(pillar: &Pillar) -> impl Iterator<Item = (&str, &[String])> {
    let hypervisors = pillar.hypervisors.iter();
    let hypervisors =
        hypervisors.map(|(name, host)| (name.as_str(), feeds(pillar, &host.power_feeds, host.rack.as_deref())));
    let nodes = pillar.nodes.iter().filter(|(_, node)| node.hypervisor.is_none());
    hypervisors.chain(nodes.map(|(name, node)| (name.as_str(), feeds(pillar, &node.power_feeds, node.rack.as_deref()))))
}

/// A host's own feeds, or those of its rack.
fn feeds<'p>(pillar: &'p Pillar, own: &'p [String], rack: Option<&str>) -> &'p [String] {
    let of_rack = rack.and_then(|rack| pillar.racks.get(rack)).map(|rack| rack.power_feeds.as_slice());
    if own.is_empty() { of_rack.unwrap_or_default() } else { own }
}

/// Whether a feed, or one behind which it stands, has a battery.
fn has_battery(pillar: &Pillar, name: &str) -> bool {
    let (mut open, mut seen) = (vec![name], HashSet::new());
    while let Some(name) = open.pop() {
        let Some(feed) = pillar.power_feeds.get(name).filter(|_| seen.insert(name)) else { continue };
        if feed.ups {
            return true;
        }
        open.extend(feed.fed_by.iter().map(String::as_str));
    }
    false
}
