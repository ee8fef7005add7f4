//! How a host waits before it takes something away.

use crate::values::Duration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// How a host waits before it takes something away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct GateSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// How long a step waits for other hosts and for what stands in its way, before it is left to a later apply.
    pub wait: Duration,
    /// How long something that was restarted must do its work before the next host has its turn.
    pub settle: Duration,
}

impl Default for GateSpec {
    fn default() -> Self {
        Self { origin: Origin::default(), wait: Duration::seconds(600), settle: Duration::seconds(2) }
    }
}
