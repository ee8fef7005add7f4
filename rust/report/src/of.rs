//! A report from the failure model's answers.

mod cut_sets;
mod losses;
mod others;
mod services;

use crate::data::{Drawn, Element, ElementIndex, Finding, Kind, Report};
use diagnostics::{Diagnostic, Sources};
use faults::{Event, EventId, Model};
use topology::Topology;

/// Steps that all questions of a report may take together: half a minute at most, on any machine of today. A report about
/// 500 nodes takes a tenth of it.
const WORK: u64 = 2_000_000_000;

/// All that the failure model says about a topology. `findings` are those of the rules, which point into `sources`; `date` is
/// the day for which they hold.
#[must_use]
pub fn of(topology: &Topology, findings: &[Diagnostic], sources: &Sources, date: &str) -> Report {
    let mut model = Model::of(topology);
    let mut work = WORK;
    Report {
        cluster: topology.cluster.name.clone(),
        version: format!("k8s-ha {}", env!("CARGO_PKG_VERSION")),
        date: date.to_owned(),
        kinds: kinds(topology, &model),
        elements: model.events.iter().map(|event| element(topology, &model, event)).collect(),
        services: services::all(topology, &mut model, &mut work),
        losses: losses::all(&mut model),
        cut_sets: cut_sets::all(&mut model),
        partitions: others::partitions(topology, &model, &mut work),
        capacity: others::capacity(topology, &model, &mut work),
        start_up: Some(others::start_up(topology)),
        findings: Some(findings.iter().map(|finding| others::finding(finding, sources)).collect::<Vec<Finding>>()),
    }
}

/// The kinds of every topology, and those that the pillar names.
fn kinds(topology: &Topology, model: &Model) -> Vec<Kind> {
    let mut kinds = Kind::standard();
    let named = topology.domains.kinds().filter(|kind| matches!(kind, topology::Kind::Named(_)));
    kinds.extend(named.map(|kind| {
        let key = model.kind_key(kind).to_owned();
        Kind { one: key.clone(), many: key.clone(), key, drawn: Drawn::Supply }
    }));
    kinds
}

fn element(topology: &Topology, model: &Model, event: &Event) -> Element {
    let id = topology.domains.find(event.kind, &event.name);
    let needs = match (event.runs_on, id) {
        (Some(host), _) => vec![vec![host.0]],
        (None, Some(id)) => {
            let groups = &topology.domains.element(id).needs;
            groups.iter().map(|group| group.iter().map(|needed| needed.0).collect()).collect()
        }
        (None, None) => Vec::new(),
    };
    Element { kind: model.kind_key(event.kind).to_owned(), name: event.name.clone(), needs }
}

/// Events and elements have the same numbers.
fn index(event: EventId) -> ElementIndex {
    event.0
}

fn indices(events: &[EventId]) -> Vec<ElementIndex> {
    events.iter().map(|event| index(*event)).collect()
}
