//! Proxmox VE, where the nodes are its virtual machines.

use crate::values::Secret;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
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
    /// API token: `NAME=SECRET` of that user, or `USER!NAME=SECRET`. Where the machines run is read with `VM.Audit` and `Sys.Audit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
    /// The authority that signed the hosts' certificates, PEM: `/etc/pve/pve-root-ca.pem`. With it, where the machines run is
    /// looked at; without it, the pillar is taken at its word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<String>,
}

/// The firmware of a virtual machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Firmware {
    /// `SeaBIOS`.
    #[default]
    Seabios,
    /// UEFI; it gets a disk of its own for its variables.
    Ovmf,
}

/// Cloud-init of a virtual machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CloudInit {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// User that is made. Default: the image's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Public keys of that user.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ssh_keys: Vec<String>,
    /// Salt masters that the minion asks. The image, or a repository that it knows, must bring the package `salt-minion`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub salt_masters: Vec<String>,
    /// Fingerprint of the master's public key, so that the first contact can be trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt_master_finger: Option<String>,
    /// Resolvers. Default: those of the node's network.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub nameservers: Vec<IpAddr>,
    /// Search domain. Default: the domain of the minion id, or of the control plane's endpoint; without one, Proxmox would
    /// take that of the hypervisor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_domain: Option<String>,
    /// Password of that user. It is fetched when the machine is made, and is in no rendered definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// Storage that holds snippets, on every host. With it the machine gets vendor data that installs `salt-minion`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet_storage: Option<String>,
}

/// Raw parameters; a secret among them is forgotten when read. Rules refuse it.
fn without_secrets<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<IndexMap<String, serde_json::Value>, D::Error> {
    let mut raw = IndexMap::<String, serde_json::Value>::deserialize(deserializer)?;
    raw.iter_mut().filter(|(key, _)| tree::is_secret_key(key)).for_each(|(_, value)| *value = "<secret>".into());
    Ok(raw)
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
    /// Storage of its disks, where a disk names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<String>,
    /// Bridge of its network card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridge: Option<String>,
    /// VLAN tag of its network card, 1 to 4094. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<u16>,
    /// Address of its network card. Default: `BC:24:11`, and the last six digits of the id: `BC:24:11:00:04:01` for 401.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// CPU type. Default: the lowest that boots the operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<String>,
    /// Machine type. Default: `q35`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// Firmware. Default: `seabios`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bios: Option<Firmware>,
    /// Volume that is imported as the root disk, such as `local:import/rocky-10.qcow2`. Without it the disk is empty, and
    /// the machine boots from the network until something is installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Pool of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// Whether Proxmox restarts it on another host. Default: no; Kubernetes and etcd survive the loss of a host by themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ha: Option<bool>,
    /// Whether Proxmox's firewall filters its network card. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firewall: Option<bool>,
    /// Cloud-init.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_init: Option<CloudInit>,
    /// Parameters of Proxmox's own API, such as `scsihw` or `net1`. They win over ours, each as a whole; an empty one
    /// (`rng0: null`) leaves ours out.
    #[serde(skip_serializing_if = "IndexMap::is_empty", deserialize_with = "without_secrets")]
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
    /// Major version: 8 or 9. Default: 9.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u8>,
    /// How its API is reached.
    pub connection: Connection,
    /// Values for every virtual machine; what a node writes under `vm` wins.
    pub vm: VirtualMachine,
    /// Storages that several hosts share (NFS, iSCSI, Ceph). Any other is taken for a host's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared_storages: Vec<String>,
    /// Whether a `QDevice` gives the cluster a further vote.
    pub qdevice: bool,
    /// Host of the `QDevice`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qdevice_host: Option<String>,
}

impl Proxmox {
    /// How it is asked where the machines run; `None` where it is not written where it is, who asks, or whom to trust.
    #[must_use]
    pub fn complete_connection(&self) -> Option<&Connection> {
        let written = &self.connection;
        let is_complete = !written.urls.is_empty() && written.token.is_some() && written.ca.is_some();
        is_complete.then_some(written)
    }

    /// Its major version, as written or by default.
    #[must_use]
    pub fn major(&self) -> u8 {
        self.version.unwrap_or(crate::pve::DEFAULT_VERSION)
    }
}

impl VirtualMachine {
    /// A raw parameter as text; `None` when it is not written, or left out on purpose.
    #[must_use]
    pub fn raw_text(&self, key: &str) -> Option<String> {
        self.raw.get(key).and_then(crate::pve::plain_text)
    }

    /// The value of one key of a raw parameter that is a property string, such as `cache` of `scsi1`.
    #[must_use]
    pub fn raw_property(&self, key: &str, property: &str) -> Option<String> {
        let text = self.raw_text(key)?;
        crate::pve::properties(&text).find(|part| part.key == Some(property)).map(|part| part.value.to_owned())
    }

    /// Whether a raw `null` leaves out the parameter that would be rendered.
    #[must_use]
    pub fn leaves_out(&self, key: &str) -> bool {
        self.raw.get(key).is_some_and(serde_json::Value::is_null)
    }

    /// Its network card's address: as written, or `BC:24:11` (the prefix that Proxmox itself uses) and the last six digits
    /// of the id. `None` when neither is written.
    #[must_use]
    pub fn mac_address(&self) -> Option<String> {
        self.mac.as_ref().map(|mac| mac.to_ascii_uppercase()).or_else(|| {
            let digits = format!("{:06}", self.vmid? % 1_000_000);
            Some(format!("BC:24:11:{}:{}:{}", &digits[0..2], &digits[2..4], &digits[4..6]))
        })
    }

    /// Its CPU type without flags: a raw `cpu` wins over `cpu`, which wins over the default of its operating system.
    #[must_use]
    pub fn cpu_type(&self, default: &str) -> String {
        let raw = self.raw_text("cpu").and_then(|text| {
            let mut parts = crate::pve::properties(&text);
            parts.find(|part| part.key.is_none_or(|key| key == "cputype")).map(|part| part.value.to_owned())
        });
        let written = || self.cpu.as_ref().map(|cpu| cpu.split(',').next().unwrap_or(cpu).to_owned());
        raw.or_else(written).unwrap_or_else(|| default.to_owned())
    }
}
