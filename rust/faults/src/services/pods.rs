//! Pods: how many of them a loss takes, wherever they run, and what it takes to start them elsewhere.

use super::counted::Counted;
use crate::builder::Builder;
use crate::formula::{Formula, count};
use topology::pillar::Spread;
use topology::{CONTROL_PLANE_TAINT, NodeIndex};

/// Pods of one kind. Nobody knows on which nodes they run, so each loss is taken to hit as many as it can.
pub(super) struct Pods {
    /// Nodes on which they can run.
    pub nodes: Vec<NodeIndex>,
    /// How many are wanted.
    pub replicas: u32,
    /// How many are needed, at least one.
    pub needed: u32,
    /// Whether two may share a node.
    pub spread: Spread,
}

impl Pods {
    /// When too few are left: before any is started elsewhere, and for good, because Kubernetes does not schedule or too few
    /// nodes are left.
    pub(super) fn counted(self, builder: &mut Builder<'_>) -> Counted {
        let nodes = count(self.nodes.len());
        let placed = match self.spread {
            // Never two on one node: the others wait for a further node.
            Spread::Required => self.replicas.min(nodes),
            Spread::Preferred => self.replicas * nodes.min(1),
        };
        // Where two may share a node, all may be on the one that is lost.
        let (serve, room) = match self.spread {
            Spread::Required => ((placed + 1).saturating_sub(self.needed), self.needed),
            Spread::Preferred => (u32::from(placed >= self.needed), 1),
        };
        let recover = if self.replicas < self.needed { 0 } else { (nodes + 1).saturating_sub(room) };
        let starters = builder.all_named(&["kubernetes", "kube-scheduler", "kube-controller-manager"]);
        let [_, stuck] = builder.any_lost(&starters);
        Counted { nodes: self.nodes, serve, recover, stuck_from: serve, stuck, besides: [Formula::FALSE; 2] }
    }
}

impl Builder<'_> {
    /// Nodes that take workloads: a kubelet runs there, and no taint keeps pods away.
    pub(super) fn workers(&self) -> Vec<NodeIndex> {
        self.kubelets(&[])
    }

    /// Nodes that take pods which tolerate the taint of the control plane.
    pub(super) fn workers_and_control_plane(&self) -> Vec<NodeIndex> {
        self.kubelets(&[CONTROL_PLANE_TAINT])
    }

    fn kubelets(&self, tolerated: &[&str]) -> Vec<NodeIndex> {
        let topology = self.topology;
        let nodes = topology.nodes.iter().enumerate();
        nodes.filter(|(_, node)| topology.takes_pods(node, tolerated)).map(|(index, _)| index).collect()
    }
}
