//! Answers with names, as JSON and Python get them.

use crate::formula::EventId;
use crate::loss::Loss;
use crate::model::Model;
use crate::service::{Level, ServiceId};
use crate::table::Table;
use crate::tolerance::Tolerance;
use indexmap::IndexMap;
use serde::Serialize;
use topology::pillar::Survive;

/// An element by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ElementName {
    /// Key of its kind, such as `hypervisor`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// How many losses of one kind are survived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToleranceAnswer {
    /// So many, whichever they are; `null` when it is lost already.
    pub survives: Option<u32>,
    /// Whether one more breaks it. Otherwise the allowed work ended there, and more may be survived.
    pub settled: bool,
    /// Elements of the kind that are not down.
    pub of: u32,
    /// What `targets.survive` asks for.
    pub target: u32,
    /// Names of a set that breaks it: the smallest where settled. Empty when nothing of this kind does.
    pub witness: Vec<String>,
}

/// How much one service survives: by level, then by kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceAnswer {
    /// Its name.
    pub service: String,
    /// By `serve`, `recover` and, for a service that keeps data, `data`; then by the key of the kind.
    pub tolerance: IndexMap<&'static str, IndexMap<String, ToleranceAnswer>>,
    /// Services without which it serves less.
    pub degraded_by: Vec<String>,
}

/// How much every service survives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableAnswer {
    /// What is down already.
    pub down: Vec<ElementName>,
    /// Keys of the kinds of which there is an element, from the widest to the narrowest.
    pub kinds: Vec<String>,
    /// The services.
    pub services: Vec<ServiceAnswer>,
}

/// A service and others that belong to the sentence about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostAnswer {
    /// Its name.
    pub service: String,
    /// The levels that are lost.
    pub levels: Vec<&'static str>,
}

/// A service that serves less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DegradedAnswer {
    /// Its name.
    pub service: String,
    /// What it misses.
    pub without: Vec<String>,
}

/// What one further failure takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextAnswer {
    /// What fails.
    #[serde(flatten)]
    pub element: ElementName,
    /// Services that no longer serve.
    pub takes: Vec<String>,
}

/// What is lost with certain elements down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LossAnswer {
    /// What is down: what was named, and all that is lost with it.
    pub down: Vec<ElementName>,
    /// Services that lost a level.
    pub lost: Vec<LostAnswer>,
    /// Services that serve less.
    pub degraded: Vec<DegradedAnswer>,
    /// Services that lost nothing.
    pub left: Vec<String>,
    /// What one further failure takes of those that serve.
    pub next: Vec<NextAnswer>,
}

impl Model {
    /// The name of an element.
    #[must_use]
    pub fn element_name(&self, event: EventId) -> ElementName {
        let event = self.event(event);
        ElementName { kind: self.kind_key(event.kind).to_owned(), name: event.name.clone() }
    }

    /// A table with names; `survive` is what the pillar asks for.
    #[must_use]
    pub fn table_answer(&self, table: &Table, down: &[EventId], survive: &Survive) -> TableAnswer {
        let key = |kind: &topology::Kind| self.kind_key(*kind).to_owned();
        let row = |row: &crate::table::Row| ServiceAnswer {
            service: self.service_name(row.service),
            tolerance: row
                .levels
                .iter()
                .map(|(level, tolerances)| {
                    let by_kind = table.kinds.iter().zip(tolerances);
                    let answer = |(kind, tolerance): (&topology::Kind, &Tolerance)| {
                        (key(kind), self.tolerance_answer(tolerance, self.target(*kind, survive)))
                    };
                    (level.key(), by_kind.map(answer).collect())
                })
                .collect(),
            degraded_by: self.services[row.service.0].degraded_by.iter().map(|id| self.service_name(*id)).collect(),
        };
        TableAnswer {
            down: down.iter().map(|event| self.element_name(*event)).collect(),
            kinds: table.kinds.iter().map(key).collect(),
            services: table.rows.iter().map(row).collect(),
        }
    }

    /// A loss with names.
    #[must_use]
    pub fn loss_answer(&self, loss: &Loss) -> LossAnswer {
        let names = |ids: &[ServiceId]| ids.iter().map(|id| self.service_name(*id)).collect();
        let serves = |id: &ServiceId| loss.lost.iter().all(|(other, _)| other != id);
        LossAnswer {
            down: loss.down.iter().map(|event| self.element_name(*event)).collect(),
            lost: loss
                .lost
                .iter()
                .map(|(id, levels)| LostAnswer {
                    service: self.service_name(*id),
                    levels: levels.iter().map(|level: &Level| level.key()).collect(),
                })
                .collect(),
            degraded: loss
                .degraded
                .iter()
                .map(|(id, without)| DegradedAnswer { service: self.service_name(*id), without: names(without) })
                .collect(),
            left: (0..self.services.len()).map(ServiceId).filter(serves).map(|id| self.service_name(id)).collect(),
            next: loss
                .next
                .iter()
                .map(|(event, takes)| NextAnswer { element: self.element_name(*event), takes: names(takes) })
                .collect(),
        }
    }

    fn tolerance_answer(&self, tolerance: &Tolerance, target: u32) -> ToleranceAnswer {
        ToleranceAnswer {
            survives: tolerance.survives,
            settled: tolerance.settled,
            of: tolerance.of,
            target,
            witness: tolerance.witness.iter().map(|event| self.event(*event).name.clone()).collect(),
        }
    }

    fn service_name(&self, id: ServiceId) -> String {
        self.services[id.0].name.clone()
    }
}
