//! MicroK8s.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// MicroK8s. It chooses three of its nodes as voters of dqlite by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Microk8s {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Snap channel, such as `1.36/stable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Add-ons.
    pub addons: Vec<String>,
}
