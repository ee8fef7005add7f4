//! How a running cluster comes from one pillar to another.

use crate::topology::Topology as PythonTopology;
use crate::{errors, json};
use ::topology::{Facts, Topology};
use diagnostics::Diagnostic;
use gate::Objection;
use pyo3::prelude::*;

/// The plan as a dict; `found` are the findings of the new pillar.
///
/// # Errors
/// `RenderError` when a file cannot be rendered.
pub fn plan<'py>(
    py: Python<'py>,
    (old, new): (&Topology, &Topology),
    facts: &Facts,
    found: &[Diagnostic],
) -> PyResult<Bound<'py, PyAny>> {
    let forbids: Vec<Objection> = found.iter().filter(|finding| lint::blocks(finding)).map(Objection::of).collect();
    let answer = py.detach(|| gate::plan(old, new, facts, forbids)).map_err(|error| errors::not_rendered(&error))?;
    json::to_python(py, &errors::structure(&answer)?)
}

/// The nodes in the order in which they are worked on one after the other; `leader` is the node whose member leads etcd.
#[pyfunction]
#[pyo3(signature = (topology, leader = None))]
pub fn roll_order(topology: &PythonTopology, leader: Option<&str>) -> PyResult<Vec<String>> {
    Ok(gate::roll_order(topology.resolved()?, leader).into_iter().map(str::to_owned).collect())
}
