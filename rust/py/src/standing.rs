//! Functions by which a node that is a member is compared with the pillar.

use crate::topology::Topology;
use crate::{errors, json};
use gate::{Fixed, Member, undeclared};
use pyo3::prelude::*;

/// What cannot be changed in the pillar once the node is a member: a dict, to be kept on the node.
#[pyfunction]
pub fn fixed_facts<'py>(py: Python<'py>, topology: &Topology, node: &str) -> PyResult<Bound<'py, PyAny>> {
    let (topology, node) = topology.node(node)?;
    json::to_python(py, &errors::structure(&Fixed::of(topology, node))?)
}

/// A sentence for each of these facts (JSON of what `fixed_facts` gave once) that the pillar has otherwise now.
#[pyfunction]
pub fn changed_facts(topology: &Topology, node: &str, kept: &str) -> PyResult<Vec<String>> {
    let (topology, node) = topology.node(node)?;
    let kept: Fixed = serde_json::from_str(kept)
        .map_err(|error| errors::argument(format!("the facts that were kept cannot be read: {error}")))?;
    Ok(kept.changed(&Fixed::of(topology, node)))
}

/// A sentence for each member of etcd (JSON of what `Etcd.members` gave) that the pillar does not declare.
#[pyfunction]
pub fn undeclared_members(topology: &Topology, members: &str) -> PyResult<Vec<String>> {
    let topology = topology.resolved()?;
    let nodes = topology.etcd_nodes();
    let declared = nodes.map(|node| (node.name.clone(), render::etcd_peer_url(node))).collect();
    let members: Vec<Member> =
        serde_json::from_str(members).map_err(|error| errors::argument(format!("these are no members: {error}")))?;
    Ok(undeclared(&declared, &members))
}
