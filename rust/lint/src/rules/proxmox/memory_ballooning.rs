use super::machines;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-017",
    name: "memory-ballooning",
    severity: Severity::Error,
    reason: "The kubelet counts memory once, when it starts. What the hypervisor takes back later is still promised to pods: \
             they are killed for want of memory, and a member of etcd loses its leader while it swaps.",
    remedy: "Leave `balloon` out: it is rendered as 0.",
    source: "Proxmox VE Administration Guide, chapter Qemu/KVM Virtual Machines, section Memory",
    failing: Example::proxmox("nodes: {w1: {vm: {raw: {balloon: 8192}}}}   # <- PVE-017"),
    passing: Example::proxmox("nodes: {w1: {vm: {raw: {balloon: 32768}}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (node, vm) in machines(lint) {
        let number =
            |key: &str| vm.raw_text(key).and_then(|text| text.trim_start_matches("current=").parse::<u64>().ok());
        let memory = number("memory").or_else(|| node.memory.map(Size::as_mib));
        let Some(balloon) = number("balloon").filter(|balloon| *balloon != 0 && Some(*balloon) != memory) else {
            continue;
        };
        let all = memory.map_or_else(String::new, |memory| format!(" of {memory} MiB"));
        findings.at(at!(vm, raw), format!("the memory of {} may shrink to {balloon} MiB{all}", node.name));
    }
}
