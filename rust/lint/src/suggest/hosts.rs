//! Programs on hosts: one host more.

use super::Candidate;
use serde_json::{Value, json};
use topology::pillar::Role;
use topology::{Node, Topology};

/// The program on each node of the control plane that does not run it yet, then on each other one.
pub(super) fn more(topology: &Topology, service: &str) -> Vec<Candidate> {
    let Some(hosts) = hosts(topology, service) else { return Vec::new() };
    let runs = |node: &&Node| !hosts.contains(&node.name);
    let (first, then): (Vec<&Node>, Vec<&Node>) =
        topology.nodes.iter().filter(runs).partition(|node| node.has(Role::ControlPlane));
    let candidate = |node: &Node| Candidate {
        words: format!("run {service} on {} too", node.name),
        patch: patch(service, hosts.iter().chain([&node.name])),
    };
    first.into_iter().chain(then).map(candidate).collect()
}

/// Names of the nodes that run it, where the pillar names them.
fn hosts<'t>(topology: &'t Topology, service: &str) -> Option<&'t [String]> {
    let pillar = &topology.pillar;
    match service {
        "dnsmasq" => pillar.dns.dnsmasq.as_ref().map(|dnsmasq| dnsmasq.nodes.as_slice()),
        "reverse proxy" => pillar.reverse_proxy.as_ref().map(|proxy| proxy.nodes.as_slice()),
        "certificate renewal" => pillar.certs.as_ref().map(|certs| certs.nodes.as_slice()),
        _ => None,
    }
}

fn patch<'n>(service: &str, nodes: impl Iterator<Item = &'n String>) -> Value {
    let nodes = json!({"nodes": nodes.collect::<Vec<_>>()});
    match service {
        "dnsmasq" => json!({"dns": {"dnsmasq": nodes}}),
        "reverse proxy" => json!({"reverse_proxy": nodes}),
        _ => json!({"certs": nodes}),
    }
}
