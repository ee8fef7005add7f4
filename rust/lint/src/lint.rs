//! What a rule may look at.

use crate::losses::FailureModel;
use diagnostics::Severity;
use topology::pillar::Environment;
use topology::values::Date;
use topology::{Facts, Kind, NodeIndex, Timing, Topology};

/// What a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct Lint<'a> {
    /// The resolved topology.
    pub topology: &'a Topology,
    /// Its failure model.
    pub failures: &'a FailureModel<'a>,
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
        self.topology.survive(kind)
    }

    /// Names of nodes, for a sentence.
    #[must_use]
    pub fn names(&self, nodes: &[NodeIndex]) -> String {
        nodes.iter().map(|index| self.topology.nodes[*index].name.as_str()).collect::<Vec<_>>().join(", ")
    }
}
