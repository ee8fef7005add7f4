//! In which order nodes are worked on: by what they do, then by failure domain, then by name.

use std::cmp::Ordering;
use topology::pillar::Role;
use topology::{Domains, Kind, Node, Topology, natural_order};

/// What a node does, from what others stand on to what stands on others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// It runs a member of an external etcd.
    Etcd,
    /// It belongs to the control plane.
    ControlPlane,
    /// It runs the load balancer and nothing of Kubernetes.
    LoadBalancer,
    /// It runs workloads.
    Worker,
}

impl Class {
    pub(super) fn of(node: &Node) -> Self {
        if node.has(Role::ControlPlane) {
            Self::ControlPlane
        } else if node.has(Role::Etcd) {
            Self::Etcd
        } else if node.has(Role::Worker) {
            Self::Worker
        } else {
            Self::LoadBalancer
        }
    }

    pub(super) fn is_worker(self) -> bool {
        self == Self::Worker
    }
}

/// Sorts nodes of a topology: classes in their order, then all nodes of a site, rack and hypervisor one after another, each in
/// natural order.
pub(super) fn sort<T>(nodes: &mut [T], node: impl Fn(&T) -> &Node, topology: &Topology) {
    let domains = &topology.domains;
    nodes.sort_by_cached_key(|one| {
        let node = node(one);
        Place { class: Class::of(node), domains: place(domains, &node.name), name: node.name.clone() }
    });
}

/// The nodes of a topology in the order in which they are worked on one after the other: the one that leads etcd comes last of
/// those that do the same as it.
#[must_use]
pub fn roll_order<'t>(topology: &'t Topology, leader: Option<&str>) -> Vec<&'t str> {
    let mut nodes: Vec<&Node> = topology.nodes.iter().collect();
    sort(&mut nodes, |node| node, topology);
    nodes.sort_by_key(|node| (Class::of(node), leader == Some(node.name.as_str())));
    nodes.into_iter().map(|node| node.name.as_str()).collect()
}

#[derive(PartialEq, Eq)]
struct Place {
    class: Class,
    domains: Vec<String>,
    name: String,
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        let domains = self.domains.iter().zip(&other.domains);
        let by_domain = domains.map(|(one, other)| natural_order(one, other)).find(|order| order.is_ne());
        self.class
            .cmp(&other.class)
            .then(by_domain.unwrap_or(Ordering::Equal))
            .then_with(|| natural_order(&self.name, &other.name))
    }
}

/// Names of the site, the rack and the hypervisor of a node, empty where it has none.
fn place(domains: &Domains, node: &str) -> Vec<String> {
    let mut names = vec![String::new(); 3];
    let mut open: Vec<_> = domains.find(Kind::Node, node).into_iter().collect();
    while let Some(id) = open.pop() {
        let element = domains.element(id);
        let at = [Kind::Site, Kind::Rack, Kind::Hypervisor].into_iter().position(|kind| kind == element.kind);
        if let Some(name) = at.and_then(|at| names.get_mut(at)).filter(|name| name.is_empty()) {
            name.clone_from(&element.name);
        }
        // What it needs one of several of says nothing about where it stands.
        open.extend(element.needs.iter().filter(|group| group.len() == 1).flatten());
    }
    names
}
