use super::{etcd_drive, voters};
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-016",
    name: "disk-thread-of-voter",
    severity: Severity::Warn,
    reason: "Only with controller `virtio-scsi-single` and `iothread=1` a disk has a thread of its own; with any other \
             controller Proxmox ignores the flag silently. Then etcd's fsync waits for the machine's other disks, and for \
             everything else that QEMU's main loop does.",
    remedy: "Leave `scsihw` out, and write `iothread=1` where the drive is written by hand.",
    source: "Proxmox VE Administration Guide, chapter Qemu/KVM Virtual Machines, sections Bus/Controller and IO Thread",
    failing: Example::proxmox(
        "
        nodes:
          cp1: {vm: {raw: {scsihw: virtio-scsi-pci}}}            # <- PVE-016
          cp2: {vm: {raw: {scsi1: 'local-lvm:20,discard=on'}}}   # <- PVE-016
        ",
    ),
    passing: Example::proxmox("nodes: {cp1: {vm: {raw: {scsi1: 'local-lvm:20,discard=on,iothread=1'}}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (node, vm) in voters(lint) {
        if let Some(controller) = vm.raw_text("scsihw").filter(|controller| controller != "virtio-scsi-single") {
            let message = format!(
                "{} runs a member of etcd on controller `{controller}`, whose disks have no thread of their own",
                node.name
            );
            findings.at(at!(vm, raw), message);
        }
        let Some((drive, _)) = etcd_drive(node).filter(|(drive, _)| vm.raw_text(drive).is_some()) else { continue };
        let is_on = |flag: String| ["1", "on", "yes", "true"].contains(&flag.as_str());
        if !vm.raw_property(drive, "iothread").is_some_and(is_on) {
            findings.at(at!(vm, raw), format!("`{drive}` of {} holds etcd and has no `iothread=1`", node.name));
        }
    }
}
