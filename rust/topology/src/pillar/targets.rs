//! What must survive, and how fast.

use crate::domains::Kind;
use crate::values::Duration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// How many elements of each failure-domain kind may be lost at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Survive {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Nodes.
    pub node: u32,
    /// Hypervisors.
    pub hypervisor: u32,
    /// Racks.
    pub rack: u32,
    /// Power feeds.
    pub power_feed: u32,
    /// Switches.
    pub switch: u32,
    /// Sites.
    pub site: u32,
    /// Internet uplinks.
    pub uplink: u32,
    /// Storage devices.
    pub storage_device: u32,
    /// Programs, each on its node.
    pub process: u32,
    /// Services that others run.
    pub outside: u32,
}

impl Survive {
    /// How many elements of a kind may be lost at once.
    #[must_use]
    pub fn of(&self, kind: Kind) -> u32 {
        match kind {
            Kind::Site => self.site,
            Kind::Uplink => self.uplink,
            Kind::PowerFeed => self.power_feed,
            Kind::Rack => self.rack,
            Kind::Switch => self.switch,
            Kind::Hypervisor => self.hypervisor,
            Kind::Node => self.node,
            Kind::StorageDevice => self.storage_device,
            Kind::Process => self.process,
            Kind::Outside => self.outside,
        }
    }
}

impl Default for Survive {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            node: 1,
            hypervisor: 0,
            rack: 0,
            power_feed: 0,
            switch: 0,
            site: 0,
            uplink: 0,
            storage_device: 0,
            process: 0,
            outside: 0,
        }
    }
}

/// What must survive, and how fast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Targets {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Losses that must be survived.
    pub survive: Survive,
    /// The longest time for which clients may have no API after a loss that is survived.
    pub api_failover: Duration,
    /// The longest time until workloads of a lost node run elsewhere (RTO).
    pub recovery_time: Duration,
    /// The longest span of acknowledged writes that a disaster may take (RPO).
    pub recovery_point: Duration,
    /// Whether the losses must be survived while one node is in maintenance, too.
    pub during_maintenance: bool,
    /// Whether services are promised to the outside of the site.
    pub external: bool,
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            survive: Survive::default(),
            api_failover: Duration::seconds(10),
            recovery_time: Duration::seconds(600),
            recovery_point: Duration::seconds(24 * 3600),
            during_maintenance: false,
            external: false,
        }
    }
}
