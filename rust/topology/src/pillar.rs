//! The pillar as written: one type per section, one file per subject.
//!
//! `Option` stands only where the default is derived from other facts; everything else has its default here.

mod acknowledge;
mod authorities;
mod balancer;
mod cluster;
mod declared;
mod dns;
mod domains;
mod etcd;
mod gate;
mod host;
mod kubeadm;
mod manage;
mod network;
mod networks;
mod nodes;
mod proxmox;
mod security;
mod targets;

pub use acknowledge::Acknowledgement;
pub use authorities::{Authorities, AuthoritySpec};
pub use balancer::{
    AddressCheck, BackendCheck, ExternalBalancer, Haproxy, HaproxyTimeouts, HaproxyVerify, Keepalived, KubeVip,
    LoadBalancerSpec, LoadBalancerType,
};
pub use cluster::{ClusterDistribution, ClusterSpec, Environment, Identity};
pub use declared::*;
pub use dns::{CoreDns, Dns, Dnsmasq, Spread};
pub use domains::{FailureDomainSpec, HypervisorSpec, PowerFeedSpec, RackSpec, SiteSpec, SwitchSpec};
pub use etcd::{EtcdSpec, EtcdTopology};
pub use gate::GateSpec;
pub use host::{Chrony, Containerd, Images, PackageRepository, Packages};
pub use kubeadm::{Argument, Component, ExtraVolume, KubeProxyMode, Kubeadm, Kubelet, Timeouts};
pub use manage::{Drift, Manage, Managed};
pub use network::{Chart, ClusterNetwork, Cni, CniType, Encapsulation};
pub use networks::{NetworkSpec, VipSpec};
pub use nodes::{DiskSpec, Media, NodeSpec, Role, Taint, TaintEffect};
pub use proxmox::{CloudInit, Connection, Firmware, Proxmox, VirtualMachine};
pub use security::{Audit, Encryption, EncryptionProvider, Security, SelinuxMode};
pub use targets::{Survive, Targets};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// The value of the root key `k8s_ha`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pillar {
    #[serde(rename = "$origin", default, skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Identity of the cluster. It does not change once the cluster exists.
    pub cluster: ClusterSpec,
    /// What must survive, and how fast.
    #[serde(default)]
    pub targets: Targets,
    /// Sites: buildings or providers.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub sites: IndexMap<String, SiteSpec>,
    /// Racks.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub racks: IndexMap<String, RackSpec>,
    /// Power feeds.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub power_feeds: IndexMap<String, PowerFeedSpec>,
    /// Switches.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub switches: IndexMap<String, SwitchSpec>,
    /// Hypervisors.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub hypervisors: IndexMap<String, HypervisorSpec>,
    /// Further kinds of failure domains, by name of the kind and of the element: `cooling: {loop-a: {racks: [r1]}}`.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub failure_domains: IndexMap<String, IndexMap<String, FailureDomainSpec>>,
    /// Networks of the nodes.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub networks: IndexMap<String, NetworkSpec>,
    /// Addresses that move between hosts. `api` is the one of the Kubernetes API.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub vips: IndexMap<String, VipSpec>,
    /// Values that several nodes share.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub profiles: IndexMap<String, NodeSpec>,
    /// Nodes by their Kubernetes node name.
    pub nodes: IndexMap<String, NodeSpec>,
    /// What stands before the API servers.
    #[serde(default)]
    pub load_balancer: LoadBalancerSpec,
    /// etcd.
    #[serde(default)]
    pub etcd: EtcdSpec,
    /// kubeadm and what it configures.
    #[serde(default)]
    pub kubeadm: Kubeadm,
    /// Networks inside the cluster.
    #[serde(default)]
    pub network: ClusterNetwork,
    /// Name resolution.
    #[serde(default)]
    pub dns: Dns,
    /// Security settings.
    #[serde(default)]
    pub security: Security,
    /// The container runtime.
    #[serde(default)]
    pub containerd: Containerd,
    /// Time synchronisation.
    #[serde(default)]
    pub chrony: Chrony,
    /// Where packages come from.
    #[serde(default)]
    pub packages: Packages,
    /// Where images come from.
    #[serde(default)]
    pub images: Images,
    /// Proxmox VE, where the nodes are its virtual machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxmox: Option<Proxmox>,
    /// Which parts of a host are managed.
    #[serde(default)]
    pub manage: Manage,
    /// What happens to a hand-made change in a managed file.
    #[serde(default)]
    pub drift: Drift,
    /// How a host waits before it takes something away.
    #[serde(default)]
    pub gate: GateSpec,
    /// Accepted risks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledge: Vec<Acknowledgement>,
    /// Reverse proxy on the hosts. Declared, not managed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverse_proxy: Option<ReverseProxy>,
    /// Certificates of published services. Declared, not managed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certs: Option<Certs>,
    /// Persistent storage. Declared, not managed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// Ingress controller. Declared, not managed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ingress: Option<Ingress>,
    /// Applications. Declared, not managed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apps: Option<IndexMap<String, App>>,
    /// Services that consist of others: what users call a service.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub services: IndexMap<String, ServiceSpec>,
    /// How often elements fail, and how long they are away then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reliability: Option<Reliability>,
    /// Service mesh. Declared, not managed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mesh: Option<Mesh>,
    /// Metrics, logs, contacts. Declared, not managed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observability: Option<Observability>,
    /// How upgrades proceed. Declared, not managed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upgrades: Option<Upgrades>,
    /// Backups and recovery. Declared, not managed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dr: Option<DisasterRecovery>,
    /// MicroK8s, where it is the distribution. Declared, not managed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microk8s: Option<Microk8s>,
}
