//! The class `Ledger`: the master's record of one cluster, and decisions on requests of its nodes.

use crate::topology::Topology;
use crate::{errors, json};
use gate::creation::{Ledger as Record, Request, Roster, decide};
use pyo3::prelude::*;

/// The master's record of one cluster. Whoever changes one holds its lock, and writes it before an answer leaves.
#[pyclass(module = "saltext.k8s_ha._core")]
pub struct Ledger {
    record: Record,
}

#[pymethods]
impl Ledger {
    /// The record of a cluster that does not exist yet. `now` is in seconds since the epoch.
    #[staticmethod]
    fn open(cluster: &str, ca_fingerprint: &str, now: f64) -> Self {
        Self { record: Record::open(cluster, ca_fingerprint, Vec::new(), now) }
    }

    /// Reads a record. Raises `LedgerError` for one that is damaged or of another release.
    #[staticmethod]
    fn read(text: &str) -> PyResult<Self> {
        errors::guarded(|| Ok(Self { record: Record::read(text).map_err(|error| errors::ledger(&error))? }))
    }

    /// The record as text.
    fn write(&self) -> PyResult<String> {
        errors::guarded(|| self.record.write().map_err(|error| errors::ledger(&error)))
    }

    /// The record as a dict.
    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| json::to_python(py, &errors::structure(&self.record)?))
    }

    /// SHA-256 of the cluster CA's public key: `sha256:` and 64 hex digits.
    #[getter]
    fn ca_fingerprint(&self) -> &str {
        &self.record.ca_fingerprint
    }

    /// UID of the namespace kube-system; None until the cluster exists.
    #[getter]
    fn kube_system_uid(&self) -> Option<&str> {
        self.record.kube_system_uid()
    }

    /// Names control-plane nodes without whose answer `kubeadm init` may be granted.
    fn go_without(&mut self, nodes: Vec<String>) {
        self.record.without = nodes;
    }

    /// Decides a request of a node and records what follows: a dict with `outcome`, `reason`, `attempt`, `kube_system_uid`.
    ///
    /// `request` is JSON, `attempt` a fresh random name, `now` the master's time in seconds since the epoch.
    fn decide<'py>(
        &mut self,
        py: Python<'py>,
        topology: &Topology,
        node: &str,
        request: &str,
        attempt: &str,
        now: f64,
    ) -> PyResult<Bound<'py, PyAny>> {
        errors::guarded(|| {
            let roster = Roster::of(topology.resolved()?);
            let request: Request = serde_json::from_str(request).map_err(|error| {
                let release = env!("CARGO_PKG_VERSION");
                errors::argument(format!("release {release} knows no such request: {error}"))
            })?;
            let answer = decide(&mut self.record, &roster, node, &request, attempt, now);
            json::to_python(py, &errors::structure(&answer)?)
        })
    }
}
