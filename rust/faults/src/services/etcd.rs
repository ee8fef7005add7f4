//! etcd.

use crate::formula::count;
use crate::model::Builder;
use crate::service::{Service, ServiceId};

/// etcd serves while a majority of its members does. A write is acknowledged once a majority has it, so the loss of a
/// majority for good may lose one.
pub(super) fn add(builder: &mut Builder<'_>) -> Option<ServiceId> {
    let etcd = &builder.topology.etcd;
    if etcd.members.is_empty() {
        return None;
    }
    let origin = etcd.spec.origin;
    let processes = builder.processes("etcd", &etcd.members);
    let serve = builder.majority_lost(&processes);
    // A program that has stopped keeps its data.
    let hosts: Vec<_> = etcd.members.iter().map(|member| builder.node(*member)).collect();
    let data = Some(builder.formulas.at_least(count(hosts.len() / 2 + 1), hosts));
    let name = "etcd".to_owned();
    Some(builder.add(Service {
        name,
        origin,
        serve,
        recover: serve,
        data,
        requires: Vec::new(),
        degraded_by: Vec::new(),
    }))
}
