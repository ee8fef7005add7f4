//! Family PVE: virtual machines of Proxmox VE and the cluster of their hypervisors.

mod cpu_type_cannot_start;
mod cpu_type_of_one_hypervisor;
mod disk_cache_of_voter;
mod disk_thread_of_voter;
mod firewall_before_virtual_address;
mod guest_agent_of_voter;
mod ha_on_local_storage;
mod ha_on_voter;
mod hypervisor_quorum_below_target;
mod machine_identity;
mod machine_incomplete;
mod machine_not_started_on_boot;
mod machine_value_refused;
mod machine_without_hypervisor;
mod memory_ballooning;
mod more_processors_than_hypervisor;
mod one_proxmox_url;
mod proxmox_release;
mod proxmox_without_authority;
mod qdevice_inside_cluster;
mod qdevice_with_odd_hypervisors;
mod raw_parameter_refused;
mod root_only_parameter;
mod two_hypervisors_without_qdevice;
mod voters_on_one_storage;

use crate::lint::Lint;
use crate::rule::Rule;
use topology::pillar::{HypervisorSpec, Proxmox, VirtualMachine};
use topology::{Kind, Node};

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &two_hypervisors_without_qdevice::RULE,
    &qdevice_with_odd_hypervisors::RULE,
    &qdevice_inside_cluster::RULE,
    &hypervisor_quorum_below_target::RULE,
    &ha_on_voter::RULE,
    &cpu_type_cannot_start::RULE,
    &cpu_type_of_one_hypervisor::RULE,
    &disk_cache_of_voter::RULE,
    &disk_thread_of_voter::RULE,
    &memory_ballooning::RULE,
    &machine_not_started_on_boot::RULE,
    &machine_identity::RULE,
    &voters_on_one_storage::RULE,
    &firewall_before_virtual_address::RULE,
    &guest_agent_of_voter::RULE,
    &proxmox_release::RULE,
    &one_proxmox_url::RULE,
    &more_processors_than_hypervisor::RULE,
    &machine_without_hypervisor::RULE,
    &machine_incomplete::RULE,
    &root_only_parameter::RULE,
    &raw_parameter_refused::RULE,
    &machine_value_refused::RULE,
    &ha_on_local_storage::RULE,
    &proxmox_without_authority::RULE,
];

/// Nodes that are virtual machines, with their machine.
fn machines<'t>(lint: &Lint<'t>) -> impl Iterator<Item = (&'t Node, &'t VirtualMachine)> {
    lint.topology.nodes.iter().filter_map(|node| node.vm.as_ref().map(|vm| (node, vm)))
}

/// Nodes that are virtual machines and run a member of etcd.
fn voters<'t>(lint: &Lint<'t>) -> impl Iterator<Item = (&'t Node, &'t VirtualMachine)> {
    let nodes = lint.topology.etcd_nodes();
    nodes.filter_map(|node| node.vm.as_ref().map(|vm| (node, vm)))
}

/// The values for every machine, and then each machine with what it says itself: whose it is, and what lies under it. What
/// stands in `proxmox.vm` is judged there once, and not again for each node.
fn written<'t>(lint: &Lint<'t>) -> impl Iterator<Item = (&'t str, &'t VirtualMachine, Option<&'t VirtualMachine>)> {
    let shared = lint.topology.proxmox.as_ref().map(|proxmox| &proxmox.vm);
    let first = shared.map(|vm| ("every machine", vm, None));
    first.into_iter().chain(machines(lint).map(move |(node, vm)| (node.name.as_str(), vm, shared)))
}

/// The declared hypervisor of a node.
fn hypervisor<'t>(lint: &Lint<'t>, node: &Node) -> Option<&'t HypervisorSpec> {
    node.hypervisor.as_ref().and_then(|name| lint.topology.pillar.hypervisors.get(name))
}

/// How many hypervisors vote: those that are declared, or named by nodes where none is.
fn hypervisor_count(lint: &Lint<'_>) -> usize {
    lint.topology.domains.of_kind(Kind::Hypervisor).count()
}

/// Major version of Proxmox VE.
fn version(lint: &Lint<'_>) -> u8 {
    lint.topology.proxmox.as_ref().map_or(topology::pve::DEFAULT_VERSION, Proxmox::major)
}

/// The parameter of the disk that holds etcd's data, and its name in the pillar.
fn etcd_drive(node: &Node) -> Option<(&'static str, &str)> {
    node.etcd_disk().map(|(name, _)| (if name == "etcd" { "scsi1" } else { "scsi0" }, name))
}

/// The storage on which a disk of a machine lies.
fn storage_of<'t>(node: &'t Node, vm: &'t VirtualMachine, disk: &str) -> Option<&'t str> {
    node.disks.get(disk).and_then(|disk| disk.storage.as_deref()).or(vm.storage.as_deref())
}

/// Whether a storage is declared to be shared by several hypervisors.
fn is_shared(lint: &Lint<'_>, storage: &str) -> bool {
    lint.topology.proxmox.iter().flat_map(|proxmox| &proxmox.shared_storages).any(|shared| shared == storage)
}
