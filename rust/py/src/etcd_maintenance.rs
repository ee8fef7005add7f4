//! What is to be done so that etcd stays small and writable.

use crate::judge::observed;
use crate::{errors, json};
use gate::etcd_maintenance::{Known, Maintained, maintain};
use pyo3::prelude::*;

/// What is to be done now, by what was observed and what is known of the members' databases (both JSON): a dict with `step`
/// (`nothing`, `defragment`, `compact`, `disarm`, `wait` or `stuck`), `reason`, and what belongs to the step.
#[pyfunction]
pub fn etcd_maintenance<'py>(py: Python<'py>, observation: &str, known: &str) -> PyResult<Bound<'py, PyAny>> {
    errors::guarded(|| {
        let known: Known = serde_json::from_str(known)
            .map_err(|error| errors::argument(format!("what is known of the databases cannot be read: {error}")))?;
        json::to_python(py, &errors::structure(&maintain(&Maintained::of(&observed(observation)?, &known)))?)
    })
}
