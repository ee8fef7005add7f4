//! Where the machines run: which nodes go with a hypervisor, and what is not as the pillar says.

use crate::errors;
use crate::topology::Topology;
use gate::ObservedMachine;
use pyo3::prelude::*;
use topology::pillar::Proxmox;
use topology::values::Secret;

/// What of the machines (JSON, as `machines` gives it) is not as the pillar says, and what that costs: a sentence each.
#[pyfunction]
pub fn misplaced(py: Python<'_>, topology: &Topology, machines: &str) -> PyResult<Vec<String>> {
    errors::guarded(|| {
        let (topology, machines) = (topology.resolved()?, read(machines)?);
        Ok(py.detach(|| gate::misplaced(topology, &machines)))
    })
}

/// The nodes that a step takes: those that are named, and those that go with the hypervisors.
///
/// `machines` is JSON, as `machines` gives it; None where nobody has looked. Raises `ValueError` where no node is on a hypervisor,
/// and where the machines can be looked at and nobody has.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "Python's arguments are handed over by value")]
pub fn taken(
    topology: &Topology,
    machines: Option<&str>,
    nodes: Vec<String>,
    hypervisors: Vec<String>,
) -> PyResult<Vec<String>> {
    errors::guarded(|| {
        let seen = machines.map(read).transpose()?;
        let taken = gate::taken(topology.resolved()?, seen.as_deref(), &nodes, &hypervisors);
        taken.map_err(|error| errors::argument(error.to_string()))
    })
}

fn read(machines: &str) -> PyResult<Vec<ObservedMachine>> {
    serde_json::from_str(machines).map_err(|error| errors::argument(format!("the machines cannot be read: {error}")))
}

/// The reference of the token by which Proxmox VE is asked where the machines run; None where the pillar has no way to ask it.
#[pyfunction]
pub fn proxmox_token(topology: &Topology) -> PyResult<Option<String>> {
    let connection = topology.resolved()?.proxmox.as_ref().and_then(Proxmox::complete_connection);
    let token = connection.and_then(|connection| connection.token.as_ref());
    Ok(token.and_then(Secret::reference).map(str::to_owned))
}
