//! What etcd says about its members, beside what the pillar declares.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A member of etcd as etcd lists it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Member {
    /// Its id; etcdctl writes it in hex.
    pub id: u64,
    /// Its name; empty as long as it was added and has not started.
    #[serde(default)]
    pub name: String,
    /// Where the others reach it.
    #[serde(default)]
    pub peer_urls: Vec<String>,
}

/// A sentence for each member of etcd that the pillar does not declare, or declares elsewhere. `declared` is the peer URL of
/// each member by its node.
///
/// A declared node without a member is none: it has not joined yet, or its member was taken out on purpose.
#[must_use]
pub fn undeclared(declared: &BTreeMap<String, String>, members: &[Member]) -> Vec<String> {
    let strange = |member: &&Member| !declared.values().any(|url| member.peer_urls.contains(url));
    members.iter().filter(strange).map(|member| told(declared, member)).collect()
}

fn told(declared: &BTreeMap<String, String>, member: &Member) -> String {
    let (id, at) = (member.id, member.peer_urls.join(", "));
    if let Some(url) = declared.get(&member.name) {
        return format!(
            "etcd has {} as member {id:x} at {at}, the pillar has it at {url}: put the address back, or take the member out of \
             etcd (etcdctl member remove {id:x}) and have the node join blank",
            member.name
        );
    }
    let name = if member.name.is_empty() { "not started yet" } else { &member.name };
    format!(
        "etcd has a member {id:x} ({name}) at {at}, and the pillar declares none there: declare its node again, or take it out \
         first (kubectl delete node, where it is one, and etcdctl member remove {id:x})"
    )
}
