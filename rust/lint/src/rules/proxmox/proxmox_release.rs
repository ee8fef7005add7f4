use crate::prelude::*;
use topology::pve::KNOWN_VERSIONS;

/// The oldest major version that is maintained.
const MAINTAINED: u8 = 9;

pub(super) static RULE: Rule = Rule {
    code: "PVE-024",
    name: "proxmox-release",
    severity: Severity::Warn,
    reason: "Proxmox VE 8 gets no security fixes since 2026-08-31. It also has no resource affinity rules, so nothing but \
             placement keeps two members of etcd apart.",
    remedy: "Upgrade the hypervisors to Proxmox VE 9, one at a time, and write `version: 9`.",
    source: "Proxmox VE support lifecycle; Proxmox VE Administration Guide, chapter High Availability",
    failing: Example::proxmox("proxmox: {version: 8}   # <- PVE-024"),
    passing: Example::proxmox("proxmox: {version: 9}"),
    check,
};

fn check(lint: &Lint<'_>, findings: &mut Findings<'_>) {
    let Some(proxmox) = &lint.topology.proxmox else { return };
    let version = proxmox.major();
    let place = at!(proxmox, version);
    if !KNOWN_VERSIONS.contains(&version) {
        let known = KNOWN_VERSIONS.map(|version| version.to_string()).join(", ");
        let message = format!("Proxmox VE {version} is not known here: what its API accepts cannot be checked");
        findings.at(place, message).severity(Severity::Error).help(format!("write one of {known}"));
    } else if version < MAINTAINED {
        findings.at(place, format!("Proxmox VE {version} is no longer maintained"));
    }
}
