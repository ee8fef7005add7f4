//! The class `Etcd`.

use super::{call, call_for_value, limit};
use live::{Access, Identity, etcd};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::time::Duration;

/// One member of etcd. Every method makes its own connection, and takes `timeout` seconds at most.
#[pyclass(frozen, module = "saltext.k8s_ha._core")]
pub struct Etcd {
    access: Access,
    limit: Duration,
}

#[pymethods]
impl Etcd {
    /// `endpoint` is the member's client URL; CA, client certificate and key are PEM.
    #[new]
    #[pyo3(signature = (endpoint, ca, certificate, key, timeout = 10.0))]
    fn new(py: Python<'_>, endpoint: &str, ca: &str, certificate: String, key: String, timeout: f64) -> PyResult<Self> {
        let limit = limit(timeout)?;
        let access = call(py, || Access::new(endpoint, ca, Some(Identity { certificate, key })))?;
        Ok(Self { access, limit })
    }

    /// The members by id as a majority knows them, each a dict with `id`, `name`, `peer_urls`, `client_urls` and `is_learner`.
    fn members<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || etcd::members(&self.access, self.limit))
    }

    /// Adds a member without a vote, which the others reach at `peer_url`. Gives the members.
    fn add_learner<'py>(&self, py: Python<'py>, peer_url: &str) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || etcd::add_learner(&self.access, peer_url, self.limit))
    }

    /// Has this member, which must lead, give the leadership to another one.
    fn move_leader(&self, py: Python<'_>, member_id: u64) -> PyResult<()> {
        call(py, || etcd::move_leader(&self.access, member_id, self.limit))
    }

    /// Takes a member out of the cluster. Gives the members that are left.
    fn remove<'py>(&self, py: Python<'py>, member_id: u64) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || etcd::remove(&self.access, member_id, self.limit))
    }

    /// Gives a learner its vote. Gives the members.
    fn promote<'py>(&self, py: Python<'py>, member_id: u64) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || etcd::promote(&self.access, member_id, self.limit))
    }

    /// What this member says of itself, without quorum too: a dict with `member_id`, `leader_id` (None without leader), `raft_term`,
    /// `raft_index`, `raft_applied_index`, `db_size` and `db_size_in_use` in bytes, `db_size_quota` (None before 3.6), `revision`,
    /// `is_learner`, `version` and `errors`.
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || etcd::status(&self.access, self.limit))
    }

    /// The alarms of all members, each a dict with `member_id` and `alarm`.
    fn alarms<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || etcd::alarms(&self.access, self.limit))
    }

    /// Clears the alarm `NOSPACE` of a member.
    fn disarm(&self, py: Python<'_>, member_id: u64) -> PyResult<()> {
        call(py, || etcd::disarm(&self.access, member_id, self.limit))
    }

    /// Rewrites this member's database without its holes; it serves nothing meanwhile.
    fn defragment(&self, py: Python<'_>) -> PyResult<()> {
        call(py, || etcd::defragment(&self.access, self.limit))
    }

    /// Takes the history before a revision out of all databases, and waits until this member has done it.
    fn compact(&self, py: Python<'_>, revision: u64) -> PyResult<()> {
        call(py, || etcd::compact(&self.access, revision, self.limit))
    }

    /// The digest of this member's contents at a revision, or the latest: a dict with `hash` and `compact_revision`.
    #[pyo3(signature = (revision = None))]
    fn digest<'py>(&self, py: Python<'py>, revision: Option<u64>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || etcd::digest(&self.access, revision, self.limit))
    }

    /// How many keys there are at a revision, or the latest, by a linearizable read: a dict with `keys` and `revision`, the latest.
    #[pyo3(signature = (revision = None))]
    fn count<'py>(&self, py: Python<'py>, revision: Option<u64>) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, || etcd::count(&self.access, revision, self.limit))
    }

    /// Saves this member's database as the new file `path`, as a whole or not at all: a dict with `bytes`, `sha256` and `version`.
    fn snapshot<'py>(&self, py: Python<'py>, path: PathBuf, most_bytes: u64) -> PyResult<Bound<'py, PyAny>> {
        call_for_value(py, move || etcd::snapshot(&self.access, &path, most_bytes, self.limit))
    }

    fn __repr__(&self) -> String {
        format!("<Etcd {}>", self.access.server())
    }
}
