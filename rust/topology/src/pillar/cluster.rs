//! Identity of the cluster.

use crate::values::{Endpoint, KubernetesVersion};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// Whether an outage hurts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// It does.
    #[default]
    Prod,
    /// It does not: rules about redundancy weigh one step less.
    Test,
}

/// What runs Kubernetes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClusterDistribution {
    /// kubeadm, rendered and applied.
    #[default]
    Kubeadm,
    /// MicroK8s with dqlite: declared, so that its losses can be judged.
    Microk8s,
}

/// Pins the identity of a cluster that exists, so that no other one is ever taken for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Identity {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// UID of the namespace kube-system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kube_system_uid: Option<String>,
    /// SHA-256 of the cluster CA's public key, as kubeadm prints it: `sha256:` and 64 hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_fingerprint: Option<String>,
}

/// Identity of the cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterSpec {
    #[serde(rename = "$origin", default, skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Name of the cluster: lower-case letters, digits and dashes.
    pub name: String,
    /// Whether an outage hurts.
    #[serde(default)]
    pub environment: Environment,
    /// What runs Kubernetes.
    #[serde(default)]
    pub distribution: ClusterDistribution,
    /// Release of Kubernetes. Default: the newest patch known of the default minor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kubernetes_version: Option<KubernetesVersion>,
    /// Where clients reach the API. Default: the address of `vips.api` with port 8443, or 6443 with kube-vip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control_plane_endpoint: Option<Endpoint>,
    /// DNS domain of the cluster's services.
    #[serde(default = "dns_domain")]
    pub dns_domain: String,
    /// Pinned identity of a cluster that exists.
    #[serde(default)]
    pub identity: Identity,
}

fn dns_domain() -> String {
    "cluster.local".to_owned()
}
