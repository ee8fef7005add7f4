//! Backups, and losses that were thought through before they happen.

use crate::values::{Date, Duration, Secret};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// Where a backup goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BackupDestination {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Kind: `s3`, `nfs`, `local`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
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
    /// What: `etcd`, `dqlite`, or the name of a storage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// How: `snapshot` of the storage below a running program, `dump` by the program itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
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
