//! Services that the user composes of others.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// So many of these are needed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SomeOf {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// How many.
    pub k: u32,
    /// Of which.
    pub of: Vec<String>,
}

/// A service that consists of others. Each name is that of a service, an application, a node or another element that fails,
/// looked for in this order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ServiceSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// All of these are needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requires: Option<Vec<String>>,
    /// One of these is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any: Option<Vec<String>>,
    /// So many of these are needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k_of_n: Option<SomeOf>,
    /// What it serves less without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded_by: Option<Vec<String>>,
}

impl ServiceSpec {
    /// The names without which it may not serve.
    pub fn needed(&self) -> impl Iterator<Item = &str> {
        let some = self.k_of_n.iter().flat_map(|some| &some.of);
        self.requires.iter().flatten().chain(self.any.iter().flatten()).chain(some).map(String::as_str)
    }
}
