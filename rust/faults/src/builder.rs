//! Makes events and formulas out of a topology, and keeps the services that were made of them.

use crate::formula::{EventId, Formula, Formulas, count};
use crate::model::Event;
use crate::service::{Service, ServiceId};
use crate::services::counted::Counted;
use std::collections::{HashMap, HashSet};
use topology::{ElementId, Kind, NodeIndex, Topology};

/// Derives services, one after another.
pub(crate) struct Builder<'t> {
    pub(crate) topology: &'t Topology,
    pub(crate) formulas: Formulas,
    pub(crate) events: Vec<Event>,
    pub(crate) services: Vec<Service>,
    /// Of each event, when its element is lost.
    pub(crate) lost: Vec<Formula>,
    /// The elements of the nodes.
    nodes: Vec<ElementId>,
    node_places: HashMap<&'t str, NodeIndex>,
    processes: HashMap<(String, ElementId), Formula>,
    by_name: HashMap<String, ServiceId>,
    /// Services whose losses are counted in nodes.
    pub(crate) counted: HashMap<ServiceId, Counted>,
}

impl<'t> Builder<'t> {
    pub(crate) fn new(topology: &'t Topology) -> Self {
        let domains = &topology.domains;
        let event = |element: &topology::Element| Event {
            kind: element.kind,
            name: element.name.clone(),
            origin: element.origin,
            runs_on: None,
        };
        // A resolved topology has an element for each node.
        let node = |node: &topology::Node| domains.find(Kind::Node, &node.name).unwrap_or(ElementId(u32::MAX));
        let mut builder = Self {
            topology,
            formulas: Formulas::default(),
            events: domains.elements.iter().map(event).collect(),
            services: Vec::new(),
            lost: vec![Formula::FALSE; domains.elements.len()],
            nodes: topology.nodes.iter().map(node).collect(),
            node_places: topology.nodes.iter().enumerate().map(|(place, node)| (node.name.as_str(), place)).collect(),
            processes: HashMap::new(),
            by_name: HashMap::new(),
            counted: HashMap::new(),
        };
        for element in domains.needed_first() {
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

    /// The element of a node.
    pub(crate) fn host(&self, node: NodeIndex) -> ElementId {
        self.nodes[node]
    }

    /// Nodes by their names, each once; those that are declared nowhere are left out.
    pub(crate) fn nodes_named(&self, names: &[String]) -> Vec<NodeIndex> {
        let mut seen = HashSet::new();
        let places = names.iter().filter_map(|name| self.node_places.get(name.as_str()).copied());
        places.filter(|place| seen.insert(*place)).collect()
    }

    /// The element is lost, by itself or with what it stands on.
    pub(crate) fn element(&self, element: ElementId) -> Formula {
        self.lost.get(element.0 as usize).copied().unwrap_or(Formula::FALSE)
    }

    /// The node is lost, by itself or with what it stands on.
    pub(crate) fn node(&self, node: NodeIndex) -> Formula {
        self.element(self.host(node))
    }

    /// The nodes are lost, each by itself.
    pub(crate) fn each(&self, nodes: &[NodeIndex]) -> Vec<Formula> {
        nodes.iter().map(|node| self.node(*node)).collect()
    }

    /// A program on a host is lost: it has failed, or its host is lost.
    pub(crate) fn process_on(&mut self, program: &str, host: ElementId) -> Formula {
        let key = (program.to_owned(), host);
        if let Some(known) = self.processes.get(&key) {
            return *known;
        }
        let element = self.topology.domains.element(host);
        let event = EventId(count(self.events.len()));
        self.events.push(Event {
            kind: Kind::Process,
            name: format!("{program} on {}", element.name),
            origin: element.origin,
            runs_on: Some(host),
        });
        let failed = self.formulas.event(event);
        let lost = self.formulas.any([failed, self.element(host)]);
        self.lost.push(lost);
        self.processes.insert(key, lost);
        lost
    }

    /// A program on a node is lost.
    pub(crate) fn process(&mut self, program: &str, node: NodeIndex) -> Formula {
        self.process_on(program, self.host(node))
    }

    /// The same program on several nodes.
    pub(crate) fn processes(&mut self, program: &str, nodes: &[NodeIndex]) -> Vec<Formula> {
        nodes.iter().map(|node| self.process(program, *node)).collect()
    }

    /// So many of these members are lost that the others are no majority.
    pub(crate) fn majority_lost(&mut self, members: &[Formula]) -> Formula {
        let majority = members.len() / 2 + 1;
        let need = count(members.len() - majority.min(members.len()) + 1);
        self.formulas.at_least(need, members.iter().copied())
    }

    /// One of those that are there is lost; nothing, where none is.
    pub(crate) fn any_of(&mut self, lost: impl IntoIterator<Item = Option<Formula>>) -> Option<Formula> {
        let lost: Vec<Formula> = lost.into_iter().flatten().collect();
        (!lost.is_empty()).then(|| self.formulas.any(lost))
    }

    /// Adds a service.
    pub(crate) fn add(&mut self, service: Service) -> ServiceId {
        let id = ServiceId(self.services.len());
        self.by_name.entry(service.name.clone()).or_insert(id);
        self.services.push(service);
        id
    }

    /// A service that was added before.
    pub(crate) fn service(&self, id: ServiceId) -> &Service {
        &self.services[id.0]
    }

    /// The service of that name, if it was added before.
    pub(crate) fn named(&self, name: &str) -> Option<ServiceId> {
        self.by_name.get(name).copied()
    }

    /// The services of those names that were added before.
    pub(crate) fn all_named(&self, names: &[&str]) -> Vec<ServiceId> {
        names.iter().filter_map(|name| self.named(name)).collect()
    }

    /// One of these services is lost, at serving and at recovering.
    pub(crate) fn any_lost(&mut self, services: &[ServiceId]) -> [Formula; 2] {
        let serve: Vec<Formula> = services.iter().map(|id| self.service(*id).serve).collect();
        let recover: Vec<Formula> = services.iter().map(|id| self.service(*id).recover).collect();
        [self.formulas.any(serve), self.formulas.any(recover)]
    }
}
