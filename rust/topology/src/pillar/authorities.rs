//! Certificate authorities that the user brings; the others are made when the cluster is created.

use crate::values::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// An authority: references that the master resolves once, when the cluster is created.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AuthoritySpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Where its certificate is, PEM. Not for service accounts, which have a key alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Secret>,
    /// Where its key is, PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Secret>,
}

/// Authorities that the user brings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Authorities {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// The cluster's CA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubernetes: Option<AuthoritySpec>,
    /// etcd's CA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etcd: Option<AuthoritySpec>,
    /// The CA of the front proxy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub front_proxy: Option<AuthoritySpec>,
    /// The key by which tokens of service accounts are signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account: Option<AuthoritySpec>,
}

impl Authorities {
    /// Whether the user brings none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// Those that the user brings, by the name of kubeadm's file without its ending, such as `etcd/ca`.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, &AuthoritySpec)> {
        let named = [
            ("ca", &self.kubernetes),
            ("etcd/ca", &self.etcd),
            ("front-proxy-ca", &self.front_proxy),
            ("sa", &self.service_account),
        ];
        named.into_iter().filter_map(|(name, authority)| Some((name, authority.as_ref()?))).collect()
    }
}
