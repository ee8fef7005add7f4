//! etcd as kubeadm sees it: static pods of its own, or the members elsewhere.

use super::super::etcd as member;
use super::arguments::{DefaultArgument, arguments};
use super::document::Section;
use serde_json::{Value, json};
use topology::Topology;

/// Arguments that are never passed to a stacked member, whoever asks for them: kubeadm copies `advertise-client-urls` into
/// the `etcd-servers` of every API server, and the state `existing` must not be there while `init` runs: it is put
/// into the cluster's kubeadm-config afterwards, so that upgrades keep it.
const NEVER: [&str; 2] = ["advertise-client-urls", "initial-cluster-state"];

/// The section of ClusterConfiguration.
pub(super) fn section(topology: &Topology) -> Value {
    if topology.etcd.is_external() {
        json!({ "external": external(topology) })
    } else {
        json!({ "local": local(topology) })
    }
}

fn local(topology: &Topology) -> Value {
    let spec = &topology.etcd.spec;
    let theirs = spec.extra_args.iter().filter(|argument| !NEVER.contains(&argument.name.as_str()));
    let section = Section::default().with("dataDir", spec.data_dir.as_str());
    let section = if topology.etcd.version == topology.release.etcd {
        section
    } else {
        section.with("imageTag", topology.etcd.version.as_str())
    };
    section.with("extraArgs", arguments(ours(topology), theirs)).into()
}

fn ours(topology: &Topology) -> Vec<DefaultArgument> {
    let etcd = &topology.etcd;
    let spec = &etcd.spec;
    let mut ours = vec![
        ("election-timeout", spec.election_timeout.as_millis().to_string()),
        ("heartbeat-interval", spec.heartbeat_interval.as_millis().to_string()),
        ("initial-cluster-token", etcd.initial_cluster_token.clone()),
        ("quota-backend-bytes", spec.quota_backend_bytes.0.to_string()),
        ("snapshot-count", spec.snapshot_count.to_string()),
        ("tls-min-version", tls_min_version(topology)),
    ];
    if spec.auto_compaction_retention.as_millis() > 0 {
        ours.push(("auto-compaction-mode", "periodic".to_owned()));
        ours.push(("auto-compaction-retention", spec.auto_compaction_retention.go()));
    }
    ours.sort();
    ours
}

/// etcd's name for what Kubernetes calls `VersionTLS12`: `TLS1.2`.
pub(in crate::files) fn tls_min_version(topology: &Topology) -> String {
    let digits = topology.security.tls_min_version.trim_start_matches("VersionTLS");
    if digits == "13" { "TLS1.3".to_owned() } else { "TLS1.2".to_owned() }
}

/// All members, so that no API server depends on one of them.
fn external(topology: &Topology) -> Value {
    let members = topology.etcd_nodes();
    let endpoints: Vec<String> = members.map(|node| member::url("https", node.ip, member::CLIENT_PORT)).collect();
    json!({
        "endpoints": endpoints,
        "caFile": "/etc/kubernetes/pki/etcd/ca.crt",
        "certFile": "/etc/kubernetes/pki/apiserver-etcd-client.crt",
        "keyFile": "/etc/kubernetes/pki/apiserver-etcd-client.key",
    })
}
