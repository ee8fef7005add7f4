//! Nodes, and profiles that several of them share.

use super::{Kubelet, VirtualMachine};
use crate::values::{OperatingSystem, Size};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use tree::Origin;

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs kube-apiserver, kube-controller-manager and kube-scheduler, and etcd where that is stacked.
    ControlPlane,
    /// Runs workloads.
    Worker,
    /// Runs a member of an external etcd.
    Etcd,
    /// Runs HAProxy and keepalived, where that is not done by the control plane.
    LoadBalancer,
}

impl Role {
    /// Its name in the pillar.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ControlPlane => "control_plane",
            Self::Worker => "worker",
            Self::Etcd => "etcd",
            Self::LoadBalancer => "load_balancer",
        }
    }
}

/// What a disk is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Media {
    /// NVMe.
    Nvme,
    /// Solid state.
    Ssd,
    /// Spinning.
    Hdd,
    /// SD card.
    Sd,
}

/// A disk of a node. The name says what it is for: `root`, `etcd`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DiskSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Its size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// What it is made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<Media>,
    /// Where the virtual machine's disk lies: a storage of Proxmox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<String>,
    /// The device on the host, such as `/dev/sdb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Proxmox's `cache`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<String>,
}

/// What a taint does to pods that do not tolerate it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum TaintEffect {
    /// They are not placed there.
    NoSchedule,
    /// They are placed there only when nothing else is left.
    PreferNoSchedule,
    /// They are evicted.
    NoExecute,
}

/// A taint of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What it does.
    pub effect: TaintEffect,
}

/// A node, or a profile. What a node writes wins over its profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NodeSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// The profile whose values it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Its roles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub ip: Option<IpAddr>,
    /// Its Salt minion id. Default: the name of the node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minion: Option<String>,
    /// The hypervisor it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hypervisor: Option<String>,
    /// The site it stands in, where no rack or hypervisor says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The rack it stands in, where no hypervisor says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rack: Option<String>,
    /// Its power feeds, where no hypervisor or rack says so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub power_feeds: Vec<String>,
    /// Its switches, where no hypervisor or rack says so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub switches: Vec<String>,
    /// Its network. Default: the one that holds its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The interface that holds its address. Default: `eth0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// Its operating system. Default: `centos-stream-10`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<OperatingSystem>,
    /// Processors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpus: Option<u32>,
    /// Memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Size>,
    /// Disks by what they are for.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub disks: IndexMap<String, DiskSpec>,
    /// Labels of the Kubernetes node.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
    /// Taints of the Kubernetes node. Default: kubeadm's own for a control plane that is no worker; an empty list means none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taints: Option<Vec<Taint>>,
    /// KubeletConfiguration of this node alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubelet: Option<Kubelet>,
    /// Its virtual machine on Proxmox VE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vm: Option<VirtualMachine>,
}
