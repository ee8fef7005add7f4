//! The class `Lock`.

use super::call;
use crate::topology::Topology;
use crate::{errors, json};
use gate::Holder;
use live::{Access, Error, Identity, Keep, Keeper, Renewing};
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
        let members = topology.etcd.members.iter().map(|index| render::etcd_client_url(&topology.nodes[*index]));
        let members = call(py, || {
            members
                .map(|url| {
                    let identity = Identity { certificate: certificate.clone(), key: key.clone() };
                    Access::new(&url, &ca, Some(identity))
                })
                .collect::<Result<Vec<_>, Error>>()
        })?;
        Ok(Self { lock: Renewing::new(Keeper { members, limit: LIMIT }), seconds })
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

/// A holder as Python's own types.
pub(super) fn told(py: Python<'_>, holder: Option<Holder>) -> PyResult<Option<Bound<'_, PyAny>>> {
    holder.map(|holder| json::to_python(py, &errors::structure(&holder)?)).transpose()
}
