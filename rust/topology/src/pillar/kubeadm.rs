//! kubeadm, and what it configures.

use crate::values::{Duration, ProcessorTime, Size};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// A command line argument, as kubeadm's v1beta4 writes it. The same name may stand more than once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Argument {
    /// Name without dashes.
    pub name: String,
    /// Value.
    pub value: String,
}

/// A directory or file of the host inside a control-plane pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExtraVolume {
    /// Name of the volume.
    pub name: String,
    /// Path on the host.
    pub host_path: String,
    /// Path in the pod.
    pub mount_path: String,
    /// Whether the pod may not write there.
    #[serde(default)]
    pub read_only: bool,
    /// What the kubelet expects there, such as `DirectoryOrCreate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_type: Option<String>,
}

/// One component of the control plane.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Component {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Further arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra_args: Vec<Argument>,
    /// Further environment variables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra_envs: Vec<Argument>,
    /// Further volumes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra_volumes: Vec<ExtraVolume>,
    /// Further names and addresses in the API server's certificate.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cert_sans: Vec<String>,
}

impl Component {
    /// The last value of an argument, which is the one that counts.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.extra_args.iter().rev().find(|argument| argument.name == name).map(|argument| argument.value.as_str())
    }
}

/// How kube-proxy does its work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KubeProxyMode {
    /// nftables.
    #[default]
    Nftables,
    /// iptables.
    Iptables,
    /// IPVS, which Kubernetes is about to remove.
    Ipvs,
    /// Not at all: the network plugin does it.
    Disabled,
}

/// The kubelet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Kubelet {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Most pods of a node.
    pub max_pods: u32,
    /// Time that pods get when the node shuts down.
    pub shutdown_grace_period: Duration,
    /// The part of it that critical pods get.
    pub shutdown_grace_period_critical_pods: Duration,
    /// How often the kubelet reports.
    pub node_status_update_frequency: Duration,
    /// Processor time kept for the system.
    pub system_reserved_cpu: ProcessorTime,
    /// Memory kept for the system.
    pub system_reserved_memory: Size,
    /// Processor time kept for Kubernetes itself.
    pub kube_reserved_cpu: ProcessorTime,
    /// Memory kept for Kubernetes itself.
    pub kube_reserved_memory: Size,
    /// Whether the kubelet's serving certificate is signed by the cluster; somebody must approve it.
    pub server_tls_bootstrap: bool,
    /// Further fields of KubeletConfiguration, which win over ours.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub extra_config: IndexMap<String, serde_json::Value>,
}

impl Default for Kubelet {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            max_pods: 110,
            shutdown_grace_period: Duration::seconds(60),
            shutdown_grace_period_critical_pods: Duration::seconds(20),
            node_status_update_frequency: Duration::seconds(10),
            system_reserved_cpu: ProcessorTime(200),
            system_reserved_memory: Size(512 << 20),
            kube_reserved_cpu: ProcessorTime(200),
            kube_reserved_memory: Size(512 << 20),
            server_tls_bootstrap: false,
            extra_config: IndexMap::new(),
        }
    }
}

/// How long kubeadm waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Timeouts {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// For a component of the control plane.
    pub control_plane_component_health_check: Duration,
    /// For the kubelet.
    pub kubelet_health_check: Duration,
    /// For a call of the API.
    pub kubernetes_api_call: Duration,
    /// For a call of etcd.
    pub etcd_api_call: Duration,
    /// For the kubelet's certificate.
    pub tls_bootstrap: Duration,
    /// For discovery.
    pub discovery: Duration,
    /// For a static pod's new manifest.
    pub upgrade_manifests: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            control_plane_component_health_check: Duration::seconds(240),
            kubelet_health_check: Duration::seconds(240),
            kubernetes_api_call: Duration::seconds(60),
            etcd_api_call: Duration::seconds(120),
            tls_bootstrap: Duration::seconds(300),
            discovery: Duration::seconds(300),
            upgrade_manifests: Duration::seconds(300),
        }
    }
}

/// kubeadm, and what it configures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Kubeadm {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Port of each API server.
    pub bind_port: u16,
    /// Validity of the certificates that kubeadm issues.
    pub certificate_validity: Duration,
    /// Validity of the CAs.
    pub ca_certificate_validity: Duration,
    /// Kind of the keys, such as `RSA-2048` or `ECDSA-P256`.
    pub encryption_algorithm: String,
    /// kubeadm's feature gates.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub feature_gates: IndexMap<String, bool>,
    /// kube-apiserver.
    pub api_server: Component,
    /// kube-controller-manager.
    pub controller_manager: Component,
    /// kube-scheduler.
    pub scheduler: Component,
    /// How long kubeadm waits.
    pub timeouts: Timeouts,
    /// Phases that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skip_phases: Vec<String>,
    /// Preflight checks whose errors are ignored.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore_preflight_errors: Vec<String>,
    /// The kubelet of every node.
    pub kubelet: Kubelet,
    /// kube-proxy's mode.
    pub kube_proxy_mode: KubeProxyMode,
    /// Further fields of KubeProxyConfiguration, which win over ours.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub kube_proxy_config: IndexMap<String, serde_json::Value>,
    /// Patches for the files that kubeadm writes: file name, such as `kube-apiserver10+strategic`, to content.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub patches: IndexMap<String, serde_json::Value>,
}

impl Default for Kubeadm {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            bind_port: 6443,
            certificate_validity: Duration::seconds(8760 * 3600),
            ca_certificate_validity: Duration::seconds(87_600 * 3600),
            encryption_algorithm: "RSA-2048".to_owned(),
            feature_gates: IndexMap::new(),
            api_server: Component::default(),
            controller_manager: Component::default(),
            scheduler: Component::default(),
            timeouts: Timeouts::default(),
            skip_phases: Vec::new(),
            ignore_preflight_errors: Vec::new(),
            kubelet: Kubelet::default(),
            kube_proxy_mode: KubeProxyMode::default(),
            kube_proxy_config: IndexMap::new(),
            patches: IndexMap::new(),
        }
    }
}
