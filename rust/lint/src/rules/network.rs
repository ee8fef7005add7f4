//! Family NET: networks of the nodes and inside the cluster.

mod address_families_differ;
mod address_used_twice;
mod api_port_in_node_port_range;
mod balancer_port_taken;
mod cni_not_tested;
mod dhcp_range_unreadable;
mod gateway_outside_network;
mod kube_proxy_ipvs;
mod kube_proxy_not_replaced;
mod minion_used_twice;
mod more_pods_than_addresses;
mod networks_overlap;
mod node_in_dhcp_range;
mod node_mask_impossible;
mod node_outside_network;
mod pod_packets_too_large;
mod pod_range_too_small;
mod pods_not_routed;
mod public_network_unencrypted;
mod service_range_size;
mod single_gateway;
mod single_uplink;

use crate::rule::Rule;

/// The rules of the family, in the order of their codes.
pub(super) const RULES: &[&Rule] = &[
    &networks_overlap::RULE,
    &pod_range_too_small::RULE,
    &more_pods_than_addresses::RULE,
    &node_mask_impossible::RULE,
    &service_range_size::RULE,
    &address_families_differ::RULE,
    &pod_packets_too_large::RULE,
    &cni_not_tested::RULE,
    &pods_not_routed::RULE,
    &kube_proxy_ipvs::RULE,
    &single_uplink::RULE,
    &single_gateway::RULE,
    &public_network_unencrypted::RULE,
    &balancer_port_taken::RULE,
    &api_port_in_node_port_range::RULE,
    &address_used_twice::RULE,
    &kube_proxy_not_replaced::RULE,
    &node_outside_network::RULE,
    &gateway_outside_network::RULE,
    &minion_used_twice::RULE,
    &dhcp_range_unreadable::RULE,
    &node_in_dhcp_range::RULE,
];
