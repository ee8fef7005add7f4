//! Applications.

use crate::pillar::Spread;
use crate::values::{ProcessorTime, Size};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// What one pod requests; a node takes it only where so much is left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Requests {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Processor time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<ProcessorTime>,
    /// Memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Size>,
}

/// An application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct App {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// What it is, such as `registry`, `blocky`, `postgres`, `redis`, `cloud-controller-manager`. The last runs on the control
    /// plane; from a registry the other applications' images are pulled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Its replicas.
    pub replicas: u32,
    /// Whether two replicas may share a node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// What it does not serve without: applications, other services, or elements that fail.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// What it serves less without.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub degraded_by: Vec<String>,
    /// Storage that it needs: `longhorn`, `rook`, `nfs`, a class of Longhorn or the name of an array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<String>,
    /// Where a node that lacks its images pulls them from: an application, `outside`, or `nowhere` when every node has them.
    /// Default: the first application of type `registry`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub images_from: Option<String>,
    /// Node to which it is bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Replicas that a disruption budget keeps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_available: Option<u32>,
    /// What each of its pods requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<Requests>,
    /// Whether its pods have readiness and liveness probes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probes: Option<bool>,
    /// Whether its pods have resource requests and limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<bool>,
}

impl Default for App {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            r#type: None,
            replicas: 1,
            spread: None,
            requires: Vec::new(),
            degraded_by: Vec::new(),
            storage: None,
            images_from: None,
            node: None,
            min_available: None,
            requests: None,
            probes: None,
            limits: None,
        }
    }
}
