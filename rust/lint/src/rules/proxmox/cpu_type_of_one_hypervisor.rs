use super::{hypervisor, machines};
use crate::prelude::*;
use topology::pve::{CpuLevel, Parameters};

pub(super) static RULE: Rule = Rule {
    code: "PVE-014",
    name: "cpu-type-of-one-hypervisor",
    severity: Severity::Warn,
    reason: "CPU type `host` shows the guest the processor that it stands on. Moved alive to another model the guest uses \
             instructions that are not there and crashes, so the hypervisor cannot be emptied for maintenance.",
    remedy: "Use a generic type such as x86-64-v3 (the default), or `host` only where all hypervisors have the same processor.",
    source: "Proxmox VE Administration Guide, chapter Qemu/KVM Virtual Machines, section CPU Type",
    failing: Example::proxmox(
        "
        hypervisors: {pve1: {cpu_model: EPYC 9354}, pve2: {cpu_model: Xeon Gold 6430}}
        proxmox: {vm: {cpu: host}}     # <- PVE-014
        ",
    ),
    passing: Example::proxmox(
        "
        hypervisors: {pve1: {cpu_model: EPYC 9354}, pve2: {cpu_model: EPYC 9354}}
        proxmox: {vm: {cpu: host}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Ok(parameters) = Parameters::built_in() else { return };
    let shows_host =
        |vm: &topology::pillar::VirtualMachine| parameters.cpu_level(&vm.cpu_type("")) == Some(CpuLevel::OfHypervisor);
    let mut models: Vec<&str> =
        machines(lint).filter_map(|(node, _)| hypervisor(lint, node)?.cpu_model.as_deref()).collect();
    models.sort_unstable();
    models.dedup();
    if models.len() < 2 {
        return;
    }
    let names: Vec<&str> =
        machines(lint).filter(|(_, vm)| shows_host(vm)).map(|(node, _)| node.name.as_str()).collect();
    if let Some((_, vm)) = machines(lint).find(|(_, vm)| shows_host(vm)) {
        let place = if vm.raw.contains_key("cpu") { at!(vm, raw) } else { at!(vm, cpu) };
        let message = format!(
            "{} show their hypervisor's processor, and the hypervisors differ: {}",
            names.join(", "),
            models.join(", ")
        );
        findings.at(place, message);
    }
}
