//! Family LB: load balancer and the address of the API.

mod address_check_impossible;
mod advertisement_interval_impossible;
mod backend_check_impossible;
mod backend_not_verified;
mod balancers_lost_together;
mod endpoint_is_another_address;
mod external_not_highly_available;
mod failing_check_keeps_address;
mod failover_slower_than_target;
mod image_tag_moves;
mod ingress_shares_api_address;
mod kube_vip_lease_out_of_order;
mod load_balancer_role_unused;
mod local_balancer_needs_a_name;
mod priorities_unusable;
mod single_load_balancer;
mod streams_cut_short;
mod strict_vrrp;
mod too_few_connections;
mod vip_declared_twice;
mod vip_holders_apart;
mod vip_in_cluster_range;
mod vip_in_dhcp_range;
mod vip_in_use;
mod vip_outside_network;
mod virtual_router_id_missing;
mod virtual_router_id_out_of_range;
mod virtual_router_id_taken;
mod vrrp_password;

use crate::rule::Rule;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &single_load_balancer::RULE,
    &balancers_lost_together::RULE,
    &vip_outside_network::RULE,
    &vip_holders_apart::RULE,
    &vip_in_use::RULE,
    &vip_in_dhcp_range::RULE,
    &vip_in_cluster_range::RULE,
    &virtual_router_id_out_of_range::RULE,
    &virtual_router_id_taken::RULE,
    &priorities_unusable::RULE,
    &failing_check_keeps_address::RULE,
    &address_check_impossible::RULE,
    &strict_vrrp::RULE,
    &vrrp_password::RULE,
    &backend_not_verified::RULE,
    &streams_cut_short::RULE,
    &too_few_connections::RULE,
    &kube_vip_lease_out_of_order::RULE,
    &external_not_highly_available::RULE,
    &ingress_shares_api_address::RULE,
    &image_tag_moves::RULE,
    &vip_declared_twice::RULE,
    &failover_slower_than_target::RULE,
    &virtual_router_id_missing::RULE,
    &advertisement_interval_impossible::RULE,
    &backend_check_impossible::RULE,
    &local_balancer_needs_a_name::RULE,
    &endpoint_is_another_address::RULE,
    &load_balancer_role_unused::RULE,
];
