//! What can fail, and what is lost with it.

use crate::builder::Builder;
use crate::formula::{EventId, Formula, Formulas};
use crate::service::Service;
use crate::services;
use topology::pillar::Survive;
use topology::{ElementId, Kind, Topology};
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
    /// Of a program, the element that it runs on.
    pub runs_on: Option<ElementId>,
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
    /// Of each event, when its element is lost.
    lost: Vec<Formula>,
    /// Of each event, the share of time in which its element is away, where the pillar says it.
    unavailability: Vec<Option<f64>>,
    /// Keys of all kinds, those that the pillar names included.
    kinds: Vec<(Kind, String)>,
}

impl Model {
    /// Derives the model.
    #[must_use]
    pub fn of(topology: &Topology) -> Self {
        let mut builder = Builder::new(topology);
        services::add(&mut builder);
        let unavailability = builder.events.iter().map(|event| unavailability(topology, event)).collect();
        let domains = &topology.domains;
        Self {
            events: builder.events,
            formulas: builder.formulas,
            services: builder.services,
            lost: builder.lost,
            unavailability,
            kinds: domains.kinds().map(|kind| (kind, domains.key(kind).to_owned())).collect(),
        }
    }

    /// The share of time in which the element of an event is away by its own fault, 0 to 1: MTTR / (MTBF + MTTR). `None` where
    /// the pillar says neither for the element nor for its kind under `reliability`.
    #[must_use]
    pub fn unavailability(&self, event: EventId) -> Option<f64> {
        self.unavailability.get(event.0 as usize).copied().flatten()
    }

    /// All kinds of elements, from the widest to the narrowest, then those that the pillar names.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.kinds.iter().map(|(kind, _)| *kind)
    }

    /// The key of a kind in `targets.survive`.
    #[must_use]
    pub fn kind_key(&self, kind: Kind) -> &str {
        self.kinds.iter().find(|(known, _)| *known == kind).map_or(kind.key(), |(_, key)| key)
    }

    /// The name of a kind in a sentence.
    #[must_use]
    pub fn kind_words(&self, kind: Kind) -> &str {
        if let Kind::Named(_) = kind { self.kind_key(kind) } else { kind.words() }
    }

    /// How many elements of a kind must be survived at once, as `targets.survive` says.
    #[must_use]
    pub fn target(&self, kind: Kind, survive: &Survive) -> u32 {
        match kind {
            Kind::Named(_) => survive.named.get(self.kind_key(kind)).copied().unwrap_or(0),
            _ => survive.of(kind),
        }
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

    /// A formula with these events happened, and everything else open.
    pub fn with_down(&mut self, formula: Formula, down: &[EventId]) -> Formula {
        self.formulas.restrict(formula, |event| down.contains(&event).then_some(true))
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

fn unavailability(topology: &Topology, event: &Event) -> Option<f64> {
    let reliability = topology.pillar.reliability.as_ref()?;
    let own = reliability.elements.get(&event.name);
    let rate = own.or_else(|| reliability.kinds.get(topology.domains.key(event.kind)))?;
    Some(rate.unavailability())
}
