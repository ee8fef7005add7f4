//! Nodes that stand elsewhere, and one member of etcd more.

use super::Candidate;
use faults::{Missed, Model};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use topology::{ElementId, Kind, Node, Topology};

/// Each node that the loss takes, on each hypervisor that outlives it; the emptiest hypervisor first.
pub(super) fn moved(topology: &Topology, model: &Model, miss: &Missed) -> Vec<Candidate> {
    if matches!(miss.kind, Kind::Node | Kind::Process) {
        return Vec::new();
    }
    let domains = &topology.domains;
    let failed: Vec<ElementId> = miss.tolerance.witness.iter().map(|event| ElementId(event.0)).collect();
    let lost: BTreeSet<&str> = domains.nodes_lost_with(&failed).collect();
    let down: BTreeSet<ElementId> = domains.lost_with(&failed).into_iter().collect();
    let mut machines: BTreeMap<&str, usize> = BTreeMap::new();
    for hypervisor in topology.nodes.iter().filter_map(|node| node.hypervisor.as_deref()) {
        *machines.entry(hypervisor).or_default() += 1;
    }
    let hypervisors = domains.of_kind(Kind::Hypervisor).filter(|element| !down.contains(element));
    let mut places: Vec<&str> = hypervisors.map(|element| domains.element(element).name.as_str()).collect();
    places.sort_by_key(|name| machines.get(name).copied().unwrap_or(0));
    let concerned = concerned(model, miss);
    let nodes = topology.nodes.iter().filter(|node| lost.contains(node.name.as_str()) && node.hypervisor.is_some());
    let nodes = nodes.filter(|node| concerned.contains(node.name.as_str()));
    nodes
        .flat_map(|node| {
            places.iter().map(|place| Candidate {
                words: format!("move {} to {place}", node.name),
                patch: json!({"nodes": {&node.name: {"hypervisor": place}}}),
            })
        })
        .collect()
}

/// Names of the nodes on which the service stands in any way.
fn concerned<'m>(model: &'m Model, miss: &Missed) -> BTreeSet<&'m str> {
    let service = &model.services[miss.service.0];
    let support = service.lost(miss.level).map(|lost| model.formulas.support(lost)).unwrap_or_default();
    let events = support.into_iter().map(|event| model.event(event)).filter(|event| event.kind == Kind::Node);
    events.map(|event| event.name.as_str()).collect()
}

/// One more node like the last member of etcd, on a hypervisor that has none of them.
pub(super) fn another_voter(topology: &Topology, service: &str) -> Option<Candidate> {
    if !matches!(service, "etcd" | "kubernetes" | "kube-apiserver") {
        return None;
    }
    let members: Vec<&Node> = topology.etcd_nodes().collect();
    let last = members.last()?;
    let profile = topology.pillar.nodes.get(&last.name)?.profile.as_ref()?;
    let taken: BTreeSet<&str> = members.iter().filter_map(|node| node.hypervisor.as_deref()).collect();
    let hypervisors = topology.domains.of_kind(Kind::Hypervisor).map(|element| &topology.domains.element(element).name);
    let free = hypervisors.into_iter().find(|name| !taken.contains(name.as_str()));
    let (name, ip) = (next_name(topology, &last.name)?, next_address(topology, last)?);
    let mut node = json!({"profile": profile, "ip": ip.to_string()});
    if let Some(free) = free {
        node["hypervisor"] = json!(free);
    }
    Some(Candidate { words: format!("add {name}, one more member of etcd"), patch: json!({"nodes": {name: node}}) })
}

/// `cp4` after `cp3`.
fn next_name(topology: &Topology, last: &str) -> Option<String> {
    let stem = last.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number: u32 = last[stem.len()..].parse().ok()?;
    let mut names = (number + 1..=number.saturating_add(1024)).map(|number| format!("{stem}{number}"));
    names.find(|name| topology.node(name).is_none())
}

/// The first address after the node's that nothing in its network has.
fn next_address(topology: &Topology, node: &Node) -> Option<IpAddr> {
    let network = &topology.networks.get(node.network?)?.spec;
    let taken: BTreeSet<IpAddr> =
        topology.nodes.iter().map(|node| node.ip).chain(topology.vips.iter().map(|vip| vip.address)).collect();
    let mut hosts = network.cidr.hosts().skip_while(|address| *address <= node.ip).take(1024);
    hosts.find(|address| !taken.contains(address) && Some(*address) != network.gateway)
}
