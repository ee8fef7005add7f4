//! What is lost when something is down, and what the next loss would do.

use crate::formula::{EventId, Formula};
use crate::model::Model;
use crate::service::{Level, ServiceId};

/// What is lost with certain elements down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// What is down: what was named, and every element that is lost with it; sorted.
    pub down: Vec<EventId>,
    /// Services that are lost, each with the levels that are; sorted.
    pub lost: Vec<(ServiceId, Vec<Level>)>,
    /// Services that serve without something that they use, with what is missing; sorted.
    pub degraded: Vec<(ServiceId, Vec<ServiceId>)>,
    /// What one further failure would take, for each that takes something: the element, and the services that would no longer
    /// serve. Sorted by element.
    pub next: Vec<(EventId, Vec<ServiceId>)>,
}

/// What is lost when these have failed.
#[must_use]
pub fn loss(model: &mut Model, failed: &[EventId]) -> Loss {
    let mut failed = failed.to_vec();
    failed.sort_unstable();
    failed.dedup();
    let services: Vec<ServiceId> = (0..model.services.len()).map(ServiceId).collect();
    let left: Vec<Formula> = services
        .iter()
        .map(|service| {
            let serve = model.services[service.0].serve;
            model.with_down(serve, &failed)
        })
        .collect();
    let mut answer = Loss { down: model.down_with(&failed), ..Loss::default() };
    for service in &services {
        let levels: Vec<Level> = Level::ALL
            .into_iter()
            .filter(|level| {
                let lost = model.services[service.0].lost(*level);
                lost.is_some_and(|lost| model.with_down(lost, &failed) == Formula::TRUE)
            })
            .collect();
        if !levels.is_empty() {
            answer.lost.push((*service, levels));
        }
        let missing: Vec<ServiceId> = model.services[service.0].degraded_by.clone();
        let missing: Vec<ServiceId> = missing.into_iter().filter(|other| left[other.0] == Formula::TRUE).collect();
        if left[service.0] != Formula::TRUE && !missing.is_empty() {
            answer.degraded.push((*service, missing));
        }
    }
    answer.next = next_losses(model, &services, &left);
    answer
}

/// Single further failures that take a service which still serves.
fn next_losses(model: &Model, services: &[ServiceId], left: &[Formula]) -> Vec<(EventId, Vec<ServiceId>)> {
    let mut next: std::collections::BTreeMap<EventId, Vec<ServiceId>> = std::collections::BTreeMap::new();
    for service in services.iter().filter(|service| !matches!(left[service.0], Formula::TRUE | Formula::FALSE)) {
        for event in model.formulas.single_points(left[service.0]) {
            next.entry(event).or_default().push(*service);
        }
    }
    next.into_iter().collect()
}

impl Model {
    /// These events, and those of all elements of the topology and programs that are lost with them; sorted.
    #[must_use]
    pub fn down_with(&self, failed: &[EventId]) -> Vec<EventId> {
        let failed: std::collections::HashSet<EventId> = failed.iter().copied().collect();
        let lost = |event: &EventId| self.formulas.holds(self.lost(*event), |other| failed.contains(&other));
        (0..crate::formula::count(self.events.len())).map(EventId).filter(lost).collect()
    }
}
