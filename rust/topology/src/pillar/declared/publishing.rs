//! What stands between users and services: reverse proxy, certificates, ingress controller, service mesh.

use super::Requests;
use crate::pillar::Spread;
use crate::values::Duration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// A reverse proxy on the hosts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ReverseProxy {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Program: `nginx`, `haproxy`, `traefik`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Nodes that run it.
    pub nodes: Vec<String>,
    /// Name of the address in `vips` that it serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vip: Option<String>,
    /// Whether one instance serves at a time.
    pub active_passive: bool,
    /// The node that serves while it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred: Option<String>,
    /// Whether fail2ban reads its log.
    pub fail2ban: bool,
}

/// What renews certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateManager {
    /// certbot on hosts.
    Certbot,
    /// lego on hosts.
    Lego,
    /// acme.sh on hosts.
    #[serde(rename = "acme.sh")]
    AcmeSh,
    /// cert-manager, as a pod.
    CertManager,
}

/// Certificates of published services.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Certs {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Program. Default: one on the hosts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager: Option<CertificateManager>,
    /// Nodes on which renewal can run; empty: one of the nodes of the reverse proxy or of the control plane, nobody says which.
    pub nodes: Vec<String>,
    /// Renewal before expiry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renew_before: Option<Duration>,
}

/// Ingress controller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Ingress {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub controller: Option<String>,
    /// Its replicas.
    pub replicas: u32,
    /// Whether two replicas may share a node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// What each of its pods requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<Requests>,
}

impl Default for Ingress {
    fn default() -> Self {
        Self { origin: Origin::default(), controller: None, replicas: 1, spread: None, requests: None }
    }
}

/// Service mesh.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Mesh {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Which one: `istio`, `linkerd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Replicas of its control plane.
    pub replicas: u32,
}

impl Default for Mesh {
    fn default() -> Self {
        Self { origin: Origin::default(), r#type: None, replicas: 1 }
    }
}
