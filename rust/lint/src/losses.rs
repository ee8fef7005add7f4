//! What a loss that must be survived takes: the questions that rules put to the failure model.

use crate::lint::Lint;
use faults::{EventId, Formula, Level, Missed, Model, WORK_OF_A_QUESTION, WORK_OF_A_TABLE, Within};
use std::cell::{OnceCell, RefCell};
use topology::{ElementId, Kind, NodeIndex, Topology};
use tree::{Origin, Place};

/// The failure model of the judged topology, made when a rule first asks.
#[derive(Debug)]
pub struct FailureModel<'t> {
    topology: &'t Topology,
    model: OnceCell<RefCell<Model>>,
    within: RefCell<Within>,
    missed: OnceCell<Vec<MissedTarget>>,
}

impl<'t> FailureModel<'t> {
    /// Of this topology.
    #[must_use]
    pub fn of(topology: &'t Topology) -> Self {
        Self { topology, model: OnceCell::new(), within: RefCell::default(), missed: OnceCell::new() }
    }

    fn ask<A>(&self, question: impl FnOnce(&mut Model) -> A) -> A {
        question(&mut self.model.get_or_init(|| RefCell::new(Model::of(self.topology))).borrow_mut())
    }
}

/// A service that does not survive what `targets.survive` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedTarget {
    /// The service.
    pub service: String,
    /// Where the pillar declares it.
    pub origin: Origin,
    /// Whether acknowledged writes are lost; otherwise it stays away.
    pub loses_data: bool,
    /// The kind of loss.
    pub kind: Kind,
    /// Its name in a sentence.
    pub words: String,
    /// How many of it should be survived.
    pub target: u32,
    /// How many are, for sure.
    pub survives: u32,
    /// Whether one more is not. Otherwise nobody knows: the allowed work ended.
    pub settled: bool,
    /// Names of what takes it.
    pub witness: Vec<String>,
}

/// Elements of one kind whose loss takes something: the fewest that do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaking {
    /// Their kind.
    pub kind: Kind,
    /// They, sorted.
    pub failed: Vec<ElementId>,
}

impl MissedTarget {
    fn of(model: &Model, miss: &Missed) -> Self {
        let service = &model.services[miss.service.0];
        Self {
            service: service.name.clone(),
            origin: service.origin,
            loses_data: miss.level == Level::Data,
            kind: miss.kind,
            words: model.kind_words(miss.kind).to_owned(),
            target: miss.target,
            survives: miss.tolerance.survives.unwrap_or(0),
            settled: miss.tolerance.settled,
            witness: miss.tolerance.witness.iter().map(|event| model.event(*event).name.clone()).collect(),
        }
    }

    /// Where the pillar declares the service.
    pub(crate) fn place(&self) -> Place {
        Place::section(self.origin)
    }

    /// What is missed, in a sentence.
    pub(crate) fn sentence(&self) -> String {
        let (service, kind, witness) = (&self.service, &self.words, self.witness.join(" with "));
        if !self.settled {
            return format!(
                "nobody knows whether {service} survives the loss of {} elements of kind {kind}: {} are proven, and finding \
                 out takes too long",
                self.target, self.survives
            );
        }
        match (self.witness.is_empty(), self.loses_data) {
            (true, _) => format!("{service} never serves as it is declared, whatever is lost"),
            (false, true) => format!("{kind} {witness} takes acknowledged writes of {service} for good"),
            (false, false) => format!("{kind} {witness} takes {service}, and nothing starts it elsewhere"),
        }
    }
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

    /// What `targets.survive` asks for and does not get, service by service.
    pub(crate) fn missed(&self) -> &[MissedTarget] {
        let survive = &self.topology.targets.survive;
        self.failures.missed.get_or_init(|| {
            self.failures.ask(|model| {
                let missed = faults::missed(model, survive, &mut WORK_OF_A_TABLE.clone());
                missed.iter().map(|miss| MissedTarget::of(model, miss)).collect()
            })
        })
    }

    /// Names of the fewest elements of a kind, no more than `most`, that stop a service until it was started elsewhere.
    pub(crate) fn stops(&self, service: &str, kind: Kind, most: u32) -> Option<Vec<String>> {
        let breaking =
            self.breaks(kind, most, |model| model.service(service).map_or(Formula::FALSE, |known| known.serve))?;
        let domains = &self.topology.domains;
        Some(breaking.failed.iter().map(|id| domains.element(*id).name.clone()).collect())
    }

    fn breaks(&self, kind: Kind, most: u32, lost: impl FnOnce(&mut Model) -> Formula) -> Option<Breaking> {
        if most == 0 || self.topology.domains.of_kind(kind).next().is_none() {
            return None;
        }
        let tolerance = self.failures.ask(|model| {
            let lost = lost(model);
            self.failures.within.borrow_mut().misses(model, lost, kind, most, &mut WORK_OF_A_QUESTION.clone())
        })?;
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
