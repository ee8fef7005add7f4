//! Virtual machines of Proxmox VE.

use crate::template::Error;
use indexmap::IndexMap;
use serde::Serialize;
use topology::{Facts, Node, Topology};

/// The definition of a virtual machine: the parameters of PVE's API, by their own names.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// The node's name.
    pub name: String,
    /// The hypervisor on which it is to run.
    pub node: String,
    /// Its id.
    pub vmid: u32,
    /// Parameters of `POST /nodes/{node}/qemu`.
    pub create: IndexMap<String, serde_json::Value>,
    /// Parameters of `PUT /nodes/{node}/qemu/{vmid}/config`.
    pub update: IndexMap<String, serde_json::Value>,
    /// Snippet for cloud-init's vendor data, without secrets.
    pub vendor_data: Option<String>,
}

/// The virtual machine of a node; `None` for a node that has none.
///
/// # Errors
/// When a value does not fit what PVE accepts.
pub fn machine(_topology: &Topology, _facts: &Facts, _node: &Node) -> Result<Option<Machine>, Error> {
    Ok(None)
}
