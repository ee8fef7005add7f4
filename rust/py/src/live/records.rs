//! The class `Records`.

use super::{call, call_for_value};
use crate::topology::Topology;
use gate::Maintenance;
use live::{Identity, Keeper};
use pyo3::prelude::*;
use std::time::Duration;

/// Each member gets this long to answer.
const LIMIT: Duration = Duration::from_secs(2);

/// Where lock and records are kept; `etcd` is the authority, a client certificate and its key, PEM.
pub(super) fn keeper(py: Python<'_>, topology: &Topology, etcd: (String, String, String)) -> PyResult<Keeper> {
    let topology = topology.resolved()?;
    let (ca, certificate, key) = etcd;
    call(py, || Keeper::of(topology, &ca, &Identity { certificate, key }, LIMIT))
}

/// What is on record in etcd beside the lock: steps that were begun and have not ended well, and nodes in maintenance.
///
/// `etcd` is the authority, a client certificate and its key, PEM.
#[pyclass(frozen, module = "saltext.k8s_ha._core")]
pub struct Records {
    keeper: Keeper,
}

#[pymethods]
impl Records {
    #[new]
    fn new(py: Python<'_>, topology: &Topology, etcd: (String, String, String)) -> PyResult<Self> {
        Ok(Self { keeper: keeper(py, topology, etcd)? })
    }

    /// Who has the lock now, or None.
    fn holder<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || self.keeper.holder())
    }

    /// Steps that were begun and have not ended well: dicts as `Lock.holder` gives one.
    fn steps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || self.keeper.steps())
    }

    /// The step that freezes this digest for this node, or None.
    fn frozen<'py>(&self, py: Python<'py>, node: &str, digest: &str) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || Ok(gate::frozen(&self.keeper.steps()?, node, digest).cloned()))
    }

    /// Takes a node's step off the record.
    fn finish(&self, py: Python<'_>, node: &str) -> PyResult<()> {
        call(py, || self.keeper.finish(node))
    }

    /// Maintenance on record: dicts with `node`, `until` and `since` (seconds since the epoch) and `reason`.
    fn maintenance<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || self.keeper.maintenance())
    }

    /// Puts a node's maintenance on record.
    fn keep_maintenance(&self, py: Python<'_>, node: String, until: f64, reason: String, since: f64) -> PyResult<()> {
        call(py, || self.keeper.keep_maintenance(&Maintenance { node, until, reason, since }))
    }

    /// Ends a node's maintenance.
    fn end_maintenance(&self, py: Python<'_>, node: &str) -> PyResult<()> {
        call(py, || self.keeper.end_maintenance(node))
    }
}
