use super::hypervisor_count;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-001",
    name: "two-hypervisors-without-qdevice",
    severity: Severity::Error,
    reason: "Two hypervisors have two votes: when one is lost, the other has no majority. It starts no machine any more, also \
             not its own after a restart, and with HA enabled its watchdog resets it.",
    remedy: "Add a third hypervisor, or a QDevice on a host outside (`proxmox.qdevice`). If the Proxmox cluster has more \
             hosts, declare them under `hypervisors`.",
    source: "Proxmox VE Administration Guide, chapter Cluster Manager, sections Quorum and Corosync External Vote Support",
    failing: Example::on(
        Base::Nothing,
        r#"
        cluster: {name: prod1, control_plane_endpoint: "api.prod1.lan:8443"}
        networks: {lan: {cidr: 10.0.10.0/24}}
        vips: {api: {address: 10.0.10.5, virtual_router_id: 61}}
        proxmox:                       # <- PVE-001
          vm: {storage: local-lvm, bridge: vmbr0}
        nodes:
          cp1: {roles: [control_plane], ip: 10.0.10.11, hypervisor: pve1, vm: {vmid: 401}}
          cp2: {roles: [control_plane], ip: 10.0.10.12, hypervisor: pve2, vm: {vmid: 402}}
          w1: {roles: [worker], ip: 10.0.10.21, hypervisor: pve1, vm: {vmid: 411}}
        "#,
    ),
    passing: Example::proxmox("hypervisors: {pve3: {cpus: 8}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(proxmox) = &lint.topology.proxmox else { return };
    if hypervisor_count(lint) == 2 && !proxmox.qdevice {
        let message = "the Proxmox cluster has two hypervisors and no QDevice: with either of them its quorum is lost";
        findings.at(at!(proxmox, qdevice), message).severity(lint.redundancy(Severity::Error));
    }
}
