//! The master's record of one cluster.

use super::etcd_record::EtcdRecord;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the record that this release reads and writes.
const VERSION: u32 = 1;

/// What is on record about `kubeadm init`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Initialisation {
    /// It was never granted.
    Open,
    /// One node may do it, and goes on with it however often it is interrupted.
    Granted {
        /// The node.
        node: String,
        /// Names this attempt in the node's marker.
        attempt: String,
        /// When, in seconds since the epoch.
        since: f64,
        /// Whether its last try has failed: the others need not wait for it.
        #[serde(default)]
        stopped: bool,
    },
    /// It is done, for ever.
    Done {
        /// The node.
        node: String,
        /// The attempt by which it was done.
        attempt: String,
        /// UID of the namespace kube-system: the identity of the cluster.
        kube_system_uid: String,
        /// When, in seconds since the epoch.
        at: f64,
    },
}

/// What a control-plane node said about itself before `init` was granted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlankAnswer {
    /// What it found; empty where it is blank.
    pub found: String,
    /// When, in seconds since the epoch.
    pub at: f64,
}

/// One node at a time changes etcd's membership.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// The node.
    pub node: String,
    /// When it ends by itself, in seconds since the epoch.
    pub until: f64,
}

/// A node that has joined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joined {
    /// When, in seconds since the epoch.
    pub at: f64,
}

/// The master's record of one cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    version: u32,
    /// Name of the cluster.
    pub cluster: String,
    /// When it was opened, in seconds since the epoch.
    pub created: f64,
    /// SHA-256 of the cluster CA's public key, as kubeadm prints it.
    pub ca_fingerprint: String,
    /// Control-plane nodes without whose answer `init` may be granted, as the operator said.
    #[serde(default)]
    pub without: Vec<String>,
    /// `kubeadm init`.
    pub initialisation: Initialisation,
    /// What control-plane nodes said about themselves.
    #[serde(default)]
    pub answers: BTreeMap<String, BlankAnswer>,
    /// Who changes etcd's membership now.
    #[serde(default)]
    pub turn: Option<Turn>,
    /// Nodes that have joined.
    #[serde(default)]
    pub joined: BTreeMap<String, Joined>,
    /// An external etcd.
    #[serde(default)]
    pub etcd: EtcdRecord,
}

/// Why a record cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LedgerError {
    /// It is no JSON, or not all of it.
    #[error("the ledger is not whole ({0}); restore it from a backup of the master, nothing is granted without it")]
    NotWhole(String),
    /// Another release wrote it.
    #[error("the ledger has version {0}, this release reads version {VERSION}; install the release that wrote it")]
    OtherVersion(u64),
}

impl Ledger {
    /// The record of a cluster that does not exist yet.
    #[must_use]
    pub fn open(cluster: &str, ca_fingerprint: &str, without: Vec<String>, now: f64) -> Self {
        Self {
            version: VERSION,
            cluster: cluster.to_owned(),
            created: now,
            ca_fingerprint: ca_fingerprint.to_owned(),
            without,
            initialisation: Initialisation::Open,
            answers: BTreeMap::new(),
            turn: None,
            joined: BTreeMap::new(),
            etcd: EtcdRecord::default(),
        }
    }

    /// Reads a record.
    ///
    /// # Errors
    /// When it is damaged, or another release wrote it.
    pub fn read(text: &str) -> Result<Self, LedgerError> {
        let not_whole = |error: serde_json::Error| LedgerError::NotWhole(error.to_string());
        let value: serde_json::Value = serde_json::from_str(text).map_err(not_whole)?;
        match value.get("version").and_then(serde_json::Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => serde_json::from_value(value).map_err(not_whole),
            Some(version) => Err(LedgerError::OtherVersion(version)),
            None => Err(LedgerError::NotWhole("it has no version".to_owned())),
        }
    }

    /// The record as text.
    ///
    /// # Errors
    /// Never for a record that was read or opened here; a time that is no number cannot be written.
    pub fn write(&self) -> Result<String, LedgerError> {
        let text = serde_json::to_string_pretty(self).map_err(|error| LedgerError::NotWhole(error.to_string()))?;
        Ok(text + "\n")
    }

    /// The node that initialises has failed, or goes on.
    pub(super) fn set_stopped(&mut self, node: &str, has_stopped: bool) {
        if let Initialisation::Granted { node: granted, stopped, .. } = &mut self.initialisation
            && granted == node
        {
            *stopped = has_stopped;
        }
    }

    /// The identity of the cluster, once it exists.
    #[must_use]
    pub fn kube_system_uid(&self) -> Option<&str> {
        match &self.initialisation {
            Initialisation::Done { kube_system_uid, .. } => Some(kube_system_uid),
            _ => None,
        }
    }
}
