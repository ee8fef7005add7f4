//! Networks of the nodes, and addresses that move between hosts.

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use tree::Origin;

/// A network of the nodes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NetworkSpec {
    #[serde(rename = "$origin", default, skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Its addresses.
    #[schemars(with = "String")]
    pub cidr: IpNet,
    /// Its router.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub gateway: Option<IpAddr>,
    /// Whether the router is redundant (VRRP, anycast).
    #[serde(default)]
    pub gateway_redundant: bool,
    /// Resolvers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub nameservers: Vec<IpAddr>,
    /// Size of the largest packet.
    #[serde(default = "mtu")]
    pub mtu: u16,
    /// Whether it is one layer 2 segment; hosts of several providers share none.
    #[serde(default = "yes")]
    pub layer2: bool,
    /// Whether its hosts are reachable from networks that nobody here controls.
    #[serde(default)]
    pub public: bool,
    /// Ranges that a DHCP server gives out, as `first-last`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dhcp_ranges: Vec<String>,
    /// Virtual router ids that others already use there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserved_virtual_router_ids: Vec<u8>,
}

fn mtu() -> u16 {
    1500
}

fn yes() -> bool {
    true
}

/// An address that moves between hosts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VipSpec {
    #[serde(rename = "$origin", default, skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// The address.
    #[schemars(with = "String")]
    pub address: IpAddr,
    /// Its network. Default: the one that holds the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// VRRP's id, unique in the network. Needed with keepalived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_router_id: Option<u16>,
}
