//! All rules, by family. A family lists its rules in the order of their codes.

mod control_plane;
mod dns;
mod etcd;
mod load_balancer;
mod network;
mod operating_system;
mod placement;
mod proxmox;
mod recovery;
mod security;
mod storage;
mod workloads;

use crate::rule::Rule;

/// All rules, family by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let families = [
        etcd::RULES,
        control_plane::RULES,
        load_balancer::RULES,
        network::RULES,
        storage::RULES,
        dns::RULES,
        placement::RULES,
        workloads::RULES,
        security::RULES,
        recovery::RULES,
        operating_system::RULES,
        proxmox::RULES,
    ];
    families.into_iter().flatten().copied()
}
