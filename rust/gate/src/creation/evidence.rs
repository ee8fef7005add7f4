//! What a host found on itself.

use serde::{Deserialize, Serialize};

/// How far a host had come when it wrote its marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// `kubeadm init` was begun.
    Initialising,
    /// `kubeadm init` has ended well.
    Initialised,
    /// `kubeadm join` was begun.
    Joining,
    /// `kubeadm join` has ended well.
    Joined,
    /// The host is a member, and the master knows.
    Member,
}

/// The file on a host's root disk that says to which cluster it belongs. It is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// Name of the cluster.
    pub cluster: String,
    /// Name of the node.
    pub node: String,
    /// How far it came.
    pub stage: Stage,
    /// The attempt that was granted, as the ledger names it.
    pub attempt: String,
    /// SHA-256 of the cluster CA's public key, as kubeadm prints it.
    pub ca_fingerprint: String,
    /// UID of the namespace kube-system, once it is known.
    #[serde(default)]
    pub kube_system_uid: Option<String>,
}

/// What a host found on itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Its marker, if it has one.
    #[serde(default)]
    pub marker: Option<Marker>,
    /// What is there of Kubernetes or etcd, each a path with what it means, such as `/var/lib/etcd/member (etcd's data)`.
    #[serde(default)]
    pub traces: Vec<String>,
}

impl Evidence {
    /// Nothing of any cluster was found.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.marker.is_none() && self.traces.is_empty()
    }

    /// What was found, for a sentence; empty for a blank host.
    #[must_use]
    pub fn described(&self) -> String {
        let marker = self.marker.iter().map(|marker| format!("a marker of cluster {}", marker.cluster));
        marker.chain(self.traces.iter().cloned()).collect::<Vec<_>>().join(", ")
    }
}
