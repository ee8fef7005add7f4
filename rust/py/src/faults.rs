//! What the failure model answers, as Python's dicts.

use crate::{errors, json};
use ::topology::Topology;
use faults::{About, CutSetsQuestion, EventId, Level, Model, WORK_OF_A_TABLE};
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

/// The minimal cut sets of a service and level, or of all services, up to so many failures.
///
/// # Errors
/// `ValueError` when there is no such service, level or element.
pub fn cut_sets<'py>(
    py: Python<'py>,
    topology: &Topology,
    (service, level, order): (Option<&str>, &str, u32),
    down: &[String],
) -> PyResult<Bound<'py, PyAny>> {
    let level = Level::ALL
        .into_iter()
        .find(|known| known.key() == level)
        .ok_or_else(|| errors::argument(format!("`{level}` is no level; there is: serve, recover, data")))?;
    let answers = py.detach(|| {
        let mut model = Model::of(topology);
        let down = elements(&model, down)?;
        let question = CutSetsQuestion { service, level, order, down: &down };
        model.listed_cut_sets(question).map_err(|error| errors::argument(error.to_string()))
    })?;
    json::to_python(py, &errors::structure(&answers)?)
}

/// An answer about the whole cluster.
///
/// # Errors
/// `ValueError` when nothing of the kind is answered, or not about this cluster.
pub fn about<'py>(py: Python<'py>, topology: &Topology, what: &str, cut: &[String]) -> PyResult<Bound<'py, PyAny>> {
    let asked = match what {
        "partitions" => About::Partitions(cut),
        "capacity" => About::Capacity,
        "start-order" => About::StartOrder,
        "switch-over" => About::SwitchOver,
        "availability" => About::Availability,
        _ => {
            let message = format!(
                "`{what}` is not answered; there is: partitions, capacity, start-order, switch-over, availability"
            );
            return Err(errors::argument(message));
        }
    };
    let answer = py.detach(|| {
        let answer = faults::about(topology, &mut Model::of(topology), asked);
        answer.map_err(|error| errors::argument(error.to_string()))
    })?;
    json::to_python(py, &errors::structure(&answer)?)
}

/// A report in a format.
///
/// # Errors
/// `ValueError` when there is no such format.
pub fn report(data: &report::Report, format: &str) -> PyResult<String> {
    let text = match format {
        "html" => report::html(data),
        "svg" => report::svg(data),
        "mermaid" => report::mermaid(data),
        _ => return Err(errors::argument(format!("`{format}` is no format; there is: html, svg, mermaid"))),
    };
    text.map_err(|error| errors::argument(error.to_string()))
}

fn elements(model: &Model, names: &[String]) -> PyResult<Vec<EventId>> {
    names.iter().map(|name| model.named(name).map_err(|error| errors::argument(error.to_string()))).collect()
}
