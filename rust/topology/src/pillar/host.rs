//! What each host needs: container runtime, time, packages, images.

use crate::values::Secret;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// The container runtime.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Containerd {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Major version: 1 or 2. Default: what the operating system's repository brings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub major: Option<u8>,
    /// The package that brings it. Default: `containerd` where the operating system's repository has the wanted major, else
    /// `containerd.io`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The pause image. Default: kubeadm's, from `images.repository`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sandbox_image: Option<String>,
    /// Further plugin settings, merged over ours: plugin name to its table.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub plugins: IndexMap<String, serde_json::Value>,
}

/// Time synchronisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Chrony {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Servers or pools; names that begin with `pool ` are pools.
    pub sources: Vec<String>,
}

impl Default for Chrony {
    fn default() -> Self {
        Self { origin: Origin::default(), sources: vec!["pool pool.ntp.org".to_owned()] }
    }
}

/// A package repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PackageRepository {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Where the packages are; `{minor}` becomes the series, such as 1.36.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Where the signing key is: `https://`, `http://`, `salt://`, or `file:///` for a path on the node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_url: Option<String>,
    /// The signing key itself, an armoured public key; `key_url` is not asked then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// For apt: the suite, such as `bookworm`. Default: none, the packages lie flat below `base_url`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suite: Option<String>,
    /// For apt: the component of the suite. Default: `main`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
}

/// Where packages come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Packages {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Packages of Kubernetes. Default: the public repository of the minor.
    pub kubernetes: PackageRepository,
    /// The package of containerd. Default: the repositories that the host has already.
    pub containerd: PackageRepository,
    /// The package of etcd, for nodes of role `etcd`. Default: the repositories that the host has already.
    pub etcd: PackageRepository,
}

/// Where images come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Images {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// The registry of Kubernetes' own images.
    pub repository: String,
    /// Archives that are imported on each node instead: a path on the node, `salt://`, `https://` or `http://`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub archives: Vec<String>,
    /// Password of the registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry_password: Option<Secret>,
}

impl Default for Images {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            repository: "registry.k8s.io".to_owned(),
            archives: Vec::new(),
            registry_password: None,
        }
    }
}
