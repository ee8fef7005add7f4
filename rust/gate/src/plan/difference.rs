//! Which nodes and which members of etcd come, go, and stay.

use std::collections::{HashMap, HashSet};
use topology::{Node, Topology};

/// Two pillars of a cluster, beside each other.
pub(super) struct Difference<'t> {
    pub(super) old: &'t Topology,
    pub(super) new: &'t Topology,
    /// Nodes of the new pillar alone.
    pub(super) arriving: Vec<&'t Node>,
    /// Nodes of the old pillar alone.
    pub(super) leaving: Vec<&'t Node>,
    /// Nodes of both, as they were and as they are.
    pub(super) kept: Vec<(&'t Node, &'t Node)>,
    old_members: HashSet<&'t str>,
    new_members: HashSet<&'t str>,
}

impl<'t> Difference<'t> {
    pub(super) fn of(old: &'t Topology, new: &'t Topology) -> Self {
        let by_name = |topology: &'t Topology| -> HashMap<&'t str, &'t Node> {
            topology.nodes.iter().map(|node| (node.name.as_str(), node)).collect()
        };
        let (before, after) = (by_name(old), by_name(new));
        let kept = new.nodes.iter().filter_map(|node| Some((*before.get(node.name.as_str())?, node)));
        Self {
            old,
            new,
            arriving: new.nodes.iter().filter(|node| !before.contains_key(node.name.as_str())).collect(),
            leaving: old.nodes.iter().filter(|node| !after.contains_key(node.name.as_str())).collect(),
            kept: kept.collect(),
            old_members: members(old).collect(),
            new_members: members(new).collect(),
        }
    }

    /// How many members etcd had, and has in the end.
    pub(super) fn member_counts(&self) -> (usize, usize) {
        (self.old_members.len(), self.new_members.len())
    }

    /// Whether the new pillar puts a member of etcd on this node.
    pub(super) fn is_member(&self, node: &str) -> bool {
        self.new_members.contains(node)
    }

    /// Whether a member of etcd comes to this node.
    pub(super) fn gains_member(&self, node: &str) -> bool {
        self.new_members.contains(node) && !self.old_members.contains(node)
    }

    /// Whether the member of etcd on this node goes.
    pub(super) fn loses_member(&self, node: &str) -> bool {
        self.old_members.contains(node) && !self.new_members.contains(node)
    }

    /// Nodes to which something comes: the node itself, a kubelet, or a member of etcd.
    pub(super) fn gaining(&self) -> Vec<&'t Node> {
        let kept = self.kept.iter().filter(|(was, is)| starts_kubelet(was, is) || self.gains_member(&is.name));
        self.arriving.iter().copied().chain(kept.map(|(_, is)| *is)).collect()
    }

    /// Nodes from which something goes, as they were.
    pub(super) fn losing(&self) -> Vec<&'t Node> {
        let kept = self.kept.iter().filter(|(was, is)| starts_kubelet(is, was) || self.loses_member(&is.name));
        self.leaving.iter().copied().chain(kept.map(|(was, _)| *was)).collect()
    }

    /// Whether a host becomes a part of the cluster that it was not.
    pub(super) fn joins(&self, node: &Node) -> bool {
        self.old.node(&node.name).is_none_or(|was| starts_kubelet(was, node))
    }

    /// Whether a host is no longer a part of the cluster that it was.
    pub(super) fn leaves(&self, node: &Node) -> bool {
        self.new.node(&node.name).is_none_or(|is| starts_kubelet(is, node))
    }
}

/// Names of the nodes with a member of etcd.
pub(super) fn members(topology: &Topology) -> impl Iterator<Item = &str> {
    topology.etcd_nodes().map(|node| node.name.as_str())
}

fn starts_kubelet(from: &Node, to: &Node) -> bool {
    !from.runs_kubelet() && to.runs_kubelet()
}
