use super::voters;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-011",
    name: "ha-on-voter",
    severity: Severity::Warn,
    reason: "etcd survives the loss of a hypervisor by itself. Proxmox's HA manager restarts the member next to another one \
             and leaves it there, unless a rule keeps them apart; and it makes the watchdog reset whole hypervisors when \
             their cluster loses its quorum.",
    remedy: "Leave `ha` off for machines that run etcd; repair them with the hypervisor. Where it is wanted: shared storage, \
             a negative resource affinity rule over all members, and more hypervisors than members.",
    source: "Proxmox VE Administration Guide, chapter High Availability, sections Fencing and Resource Affinity Rules",
    failing: Example::proxmox(
        "
        proxmox: {shared_storages: [ceph]}
        nodes:
          cp1:
            vm:
              storage: ceph
              ha: true                 # <- PVE-011
        ",
    ),
    passing: Example::proxmox(
        "
        proxmox: {shared_storages: [ceph]}
        nodes: {w1: {vm: {storage: ceph, ha: true}}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (node, vm) in voters(lint).filter(|(_, vm)| vm.ha == Some(true)) {
        findings.at(
            at!(vm, ha),
            format!("{} runs a member of etcd, and Proxmox may restart it beside another member", node.name),
        );
    }
}
