//! Whether a step may be done.

use crate::topology::Topology;
use crate::{errors, json};
use faults::Model;
use gate::{Action, OBSERVATION_SCHEMA, Observation, ObservationError, Step};
use pyo3::prelude::*;

/// The verdict on a step to a cluster that was seen like this (JSON, as `observe` gives it): a dict with `verdict` (`go`, `wait`
/// or `refuse`), `reason`, `remedy`, `takes` and `move_leader_to`. Without `programs` the step takes the whole nodes.
#[pyfunction]
#[pyo3(signature = (topology, observation, action, nodes, programs = Vec::new()))]
pub fn judge<'py>(
    py: Python<'py>,
    topology: &Topology,
    observation: &str,
    action: &str,
    nodes: Vec<String>,
    programs: Vec<String>,
) -> PyResult<Bound<'py, PyAny>> {
    errors::guarded(|| {
        let topology = topology.resolved()?;
        let (observation, step) = (observed(observation)?, step(action, nodes, programs)?);
        let answer = py.detach(|| gate::judge(topology, &mut Model::of(topology), &observation, &step).answer());
        json::to_python(py, &errors::structure(&answer)?)
    })
}

/// What of a step is not back yet, in a sentence; None when everything that it took does its work. Arguments as for `judge`.
#[pyfunction]
#[pyo3(signature = (topology, observation, action, nodes, programs = Vec::new()))]
pub fn unsettled(
    topology: &Topology,
    observation: &str,
    action: &str,
    nodes: Vec<String>,
    programs: Vec<String>,
) -> PyResult<Option<String>> {
    errors::guarded(|| {
        let (observation, step) = (observed(observation)?, step(action, nodes, programs)?);
        Ok(gate::unsettled(topology.resolved()?, &observation, &step))
    })
}

fn step(action: &str, nodes: Vec<String>, programs: Vec<String>) -> PyResult<Step> {
    Ok(Step { action: action_of(action)?, nodes, programs })
}

fn action_of(name: &str) -> PyResult<Action> {
    Action::of(name).ok_or_else(|| {
        let known: Vec<&str> = Action::ALL.into_iter().map(Action::key).collect();
        errors::argument(format!("`{name}` is no step; there is: {}", known.join(", ")))
    })
}

/// Whether pods are asked to go before such a step: their disruption budgets are looked at then.
#[pyfunction]
pub fn evicts(action: &str) -> PyResult<bool> {
    errors::guarded(|| Ok(action_of(action)?.evicts()))
}

/// An observation from JSON.
///
/// # Errors
/// `ValueError` for a text that is none.
pub fn observed(text: &str) -> PyResult<Observation> {
    Observation::read(text).map_err(|error| {
        errors::argument(match error {
            ObservationError::Schema(schema) => {
                format!("the observation has schema {schema}, this release reads {OBSERVATION_SCHEMA}")
            }
            ObservationError::Shape(error) => format!("the observation cannot be read: {error}"),
        })
    })
}

/// A step in words: `restarting etcd on cp1`. Arguments as for `judge`.
#[pyfunction]
#[pyo3(signature = (action, nodes, programs = Vec::new()))]
pub fn step_words(action: &str, nodes: Vec<String>, programs: Vec<String>) -> PyResult<String> {
    errors::guarded(|| Ok(step(action, nodes, programs)?.words()))
}

/// What counts as down in a cluster that was seen like this, as `Topology.tolerance` and `Topology.faults` take it.
#[pyfunction]
pub fn away(topology: &Topology, observation: &str) -> PyResult<Vec<String>> {
    errors::guarded(|| {
        let topology = topology.resolved()?;
        Ok(gate::away(topology, &Model::of(topology), &observed(observation)?))
    })
}
