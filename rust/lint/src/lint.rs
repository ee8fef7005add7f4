//! What a rule may look at.

use diagnostics::Severity;
use topology::pillar::Environment;
use topology::values::Date;
use topology::{Facts, Kind, NodeIndex, Timing, Topology};

/// What a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct Lint<'a> {
    /// The resolved topology.
    pub topology: &'a Topology,
    /// Version facts.
    pub facts: &'a Facts,
    /// Today. It comes in as a value, so that a finding can be told apart from a change of the pillar.
    pub today: Date,
}

impl<'a> Lint<'a> {
    /// Failover times from the settings that the rendered files print.
    #[must_use]
    pub fn timing(&self) -> Timing<'a> {
        Timing::of(self.topology)
    }

    /// How much a lack of redundancy weighs: one step less where an outage does not hurt.
    #[must_use]
    pub fn redundancy(&self, severity: Severity) -> Severity {
        match (self.topology.cluster.environment, severity) {
            (Environment::Prod, severity) => severity,
            (Environment::Test, Severity::Error) => Severity::Warn,
            (Environment::Test, _) => Severity::Info,
        }
    }

    /// How many elements of a kind must be survived at once.
    #[must_use]
    pub fn survive(&self, kind: Kind) -> u32 {
        self.topology.targets.survive.of(kind)
    }

    /// The elements of a kind whose loss at once takes the most of these nodes: their names, and the nodes lost with them.
    ///
    /// Elements are taken one after another, each time the one that adds most; for elements that share no node, which is
    /// what hypervisors, racks and sites are, that is the exact worst case.
    #[must_use]
    pub fn worst_loss(&self, kind: Kind, count: u32, among: &[NodeIndex]) -> (Vec<String>, Vec<NodeIndex>) {
        let domains = &self.topology.domains;
        let mut failed = Vec::new();
        let mut lost = Vec::new();
        for _ in 0..count {
            let candidates = domains.of_kind(kind).filter(|element| !failed.contains(element));
            let with = |element| {
                let mut trial = failed.clone();
                trial.push(element);
                (self.lost_among(&trial, among), element)
            };
            let best = candidates.map(with).max_by_key(|(nodes, element)| (nodes.len(), std::cmp::Reverse(*element)));
            let Some((nodes, element)) = best.filter(|(nodes, _)| nodes.len() > lost.len()) else { break };
            failed.push(element);
            lost = nodes;
        }
        (failed.into_iter().map(|element| domains.element(element).name.clone()).collect(), lost)
    }

    fn lost_among(&self, failed: &[topology::ElementId], among: &[NodeIndex]) -> Vec<NodeIndex> {
        let names: std::collections::HashSet<&str> = self.topology.domains.nodes_lost_with(failed).collect();
        among.iter().copied().filter(|index| names.contains(self.topology.nodes[*index].name.as_str())).collect()
    }

    /// Names of nodes, for a sentence.
    #[must_use]
    pub fn names(&self, nodes: &[NodeIndex]) -> String {
        nodes.iter().map(|index| self.topology.nodes[*index].name.as_str()).collect::<Vec<_>>().join(", ")
    }
}
