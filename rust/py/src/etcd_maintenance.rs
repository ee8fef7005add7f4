//! What is to be done so that etcd stays small and writable.

use crate::{errors, json};
use gate::etcd_maintenance::{Maintained, maintain};
use pyo3::prelude::*;

/// What is to be done now, by what is known of the members (JSON): a dict with `step` (`nothing`, `defragment`, `compact`, `disarm`,
/// `wait` or `stuck`), `reason`, and what belongs to the step.
#[pyfunction]
pub fn etcd_maintenance<'py>(py: Python<'py>, seen: &str) -> PyResult<Bound<'py, PyAny>> {
    errors::guarded(|| {
        let seen: Maintained = serde_json::from_str(seen)
            .map_err(|error| errors::argument(format!("what is known of the members cannot be read: {error}")))?;
        json::to_python(py, &errors::structure(&maintain(&seen))?)
    })
}
