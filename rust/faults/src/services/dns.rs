//! Name resolution: `CoreDNS` in the cluster, dnsmasq on hosts.

use super::pods::Pods;
use crate::builder::Builder;
use crate::service::Service;
use topology::pillar::Spread;

pub(super) fn add(builder: &mut Builder<'_>) {
    if builder.topology.derived_services().iter().any(|name| name == "coredns") {
        coredns(builder);
    }
    let Some(dnsmasq) = &builder.topology.pillar.dns.dnsmasq else { return };
    let nodes =
        if dnsmasq.nodes.is_empty() { builder.topology.control_plane() } else { builder.nodes_named(&dnsmasq.nodes) };
    let processes = builder.processes("dnsmasq", &nodes);
    let lost = builder.formulas.all(processes);
    builder.add(Service::new("dnsmasq", dnsmasq.origin, lost));
}

/// It tolerates the taint of the control plane. The add-on of MicroK8s runs one pod, and knows no spread.
fn coredns(builder: &mut Builder<'_>) {
    let plan = &builder.topology.coredns;
    let (replicas, spread) =
        if builder.topology.is_kubeadm() { (plan.replicas, plan.spec.spread) } else { (1, Spread::Preferred) };
    let pods = Pods { nodes: builder.workers_and_control_plane(), replicas, needed: 1, spread };
    let [serve, recover] = pods.counted(builder).lost(builder);
    builder.add(Service::new("coredns", plan.spec.origin, serve).recover(recover));
}
