//! Machines that Proxmox starts on another hypervisor.

use super::{Failure, Goal, Part, SwitchOver};
use topology::Topology;
use topology::values::Duration;

/// Source: Proxmox VE Administration Guide, High Availability: a host without quorum is reset by its watchdog after 60 s, and
/// a fail-over takes about two minutes in all.
pub(super) fn all(topology: &Topology) -> Vec<SwitchOver> {
    let under_ha =
        |node: &topology::Node| node.hypervisor.is_some() && node.vm.as_ref().is_some_and(|vm| vm.ha == Some(true));
    if topology.proxmox.is_none() || !topology.nodes.iter().any(under_ha) {
        return Vec::new();
    }
    let parts = vec![
        Part::new("the watchdog of the lost host has surely reset it", Duration::seconds(60), "Proxmox HA: watchdog"),
        Part::new(
            "its lock has run out and the machine is started",
            Duration::seconds(60),
            "Proxmox HA: fencing delay",
        ),
    ];
    let of = "machines under Proxmox HA".to_owned();
    vec![SwitchOver { of, failure: Failure::HypervisorLost, parts, goal: Some(Goal::RecoveryTime) }]
}
