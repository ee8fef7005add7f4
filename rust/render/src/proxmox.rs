//! Virtual machines of Proxmox VE.
//!
//! A definition says everything on which the defaults of PVE's API and of its user interface differ, so that a machine is
//! the same whoever makes it. Every name and value is checked against what PVE accepts before it leaves.

mod cloud_init;
mod disks;
mod hardware;
mod network;
mod subject;

pub use disks::Volume;

use crate::template::Error;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;
use subject::Subject;
use topology::pve::Parameters;
use topology::{Facts, Node, Topology};

/// Parameters by PVE's own names, in alphabetical order; flags are 0 and 1.
pub(crate) type Values = IndexMap<String, Json>;

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
    pub create: IndexMap<String, Json>,
    /// Parameters of `PUT /nodes/{node}/qemu/{vmid}/config`: those of `create` without the id (which is in the path), without
    /// what only creation takes, and without volumes. `scsi0: local-lvm:40` means "make a new disk" there too, so a disk is
    /// changed by laying [`Machine::volumes`] over the volume that the server reports, and grown by `…/resize`.
    pub update: IndexMap<String, Json>,
    /// Disks by their parameter: what they are to be, whatever name the server gives to their volume.
    pub volumes: IndexMap<String, Volume>,
    /// Snippet for cloud-init's vendor data, without secrets; its volume is named by `cicustom`.
    pub vendor_data: Option<String>,
}

/// The virtual machine of a node; `None` for a node that has none, or whose machine has no id.
///
/// Raw parameters of the pillar win over ours, each as a whole; a raw `null` leaves ours out. A password is in no definition.
///
/// # Errors
/// When a value is missing that nothing can be derived from, or when PVE would refuse one.
pub fn machine(topology: &Topology, facts: &Facts, node: &Node) -> Result<Option<Machine>, Error> {
    let Some((vm, vmid)) = node.vm.as_ref().and_then(|vm| Some((vm, vm.vmid?))) else { return Ok(None) };
    let subject = Subject { topology, facts, node, vm };
    let parameters = Parameters::built_in().map_err(Error::Machine)?;
    let hypervisor = subject.required(node.hypervisor.clone(), "hypervisor", "nothing says where it is to run")?;

    let mut volumes = disks::volumes(&subject)?;
    let mut create = hardware::values(&subject)?;
    create.extend(volumes.iter().map(|(key, volume)| (key.clone(), volume.creation().into())));
    create.extend(network::values(&subject)?);
    create.extend(cloud_init::values(&subject)?);
    for (key, value) in &vm.raw {
        volumes.shift_remove(key);
        create.shift_remove(key);
        if !value.is_null() {
            create.insert(key.clone(), plain(value));
        }
    }
    create.sort_keys();
    let mut update = Values::new();
    for (key, value) in &create {
        let accepted =
            parameters.check(subject.version(), key, value).and_then(|()| parameters.find(subject.version(), key));
        let parameter = accepted.map_err(|refusal| subject.fault(&refusal.to_string()))?;
        if !parameter.creation_only && !parameter.volume {
            update.insert(key.clone(), value.clone());
        }
    }
    create.shift_insert(0, "vmid".to_owned(), vmid.into());
    let vendor_data = cloud_init::vendor_data(&subject)?;
    Ok(Some(Machine { name: node.name.clone(), node: hypervisor, vmid, create, update, volumes, vendor_data }))
}

/// A raw value as the API takes it.
fn plain(value: &Json) -> Json {
    value.as_bool().map_or_else(|| value.clone(), |flag| u8::from(flag).into())
}
