use super::{hypervisor, machines};
use crate::prelude::*;
use topology::pve::{CpuLevel, Parameters, microarchitecture_level};

/// Types without AES and without what compilers have expected for fifteen years.
const BARE: [&str; 4] = ["kvm32", "kvm64", "qemu32", "qemu64"];

pub(super) static RULE: Rule = Rule {
    code: "PVE-013",
    name: "cpu-type-cannot-start",
    severity: Severity::Error,
    reason: "An operating system that is built for a later microarchitecture level stops at its first program (\"CPU does not \
             support x86-64-v3\"): Enterprise Linux 9 needs level 2, 10 needs level 3. And a machine whose CPU type has more \
             than its hypervisor's processor is not started at all.",
    remedy: "Leave `vm.cpu` out: the lowest type that boots the operating system is taken.",
    source: "Proxmox VE Administration Guide, chapter Qemu/KVM Virtual Machines, section CPU Type; release notes of RHEL 9 and 10",
    failing: Example::proxmox(
        "
        nodes:
          cp1: {os: centos-stream-10, vm: {cpu: x86-64-v2-AES}}   # <- PVE-013
          cp2: {os: rocky-9, vm: {cpu: kvm64}}                    # <- PVE-013
          cp3: {vm: {cpu: x86-64-v4}}                             # <- PVE-013
        ",
    ),
    passing: Example::proxmox(
        "
        nodes:
          cp1: {os: centos-stream-10, vm: {cpu: x86-64-v3}}
          cp2: {os: rocky-9, vm: {cpu: Nehalem}}
          cp3: {vm: {cpu: host}}
        ",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Ok(parameters) = Parameters::built_in() else { return };
    for (node, vm) in machines(lint) {
        let Some(platform) = lint.facts.platform(node.os) else { continue };
        let cpu = vm.cpu_type(&platform.proxmox_cpu);
        let place = if vm.raw.contains_key("cpu") { at!(vm, raw) } else { at!(vm, cpu) };
        let host = hypervisor(lint, node);
        let of_host = host.and_then(|host| host.cpu_level.as_deref()).and_then(microarchitecture_level);
        let Some(CpuLevel::Level(offered)) = parameters.cpu_level(&cpu) else { continue };
        let needed = microarchitecture_level(&platform.cpu_level).unwrap_or(1);
        // A processor too old for the system itself is a finding about the hypervisor.
        let too_high = of_host.is_some_and(|most| needed <= most && most < offered);
        if offered < needed {
            let message = format!("CPU type `{cpu}` cannot boot {}: it needs {}", node.os, platform.cpu_level);
            findings.at(place, message).help(format!("write `cpu: {}`, or leave it out", platform.proxmox_cpu));
        } else if let Some(host) = host.filter(|_| too_high) {
            let (name, level) =
                (node.hypervisor.as_deref().unwrap_or_default(), host.cpu_level.as_deref().unwrap_or_default());
            let message =
                format!("{name} cannot start {}: its processor has {level}, CPU type `{cpu}` more", node.name);
            findings.at(place, message).see(at!(host, cpu_level), "the hypervisor's processor");
        } else if BARE.contains(&cpu.as_str()) {
            let message =
                format!("CPU type `{cpu}` has no AES: TLS and encryption are slow, and newer images do not start");
            findings.at(place, message).severity(Severity::Warn);
        }
    }
}
