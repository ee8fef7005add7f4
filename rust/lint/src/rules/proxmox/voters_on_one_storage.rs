use super::{etcd_drive, is_shared, storage_of, voters};
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-020",
    name: "voters-on-one-storage",
    severity: Severity::Warn,
    reason: "Members of etcd on hypervisors of their own fail one at a time; on one shared storage they all stop with it, and \
             all their fsyncs wait for each other.",
    remedy: "Put the disks of etcd on storage of each hypervisor's own, or on different storages. Where the shared one is \
             distributed and survives what must be survived, acknowledge it.",
    source: "etcd hardware recommendations; Proxmox VE Administration Guide, chapter Proxmox VE Storage",
    failing: Example::proxmox(
        "
        proxmox:
          shared_storages: [nfs1]
          vm: {storage: nfs1}          # <- PVE-020
        ",
    ),
    passing: Example::proxmox(
        "
        proxmox: {shared_storages: [nfs1], vm: {storage: nfs1}}
        profiles: {master: {disks: {etcd: {storage: local-lvm}}}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let members: Vec<_> = voters(lint).collect();
    if members.len() < 2 {
        return;
    }
    let storage = |(node, vm)| etcd_drive(node).and_then(|(_, disk)| storage_of(node, vm, disk));
    let Some((first, vm)) = members.first().copied() else { return };
    let Some(shared) = storage((first, vm)).filter(|storage| is_shared(lint, storage)) else { return };
    if members.iter().all(|member| storage(*member) == Some(shared)) {
        let of_disk = first.etcd_disk().map(|(_, disk)| disk).filter(|disk| disk.storage.is_some());
        let place = of_disk.map_or_else(|| at!(vm, storage), |disk| at!(disk, storage));
        let message = format!(
            "the disks of all {} members of etcd lie on the shared storage `{shared}` and are lost with it",
            members.len()
        );
        findings.at(place, message).severity(lint.redundancy(Severity::Warn));
    }
}
