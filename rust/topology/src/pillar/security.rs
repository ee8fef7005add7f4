//! Security settings.

use super::Authorities;
use crate::values::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// How Secrets are encrypted in etcd.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EncryptionProvider {
    /// XSalsa20 and Poly1305.
    #[default]
    Secretbox,
    /// AES-CBC.
    Aescbc,
    /// AES-GCM, which needs key rotation.
    Aesgcm,
}

/// Encryption of Secrets in etcd.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Encryption {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// How.
    pub provider: EncryptionProvider,
    /// The key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption_key: Option<Secret>,
}

/// The API server's audit log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Audit {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Whether there is one.
    pub enabled: bool,
    /// Days to keep.
    pub max_age: u32,
    /// Files to keep.
    pub max_backup: u32,
    /// Size of one file in megabytes.
    pub max_size: u32,
}

impl Default for Audit {
    fn default() -> Self {
        Self { origin: Origin::default(), enabled: true, max_age: 30, max_backup: 10, max_size: 100 }
    }
}

/// SELinux on Enterprise Linux hosts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SelinuxMode {
    /// Denies and logs.
    #[default]
    Enforcing,
    /// Logs.
    Permissive,
    /// Off.
    Disabled,
}

/// Security settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Security {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Encryption of Secrets in etcd.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption_at_rest: Option<Encryption>,
    /// Certificate authorities that the user brings. Default: made when the cluster is created.
    #[serde(skip_serializing_if = "Authorities::is_empty")]
    pub authorities: Authorities,
    /// The API server's audit log.
    pub audit: Audit,
    /// Whether anonymous requests reach more than the health endpoints.
    pub anonymous_auth: bool,
    /// Lowest TLS version, as Kubernetes names it.
    pub tls_min_version: String,
    /// SELinux on Enterprise Linux hosts.
    pub selinux: SelinuxMode,
    /// Registries from which images may come; empty: any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_registries: Vec<String>,
}

impl Default for Security {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            encryption_at_rest: None,
            authorities: Authorities::default(),
            audit: Audit::default(),
            anonymous_auth: false,
            tls_min_version: "VersionTLS12".to_owned(),
            selinux: SelinuxMode::Enforcing,
            allowed_registries: Vec::new(),
        }
    }
}
