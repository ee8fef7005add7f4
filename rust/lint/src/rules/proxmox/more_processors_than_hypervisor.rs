use super::{hypervisor, machines};
use crate::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "PVE-032",
    name: "more-processors-than-hypervisor",
    severity: Severity::Error,
    reason: "Proxmox starts no machine that has more processors than its hypervisor has hardware threads.",
    remedy: "Give the node fewer `cpus`, or another hypervisor.",
    source: "Proxmox VE, start of a virtual machine: \"MAX n vcpus allowed per VM on this node\"",
    failing: Example::proxmox(
        "
        nodes:
          w1: {cpus: 48}               # <- PVE-032
        ",
    ),
    passing: Example::proxmox("nodes: {w1: {cpus: 32}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (node, vm) in machines(lint) {
        let raw = |key: &str| vm.raw_text(key).and_then(|text| text.parse::<u32>().ok());
        let cores = raw("cores").or(node.cpus).unwrap_or(0);
        let wanted = cores.saturating_mul(raw("sockets").unwrap_or(1));
        let Some((host, threads)) = hypervisor(lint, node).and_then(|host| host.cpus.map(|threads| (host, threads)))
        else {
            continue;
        };
        if wanted > threads {
            let name = node.hypervisor.as_deref().unwrap_or_default();
            let by_hand = ["cores", "sockets"].iter().any(|key| vm.raw.contains_key(*key));
            let place = if by_hand { at!(vm, raw) } else { at!(node, cpus) };
            let message =
                format!("{} has {wanted} processors, its hypervisor {name} only {threads} hardware threads", node.name);
            findings.at(place, message).see(at!(host, cpus), "the hypervisor's");
        }
    }
}
