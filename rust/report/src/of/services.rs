//! How much each service survives, and how likely it serves.

use super::{index, indices};
use crate::data::{Availability, Contribution, Level, Service, ServiceIndex, Tolerance};
use faults::{Model, WORK_OF_A_TABLE, declared_availability, table};
use topology::Topology;

/// Contributions that are shown for one service.
const CONTRIBUTIONS: usize = 12;

/// All services, in the order of the model.
pub(super) fn all(topology: &Topology, model: &mut Model, work: &mut u64) -> Vec<Service> {
    let answers = table(model, &[], &mut WORK_OF_A_TABLE.clone());
    let rows = answers.rows.iter().map(|row| {
        let service = &model.services[row.service.0];
        // Where nothing is started elsewhere, to serve is what the target asks.
        let needs_no_start = service.serve == service.recover;
        let mut tolerances = Vec::new();
        for (level, by_kind) in &row.levels {
            for (kind, tolerance) in answers.kinds.iter().zip(by_kind) {
                let asked = *level != Level::Serve || needs_no_start;
                let target = model.target(*kind, &topology.targets.survive);
                tolerances.push(Tolerance {
                    kind: model.kind_key(*kind).to_owned(),
                    level: *level,
                    survives: tolerance.survives.unwrap_or(0),
                    of: tolerance.of,
                    settled: tolerance.settled,
                    witness: indices(&tolerance.witness),
                    target: (asked && target > 0).then_some(target),
                });
            }
        }
        Service {
            name: service.name.clone(),
            about: String::new(),
            degraded_by: service.degraded_by.iter().map(|other| service_index(other.0)).collect(),
            tolerance: tolerances,
            availability: None,
        }
    });
    let mut services: Vec<Service> = rows.collect();
    if topology.pillar.reliability.is_some() {
        for (place, service) in services.iter_mut().enumerate() {
            service.availability = availability(model, place, work);
        }
    }
    services
}

fn availability(model: &mut Model, place: usize, work: &mut u64) -> Option<Availability> {
    let lost = model.services[place].serve;
    let answer = declared_availability(model, lost, work).ok()?;
    let contributions = answer.contributions.iter().take(CONTRIBUTIONS);
    Some(Availability {
        share: 1.0 - answer.at_most,
        contributions: contributions
            .map(|part| Contribution { element: index(part.event), share: part.share })
            .collect(),
    })
}

/// Services have the same numbers as in the model.
pub(super) fn service_index(place: usize) -> ServiceIndex {
    ServiceIndex::try_from(place).unwrap_or(ServiceIndex::MAX)
}
