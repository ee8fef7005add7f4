//! What the failure model answers, as Python's dicts.

use crate::{errors, json};
use ::topology::Topology;
use faults::{EventId, Model, WORK_OF_A_TABLE};
use pyo3::prelude::*;

/// How many losses of each kind every service survives, with these elements down.
///
/// # Errors
/// `ValueError` when there is no such element.
pub fn tolerance<'py>(py: Python<'py>, topology: &Topology, down: &[String]) -> PyResult<Bound<'py, PyAny>> {
    let answer = py.detach(|| {
        let mut model = Model::of(topology);
        let down = elements(&model, down)?;
        let table = faults::table(&mut model, &down, &mut WORK_OF_A_TABLE.clone());
        Ok::<_, PyErr>(model.table_answer(&table, &down, &topology.targets.survive))
    })?;
    json::to_python(py, &errors::structure(&answer)?)
}

/// What is lost with these elements down, and what the next loss would take.
///
/// # Errors
/// `ValueError` when there is no such element.
pub fn loss<'py>(py: Python<'py>, topology: &Topology, down: &[String]) -> PyResult<Bound<'py, PyAny>> {
    let answer = py.detach(|| {
        let mut model = Model::of(topology);
        let down = elements(&model, down)?;
        let loss = faults::loss(&mut model, &down);
        Ok::<_, PyErr>(model.loss_answer(&loss))
    })?;
    json::to_python(py, &errors::structure(&answer)?)
}

fn elements(model: &Model, names: &[String]) -> PyResult<Vec<EventId>> {
    names.iter().map(|name| model.named(name).map_err(|error| errors::argument(error.to_string()))).collect()
}
