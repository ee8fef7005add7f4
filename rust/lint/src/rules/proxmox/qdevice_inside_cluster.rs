use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-003",
    name: "qdevice-inside-cluster",
    severity: Severity::Error,
    reason: "The QDevice is the vote that counts when a hypervisor is lost. On a hypervisor of the cluster, or in a machine \
             on one, it is lost together with it.",
    remedy: "Run the QDevice's daemon on a host that needs no hypervisor of this cluster.",
    source: "Proxmox VE Administration Guide, chapter Cluster Manager, section Corosync External Vote Support",
    failing: Example::proxmox(
        "
        hypervisors: {pve4: {cpus: 32, memory: 128GiB, cpu_level: x86-64-v3}}
        proxmox:
          qdevice: true
          qdevice_host: w1             # <- PVE-003
        ",
    ),
    passing: Example::proxmox(
        "
        hypervisors: {pve4: {cpus: 32, memory: 128GiB, cpu_level: x86-64-v3}}
        proxmox: {qdevice: true, qdevice_host: nas.lan}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(proxmox) = &lint.topology.proxmox else { return };
    let Some(host) = &proxmox.qdevice_host else { return };
    let is_host = |node: &&Node| node.name == *host || node.minion == *host || node.ip.to_string() == *host;
    let place = at!(proxmox, qdevice_host);
    if lint.topology.domains.find(Kind::Hypervisor, host).is_some() {
        findings
            .at(place, format!("the QDevice runs on {host}, a hypervisor of the cluster whose quorum it is to save"));
    } else if let Some(node) = lint.topology.nodes.iter().filter(|node| node.vm.is_some()).find(is_host) {
        let on = node.hypervisor.as_deref().unwrap_or("a hypervisor of the cluster");
        findings.at(place, format!("the QDevice runs on {host}, a virtual machine on {on}, and is lost with it"));
    }
}
