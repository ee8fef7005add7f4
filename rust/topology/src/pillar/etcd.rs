//! etcd.

use super::Argument;
use crate::values::{Duration, Size};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tree::Origin;

/// Where etcd runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EtcdTopology {
    /// On the control-plane nodes, as kubeadm's static pods.
    #[default]
    Stacked,
    /// On nodes of role `etcd`, as a systemd service.
    External,
}

/// etcd.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EtcdSpec {
    #[serde(rename = "$origin", skip_serializing)]
    #[schemars(skip)]
    #[allow(missing_docs)]
    pub origin: Origin,
    /// Where it runs.
    pub topology: EtcdTopology,
    /// Its version. Default: kubeadm's choice where stacked, the newest patch known where external.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its data.
    pub data_dir: String,
    /// Time between two heartbeats of the leader.
    pub heartbeat_interval: Duration,
    /// Silence of the leader after which a follower stands for election.
    pub election_timeout: Duration,
    /// The slowest round trip between two members, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_trip: Option<Duration>,
    /// Size of the database at which writes stop.
    pub quota_backend_bytes: Size,
    /// Transactions between two snapshots on disk.
    pub snapshot_count: u32,
    /// How long history is kept by etcd itself. 0s: only the API server compacts.
    pub auto_compaction_retention: Duration,
    /// Where metrics are served: on the loopback address, or on the node's address too.
    pub metrics_on_node_address: bool,
    /// Token that tells clusters apart. Default: the name of the cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_cluster_token: Option<String>,
    /// Further arguments of a stacked member, as kubeadm's `etcd.local.extraArgs`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra_args: Vec<Argument>,
    /// Further keys of the configuration file of an external member.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub extra_config: IndexMap<String, serde_json::Value>,
}

impl Default for EtcdSpec {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            topology: EtcdTopology::Stacked,
            version: None,
            data_dir: "/var/lib/etcd".to_owned(),
            heartbeat_interval: Duration::millis(100),
            election_timeout: Duration::seconds(1),
            round_trip: None,
            quota_backend_bytes: Size::gib(4),
            snapshot_count: 10_000,
            auto_compaction_retention: Duration::seconds(0),
            metrics_on_node_address: false,
            initial_cluster_token: None,
            extra_args: Vec::new(),
            extra_config: IndexMap::new(),
        }
    }
}
