//! Family PLACE: what stands on what.

mod control_plane_shares_hypervisor;
mod hypervisor_overcommitted;
mod no_room_after_loss;
mod power_without_battery;
mod service_misses_target;
mod target_without_elements;
mod too_few_workers;
mod voter_without_domain;
mod waits_for_itself;
mod workers_lost_together;

use crate::rule::Rule;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &voter_without_domain::RULE,
    &service_misses_target::RULE,
    &no_room_after_loss::RULE,
    &too_few_workers::RULE,
    &control_plane_shares_hypervisor::RULE,
    &power_without_battery::RULE,
    &hypervisor_overcommitted::RULE,
    &waits_for_itself::RULE,
    &target_without_elements::RULE,
    &workers_lost_together::RULE,
];
