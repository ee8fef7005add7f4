//! The services that a topology has, derived from what the pillar declares: one file for each family.

mod control_plane;
mod etcd;

use crate::model::Builder;

/// Adds every service; those that others stand on come first.
pub(crate) fn add(builder: &mut Builder<'_>) {
    let etcd = etcd::add(builder);
    control_plane::add(builder, etcd);
}
