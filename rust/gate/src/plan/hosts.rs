//! What no node may change while it is a member: its name, its address, and its part in Kubernetes.

use super::answer::Objection;
use super::difference::Difference;
use std::collections::HashMap;
use std::net::IpAddr;
use topology::Node;
use topology::pillar::Role;

/// The nodes of the old pillar by their addresses, each with what it is in the new one.
type Owners<'t> = HashMap<IpAddr, (&'t Node, Option<&'t Node>)>;

/// What forbids the change for single nodes.
pub(super) fn refused(difference: &Difference<'_>) -> Vec<Objection> {
    let kept = difference.kept.iter().map(|(was, is)| (was.ip, (*was, Some(*is))));
    let owners: Owners<'_> = kept.chain(difference.leaving.iter().map(|was| (was.ip, (*was, None)))).collect();
    let mut all = Vec::new();
    for (was, is) in &difference.kept {
        all.extend(moved(was, is, &owners));
        all.extend(role(was, is));
    }
    all.extend(difference.arriving.iter().filter_map(|node| renamed(node, &owners)));
    all
}

fn moved(was: &Node, is: &Node, owners: &Owners<'_>) -> Option<Objection> {
    if was.ip == is.ip {
        return None;
    }
    let name = &is.name;
    if let Some((owner, Some(now))) = owners.get(&is.ip) {
        if now.ip == was.ip && owner.name < *name {
            // Told of the other one.
            return None;
        }
        if now.ip != owner.ip {
            let with = if now.ip == was.ip { "swapped with" } else { "taken over from" };
            return Some(Objection::new(
                "swapped",
                format!(
                    "the address of {name} is {} with the new pillar and {} with the old one, {with} {}: certificates and \
                     etcd's list of members name each host by both",
                    is.ip, was.ip, owner.name
                ),
                format!("give {name} back {}, and {} {}", was.ip, owner.name, owner.ip),
            ));
        }
    }
    let was_of = owners.get(&is.ip).map_or(String::new(), |(owner, _)| format!(", which was that of {}", owner.name));
    Some(Objection::new(
        "address",
        format!(
            "nodes.{name}.ip is {} in the new pillar{was_of}, and {} in the old one: its certificates, and etcd's list of \
             members, name the old one",
            is.ip, was.ip
        ),
        format!(
            "keep {}; or apply a pillar without {name} first, and let it join blank with {} after that",
            was.ip, is.ip
        ),
    ))
}

/// A host that has the address of one that goes is that host, under another name.
fn renamed(node: &Node, owners: &Owners<'_>) -> Option<Objection> {
    let (owner, None) = owners.get(&node.ip)? else { return None };
    Some(Objection::new(
        "node",
        format!(
            "{} has the address {} with the new pillar, and {} had it with the old one: a node is renamed by removing it from \
             the cluster, and joining it blank under the new name",
            node.name, node.ip, owner.name
        ),
        format!(
            "keep the name {}; or apply a pillar without {} first, and add {} after that",
            owner.name, owner.name, node.name
        ),
    ))
}

fn role(was: &Node, is: &Node) -> Option<Objection> {
    let part = |node: &Node| if node.has(Role::ControlPlane) { "the control plane" } else { "the workers" };
    if !was.runs_kubelet() || !is.runs_kubelet() || was.has(Role::ControlPlane) == is.has(Role::ControlPlane) {
        return None;
    }
    let name = &is.name;
    Some(Objection::new(
        "role",
        format!(
            "{name} belongs to {} with the new pillar, and to {} with the old one: kubeadm decides that when a node joins",
            part(is),
            part(was)
        ),
        format!("keep its roles; or apply a pillar without {name} first, and let it join blank after that"),
    ))
}
