use super::{hypervisor_count, machines};
use crate::prelude::*;
use topology::ElementId;

pub(super) static RULE: Rule = Rule {
    code: "PVE-004",
    name: "hypervisor-quorum-below-target",
    severity: Severity::Error,
    reason: "Without the majority of its votes a Proxmox cluster starts no machine and changes no configuration, so what was \
             lost cannot be repaired; where a machine is under HA, the watchdog resets every hypervisor that has one.",
    remedy: "Spread the hypervisors over more racks, feeds and sites, add some or a QDevice elsewhere, or lower the target.",
    source: "Proxmox VE Administration Guide, chapters Cluster Manager (Quorum) and High Availability (Fencing)",
    failing: Example::proxmox(
        "
        targets: {survive: {rack: 1}}  # <- PVE-004
        racks: {a: {}, b: {}}
        hypervisors:
          pve1: {rack: a}
          pve2: {rack: a}
          pve3: {rack: b}
        ",
    ),
    passing: Example::proxmox("targets: {survive: {hypervisor: 1}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(proxmox) = &lint.topology.proxmox else { return };
    let hypervisors = hypervisor_count(lint);
    if hypervisors < 3 {
        return;
    }
    let votes = hypervisors + usize::from(proxmox.qdevice && hypervisors.is_multiple_of(2));
    let fences = machines(lint).any(|(_, vm)| vm.ha == Some(true));
    let severity = lint.redundancy(if fences { Severity::Error } else { Severity::Warn });
    let domains = &lint.topology.domains;
    let all: Vec<ElementId> = domains.of_kind(Kind::Hypervisor).collect();
    for kind in lint.topology.domains.kinds().filter(|kind| *kind != Kind::Node) {
        // So many lost votes leave no majority.
        let need = votes - votes / 2;
        let Some(breaking) = lint.takes(kind, lint.survive(kind), need, &all) else { continue };
        let lost = domains.lost_with(&breaking.failed);
        let left = votes - lost.iter().filter(|element| all.contains(element)).count();
        let (failed, kind_words) = (lint.failed(&breaking), lint.topology.domains.words(kind));
        let message = format!("without {kind_words} {failed} the Proxmox cluster has {left} of {votes} votes");
        findings.at(lint.survive_place(kind), message).severity(severity);
    }
}
