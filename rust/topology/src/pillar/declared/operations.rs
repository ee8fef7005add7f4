//! What an operator watches, and how changes proceed.

use crate::values::Duration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// Metrics, logs, contacts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Observability {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Program that collects metrics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<String>,
    /// Program that shows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dashboards: Option<String>,
    /// Program that collects logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logging: Option<String>,
    /// Who is told.
    pub contacts: Vec<String>,
}

/// How upgrades proceed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Upgrades {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Longest time between two upgrades; certificates of kubeadm are renewed by them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_interval: Option<Duration>,
    /// Workers that may be away at once in each failure domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workers_max_unavailable: Option<u32>,
}
