use crate::prelude::*;
use std::collections::HashMap;

pub(super) static RULE: Rule = Rule {
    code: "PLACE-013",
    name: "hypervisor-overcommitted",
    severity: Severity::Warn,
    reason: "A host that runs out of memory kills a virtual machine: the largest, which may be a voter. Machines \
             that wait for a processor miss their heartbeats, and etcd elects another leader.",
    remedy: "Move a node to another hypervisor, or give its machines less; `reserved_memory` is what the host itself \
             needs.",
    source: "Proxmox VE documentation, qm, Memory; etcd documentation, Hardware recommendations",
    failing: Example::three_masters(
        "
        hypervisors:
          pve1:
            memory: 42GiB              # <- PLACE-013
            reserved_memory: 4GiB
          pve2: {memory: 64GiB, reserved_memory: 4GiB}
          pve3: {}
        ",
    ),
    passing: Example::three_masters(
        "hypervisors: {pve1: {memory: 44GiB, reserved_memory: 4GiB, cpus: 4}, pve2: {}, pve3: {}}",
    ),
    check,
};

/// Processors that machines may have for each hardware thread.
const PROCESSORS_PER_THREAD: u64 = 3;

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let mut given: HashMap<&str, (u64, u64)> = HashMap::new();
    for node in &lint.topology.nodes {
        let Some(host) = node.hypervisor.as_deref() else { continue };
        let (memory, cpus) = given.entry(host).or_default();
        *memory = memory.saturating_add(node.memory.unwrap_or_default().0);
        *cpus += u64::from(node.cpus.unwrap_or_default());
    }
    for (name, host) in &lint.topology.pillar.hypervisors {
        let (memory, cpus) = given.get(name.as_str()).copied().unwrap_or_default();
        if let Some(has) = host.memory.filter(|has| memory > has.0.saturating_sub(host.reserved_memory.0)) {
            let message = format!(
                "machines on `{name}` have {} together; it has {has}, of which {} is reserved",
                Size(memory),
                host.reserved_memory
            );
            findings.at(at!(host, memory), message);
        }
        if let Some(threads) = host.cpus.filter(|threads| cpus > u64::from(*threads) * PROCESSORS_PER_THREAD) {
            let message = format!("machines on `{name}` have {cpus} processors together; it has {threads} threads");
            findings.at(at!(host, cpus), message);
        }
    }
}
