//! What stands before the API servers.

use crate::values::{Duration, Secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// How clients find a living API server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LoadBalancerType {
    /// HAProxy behind an address that keepalived moves.
    #[default]
    HaproxyKeepalived,
    /// HAProxy on every node, for hosts that share no layer 2 segment.
    Local,
    /// kube-vip as a static pod of the control plane.
    KubeVip,
    /// A balancer that somebody else runs.
    External,
}

/// Whether HAProxy checks who answers its health check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HaproxyVerify {
    /// Against the cluster's CA: an API server of another cluster is never taken in.
    #[default]
    Required,
    /// Not at all.
    None,
}

/// HAProxy's health check of an API server: `GET /readyz` over TLS.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BackendCheck {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// HAProxy's `inter`: time between two checks.
    pub interval: Duration,
    /// HAProxy's `timeout check`: how long an answer may take.
    pub timeout: Duration,
    /// Failed checks until a server is taken out.
    pub fall: u32,
    /// Good checks until it is taken in again.
    pub rise: u32,
    /// Whether it checks who answers.
    pub verify: HaproxyVerify,
}

impl Default for BackendCheck {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            interval: Duration::seconds(1),
            timeout: Duration::seconds(1),
            fall: 2,
            rise: 2,
            verify: HaproxyVerify::Required,
        }
    }
}

/// HAProxy's timeouts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct HaproxyTimeouts {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Until a connection to a server stands.
    pub connect: Duration,
    /// Silence of a client. Watches are silent for long.
    pub client: Duration,
    /// Silence of a server.
    pub server: Duration,
}

impl Default for HaproxyTimeouts {
    fn default() -> Self {
        let silence = Duration::seconds(3600);
        Self { origin: Origin::default(), connect: Duration::millis(500), client: silence, server: silence }
    }
}

/// HAProxy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Haproxy {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Health check of the API servers.
    pub check: BackendCheck,
    /// Timeouts.
    pub timeouts: HaproxyTimeouts,
    /// Most connections at once. Default: 1000 and 50 for each node, at least 4000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maxconn: Option<u32>,
}

/// keepalived's check that the API answers through the HAProxy of its host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AddressCheck {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Time between two checks, in whole seconds.
    pub interval: Duration,
    /// How long an answer may take; shorter than the interval.
    pub timeout: Duration,
    /// Failed checks until the address is given up.
    pub fall: u32,
    /// Good checks until it may be held again.
    pub rise: u32,
    /// Change of priority while the check fails. 0: the address is given up whatever the priorities are.
    pub weight: i32,
}

impl Default for AddressCheck {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            interval: Duration::seconds(1),
            timeout: Duration::millis(900),
            fall: 2,
            rise: 2,
            weight: 0,
        }
    }
}

/// keepalived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Keepalived {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Time between two advertisements, in steps of 10 ms.
    pub advert_int: Duration,
    /// Whether a host that comes back leaves the address where it is.
    pub nopreempt: bool,
    /// Whether advertisements go to each peer's address instead of a multicast group.
    pub unicast: bool,
    /// Priority of the first host; each further one has `priority_step` less.
    pub priority: u8,
    /// Distance between two priorities.
    pub priority_step: u8,
    /// How often the holder repeats its gratuitous ARP.
    pub garp_master_refresh: Duration,
    /// keepalived's `vrrp_strict`.
    pub vrrp_strict: bool,
    /// The check that the API answers.
    pub check: AddressCheck,
    /// Password of VRRP version 2; keepalived uses eight characters of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_pass: Option<Secret>,
}

impl Default for Keepalived {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            advert_int: Duration::millis(500),
            nopreempt: true,
            unicast: true,
            priority: 150,
            priority_step: 20,
            garp_master_refresh: Duration::seconds(60),
            vrrp_strict: false,
            check: AddressCheck::default(),
            auth_pass: None,
        }
    }
}

/// kube-vip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct KubeVip {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Its image, with a tag that does not move.
    pub image: String,
    /// How long a lease holds.
    pub lease_duration: Duration,
    /// How long the holder tries to renew it.
    pub renew_deadline: Duration,
    /// Time between two tries.
    pub retry_period: Duration,
}

impl Default for KubeVip {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            image: "ghcr.io/kube-vip/kube-vip:v1.2.3".to_owned(),
            lease_duration: Duration::seconds(5),
            renew_deadline: Duration::seconds(3),
            retry_period: Duration::seconds(1),
        }
    }
}

/// A balancer that somebody else runs, at `cluster.control_plane_endpoint`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ExternalBalancer {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Whether it survives the loss of any one of its parts.
    pub highly_available: bool,
    /// How long it takes to leave a dead API server, as its operator promises.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failover: Option<Duration>,
}

/// What stands before the API servers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LoadBalancerSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// How clients find a living API server.
    pub r#type: LoadBalancerType,
    /// HAProxy, for `haproxy-keepalived` and `local`.
    pub haproxy: Haproxy,
    /// keepalived, for `haproxy-keepalived`.
    pub keepalived: Keepalived,
    /// kube-vip.
    pub kube_vip: KubeVip,
    /// The balancer of somebody else.
    pub external: ExternalBalancer,
}
