//! One look at a whole cluster.

use super::{call, limit, written};
use crate::topology::Topology;
use live::{Credentials, Identity, Targets};
use pyo3::prelude::*;

/// What is seen of a cluster, as JSON of the committed schema `observation.schema.json`.
///
/// `etcd` is the authority, a client certificate and its key, PEM; what nothing is given for is not asked, and counts as
/// unknown. `observer` is the node that looks; `evicted` names nodes whose pods would go. It takes twice `timeout` seconds at
/// most, and six times where something of the observer's own hangs.
#[pyfunction]
#[pyo3(signature = (topology, kubeconfig = None, etcd = None, observer = None, evicted = Vec::new(), timeout = 1.0))]
pub fn observe(
    py: Python<'_>,
    topology: &Topology,
    kubeconfig: Option<String>,
    etcd: Option<(String, String, String)>,
    observer: Option<String>,
    evicted: Vec<String>,
    timeout: f64,
) -> PyResult<String> {
    let limit = limit(timeout)?;
    let topology = topology.resolved()?;
    let etcd = etcd.map(|(ca, certificate, key)| (ca, Identity { certificate, key }));
    let credentials = Credentials { etcd, kubeconfig };
    let seen = call(py, || {
        let targets = Targets { observer, evicted, ..Targets::of(topology, &credentials)? };
        live::observe(&targets, limit)
    })?;
    written(py, &seen)
}
