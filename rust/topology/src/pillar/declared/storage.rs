//! Persistent storage.

use crate::values::{RaidLevel, Size};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// Longhorn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Longhorn {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Replicas of a volume whose storage class says nothing else.
    pub replicas: u32,
    /// Further storage classes, with the replicas of their volumes.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub classes: IndexMap<String, u32>,
    /// Nodes that hold replicas; empty: every node that takes workloads.
    pub nodes: Vec<String>,
}

impl Default for Longhorn {
    fn default() -> Self {
        Self { origin: Origin::default(), replicas: 3, classes: IndexMap::new(), nodes: Vec::new() }
    }
}

/// Rook with Ceph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Rook {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Monitors.
    pub mons: u32,
    /// Copies of each object.
    pub size: u32,
    /// Copies below which writes stop.
    pub min_size: u32,
    /// Nodes that hold data and monitors; empty: every node that takes workloads.
    pub nodes: Vec<String>,
}

impl Default for Rook {
    fn default() -> Self {
        Self { origin: Origin::default(), mons: 3, size: 3, min_size: 2, nodes: Vec::new() }
    }
}

/// An array of disks inside one host.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Raid {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// The node that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Level: `0`, `1`, `5`, `6`, `10` or `1E`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<RaidLevel>,
    /// Number of disks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disks: Option<u32>,
    /// Size of one disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_size: Option<Size>,
    /// Space that is counted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usable_size: Option<Size>,
}

/// A network file system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Nfs {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Its server: a node, a hypervisor, or the name or address of a host outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Whether the server is highly available.
    pub highly_available: bool,
}

/// Persistent storage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Storage {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Longhorn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longhorn: Option<Longhorn>,
    /// Rook with Ceph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rook: Option<Rook>,
    /// Arrays of disks.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub raid: IndexMap<String, Raid>,
    /// A network file system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nfs: Option<Nfs>,
}
