//! Family CP: API servers, controllers, kubeadm, and the nodes that they need.

mod all_preflight_errors_ignored;
mod api_lost_with_survivable_loss;
mod argument_written_twice;
mod balancer_and_api_server_share_port;
mod certificate_outlives_its_ca;
mod certificates_expire_between_upgrades;
mod cluster_name_not_plain;
mod component_lease_times_out_of_order;
mod control_plane_node_too_small;
mod control_plane_open_to_workloads;
mod endpoint_is_an_address;
mod endpoint_on_one_host;
mod endpoint_port_not_served;
mod endpoint_reconciler_off;
mod fewer_than_two_api_servers;
mod goaway_chance_out_of_range;
mod identity_pin_unreadable;
mod images_served_by_this_cluster;
mod kube_proxy_disagrees_with_cni;
mod leader_election_off;
mod node_grace_period_too_short;
mod node_name_not_dns;
mod release_near_end_of_life;
mod removed_kubeadm_feature_gate;
mod shutdown_delay_too_short;
mod unknown_key_algorithm;
mod unknown_patch_target;
mod workloads_moved_too_late;

use crate::at;
use crate::lint::Lint;
use crate::rule::Rule;
use topology::pillar::{Component, Kubeadm};
use tree::Place;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &fewer_than_two_api_servers::RULE,
    &api_lost_with_survivable_loss::RULE,
    &endpoint_on_one_host::RULE,
    &endpoint_is_an_address::RULE,
    &endpoint_port_not_served::RULE,
    &balancer_and_api_server_share_port::RULE,
    &leader_election_off::RULE,
    &component_lease_times_out_of_order::RULE,
    &certificate_outlives_its_ca::RULE,
    &certificates_expire_between_upgrades::RULE,
    &goaway_chance_out_of_range::RULE,
    &shutdown_delay_too_short::RULE,
    &endpoint_reconciler_off::RULE,
    &control_plane_node_too_small::RULE,
    &control_plane_open_to_workloads::RULE,
    &workloads_moved_too_late::RULE,
    &node_grace_period_too_short::RULE,
    &kube_proxy_disagrees_with_cni::RULE,
    &unknown_patch_target::RULE,
    &images_served_by_this_cluster::RULE,
    &node_name_not_dns::RULE,
    &removed_kubeadm_feature_gate::RULE,
    &unknown_key_algorithm::RULE,
    &all_preflight_errors_ignored::RULE,
    &release_near_end_of_life::RULE,
    &argument_written_twice::RULE,
    &cluster_name_not_plain::RULE,
    &identity_pin_unreadable::RULE,
];

/// kubeadm's settings, where kubeadm runs Kubernetes.
pub(super) fn kubeadm<'a>(lint: &Lint<'a>) -> Option<&'a Kubeadm> {
    lint.topology.is_kubeadm().then_some(&lint.topology.kubeadm)
}

/// The value of an argument that the user wrote for a component, and where. The last one counts.
pub(super) fn argument<'a>(component: &'a Component, name: &str) -> Option<(&'a str, Place)> {
    let index = component.extra_args.iter().rposition(|argument| argument.name == name)?;
    Some((component.extra_args[index].value.as_str(), at!(component, extra_args[index])))
}
