use super::voters;
use crate::prelude::*;

/// The switch by its three names; the last two exist since Proxmox VE 9.1.3.
const FREEZE: [&str; 3] = ["freeze-fs-on-backup", "freeze-fs", "guest-fsfreeze"];

pub(super) static RULE: Rule = Rule {
    code: "PVE-022",
    name: "guest-agent-of-voter",
    severity: Severity::Warn,
    reason: "Without the guest agent a shutdown waits for its time to run out. With it, a backup, a snapshot and a clone freeze \
             the file systems unless told not to: etcd's fsync then waits longer than an election takes.",
    remedy: "Leave `agent` out; by hand write `enabled=1,freeze-fs-on-backup=0` for machines that run etcd.",
    source: "Proxmox VE Administration Guide, chapter Qemu/KVM Virtual Machines, section QEMU Guest Agent",
    failing: Example::proxmox(
        "
        nodes:
          cp1: {vm: {raw: {agent: 0}}}             # <- PVE-022
          cp2: {vm: {raw: {agent: 'enabled=1'}}}   # <- PVE-022
        ",
    ),
    passing: Example::proxmox("nodes: {cp1: {vm: {raw: {agent: 'enabled=1,freeze-fs-on-backup=0'}}}}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    for (node, vm) in voters(lint) {
        if !vm.raw.contains_key("agent") {
            continue;
        }
        let text = vm.raw_text("agent").unwrap_or_default();
        let is_off = |flag: &str| ["0", "off", "no", "false"].contains(&flag);
        let enabled = topology::pve::properties(&text).find(|part| part.key.is_none_or(|key| key == "enabled"));
        if enabled.is_none_or(|part| is_off(part.value)) {
            findings.at(at!(vm, raw), format!("the guest agent of {} is off", node.name));
        } else if !FREEZE.iter().any(|name| vm.raw_property("agent", name).is_some_and(|flag| is_off(&flag))) {
            findings.at(
                at!(vm, raw),
                format!("a backup of {} freezes its file systems, and the member of etcd with them", node.name),
            );
        }
    }
}
