use crate::prelude::*;
use std::collections::HashMap;

pub(super) static RULE: Rule = Rule {
    code: "OS-005",
    name: "processor-too-old",
    severity: Severity::Error,
    reason: "The system is compiled for a level of the instruction set that this processor does not have: no CPU \
             type makes the virtual machine boot there.",
    remedy: "Choose a system for an older level, such as `rocky-9` or `debian-13`, or another hypervisor.",
    source: "Red Hat Enterprise Linux 10 release notes, architectures; Proxmox VE documentation, qm, CPU type",
    failing: Example::three_masters(
        "
        hypervisors:
          pve1: {cpu_level: x86-64-v2}           # <- OS-005
          pve2: {cpu_level: x86-64-v3}
          pve3: {cpu_level: x86-64-v4}
        ",
    ),
    passing: Example::three_masters(
        "hypervisors: {pve1: {cpu_level: x86-64-v3}, pve2: {cpu_level: x86-64-v4}, pve3: {}}",
    ),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let mut needs: HashMap<&str, (u8, &Node)> = HashMap::new();
    for node in &lint.topology.nodes {
        let level = lint.facts.platform(node.os).and_then(|platform| level(&platform.cpu_level));
        let Some((host, level)) = node.hypervisor.as_deref().zip(level) else { continue };
        let most = needs.entry(host).or_insert((level, node));
        if level > most.0 {
            *most = (level, node);
        }
    }
    for (name, host) in &lint.topology.pillar.hypervisors {
        let Some(written) = &host.cpu_level else { continue };
        let place = at!(host, cpu_level);
        let Some(has) = level(written) else {
            let message = format!("`{written}` of `{name}` is not x86-64, x86-64-v2, x86-64-v3 or x86-64-v4");
            findings.at(place, message);
            continue;
        };
        if let Some((needed, node)) = needs.get(name.as_str()).filter(|(needed, _)| has < *needed) {
            let message = format!("`{name}` has {written}, {} of `{}` needs x86-64-v{needed}", node.os, node.name);
            findings.at(place, message).see(at!(node, os), "the system");
        }
    }
}

/// The number of a level: 1 for `x86-64`, 3 for `x86-64-v3`.
fn level(name: &str) -> Option<u8> {
    match name.strip_prefix("x86-64")? {
        "" => Some(1),
        version => version.strip_prefix("-v")?.parse().ok().filter(|level| (2..=4).contains(level)),
    }
}
