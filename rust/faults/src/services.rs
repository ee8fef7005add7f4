//! The services that a topology has, derived from what the pillar declares: one file for each family.

mod backups;
mod composites;
mod control_plane;
pub(crate) mod counted;
mod declared;
mod dns;
mod etcd;
mod internet;
mod pods;
mod proxmox;
mod publishing;
mod raid;
mod storage;

use crate::builder::Builder;
use topology::{Dependencies, Names};

/// Adds every service; those that others stand on come first.
pub(crate) fn add(builder: &mut Builder<'_>) {
    let store = etcd::add(builder);
    control_plane::add(builder, store);
    internet::add(builder);
    dns::add(builder);
    storage::add(builder);
    publishing::add(builder);
    proxmox::add(builder);
    let names = Names::of(builder.topology);
    let dependencies = Dependencies::of(builder.topology, &names);
    backups::add_copies(builder);
    declared::add(builder, &names, &dependencies);
}
