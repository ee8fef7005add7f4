use super::hypervisor_count;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-002",
    name: "qdevice-with-odd-hypervisors",
    severity: Severity::Warn,
    reason: "With an odd number of hypervisors the QDevice gets as many votes as all of them less one: once it is lost, no \
             hypervisor may be lost any more, which without it would do no harm.",
    remedy: "Remove the QDevice, or make the number of hypervisors even.",
    source: "Proxmox VE Administration Guide, chapter Cluster Manager, section QDevice Technical Overview",
    failing: Example::proxmox("proxmox: {qdevice: true, qdevice_host: nas.lan}   # <- PVE-002"),
    passing: Example::proxmox(
        "
        hypervisors: {pve4: {cpus: 32, memory: 128GiB, cpu_level: x86-64-v3}}
        proxmox: {qdevice: true, qdevice_host: nas.lan}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(proxmox) = lint.topology.proxmox.as_ref().filter(|proxmox| proxmox.qdevice) else { return };
    let hypervisors = hypervisor_count(lint);
    if hypervisors % 2 == 1 {
        let votes = hypervisors - 1;
        findings.at(
            at!(proxmox, qdevice),
            format!("the QDevice has {votes} votes beside {hypervisors} hypervisors, one less than all of them"),
        );
    }
}
