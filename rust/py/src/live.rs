//! What observes and acts over the network: the classes `Api`, `Etcd`, `Turn`, `Lock` and `Slot`, and their exception.

mod api;
mod etcd;
mod lock;
pub mod machines;
pub mod observe;
mod slot;
mod turn;

pub use api::Api;
pub use etcd::Etcd;
pub use lock::Lock;
pub use slot::Slot;
pub use turn::Turn;

use crate::errors::K8sHaError;
use crate::{errors, json};
use live::Error;
use pyo3::create_exception;
use pyo3::prelude::*;
use serde::Serialize;
use std::time::Duration;

create_exception!(
    saltext.k8s_ha._core,
    LiveError,
    K8sHaError,
    "Something that cannot be observed or done over the network; `kind` is a word for each case."
);

/// Does a call of `live` while other threads of Python may run.
///
/// # Errors
/// `LiveError` with the sentence of the call's error, and its `kind`.
fn call<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error> + Send) -> PyResult<T> {
    errors::guarded(|| py.detach(work).map_err(|error| raised(py, &error)))
}

/// As [`call`], and gives Python's own types.
fn call_for_value<T: Serialize + Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> PyResult<Bound<'_, PyAny>> {
    let value = call(py, work)?;
    json::to_python(py, &errors::structure(&value)?)
}

/// What was seen, as JSON.
///
/// # Errors
/// `LiveError` for what JSON has no form for.
fn written<T: Serialize>(py: Python<'_>, seen: &T) -> PyResult<String> {
    serde_json::to_string(seen)
        .map_err(|error| raised(py, &Error::Argument(format!("what was seen cannot be written: {error}"))))
}

fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let raised = LiveError::new_err(error.to_string());
    // An exception of ours takes any attribute; should that ever fail, the sentence matters more.
    _ = raised.value(py).setattr("kind", error.kind());
    raised
}

/// A limit of time from a number of seconds.
///
/// # Errors
/// `ValueError` unless it is a number above zero, and at most an hour.
fn limit(seconds: f64) -> PyResult<Duration> {
    const LONGEST: f64 = 3600.0;
    if seconds > 0.0 && seconds <= LONGEST {
        return Ok(Duration::from_secs_f64(seconds));
    }
    Err(errors::argument(format!("timeout is {seconds}; give a number of seconds above 0 and at most {LONGEST}")))
}
