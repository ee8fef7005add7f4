use super::{is_shared, machines, storage_of};
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-039",
    name: "ha-on-local-storage",
    severity: Severity::Error,
    reason: "Proxmox's HA manager recovers a machine by moving its definition to another hypervisor; it does not look where \
             the disks lie. Away from them the machine cannot start and ends in state error, and when its hypervisor is back, \
             it is no longer there.",
    remedy: "Leave `ha` off, or put every disk on a storage that all hypervisors share and name it in `proxmox.shared_storages`.",
    source: "Proxmox VE Administration Guide, chapter High Availability, section Requirements (shared storage)",
    failing: Example::proxmox("nodes: {w1: {vm: {ha: true}}}   # <- PVE-039"),
    passing: Example::proxmox(
        "
        proxmox: {shared_storages: [ceph]}
        nodes: {w1: {vm: {ha: true, storage: ceph}}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (node, vm) in machines(lint).filter(|(_, vm)| vm.ha == Some(true)) {
        let lies_on = |disk: &String| storage_of(node, vm, disk).map(|storage| (disk.clone(), storage));
        let local = node.disks.keys().filter_map(lies_on).find(|(_, storage)| !is_shared(lint, storage));
        if let Some((disk, storage)) = local {
            let message = format!(
                "{} is under HA, and its disk {disk} lies on `{storage}`, which no other hypervisor shares",
                node.name
            );
            findings.at(at!(vm, ha), message);
        }
    }
}
