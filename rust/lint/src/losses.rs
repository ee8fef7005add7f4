//! What a loss that must be survived takes: the questions that rules put to the failure model.

use crate::lint::Lint;
use faults::{EventId, Formula, Model, WORK_OF_A_QUESTION};
use std::cell::{OnceCell, RefCell};
use topology::{ElementId, Kind, NodeIndex, Topology};

/// The failure model of the judged topology, made when a rule first asks.
#[derive(Debug)]
pub struct FailureModel<'t> {
    topology: &'t Topology,
    model: OnceCell<RefCell<Model>>,
}

impl<'t> FailureModel<'t> {
    /// Of this topology.
    #[must_use]
    pub fn of(topology: &'t Topology) -> Self {
        Self { topology, model: OnceCell::new() }
    }

    fn ask<A>(&self, question: impl FnOnce(&mut Model) -> A) -> A {
        question(&mut self.model.get_or_init(|| RefCell::new(Model::of(self.topology))).borrow_mut())
    }
}

/// Elements of one kind whose loss takes something: the fewest that do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaking {
    /// Their kind.
    pub kind: Kind,
    /// They, sorted.
    pub failed: Vec<ElementId>,
}

impl Lint<'_> {
    /// The fewest elements of a kind, no more than `most`, that take `need` or more of these elements with them.
    pub(crate) fn takes(&self, kind: Kind, most: u32, need: usize, among: &[ElementId]) -> Option<Breaking> {
        let need = u32::try_from(need).unwrap_or(u32::MAX);
        self.breaks(kind, most, |model| {
            let lost: Vec<Formula> = among.iter().map(|element| model.lost(model.event_of(*element))).collect();
            model.formulas.at_least(need, lost)
        })
    }

    /// The same of nodes.
    pub(crate) fn takes_nodes(&self, kind: Kind, most: u32, need: usize, among: &[NodeIndex]) -> Option<Breaking> {
        let domains = &self.topology.domains;
        let element = |node: &NodeIndex| domains.find(Kind::Node, &self.topology.nodes[*node].name);
        let among: Vec<ElementId> = among.iter().filter_map(element).collect();
        self.takes(kind, most, need, &among)
    }

    fn breaks(&self, kind: Kind, most: u32, lost: impl FnOnce(&mut Model) -> Formula) -> Option<Breaking> {
        if most == 0 || self.topology.domains.of_kind(kind).next().is_none() {
            return None;
        }
        let tolerance = self.failures.ask(|model| {
            let lost = lost(model);
            faults::tolerance(model, lost, kind, &[], &mut WORK_OF_A_QUESTION.clone())
        });
        let broken = !tolerance.witness.is_empty() && tolerance.witness.len() <= most as usize;
        let element = |event: &EventId| ElementId(event.0);
        broken.then(|| Breaking { kind, failed: tolerance.witness.iter().map(element).collect() })
    }

    /// Names of what failed, for a sentence.
    pub(crate) fn failed(&self, breaking: &Breaking) -> String {
        let domains = &self.topology.domains;
        breaking.failed.iter().map(|id| domains.element(*id).name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Which of these nodes are lost with it.
    pub(crate) fn lost_among(&self, breaking: &Breaking, among: &[NodeIndex]) -> Vec<NodeIndex> {
        let domains = &self.topology.domains;
        let names: std::collections::HashSet<&str> = domains.nodes_lost_with(&breaking.failed).collect();
        among.iter().copied().filter(|index| names.contains(self.topology.nodes[*index].name.as_str())).collect()
    }
}
