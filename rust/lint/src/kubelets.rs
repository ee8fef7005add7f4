//! Settings of kubelets, each once however many nodes share them.

use crate::lint::Lint;
use std::collections::HashMap;
use topology::NodeIndex;
use topology::pillar::Kubelet;

/// Settings of the kubelet, and the nodes that have them.
#[derive(Debug)]
pub(crate) struct SharedKubelet<'a> {
    pub(crate) settings: &'a Kubelet,
    pub(crate) nodes: Vec<NodeIndex>,
}

impl<'a> Lint<'a> {
    /// The settings of all kubelets: the cluster's, those of profiles, those of single nodes.
    pub(crate) fn kubelets(&self) -> Vec<SharedKubelet<'a>> {
        let topology = self.topology;
        let mut places = HashMap::new();
        let mut shared: Vec<SharedKubelet<'a>> = Vec::new();
        for (index, node) in topology.nodes.iter().enumerate().filter(|(_, node)| node.runs_kubelet()) {
            let place = *places.entry(node.kubelet.origin.0).or_insert_with(|| {
                shared.push(SharedKubelet { settings: &node.kubelet, nodes: Vec::new() });
                shared.len() - 1
            });
            shared[place].nodes.push(index);
        }
        shared
    }

    /// Names of the first few nodes, and how many more there are, for a sentence.
    pub(crate) fn some_names(&self, nodes: &[NodeIndex]) -> String {
        const SHOWN: usize = 3;
        match nodes.len().checked_sub(SHOWN + 1) {
            None => self.names(nodes),
            Some(more) => format!("{} and {} more", self.names(&nodes[..SHOWN]), more + 1),
        }
    }
}
