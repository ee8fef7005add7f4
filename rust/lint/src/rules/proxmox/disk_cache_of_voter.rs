use super::{etcd_drive, voters};
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-015",
    name: "disk-cache-of-voter",
    severity: Severity::Error,
    reason: "With cache mode `unsafe` QEMU answers a flush before anything is written: what etcd acknowledged is gone after a \
             power loss, and a member that forgot its vote breaks Raft's promises. `writeback` honours flushes and puts the \
             hypervisor's page cache before the disk, which makes their time uneven.",
    remedy: "Leave `cache` out (Proxmox's default is none), or write none, writethrough or directsync.",
    source: "Proxmox VE Administration Guide, chapter Qemu/KVM Virtual Machines, section Cache; etcd hardware recommendations",
    failing: Example::proxmox(
        "
        nodes:
          cp1: {disks: {etcd: {cache: unsafe}}}                            # <- PVE-015
          cp2: {disks: {etcd: {cache: writeback}}}                         # <- PVE-015
          cp3: {vm: {raw: {scsi1: 'local-lvm:20,cache=unsafe,iothread=1'}}}  # <- PVE-015
        ",
    ),
    passing: Example::proxmox("nodes: {cp1: {disks: {etcd: {cache: none}}}, w1: {disks: {root: {cache: writeback}}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (node, vm) in voters(lint) {
        let Some((drive, _)) = etcd_drive(node) else { continue };
        let Some((name, disk)) = node.etcd_disk() else { continue };
        let (cache, place) = if vm.raw.contains_key(drive) {
            (vm.raw_property(drive, "cache"), at!(vm, raw))
        } else {
            (disk.cache.clone(), at!(disk, cache))
        };
        let message = format!(
            "disk {name} of {} holds etcd and has cache mode {}",
            node.name,
            cache.as_deref().unwrap_or_default()
        );
        let (why, severity) = match cache.as_deref() {
            Some("unsafe") => ("fsync returns before anything is on the disk", Severity::Error),
            Some("writeback") => ("fsync waits for the hypervisor's page cache", Severity::Warn),
            _ => continue,
        };
        findings.at(place, format!("{message}: {why}")).severity(severity);
    }
}
