//! Family OS: operating systems and what runs on every host.

mod cgroup_v1_let_pass;
mod containerd_1_abandoned;
mod containerd_major_unknown;
mod firewall_beside_policies;
mod mixed_control_plane_systems;
mod nothing_reserved;
mod processor_too_old;
mod repository_without_address;
mod selinux_disabled;
mod shutdown_times_unusable;
mod signing_key_unusable;
mod system_end_of_life;
mod system_not_supported;
mod time_from_own_nodes;
mod too_few_time_sources;

use crate::at;
use crate::lint::Lint;
use crate::rule::Rule;
use topology::NodeIndex;
use topology::values::OperatingSystem;
use tree::Place;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &system_end_of_life::RULE,
    &system_not_supported::RULE,
    &processor_too_old::RULE,
    &too_few_time_sources::RULE,
    &time_from_own_nodes::RULE,
    &selinux_disabled::RULE,
    &firewall_beside_policies::RULE,
    &containerd_major_unknown::RULE,
    &shutdown_times_unusable::RULE,
    &nothing_reserved::RULE,
    &cgroup_v1_let_pass::RULE,
    &mixed_control_plane_systems::RULE,
    &containerd_1_abandoned::RULE,
    &signing_key_unusable::RULE,
    &repository_without_address::RULE,
];

/// An operating system, the nodes that run it, and where the first of them says so.
struct System {
    os: OperatingSystem,
    nodes: Vec<NodeIndex>,
    place: Place,
}

/// The operating systems of all nodes, each once.
fn systems(lint: &Lint<'_>) -> Vec<System> {
    let mut systems: Vec<System> = Vec::new();
    for (index, node) in lint.topology.nodes.iter().enumerate() {
        match systems.iter_mut().find(|system| system.os == node.os) {
            Some(system) => system.nodes.push(index),
            None => systems.push(System { os: node.os, nodes: vec![index], place: at!(node, os) }),
        }
    }
    systems
}
