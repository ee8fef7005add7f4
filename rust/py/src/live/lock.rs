//! The class `Lock`.

use super::{call, call_for_value};
use crate::topology::Topology;
use crate::{errors, json};
use gate::{Holder, Maintenance};
use live::{Identity, Keep, Keeper, Renewing};
use pyo3::prelude::*;
use std::time::Duration;

/// Each member gets this long to answer.
const LIMIT: Duration = Duration::from_secs(2);

/// The lock under which one host at a time is disturbed; kept in etcd, by a lease that is renewed while it is held.
///
/// `etcd` is the authority, a client certificate and its key, PEM. One that is dropped, or whose process dies, frees itself when
/// its lease of `seconds` ends.
#[pyclass(frozen, module = "saltext.k8s_ha._core")]
pub struct Lock {
    lock: Renewing<Keeper>,
    seconds: u64,
}

#[pymethods]
impl Lock {
    #[new]
    #[pyo3(signature = (topology, etcd, seconds = 30))]
    fn new(py: Python<'_>, topology: &Topology, etcd: (String, String, String), seconds: u64) -> PyResult<Self> {
        let topology = topology.resolved()?;
        let (ca, certificate, key) = etcd;
        let keeper = call(py, || Keeper::of(topology, &ca, &Identity { certificate, key }, LIMIT))?;
        Ok(Self { lock: Renewing::new(keeper), seconds })
    }

    /// Takes the lock: None, or who has it (a dict with `node`, `step`, `digest`, `since`). It is renewed until it is released.
    fn acquire<'py>(
        &self,
        py: Python<'py>,
        node: String,
        step: String,
        digest: String,
        now: f64,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        acquire(py, &self.lock, &Holder { node, step, digest, since: now }, self.seconds)
    }

    /// Who has the lock now, or None.
    fn holder<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let holder = call(py, || self.lock.keeper().holder())?;
        told(py, holder)
    }

    /// Renews the lease now, immediately before an act: for so many seconds it is then certainly held.
    fn confirm(&self, py: Python<'_>) -> PyResult<f64> {
        call(py, || self.lock.confirm())
    }

    /// As `confirm`, and puts the step on record: others with its digest wait until it is taken off.
    fn begin(&self, py: Python<'_>) -> PyResult<f64> {
        call(py, || self.lock.begin())
    }

    /// Steps that were begun and have not ended well: dicts as `holder` gives one.
    fn steps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || self.lock.keeper().steps())
    }

    /// The step that freezes this digest for this node, or None.
    fn frozen<'py>(&self, py: Python<'py>, node: &str, digest: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        frozen(py, &self.lock, node, digest)
    }

    /// Takes a node's step off the record.
    fn finish(&self, py: Python<'_>, node: &str) -> PyResult<()> {
        call(py, || self.lock.keeper().finish(node))
    }

    /// Maintenance on record: dicts with `node`, `until` and `since` (seconds since the epoch) and `reason`.
    fn maintenance<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || self.lock.keeper().maintenance())
    }

    /// Puts a node's maintenance on record.
    fn keep_maintenance(&self, py: Python<'_>, node: String, until: f64, reason: String, since: f64) -> PyResult<()> {
        call(py, || self.lock.keeper().keep_maintenance(&Maintenance { node, until, reason, since }))
    }

    /// Ends a node's maintenance.
    fn end_maintenance(&self, py: Python<'_>, node: &str) -> PyResult<()> {
        call(py, || self.lock.keeper().end_maintenance(node))
    }

    /// For so many seconds it is certainly held, by the last renewal; 0 when it is not.
    fn seconds_left(&self) -> f64 {
        self.lock.seconds_left()
    }

    /// Gives it back; one that cannot be given back ends with its lease.
    fn release(&self, py: Python<'_>) -> PyResult<()> {
        call(py, || self.lock.release())
    }
}

/// Takes a lock that is not held by this very object: None, or who has it.
pub(super) fn acquire<'py, K: Keep + Sync>(
    py: Python<'py>,
    lock: &Renewing<K>,
    holder: &Holder,
    seconds: u64,
) -> PyResult<Option<Bound<'py, PyAny>>>
where
    K::Held: Sync,
{
    if lock.held().is_some() {
        return Err(errors::argument("this lock is held already".to_owned()));
    }
    let other = call(py, || lock.acquire(holder, seconds))?;
    told(py, other)
}

/// The step that freezes a digest for a node, or None.
pub(super) fn frozen<'py, K: Keep + Sync>(
    py: Python<'py>,
    lock: &Renewing<K>,
    node: &str,
    digest: &str,
) -> PyResult<Option<Bound<'py, PyAny>>>
where
    K::Held: Sync,
{
    let steps = call(py, || lock.keeper().steps())?;
    told(py, gate::frozen(&steps, node, digest).cloned())
}

/// A holder as Python's own types.
pub(super) fn told(py: Python<'_>, holder: Option<Holder>) -> PyResult<Option<Bound<'_, PyAny>>> {
    holder.map(|holder| json::to_python(py, &errors::structure(&holder)?)).transpose()
}
