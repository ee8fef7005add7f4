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
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Node) {
        let count = lint.survive(kind);
        let (failed, lost) = worst_loss(lint, kind, count);
        if 2 * (votes - lost) <= votes {
            let (failed, left) = (failed.join(", "), votes - lost);
            let message = format!("without {} {failed} the Proxmox cluster has {left} of {votes} votes", kind.words());
            findings.at(lint.survive_place(kind), message).severity(severity);
        }
    }
}

/// The elements of a kind whose loss takes the most hypervisors, one after another, and how many those are.
fn worst_loss(lint: &Lint<'_>, kind: Kind, count: u32) -> (Vec<String>, usize) {
    let domains = &lint.topology.domains;
    let hypervisors_lost = |failed: &[ElementId]| {
        let lost = domains.lost_with(failed);
        lost.into_iter().filter(|element| domains.element(*element).kind == Kind::Hypervisor).count()
    };
    let mut failed: Vec<ElementId> = Vec::new();
    for _ in 0..count {
        let with = |element: ElementId| {
            let trial: Vec<ElementId> = failed.iter().copied().chain([element]).collect();
            (hypervisors_lost(&trial), std::cmp::Reverse(element))
        };
        let candidates = domains.of_kind(kind).filter(|element| !failed.contains(element));
        let Some((_, std::cmp::Reverse(worst))) = candidates.map(with).max() else { break };
        failed.push(worst);
    }
    let lost = hypervisors_lost(&failed);
    (failed.into_iter().map(|element| domains.element(element).name.clone()).collect(), lost)
}
