use super::machines;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-018",
    name: "machine-not-started-on-boot",
    severity: Severity::Warn,
    reason: "After a power loss a hypervisor starts only machines that are marked for it, in their order. One that is not \
             marked stays off until somebody notices.",
    remedy: "Leave `onboot` and `startup` out: both are rendered, resolvers and balancers first, then etcd and the control plane.",
    source: "Proxmox VE Administration Guide, chapter Qemu/KVM Virtual Machines, section Automatic Start and Shutdown",
    failing: Example::proxmox("nodes: {cp1: {vm: {raw: {onboot: false}}}}   # <- PVE-018"),
    passing: Example::proxmox("nodes: {cp1: {vm: {raw: {startup: 'order=30,up=120'}}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (node, vm) in machines(lint) {
        if vm.leaves_out("onboot") || vm.raw_text("onboot").is_some_and(|flag| flag == "0") {
            findings.at(at!(vm, raw), format!("after a power loss {} stays off until somebody starts it", node.name));
        }
        if vm.leaves_out("startup") {
            findings.at(at!(vm, raw), format!("after a power loss {} starts in no order", node.name));
        }
    }
}
