//! What can fail, and what is lost with it.

use crate::formula::{EventId, Formula, Formulas, count};
use crate::service::{Service, ServiceId};
use crate::services;
use std::collections::HashMap;
use topology::{ElementId, Kind, NodeIndex, Topology};
use tree::Origin;

/// A basic event: one element fails by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Kind of the element.
    pub kind: Kind,
    /// Its name; of a program, `etcd on cp1`.
    pub name: String,
    /// Where the pillar declares it; of a program, where it declares its node.
    pub origin: Origin,
}

/// The failure model of a topology.
#[derive(Clone, Debug)]
pub struct Model {
    /// What can fail. The elements of the topology come first, in their order; programs follow.
    pub events: Vec<Event>,
    /// The formulas.
    pub formulas: Formulas,
    /// What must not be lost.
    pub services: Vec<Service>,
    lost: Vec<Formula>,
}

impl Model {
    /// Derives the model.
    #[must_use]
    pub fn of(topology: &Topology) -> Self {
        let mut builder = Builder::new(topology);
        services::add(&mut builder);
        Self { events: builder.events, formulas: builder.formulas, services: builder.services, lost: builder.lost }
    }

    /// The events of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = EventId> {
        self.events.iter().zip(0u32..).filter(move |(event, _)| event.kind == kind).map(|(_, id)| EventId(id))
    }

    /// What an event is.
    #[must_use]
    pub fn event(&self, event: EventId) -> &Event {
        &self.events[event.0 as usize]
    }

    /// The event of an element of the topology.
    #[must_use]
    pub fn event_of(&self, element: ElementId) -> EventId {
        EventId(element.0)
    }

    /// When an element is lost: it fails, or what it needs is lost.
    #[must_use]
    pub fn lost(&self, element: EventId) -> Formula {
        self.lost[element.0 as usize]
    }

    /// The event of an element by its kind and name.
    #[must_use]
    pub fn find(&self, kind: Kind, name: &str) -> Option<EventId> {
        self.of_kind(kind).find(|event| self.event(*event).name == name)
    }

    /// The service of that name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }
}

/// Derives services, one after another.
pub(crate) struct Builder<'t> {
    pub(crate) topology: &'t Topology,
    pub(crate) formulas: Formulas,
    events: Vec<Event>,
    lost: Vec<Formula>,
    processes: HashMap<(&'static str, NodeIndex), Formula>,
    services: Vec<Service>,
}

impl<'t> Builder<'t> {
    fn new(topology: &'t Topology) -> Self {
        let elements = &topology.domains.elements;
        let event = |element: &topology::Element| Event {
            kind: element.kind,
            name: element.name.clone(),
            origin: element.origin,
        };
        let mut builder = Self {
            topology,
            formulas: Formulas::default(),
            events: elements.iter().map(event).collect(),
            lost: vec![Formula::FALSE; elements.len()],
            processes: HashMap::new(),
            services: Vec::new(),
        };
        for element in topology.domains.needed_first() {
            builder.lost[element.0 as usize] = builder.element_lost(element);
        }
        builder
    }

    fn element_lost(&mut self, element: ElementId) -> Formula {
        let failed = self.formulas.event(EventId(element.0));
        let mut ways = vec![failed];
        for group in &self.topology.domains.element(element).needs {
            let group: Vec<Formula> = group.iter().map(|needed| self.lost[needed.0 as usize]).collect();
            ways.push(self.formulas.all(group));
        }
        self.formulas.any(ways)
    }

    /// The node is lost, by itself or with what it stands on.
    pub(crate) fn node(&self, node: NodeIndex) -> Formula {
        let name = &self.topology.nodes[node].name;
        let element = self.topology.domains.find(Kind::Node, name);
        element.map_or(Formula::FALSE, |element| self.lost[element.0 as usize])
    }

    /// A program on a node is lost: it has failed, or its node is lost.
    pub(crate) fn process(&mut self, program: &'static str, node: NodeIndex) -> Formula {
        if let Some(known) = self.processes.get(&(program, node)) {
            return *known;
        }
        let host = &self.topology.nodes[node];
        let event = EventId(count(self.events.len()));
        self.events.push(Event {
            kind: Kind::Process,
            name: format!("{program} on {}", host.name),
            origin: host.origin,
        });
        let failed = self.formulas.event(event);
        let lost = self.formulas.any([failed, self.node(node)]);
        self.lost.push(lost);
        self.processes.insert((program, node), lost);
        lost
    }

    /// The same program on several nodes.
    pub(crate) fn processes(&mut self, program: &'static str, nodes: &[NodeIndex]) -> Vec<Formula> {
        nodes.iter().map(|node| self.process(program, *node)).collect()
    }

    /// So many of these members are lost that the others are no majority.
    pub(crate) fn majority_lost(&mut self, members: &[Formula]) -> Formula {
        let majority = members.len() / 2 + 1;
        let need = count(members.len() - majority.min(members.len()) + 1);
        self.formulas.at_least(need, members.iter().copied())
    }

    /// Adds a service.
    pub(crate) fn add(&mut self, service: Service) -> ServiceId {
        self.services.push(service);
        ServiceId(self.services.len() - 1)
    }

    /// A service that was added before.
    pub(crate) fn service(&self, id: ServiceId) -> &Service {
        &self.services[id.0]
    }
}
