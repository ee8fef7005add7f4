//! What Python sees when something cannot be done: one tree of exceptions.

use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use topology::Facts;

create_exception!(saltext.k8s_ha._core, K8sHaError, PyException, "Something that saltext.k8s_ha cannot do.");
create_exception!(
    saltext.k8s_ha._core,
    PillarError,
    K8sHaError,
    "The pillar has blocking findings, or cannot be read at all."
);
create_exception!(
    saltext.k8s_ha._core,
    RenderError,
    K8sHaError,
    "A file or a virtual machine of a node cannot be rendered."
);

create_exception!(saltext.k8s_ha._core, LedgerError, K8sHaError, "The master's record of a cluster cannot be used.");

/// Runs a call from Python and turns a panic into a `K8sHaError`: pyo3's own `PanicException` passes every `except Exception`.
///
/// # Errors
/// Those of the call, and the panic.
pub fn guarded<T>(call: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| Err(K8sHaError::new_err(internal(&*panic))))
}

fn internal(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("internal error of saltext.k8s_ha {}: {}", env!("CARGO_PKG_VERSION"), text.unwrap_or("no message"))
}

/// A pillar that is refused before anything reads it.
pub fn refused(message: impl Into<String>) -> PyErr {
    PillarError::new_err(message.into())
}

/// A file or virtual machine that cannot be rendered.
pub fn not_rendered(error: &render::Error) -> PyErr {
    RenderError::new_err(error.to_string())
}

/// A record of the master that cannot be used.
pub fn ledger(error: &gate::creation::LedgerError) -> PyErr {
    LedgerError::new_err(error.to_string())
}

/// A structure of ours as a JSON value.
///
/// # Errors
/// Never for the structures that are handed out here.
pub fn structure(value: &impl serde::Serialize) -> PyResult<serde_json::Value> {
    serde_json::to_value(value).map_err(|error| RenderError::new_err(error.to_string()))
}

/// The built-in version facts.
///
/// # Errors
/// When they cannot be read, which a test of their crate excludes.
pub fn facts() -> PyResult<Facts> {
    Facts::built_in().map_err(K8sHaError::new_err)
}

/// An argument that has no meaning.
pub fn argument(message: impl Into<String>) -> PyErr {
    PyValueError::new_err(message.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_exception_that_can_be_caught() {
        Python::initialize();
        let error = guarded(|| -> PyResult<()> { panic!("of a test") }).unwrap_err();
        Python::attach(|py| {
            assert!(error.is_instance_of::<K8sHaError>(py));
            assert!(error.to_string().contains("internal error") && error.to_string().contains("of a test"), "{error}");
        });
    }
}
