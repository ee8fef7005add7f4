//! What cannot be changed in the pillar once a node is a member, because the cluster was built on it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use topology::{Node, Topology};

/// A fact by its name; a node keeps those of the day on which it became a member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fixed(BTreeMap<String, String>);

/// Facts in the order in which they are told, with the pillar's key and what has to be done to have another one after all.
const FACTS: [(&str, &str, &str); 8] = [
    ("cluster", "cluster.name", "a cluster is not renamed; see that this minion gets the pillar of its own cluster"),
    ("node", "nodes", "a node is renamed by removing it from the cluster, and joining it blank under the new name"),
    (
        "address",
        "ip",
        "its certificates, and etcd's list of members, name the old one: remove the node from the cluster, and join it blank",
    ),
    ("control_plane_endpoint", "cluster.control_plane_endpoint", "every kubeconfig and certificate names the old one"),
    ("etcd", "etcd.topology", "etcd is moved by restoring a snapshot into a new cluster"),
    ("pod_cidrs", "network.pod_cidrs", "every node and the pod network use the old one"),
    ("service_cidrs", "network.service_cidrs", "every Service has its address of the old one"),
    ("dns_domain", "cluster.dns_domain", "certificates and every pod's resolver name the old one"),
];

/// A fact that is not what it was.
pub(crate) struct Changed<'f> {
    /// Its name.
    pub(crate) name: &'static str,
    /// The pillar's key.
    pub(crate) key: &'static str,
    /// What it was.
    pub(crate) was: &'f str,
    /// What it is.
    pub(crate) is: &'f str,
    /// Why it cannot be changed, and what has to be done to have another one after all.
    pub(crate) why: &'static str,
}

impl Fixed {
    /// The facts of a node as the pillar declares them now.
    #[must_use]
    pub fn of(topology: &Topology, node: &Node) -> Self {
        let mut facts = Self::of_cluster(topology);
        facts.0.insert("node".to_owned(), node.name.clone());
        facts.0.insert("address".to_owned(), node.ip.to_string());
        facts
    }

    /// Those that are the same on every node.
    pub(crate) fn of_cluster(topology: &Topology) -> Self {
        let list = |all: &[ipnet::IpNet]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let values = [
            ("cluster", topology.cluster.name.clone()),
            ("control_plane_endpoint", topology.cluster.control_plane_endpoint.to_string()),
            ("etcd", if topology.etcd.is_external() { "external" } else { "stacked" }.to_owned()),
            ("pod_cidrs", list(&topology.network.pod_cidrs)),
            ("service_cidrs", list(&topology.network.service_cidrs)),
            ("dns_domain", topology.cluster.dns_domain.clone()),
        ];
        Self(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// A sentence for each fact of these, kept on the day of joining, that `declared` has otherwise. A fact that was not kept
    /// is not compared.
    #[must_use]
    pub fn changed(&self, declared: &Self) -> Vec<String> {
        let told = |fact: Changed<'_>| {
            let Changed { key, was, is, why, .. } = fact;
            format!("{key} is {is} in the pillar, and {was} since this node joined: {why}")
        };
        self.differences(declared).map(told).collect()
    }

    /// The facts that `declared` has otherwise, in the order in which they are told.
    pub(crate) fn differences<'f>(&'f self, declared: &'f Self) -> impl Iterator<Item = Changed<'f>> {
        FACTS.iter().filter_map(|(name, key, why)| {
            let (was, is) = (self.0.get(*name)?, declared.0.get(*name)?);
            (was != is).then_some(Changed { name, key, was, is, why })
        })
    }
}
