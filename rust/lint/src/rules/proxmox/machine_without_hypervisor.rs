use super::machines;
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-034",
    name: "machine-without-hypervisor",
    severity: Severity::Error,
    reason: "A machine runs somewhere. Without its hypervisor it can neither be made, nor is it known what is lost when one \
             goes away.",
    remedy: "Write `hypervisor:` under the node.",
    source: "Proxmox VE API, POST /nodes/{node}/qemu: the hypervisor is part of the path",
    failing: Example::proxmox(
        "
        nodes:
          w3: {profile: worker, ip: 10.0.10.23, vm: {vmid: 413}}   # <- PVE-034
        ",
    ),
    passing: Example::proxmox("nodes: {w3: {profile: worker, ip: 10.0.10.23, hypervisor: pve3, vm: {vmid: 413}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (node, _) in machines(lint).filter(|(node, _)| node.hypervisor.is_none()) {
        findings.at(at!(node, hypervisor), format!("{} is a virtual machine on no hypervisor", node.name));
    }
}
