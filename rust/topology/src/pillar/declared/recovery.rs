//! Backups, and losses that were thought through before they happen.

use crate::values::{Date, Duration, Secret};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// What keeps backups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DestinationType {
    /// An object store.
    S3,
    /// A network file system.
    Nfs,
    /// A host that is reached by SSH: rsync, SFTP, restic.
    Ssh,
    /// Proxmox Backup Server.
    Pbs,
    /// A disk of the node that makes the backup; it is lost with that node.
    Local,
}

/// How a backup is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BackupMethod {
    /// A snapshot of the storage below a running program, or etcd's own.
    Snapshot,
    /// By the program itself.
    Dump,
    /// A copy of the files.
    Copy,
}

/// Where a backup goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BackupDestination {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<DestinationType>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether it is away from the site.
    pub off_site: bool,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Key of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_key: Option<Secret>,
}

/// What is backed up, and how often.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Backup {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// What: `etcd`, `dqlite`, the name of a storage, of an application or of another service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<BackupMethod>,
    /// Time between two backups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Duration>,
    /// Where they go: names in `destinations`.
    pub to: Vec<String>,
}

/// A loss, and what is expected of it: a claim that can be judged, and tried in a drill.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Scenario {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// What is lost at once: names of nodes, or of other elements that fail.
    pub lose: Vec<String>,
    /// What is expected to go on: `api`, `storage`, or names in `apps`.
    pub keeps: Vec<String>,
    /// What is expected to stop.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<String>,
    /// What is to be done then, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
}

/// Backups and recovery.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DisasterRecovery {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Where backups go.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub destinations: IndexMap<String, BackupDestination>,
    /// What is backed up.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub backups: IndexMap<String, Backup>,
    /// The last day on which a restore was tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_restore_test: Option<Date>,
    /// Losses that were thought through.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub scenarios: IndexMap<String, Scenario>,
}
