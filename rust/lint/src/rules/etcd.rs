//! Family ETCD: members, their timing, their disks, and what is handed to etcd itself.

mod advertise_client_urls_in_arguments;
mod common_etcd_cluster_token;
mod election_timeout_above_etcd_maximum;
mod election_timeout_below_etcd_minimum;
mod election_timeout_below_round_trip;
mod election_timeout_close_to_heartbeat;
mod etcd_disk_too_small;
mod etcd_history_never_compacted;
mod etcd_member_undersized;
mod etcd_members_share_hypervisor;
mod etcd_on_slow_disk;
mod etcd_quota_out_of_range;
mod etcd_setting_written_twice;
mod etcd_settings_without_effect;
mod etcd_shares_a_disk;
mod etcd_snapshot_count_out_of_range;
mod etcd_topology_without_its_nodes;
mod even_number_of_etcd_members;
mod external_etcd_too_old;
mod fewer_than_three_etcd_members;
mod heartbeat_far_from_round_trip;
mod more_than_seven_etcd_members;
mod no_loss_survived_during_maintenance;
mod quorum_lost_with_survivable_loss;
mod removed_etcd_setting;
mod site_holds_etcd_majority;
mod unmaintained_etcd_release;
mod unreadable_etcd_configuration;
mod unsafe_etcd_setting;

use crate::at;
use crate::lint::Lint;
use crate::rule::Rule;
use topology::Etcd;
use tree::Place;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &fewer_than_three_etcd_members::RULE,
    &even_number_of_etcd_members::RULE,
    &more_than_seven_etcd_members::RULE,
    &no_loss_survived_during_maintenance::RULE,
    &quorum_lost_with_survivable_loss::RULE,
    &etcd_members_share_hypervisor::RULE,
    &site_holds_etcd_majority::RULE,
    &common_etcd_cluster_token::RULE,
    &election_timeout_below_etcd_minimum::RULE,
    &election_timeout_close_to_heartbeat::RULE,
    &election_timeout_below_round_trip::RULE,
    &heartbeat_far_from_round_trip::RULE,
    &election_timeout_above_etcd_maximum::RULE,
    &etcd_quota_out_of_range::RULE,
    &etcd_history_never_compacted::RULE,
    &etcd_on_slow_disk::RULE,
    &etcd_shares_a_disk::RULE,
    &etcd_disk_too_small::RULE,
    &etcd_member_undersized::RULE,
    &removed_etcd_setting::RULE,
    &unmaintained_etcd_release::RULE,
    &unsafe_etcd_setting::RULE,
    &etcd_topology_without_its_nodes::RULE,
    &unreadable_etcd_configuration::RULE,
    &etcd_snapshot_count_out_of_range::RULE,
    &external_etcd_too_old::RULE,
    &advertise_client_urls_in_arguments::RULE,
    &etcd_setting_written_twice::RULE,
    &etcd_settings_without_effect::RULE,
];

/// etcd, where it has members; dqlite has none.
fn etcd<'a>(lint: &Lint<'a>) -> Option<&'a Etcd> {
    Some(&lint.topology.etcd).filter(|etcd| !etcd.members.is_empty())
}

/// What the user hands to etcd itself, under the name of its command line flag.
struct Setting {
    name: String,
    value: String,
    place: Place,
}

/// The settings that take effect: arguments of a stacked member, keys of the file of an external one.
fn settings(lint: &Lint<'_>) -> Vec<Setting> {
    let Some(etcd) = etcd(lint) else { return Vec::new() };
    let spec = &etcd.spec;
    if !etcd.is_external() {
        let place = |index| at!(spec, extra_args[index]);
        let arguments = spec.extra_args.iter().enumerate();
        let setting = |(index, argument): (usize, &topology::pillar::Argument)| Setting {
            name: argument.name.clone(),
            value: argument.value.clone(),
            place: place(index),
        };
        return arguments.map(setting).collect();
    }
    let mut found = Vec::new();
    for (key, value) in &spec.extra_config {
        let prefix = match key.as_str() {
            "client-transport-security" => "",
            "peer-transport-security" => "peer-",
            _ => {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                found.push(Setting { name: key.clone(), value, place: at!(spec, extra_config) });
                continue;
            }
        };
        for (name, value) in value.as_object().into_iter().flatten() {
            let name = format!("{prefix}{name}");
            found.push(Setting { name, value: value.to_string(), place: at!(spec, extra_config) });
        }
    }
    found
}
