//! Where the machines of the nodes run.

use super::{call, limit, written};
use crate::topology::Topology;
use live::MACHINES_LIMIT;
use pyo3::prelude::*;

/// Where the virtual machines of the nodes run, as Proxmox VE says: JSON, as `machines` of an observation.
///
/// `token` is what `proxmox.connection.token` leads to; all hosts are asked at once, for `timeout` seconds at most.
#[pyfunction]
#[pyo3(signature = (topology, token, timeout = MACHINES_LIMIT.as_secs_f64()))]
pub fn machines(py: Python<'_>, topology: &Topology, token: &str, timeout: f64) -> PyResult<String> {
    let limit = limit(timeout)?;
    let topology = topology.resolved()?;
    let seen = call(py, || live::machines(topology, token, limit))?;
    written(py, &seen)
}
