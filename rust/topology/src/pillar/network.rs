//! Networks inside the cluster.

use indexmap::IndexMap;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// A container network plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CniType {
    /// Calico.
    Calico,
    /// Cilium.
    Cilium,
    /// Flannel.
    Flannel,
    /// The reference plugins: a bridge on each node and routes between them.
    Bridge,
}

/// How packets between nodes are wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encapsulation {
    /// Not at all.
    None,
    /// IP in IP.
    Ipip,
    /// VXLAN.
    Vxlan,
    /// Geneve.
    Geneve,
    /// `WireGuard`, encrypted.
    Wireguard,
}

impl Encapsulation {
    /// Bytes that it takes from each packet; the header of an IPv6 network is 20 bytes longer.
    #[must_use]
    pub fn overhead(self, ipv6: bool) -> u16 {
        let longer = if ipv6 { 20 } else { 0 };
        match self {
            Self::None => 0,
            Self::Ipip => 20 + longer,
            Self::Vxlan | Self::Geneve => 50 + longer,
            Self::Wireguard => 60 + longer,
        }
    }
}

/// The pod network. What it is made of is the user's: manifests that are applied, or an installation of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cni {
    #[serde(rename = "$origin", default, skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Which plugin.
    pub r#type: CniType,
    /// Its version. Default: the newest known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How packets between nodes are wrapped.
    #[serde(default = "vxlan")]
    pub encapsulation: Encapsulation,
    /// Size of the largest packet of a pod. Default: what the nodes' network leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mtu: Option<u16>,
    /// Manifests that are applied once the API serves: `salt://` paths, or files on the control-plane nodes. Default: installing
    /// it is the user's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manifests: Vec<String>,
    /// A Helm chart that is applied once the API serves; the control-plane nodes need the program `helm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<Chart>,
    /// Whether it replaces kube-proxy.
    #[serde(default)]
    pub kube_proxy_replacement: bool,
    /// Whether it speaks BGP with the routers.
    #[serde(default)]
    pub bgp: bool,
}

fn vxlan() -> Encapsulation {
    Encapsulation::Vxlan
}

/// A Helm chart, rendered by `helm template` on a control-plane node and applied as manifests are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Chart {
    #[serde(rename = "$origin", default, skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Name of the chart in its repository, an `oci://` address, or a folder or archive on the control-plane nodes.
    pub name: String,
    /// Address of its repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Its version. Without one, the newest would be taken each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Name of the release.
    pub release: String,
    /// Namespace of the release.
    #[serde(default = "kube_system")]
    pub namespace: String,
    /// Its values.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub values: IndexMap<String, serde_json::Value>,
}

fn kube_system() -> String {
    "kube-system".to_owned()
}

/// Networks inside the cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ClusterNetwork {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Addresses of pods: one range, or one of each family.
    #[schemars(with = "Vec<String>")]
    pub pod_cidrs: Vec<IpNet>,
    /// Addresses of services: one range, or one of each family.
    #[schemars(with = "Vec<String>")]
    pub service_cidrs: Vec<IpNet>,
    /// Prefix length of one node's part of the IPv4 pod range.
    pub node_cidr_mask_size_ipv4: u8,
    /// Prefix length of one node's part of the IPv6 pod range.
    pub node_cidr_mask_size_ipv6: u8,
    /// The pod network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cni: Option<Cni>,
}

impl Default for ClusterNetwork {
    fn default() -> Self {
        let v4 = |a, b, length| IpNet::from(ipnet::Ipv4Net::new_assert(std::net::Ipv4Addr::new(a, b, 0, 0), length));
        Self {
            origin: Origin::default(),
            pod_cidrs: vec![v4(10, 244, 16)],
            service_cidrs: vec![v4(10, 96, 12)],
            node_cidr_mask_size_ipv4: 24,
            node_cidr_mask_size_ipv6: 64,
            cni: None,
        }
    }
}
