//! The class `Lock`.

use super::turn::Turn;
use super::{call, call_for_value};
use crate::topology::Topology;
use gate::Maintenance;
use live::{Identity, Keeper};
use pyo3::prelude::*;
use std::time::Duration;

/// Each member gets this long to answer.
const LIMIT: Duration = Duration::from_secs(2);

/// The lock under which one host at a time is disturbed; kept in etcd, by a lease that is renewed while it is held.
///
/// `etcd` is the authority, a client certificate and its key, PEM. One that is dropped, or whose process dies, frees itself when
/// its lease of `seconds` ends.
#[pyclass(frozen, extends = Turn, module = "saltext.k8s_ha._core")]
pub struct Lock {
    keeper: Keeper,
}

#[pymethods]
impl Lock {
    #[new]
    #[pyo3(signature = (topology, etcd, seconds = 30))]
    fn new(
        py: Python<'_>,
        topology: &Topology,
        etcd: (String, String, String),
        seconds: u64,
    ) -> PyResult<PyClassInitializer<Self>> {
        let topology = topology.resolved()?;
        let (ca, certificate, key) = etcd;
        let keeper = call(py, || Keeper::of(topology, &ca, &Identity { certificate, key }, LIMIT))?;
        Ok(Turn::new(keeper.clone(), seconds).of(Self { keeper }))
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
