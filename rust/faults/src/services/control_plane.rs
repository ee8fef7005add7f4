//! The programs of the control plane, and the API that clients reach.

use crate::formula::Formula;
use crate::model::Builder;
use crate::service::{Service, ServiceId};

/// kube-apiserver serves while one instance does. Where etcd is stacked an instance asks the member beside it and no other,
/// so it is lost with that member.
pub(super) fn add(builder: &mut Builder<'_>, etcd: Option<ServiceId>) {
    let topology = builder.topology;
    let nodes = topology.control_plane();
    let mut instances = Vec::with_capacity(nodes.len());
    for node in nodes {
        let mut ways = vec![builder.process("kube-apiserver", node)];
        if topology.etcd.members.contains(&node) {
            ways.push(builder.process("etcd", node));
        }
        instances.push(builder.formulas.any(ways));
    }
    let lost = |builder: &mut Builder<'_>, required: Option<Formula>| {
        let none = builder.formulas.all(instances.iter().copied());
        builder.formulas.any(required.into_iter().chain([none]))
    };
    let required = etcd.map(|etcd| builder.service(etcd).clone());
    let serve = lost(builder, required.as_ref().map(|etcd| etcd.serve));
    let recover = lost(builder, required.as_ref().map(|etcd| etcd.recover));
    builder.add(Service {
        name: "kube-apiserver".to_owned(),
        origin: topology.kubeadm.origin,
        serve,
        recover,
        data: required.and_then(|etcd| etcd.data),
        requires: etcd.into_iter().collect(),
        degraded_by: Vec::new(),
    });
}
