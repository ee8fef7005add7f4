//! Where Kubernetes keeps its state: etcd, or dqlite of MicroK8s.

use crate::builder::Builder;
use crate::formula::count;
use crate::service::{Service, ServiceId};
use topology::pillar::ClusterDistribution;

/// The most voters that dqlite of MicroK8s has.
const DQLITE_VOTERS: usize = 3;

pub(super) fn add(builder: &mut Builder<'_>) -> Option<ServiceId> {
    if builder.topology.cluster.distribution == ClusterDistribution::Microk8s {
        return Some(dqlite(builder));
    }
    etcd(builder)
}

/// etcd serves while a majority of its members does. A write is acknowledged once a majority has it, so the loss of a
/// majority for good may lose one.
fn etcd(builder: &mut Builder<'_>) -> Option<ServiceId> {
    let etcd = &builder.topology.etcd;
    if etcd.members.is_empty() {
        return None;
    }
    let processes = builder.processes("etcd", &etcd.members);
    let serve = builder.majority_lost(&processes);
    // A program that has stopped keeps its data.
    let hosts = builder.each(&etcd.members);
    let data = builder.formulas.at_least(count(hosts.len() / 2 + 1), hosts);
    Some(builder.add(Service::new("etcd", etcd.spec.origin, serve).data(Some(data))))
}

/// dqlite has three voters among the nodes of the control plane, and chooses them itself: those that are lost are taken for
/// voters.
fn dqlite(builder: &mut Builder<'_>) -> ServiceId {
    let topology = builder.topology;
    let nodes = topology.control_plane();
    let voters = nodes.len().min(DQLITE_VOTERS);
    let majority = voters / 2 + 1;
    let processes = builder.processes("k8s-dqlite", &nodes);
    let serve = builder.formulas.at_least(count((voters + 1).saturating_sub(majority)), processes);
    let hosts = builder.each(&nodes);
    let data = builder.formulas.at_least(count(majority), hosts);
    let origin = topology.pillar.microk8s.as_ref().map_or(topology.cluster.origin, |microk8s| microk8s.origin);
    builder.add(Service::new("dqlite", origin, serve).data(Some(data)))
}
