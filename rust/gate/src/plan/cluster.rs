//! What a cluster was built on, and its release.

use super::answer::Objection;
use crate::fixed::{Changed, Fixed};
use std::cmp::Ordering;
use topology::Topology;

/// What forbids the change whatever its nodes are.
pub(super) fn refused(old: &Topology, new: &Topology) -> Vec<Objection> {
    let (was, is) = (Fixed::of_cluster(old), Fixed::of_cluster(new));
    let mut all: Vec<Objection> = was.differences(&is).map(|fact| fixed(&fact)).collect();
    all.extend(distribution(old, new));
    all.extend(release(old, new));
    all
}

fn fixed(fact: &Changed<'_>) -> Objection {
    let Changed { name, key, was, is, why } = *fact;
    if name == "cluster" {
        return Objection::new(
            name,
            format!("{key} is {is} in the new pillar, and {was} in the old one: a cluster is not renamed"),
            format!("compare two pillars of one cluster, or keep {was}"),
        );
    }
    Objection::new(
        name,
        format!("{key} is {is} in the new pillar, and {was} in the old one: {why}"),
        format!("keep {was}; a cluster with {is} is a new one"),
    )
}

fn distribution(old: &Topology, new: &Topology) -> Option<Objection> {
    if old.is_kubeadm() && new.is_kubeadm() {
        return None;
    }
    Some(Objection::new(
        "distribution",
        "MicroK8s is judged and not managed yet: nothing brings a cluster from or to it",
        "change it with MicroK8s's own commands",
    ))
}

/// A release is changed by an upgrade of its own: `kubernetes.mismatch` in Salt says the same on each node.
fn release(old: &Topology, new: &Topology) -> Option<Objection> {
    let (was, is) = (old.cluster.kubernetes_version, new.cluster.kubernetes_version);
    let words = format!("cluster.kubernetes_version is {is} in the new pillar, and {was} in the old one");
    match is.cmp(&was) {
        Ordering::Equal => None,
        Ordering::Less => Some(Objection::new(
            "downgrade",
            format!("{words}: an earlier release need not read what a later one has written"),
            format!("keep {was}; an earlier release takes a snapshot of that time, restored into a new cluster"),
        )),
        Ordering::Greater if is.minor > was.minor + 1 => Some(Objection::new(
            "minor_skipped",
            format!("{words}: kubeadm upgrades from one minor to the next one"),
            format!("upgrade to a release of 1.{} first, by itself", was.minor + 1),
        )),
        Ordering::Greater => Some(Objection::new(
            "upgrade",
            format!("{words}: a release is changed by an upgrade, node by node"),
            format!(
                "plan everything else with {was}, and upgrade the cluster by itself (`kubeadm upgrade`, node by node)"
            ),
        )),
    }
}
