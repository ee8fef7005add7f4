//! Accepted risks.

use crate::values::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// An accepted risk: findings of this code, on these elements, are shown as accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Acknowledgement {
    #[serde(rename = "$origin", default, skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Code of the finding.
    pub code: String,
    /// Names that stand in the path of the finding, such as nodes; empty: wherever it is found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<String>,
    /// Why the risk is accepted.
    pub because: String,
    /// The last day on which it is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}
