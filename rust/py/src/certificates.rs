//! Whose certificates these are and when they end.

use crate::errors::{self, K8sHaError};
use crate::json;
use ::certificates::{Error, certificates_of_pem, client_of_kubeconfig};
use pyo3::prelude::*;
use serde::Serialize;

/// The certificates of a PEM text in its order, each a dict with `subject`, `begins` and `ends` (seconds since the epoch).
///
/// # Errors
/// `K8sHaError` for a text without a certificate, or with a damaged one.
pub fn of_pem<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    handed_over(py, certificates_of_pem(text))
}

/// The client certificate of a kubeconfig's current context: a dict with `certificates` (as [`of_pem`] gives them) and `file` (the one
/// that it names instead, or None).
///
/// # Errors
/// `K8sHaError` for a text that is no kubeconfig, or has a damaged certificate in it.
pub fn of_kubeconfig<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    handed_over(py, client_of_kubeconfig(text))
}

fn handed_over(py: Python<'_>, read: Result<impl Serialize, Error>) -> PyResult<Bound<'_, PyAny>> {
    let value = read.map_err(|error| K8sHaError::new_err(error.to_string()))?;
    json::to_python(py, &errors::structure(&value)?)
}
