//! kube-controller-manager and kube-scheduler.

use super::arguments::{DefaultArgument, component};
use serde_json::Value;
use topology::Topology;

/// The section of kube-controller-manager: which part of the pod ranges a node gets goes by the families in use. With two
/// families there is one argument for each, and the common one is refused.
pub(super) fn controller_manager(topology: &Topology) -> Value {
    let network = &topology.network;
    let mask =
        |v4: bool| if v4 { network.node_cidr_mask_size_ipv4 } else { network.node_cidr_mask_size_ipv6 }.to_string();
    let has = |v4: bool| network.pod_cidrs.iter().any(|range| range.addr().is_ipv4() == v4);
    let mut ours = hardening(topology);
    match (has(true), has(false)) {
        (true, true) => {
            ours.extend([("node-cidr-mask-size-ipv4", mask(true)), ("node-cidr-mask-size-ipv6", mask(false))]);
        }
        (true, false) => ours.push(("node-cidr-mask-size", mask(true))),
        (false, true) => ours.push(("node-cidr-mask-size", mask(false))),
        (false, false) => {}
    }
    ours.sort();
    let spec = &topology.kubeadm.controller_manager;
    component(spec, ours, &[]).into()
}

/// The section of kube-scheduler.
pub(super) fn scheduler(topology: &Topology) -> Value {
    component(&topology.kubeadm.scheduler, hardening(topology), &[]).into()
}

fn hardening(topology: &Topology) -> Vec<DefaultArgument> {
    vec![("profiling", "false".to_owned()), ("tls-min-version", topology.security.tls_min_version.clone())]
}
