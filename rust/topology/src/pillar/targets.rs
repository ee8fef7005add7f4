//! What must survive, and how fast.

use crate::domains::Kind;
use crate::values::Duration;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use tree::{ORIGIN_KEY, Origin, REST_KEY};

/// How many elements of each failure-domain kind may be lost at once. Further keys are kinds of `failure_domains`.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
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
    /// Elements of the kinds that `failure_domains` names.
    #[serde(flatten)]
    pub named: IndexMap<String, u32>,
}

impl<'de> Deserialize<'de> for Survive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Counts;
        impl<'de> Visitor<'de> for Counts {
            type Value = Survive;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a mapping from a kind of failure domain to a number")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Survive, A::Error> {
                let mut survive = Survive::default();
                while let Some(key) = map.next_key::<String>()? {
                    if key == ORIGIN_KEY {
                        survive.origin = map.next_value()?;
                        continue;
                    }
                    let count = map.next_value()?;
                    match survive.count_mut(&key) {
                        Some(known) => *known = count,
                        None => _ = survive.named.insert(key, count),
                    }
                }
                Ok(survive)
            }
        }
        deserializer.deserialize_struct("Survive", &[ORIGIN_KEY, REST_KEY], Counts)
    }
}

impl Survive {
    fn count_mut(&mut self, key: &str) -> Option<&mut u32> {
        Some(match Kind::ALL.into_iter().find(|kind| kind.key() == key)? {
            Kind::Site => &mut self.site,
            Kind::Uplink => &mut self.uplink,
            Kind::PowerFeed => &mut self.power_feed,
            Kind::Rack => &mut self.rack,
            Kind::Switch => &mut self.switch,
            Kind::Hypervisor => &mut self.hypervisor,
            Kind::Node => &mut self.node,
            Kind::StorageDevice => &mut self.storage_device,
            Kind::Process => &mut self.process,
            Kind::Outside => &mut self.outside,
            Kind::Named(_) => return None,
        })
    }

    /// How many elements of a kind may be lost at once; of a kind that the pillar names, [`crate::Topology::survive`] knows.
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
            Kind::Named(_) => 0,
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
            named: IndexMap::new(),
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
