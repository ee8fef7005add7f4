//! Proxmox VE, where the nodes are its virtual machines.

use crate::values::Secret;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use tree::Origin;

/// How the API of Proxmox VE is reached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Connection {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// URLs of the hosts; more than one, so that a dead host does not stop repairs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// User, such as `salt@pve`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// API token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
}

/// Cloud-init of a virtual machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CloudInit {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// User that is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Public keys of that user.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ssh_keys: Vec<String>,
    /// Salt masters that the minion asks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub salt_masters: Vec<String>,
    /// Resolvers. Default: those of the node's network.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub nameservers: Vec<IpAddr>,
    /// Search domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_domain: Option<String>,
    /// Password of that user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// Storage that holds snippets, on every host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet_storage: Option<String>,
}

/// A virtual machine. Processors, memory and disks are those of the node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct VirtualMachine {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Its id, 100 to 999999999. Chosen by hand: a derived one would move when a node is added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vmid: Option<u32>,
    /// Storage of its disks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<String>,
    /// Bridge of its network card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridge: Option<String>,
    /// VLAN tag of its network card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<u16>,
    /// Address of its network card. Default: derived from the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// CPU type. Default: the lowest that boots the operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<String>,
    /// Machine type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// Firmware: `seabios` or `ovmf`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bios: Option<String>,
    /// Volume that is imported as the root disk, such as `local:import/rocky-10.qcow2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Pool of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// Whether Proxmox restarts it on another host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ha: Option<bool>,
    /// Whether Proxmox's firewall filters its network card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firewall: Option<bool>,
    /// Cloud-init.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_init: Option<CloudInit>,
    /// Keys of Proxmox itself, which win over ours.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub raw: IndexMap<String, serde_json::Value>,
}

/// Proxmox VE, where the nodes are its virtual machines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Proxmox {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Major version. Default: 9.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u8>,
    /// How its API is reached.
    pub connection: Connection,
    /// Values for every virtual machine; what a node writes under `vm` wins.
    pub vm: VirtualMachine,
    /// Whether a `QDevice` gives the cluster a further vote.
    pub qdevice: bool,
    /// Host of the `QDevice`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qdevice_host: Option<String>,
}
