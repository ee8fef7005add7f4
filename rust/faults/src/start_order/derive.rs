//! The steps of a topology, and what each needs to start.

mod hosts;
mod workloads;

use super::graph::Graph;
use topology::{ElementId, Kind, NodeIndex, Topology};

/// All steps of a topology.
pub(super) fn graph(topology: &Topology) -> Graph {
    let mut derived = Derived { topology, graph: Graph::default() };
    derived.elements();
    derived.proxmox();
    derived.time();
    derived.control_plane();
    derived.names();
    derived.workloads();
    derived.graph
}

struct Derived<'t> {
    topology: &'t Topology,
    graph: Graph,
}

impl Derived<'_> {
    /// What stands, is fed and is reached: the elements of the failure domains. What others run is there already.
    fn elements(&mut self) {
        let domains = &self.topology.domains;
        let ids = (0u32..).map(ElementId).zip(&domains.elements);
        let ours = |element: &topology::Element| !matches!(element.kind, Kind::Outside | Kind::Process);
        for (id, element) in ids.filter(|(_, element)| ours(element)) {
            let step = self.element(id);
            for group in element.needs.iter().filter(|group| group.iter().all(|needed| ours(domains.element(*needed))))
            {
                let because = match group.first().map(|needed| domains.element(*needed).kind) {
                    Some(Kind::PowerFeed) => "is fed by it",
                    Some(Kind::Switch) => "is reached through it",
                    Some(Kind::Hypervisor | Kind::Node) => "runs on it",
                    Some(Kind::StorageDevice) => "lies on it",
                    _ => "stands in it",
                };
                let of = group.iter().map(|needed| self.element(*needed)).collect();
                self.graph.one(step, of, because);
            }
        }
    }

    fn element(&mut self, id: ElementId) -> usize {
        let element = self.topology.domains.element(id);
        let name = format!("{} {}", self.topology.domains.words(element.kind), element.name);
        self.graph.step(&name)
    }

    fn node(&mut self, node: NodeIndex) -> usize {
        let name = format!("{} {}", Kind::Node.words(), self.topology.nodes[node].name);
        self.graph.step(&name)
    }

    fn nodes(&mut self, nodes: &[NodeIndex]) -> Vec<usize> {
        nodes.iter().map(|node| self.node(*node)).collect()
    }

    /// Nodes by their names; those that are none of ours are left out.
    fn named_nodes(&mut self, names: &[String]) -> Vec<usize> {
        let nodes = self.topology.nodes.iter().enumerate();
        let nodes: Vec<NodeIndex> =
            nodes.filter(|(_, node)| names.contains(&node.name)).map(|(index, _)| index).collect();
        self.nodes(&nodes)
    }

    /// The step of an application: its name, unless something derived is called so.
    fn application(&mut self, name: &str) -> usize {
        let derived = ["etcd", "kubernetes", "coredns", "dnsmasq", "ingress", "time", "kubelets"];
        if derived.contains(&name) { self.graph.step(&format!("application {name}")) } else { self.graph.step(name) }
    }
}
