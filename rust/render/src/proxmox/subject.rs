//! The machine that is being defined, and how its faults are told.

use crate::template::Error;
use topology::pillar::{CloudInit, Firmware, Role, VirtualMachine};
use topology::{Facts, Node, Topology};

/// What a definition is made from.
#[derive(Clone, Copy)]
pub(super) struct Subject<'t> {
    pub topology: &'t Topology,
    pub facts: &'t Facts,
    pub node: &'t Node,
    pub vm: &'t VirtualMachine,
}

impl<'t> Subject<'t> {
    /// Major version of Proxmox VE.
    pub fn version(&self) -> u8 {
        self.topology.proxmox.as_ref().map_or(topology::pve::DEFAULT_VERSION, topology::pillar::Proxmox::major)
    }

    /// Whether a member of etcd runs in it.
    pub fn is_voter(&self) -> bool {
        let mut members = self.topology.etcd.members.iter();
        members.any(|index| self.topology.nodes[*index].name == self.node.name)
    }

    /// Whether it belongs to the control plane or holds etcd, so that its loss is no everyday matter.
    pub fn is_vital(&self) -> bool {
        self.node.has(Role::ControlPlane) || self.is_voter()
    }

    /// Whether UEFI starts it.
    pub fn has_efi(&self) -> bool {
        self.vm.bios == Some(Firmware::Ovmf)
    }

    /// Its cloud-init settings.
    pub fn cloud_init(&self) -> Option<&'t CloudInit> {
        self.vm.cloud_init.as_ref()
    }

    /// The storage of its disks, where a disk names none.
    pub fn storage(&self) -> Result<String, Error> {
        self.required(self.vm.storage.clone(), "vm.storage", "nothing says where its disks lie")
    }

    /// A value from which others are made.
    pub fn required<T>(&self, value: Option<T>, key: &str, why: &str) -> Result<T, Error> {
        value.ok_or_else(|| self.fault(&format!("{why}; write `{key}`")))
    }

    /// A fault of this machine.
    pub fn fault(&self, message: &str) -> Error {
        Error::Machine(format!("the virtual machine of node `{}` cannot be defined: {message}", self.node.name))
    }
}
