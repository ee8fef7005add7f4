//! What the ledger keeps of an external etcd, and what its hosts find on themselves.

use super::ledger::{BlankAnswer, Joined};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is on record about the first member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum EtcdBeginning {
    /// Nobody was granted to begin.
    #[default]
    Open,
    /// One host begins, however often it is interrupted: nothing is kept in etcd before it has told.
    Granted {
        /// The host.
        node: String,
        /// Names this attempt in the host's marker.
        attempt: String,
        /// When, in seconds since the epoch.
        since: f64,
        /// Whether its last try has failed: the others need not wait for it.
        #[serde(default)]
        stopped: bool,
    },
    /// It is done, for ever.
    Done {
        /// The host.
        node: String,
        /// The attempt by which it was done.
        attempt: String,
        /// When, in seconds since the epoch.
        at: f64,
    },
}

/// The record of an external etcd.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EtcdRecord {
    /// The first member.
    pub beginning: EtcdBeginning,
    /// What its hosts said about themselves.
    pub answers: BTreeMap<String, BlankAnswer>,
    /// Hosts that are members.
    pub joined: BTreeMap<String, Joined>,
}

impl EtcdRecord {
    /// The host that begins has failed, or goes on.
    pub(super) fn set_stopped(&mut self, node: &str, has_stopped: bool) {
        if let EtcdBeginning::Granted { node: granted, stopped, .. } = &mut self.beginning
            && granted == node
        {
            *stopped = has_stopped;
        }
    }

    /// The attempt that was granted to begin; empty where none is.
    pub(super) fn granted(&self) -> &str {
        match &self.beginning {
            EtcdBeginning::Granted { attempt, .. } => attempt,
            _ => "",
        }
    }
}

/// How far a host had come when it wrote its marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EtcdStage {
    /// It was about to begin etcd.
    Beginning,
    /// It was about to join.
    Joining,
    /// It is a member, and the master knows.
    Member,
}

/// The file on a host's root disk that says what it is in etcd, apart from etcd's data. It is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EtcdMarker {
    /// Name of the cluster.
    pub cluster: String,
    /// Name of the node.
    pub node: String,
    /// How far it came.
    pub stage: EtcdStage,
    /// The attempt that was granted, as the ledger names it.
    pub attempt: String,
    /// SHA-256 of the cluster CA's public key, as kubeadm prints it.
    pub ca_fingerprint: String,
}

/// What an etcd host found on itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EtcdEvidence {
    /// Its marker, if it has one.
    #[serde(default)]
    pub marker: Option<EtcdMarker>,
    /// The path of etcd's data, where there are any.
    #[serde(default)]
    pub data: Option<String>,
}

impl EtcdEvidence {
    /// Nothing of any etcd was found.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.marker.is_none() && self.data.is_none()
    }

    /// Whether the marker is of this attempt, at this stage.
    #[must_use]
    pub fn is_of(&self, attempt: &str, stage: EtcdStage) -> bool {
        self.marker.as_ref().is_some_and(|marker| marker.attempt == attempt && marker.stage == stage)
    }

    /// What was found, for a sentence; empty for a blank host.
    #[must_use]
    pub fn described(&self) -> String {
        let marker = self.marker.iter().map(|marker| format!("a marker of etcd of cluster {}", marker.cluster));
        let data = self.data.iter().map(|path| format!("{path} (etcd's data)"));
        marker.chain(data).collect::<Vec<_>>().join(", ")
    }
}
