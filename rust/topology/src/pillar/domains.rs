//! Failure domains: what takes several nodes with it.

use crate::values::Size;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// A building or a provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SiteSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Providers of the internet uplinks.
    pub uplinks: Vec<String>,
}

/// A rack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RackSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// The site it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Feeds of the hosts and switches in it that name none; what stands on several lives as long as one of them does.
    pub power_feeds: Vec<String>,
    /// Switches of the hosts in it that name none; a host on several lives as long as one of them does.
    pub switches: Vec<String>,
}

/// A power feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PowerFeedSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// The site it enters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Feeds behind which it stands; it lives as long as one of them does.
    pub fed_by: Vec<String>,
    /// Whether an uninterruptible power supply with shutdown of the hosts stands behind it.
    pub ups: bool,
}

/// A switch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SwitchSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// The rack it is mounted in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rack: Option<String>,
    /// Its power feeds; it lives as long as one of them does.
    pub power_feeds: Vec<String>,
    /// Switches through which it reaches the rest; it lives as long as one of them does.
    pub uplinks: Vec<String>,
}

/// A hypervisor host.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct HypervisorSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// The site it stands in, where it stands in no declared rack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The rack it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rack: Option<String>,
    /// Its power feeds, where they are not those of the rack.
    pub power_feeds: Vec<String>,
    /// Its switches, where they are not those of the rack.
    pub switches: Vec<String>,
    /// Hardware threads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpus: Option<u32>,
    /// Memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Size>,
    /// Memory kept for the host itself: system, ZFS cache, Ceph.
    pub reserved_memory: Size,
    /// Microarchitecture level of its processor, such as `x86-64-v3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_level: Option<String>,
    /// Name of its processor; two hosts with the same name can exchange machines of CPU type `host`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_model: Option<String>,
}

/// An element of a kind that the pillar names, such as a cooling loop: what is lost with it. What stands in several
/// elements of the same kind lives as long as one of them does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FailureDomainSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Nodes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<String>,
    /// Hypervisors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hypervisors: Vec<String>,
    /// Racks, with all that stands in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub racks: Vec<String>,
    /// Power feeds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub power_feeds: Vec<String>,
    /// Switches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub switches: Vec<String>,
    /// Sites, with all that stands in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<String>,
}
