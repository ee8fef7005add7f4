//! What is asked about a whole cluster, with names: by the command, from Python, from Salt.

use crate::availability::{AvailabilityAnswer, NotAShare, declared_availability};
use crate::capacity::{CapacityAnswer, Demand, capacity, machines};
use crate::model::Model;
use crate::partitions::{Cut, CutError, PartitionAnswer, partition, partitions};
use crate::start_order::{StartOrder, start_order};
use crate::switch_over::{SwitchOverAnswer, switch_over};
use serde::Serialize;
use topology::Topology;

/// Steps that one answer may take: seconds.
const WORK: u64 = 200_000_000;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About<'a> {
    /// What the cut between these nodes and all others does; without nodes, what every cut of the declared network does.
    Partitions(&'a [String]),
    /// Whether everything fits after the losses that must be survived.
    Capacity,
    /// The order of a start after a total power loss.
    StartOrder,
    /// How long each fail-over takes.
    SwitchOver,
    /// How much of the time each service serves.
    Availability,
}

/// The answer.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum AboutAnswer {
    /// Cut by cut.
    Partitions(Vec<PartitionAnswer>),
    /// Pods in nodes, and machines in hypervisors.
    Capacity(CapacityAnswer),
    /// What starts, and what waits for itself.
    StartOrder(StartOrder),
    /// Failure by failure.
    SwitchOver(Vec<SwitchOverAnswer>),
    /// Service by service.
    Availability(Vec<AvailabilityAnswer>),
}

/// Something that cannot be asked of this cluster.
#[derive(Debug, thiserror::Error)]
pub enum AboutError {
    /// The nodes make no cut.
    #[error(transparent)]
    Cut(#[from] CutError),
    /// No mean times are declared.
    #[error(
        "the pillar has no `reliability`: write mean times by kind, such as `reliability: {{node: {{mtbf: 8000h, mttr: \
         2h}}}}`"
    )]
    NoReliability,
    /// A share of the time that is none.
    #[error(transparent)]
    Share(#[from] NotAShare),
}

/// The answer, with names.
///
/// # Errors
/// [`AboutError`] when it cannot be asked of this cluster.
pub fn about(topology: &Topology, model: &mut Model, about: About<'_>) -> Result<AboutAnswer, AboutError> {
    let mut work = WORK;
    Ok(match about {
        About::Partitions([]) => {
            let all = partitions(model, topology, &mut work).evaluated;
            AboutAnswer::Partitions(all.iter().map(|each| model.partition_answer(topology, each)).collect())
        }
        About::Partitions(cut) => {
            let names: Vec<&str> = cut.iter().map(String::as_str).collect();
            let cut = partition(model, topology, Cut::of_nodes(topology, &names)?);
            AboutAnswer::Partitions(vec![model.partition_answer(topology, &cut)])
        }
        About::Capacity => {
            let rows = capacity(topology, &Demand::declared(topology), &mut work);
            AboutAnswer::Capacity(model.capacity_answer(topology, &rows, &machines(topology, &mut work)))
        }
        About::StartOrder => AboutAnswer::StartOrder(start_order(topology)),
        About::SwitchOver => {
            AboutAnswer::SwitchOver(switch_over(topology).iter().map(|each| each.answer(topology)).collect())
        }
        About::Availability => AboutAnswer::Availability(availabilities(topology, model, &mut work)?),
    })
}

fn availabilities(
    topology: &Topology,
    model: &mut Model,
    work: &mut u64,
) -> Result<Vec<AvailabilityAnswer>, AboutError> {
    if topology.pillar.reliability.is_none() {
        return Err(AboutError::NoReliability);
    }
    let asked: Vec<_> = model.services.iter().map(|service| (service.name.clone(), service.serve)).collect();
    let answer = |(name, lost): (String, _)| {
        let found = declared_availability(model, lost, work)?;
        Ok(model.availability_answer(&name, &found))
    };
    asked.into_iter().map(answer).collect()
}
