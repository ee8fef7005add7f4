//! A member of an external etcd: its configuration and its unit, as they are once the member has joined.
//!
//! The user `etcd`, its program, the certificates below [`CERTIFICATES`] and the first start of all come from elsewhere.

use super::Context;
use super::kubeadm::{etcd_tls_min_version, merge, text};
use crate::file::{Activation, File};
use crate::template::{Error, fill};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Port for clients.
pub(super) const CLIENT_PORT: u16 = 2379;
pub(super) const PEER_PORT: u16 = 2380;
pub(super) const METRICS_PORT: u16 = 2381;

const CONFIGURATION: &str = "/etc/etcd/etcd.conf.yaml";
const UNIT: &str = "/etc/systemd/system/etcd.service";
/// Certificates and keys of a member; etcd has a CA of its own, else any client of Kubernetes could read it.
const CERTIFICATES: &str = "/etc/etcd/pki";
/// On the root disk, never on etcd's: it says that this member is part of the cluster.
const MARK: &str = "/etc/etcd/joined";

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    if !context.is_external_member() || !context.topology.is_kubeadm() {
        return Ok(Vec::new());
    }
    let restart = || Activation::Restart("etcd.service".to_owned());
    let mut settings = configuration(context);
    merge(&mut settings, &json!(context.topology.etcd.spec.extra_config));
    let data_dir = &context.topology.etcd.spec.data_dir;
    let log = settings["wal-dir"].as_str().map_or_else(|| format!("{data_dir}/member/wal"), str::to_owned);
    let configuration =
        File::new(CONFIGURATION, "configuration of the etcd member", text("etcd.conf.yaml", &[settings])?);
    let variables = json!({ "data_dir": data_dir, "log": log, "configuration": CONFIGURATION });
    let unit = fill("etcd.service", include_str!("../../templates/etcd/etcd.service"), variables)?;
    let unit = File::new(UNIT, "service of the etcd member", unit).needs(MARK).needs(&log);
    let certificates = ["ca.crt", "server.crt", "server.key", "peer.crt", "peer.key"];
    let unit = certificates.iter().fold(unit, |unit, name| unit.needs(&format!("{CERTIFICATES}/{name}")));
    Ok(vec![configuration.activation(restart()), unit.activation(restart())])
}

/// `https://10.0.10.31:2379`, with brackets around an IPv6 address.
pub(super) fn url(scheme: &str, address: IpAddr, port: u16) -> String {
    format!("{scheme}://{}", SocketAddr::new(address, port))
}

/// Where metrics are served: on the loopback address first, which probes ask, and on the node's where the pillar says so.
pub(super) fn metrics_urls(context: Context<'_>) -> String {
    let node = context.topology.etcd.spec.metrics_on_node_address.then_some(context.node.ip);
    let addresses = std::iter::once(loopback(context.node.ip)).chain(node);
    addresses.map(|address| url("http", address, METRICS_PORT)).collect::<Vec<_>>().join(",")
}

fn loopback(like: IpAddr) -> IpAddr {
    if like.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() }
}

fn configuration(context: Context<'_>) -> Value {
    let (topology, node) = (context.topology, context.node);
    let (etcd, spec) = (&topology.etcd, &topology.etcd.spec);
    let clients = [node.ip, loopback(node.ip)].map(|address| url("https", address, CLIENT_PORT));
    let mut settings = json!({
        "name": node.name,
        "data-dir": spec.data_dir,
        "listen-peer-urls": url("https", node.ip, PEER_PORT),
        "listen-client-urls": clients.join(","),
        "listen-metrics-urls": metrics_urls(context),
        "initial-advertise-peer-urls": url("https", node.ip, PEER_PORT),
        "advertise-client-urls": url("https", node.ip, CLIENT_PORT),
        // These two are read by a member whose data directory is empty, and by no other. With itself alone in the list such a
        // one finds nobody to take the cluster from, and ends; with all members it would come back under its old name and
        // vote, with nothing of what it acknowledged.
        "initial-cluster": format!("{}={}", node.name, url("https", node.ip, PEER_PORT)),
        "initial-cluster-token": etcd.initial_cluster_token,
        "initial-cluster-state": "existing",
        "strict-reconfig-check": true,
        "pre-vote": true,
        "heartbeat-interval": spec.heartbeat_interval.as_millis(),
        "election-timeout": spec.election_timeout.as_millis(),
        "snapshot-count": spec.snapshot_count,
        "quota-backend-bytes": spec.quota_backend_bytes.0,
        "client-transport-security": transport("server"),
        "peer-transport-security": transport("peer"),
        "tls-min-version": etcd_tls_min_version(topology),
        "log-level": "info",
        "logger": "zap",
        "log-outputs": ["stderr"],
        "enable-pprof": false,
    });
    if spec.auto_compaction_retention.as_millis() > 0 {
        let retention = spec.auto_compaction_retention.go();
        merge(&mut settings, &json!({ "auto-compaction-mode": "periodic", "auto-compaction-retention": retention }));
    }
    merge(&mut settings, &integrity(&etcd.version));
    settings
}

fn transport(name: &str) -> Value {
    json!({
        "cert-file": format!("{CERTIFICATES}/{name}.crt"),
        "key-file": format!("{CERTIFICATES}/{name}.key"),
        "trusted-ca-file": format!("{CERTIFICATES}/ca.crt"),
        "client-cert-auth": true,
        "auto-tls": false,
    })
}

/// Comparison of members at the start and at each compaction, and progress of idle watches as kubeadm sets it. etcd ignores
/// keys that it does not know, and 3.6 renamed these. Durations are integers in nanoseconds here.
fn integrity(version: &str) -> Value {
    const MINUTE: u64 = 60_000_000_000;
    const FIVE_SECONDS: u64 = 5_000_000_000;
    if version.starts_with("3.5.") {
        return json!({
            "experimental-initial-corrupt-check": true,
            "experimental-compact-hash-check-enabled": true,
            "experimental-compact-hash-check-time": MINUTE,
            "experimental-watch-progress-notify-interval": FIVE_SECONDS,
        });
    }
    json!({
        "feature-gates": "InitialCorruptCheck=true,CompactHashCheck=true",
        "compact-hash-check-time": MINUTE,
        "watch-progress-notify-interval": FIVE_SECONDS,
        "max-learners": 1,
    })
}
