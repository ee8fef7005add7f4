//! Patches of what kubeadm writes, applied at `init`, `join` and `upgrade` with the directory of that node.
//!
//! A file is named by its target and kind of patch, as in `etcd0+json.yaml`. kubeadm passes over a file whose target it does not
//! know in silence, so none is written for a target that the release does not have.

use super::kubeadm::{HEADER, LONGEST_DELAY, PATCHES, cluster_kubelet, difference, node_kubelet, text};
use super::{Context, haproxy};
use crate::file::File;
use crate::template::Error;
use indexmap::IndexMap;
use serde_json::{Value, json};
use topology::Topology;
use topology::pillar::Spread;
use topology::values::Duration;

/// Targets that exist on a worker.
const OF_A_WORKER: &str = "kubeletconfiguration";

pub(super) fn files(context: Context<'_>) -> Result<Vec<File>, Error> {
    patches(context).iter().map(|(name, patch)| file(name, patch)).collect()
}

/// Whether the node has any patch, and so the directory.
pub(super) fn has_any(context: Context<'_>) -> bool {
    !patches(context).is_empty()
}

/// File name to patch: ours, then the pillar's, which replace ours of the same name.
fn patches(context: Context<'_>) -> IndexMap<String, Value> {
    let topology = context.topology;
    let mut patches = IndexMap::new();
    if !context.runs_kubelet() {
        return patches;
    }
    patches.insert("corednsdeployment0+strategic.yaml".to_owned(), coredns(topology));
    patches.extend(api_server(topology).map(|patch| ("kube-apiserver0+strategic.yaml".to_owned(), patch)));
    patches.extend(own_address(context).map(|patch| ("kube-apiserver1+json.yaml".to_owned(), patch)));
    patches.extend(etcd(context).map(|patch| ("etcd0+json.yaml".to_owned(), patch)));
    patches.extend(kubelet(context).map(|patch| ("kubeletconfiguration0+merge.yaml".to_owned(), patch)));
    for (name, patch) in &topology.kubeadm.patches {
        patches.insert(file_name(name), patch.clone());
    }
    let targets = &topology.release.patch_targets;
    patches.retain(|name, _| {
        let known = targets.iter().any(|target| name.starts_with(target.as_str()));
        known && !name.contains('/') && (context.is_control_plane() || name.starts_with(OF_A_WORKER))
    });
    patches
}

/// The pillar may leave the extension out.
fn file_name(name: &str) -> String {
    if matches!(extension(name), "yaml" | "json") { name.to_owned() } else { format!("{name}.yaml") }
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn file(name: &str, patch: &Value) -> Result<File, Error> {
    let contents = match patch {
        // JSON has no comments.
        _ if extension(name) == "json" => format!("{patch:#}\n"),
        Value::String(written) => format!("{HEADER}{}\n", written.trim_end()),
        _ => text("a patch", std::slice::from_ref(patch))?,
    };
    Ok(File::new(format!("{PATCHES}/{name}"), "patch of a file that kubeadm writes", contents).mode("0600"))
}

/// Replicas on different nodes, and on different zones where nodes have any. kubeadm keeps the patch through upgrades. Replicas
/// wait until enough nodes have joined; none is started beside another one during an update, because where there are as many
/// nodes as replicas it would find no place.
fn coredns(topology: &Topology) -> Value {
    let hosts = match topology.coredns.spec.spread {
        Spread::Required => "DoNotSchedule",
        Spread::Preferred => "ScheduleAnyway",
    };
    let constraint = |key: &str, otherwise: &str| {
        json!({
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": otherwise,
            "labelSelector": { "matchLabels": { "k8s-app": "kube-dns" } },
            "matchLabelKeys": ["pod-template-hash"],
        })
    };
    let mut by_host = constraint("kubernetes.io/hostname", hosts);
    if topology.coredns.spec.spread == Spread::Required {
        // Right after init there is one node, and without this all replicas would be placed on it, for good.
        by_host["minDomains"] = json!(topology.coredns.replicas);
    }
    json!({
        "spec": {
            "replicas": topology.coredns.replicas,
            "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxUnavailable": 1, "maxSurge": 0 } },
            "template": { "spec": { "topologySpreadConstraints": [
                by_host,
                constraint("topology.kubernetes.io/zone", "ScheduleAnyway"),
            ] } },
        },
    })
}

/// Time to stop for an API server that the pillar has wait longer than a static pod may.
fn api_server(topology: &Topology) -> Option<Value> {
    const TO_FINISH: u64 = 10;
    let delay: Duration = topology.kubeadm.api_server.argument("shutdown-delay-duration")?.parse().ok()?;
    let seconds = delay.as_millis().div_ceil(1000);
    (seconds > LONGEST_DELAY).then(|| json!({ "spec": { "terminationGracePeriodSeconds": seconds + TO_FINISH } }))
}

/// Where HAProxy has the API server's port on the address that moves, the API server leaves all addresses but the node's to it.
fn own_address(context: Context<'_>) -> Option<Value> {
    let chosen = context.topology.kubeadm.api_server.argument("bind-address").is_some();
    (haproxy::shares_port(context) && !chosen).then(|| argument("bind-address", &context.node.ip.to_string()))
}

/// The node's address is not the same everywhere, so it cannot stand in ClusterConfiguration. etcd takes the last of two
/// arguments of the same name; the probes keep to the first address of the one that kubeadm writes, which is the loopback.
fn etcd(context: Context<'_>) -> Option<Value> {
    let etcd = &context.topology.etcd;
    let chosen = etcd.spec.extra_args.iter().any(|argument| argument.name == "listen-metrics-urls");
    if etcd.is_external() || !etcd.spec.metrics_on_node_address || chosen {
        return None;
    }
    Some(argument("listen-metrics-urls", &super::etcd::metrics_urls(context)))
}

/// One more argument of a static pod, behind those that kubeadm writes.
fn argument(name: &str, value: &str) -> Value {
    json!([{ "op": "add", "path": "/spec/containers/0/command/-", "value": format!("--{name}={value}") }])
}

/// What this node's kubelet has differently from the cluster's.
fn kubelet(context: Context<'_>) -> Option<Value> {
    let patch = difference(&cluster_kubelet(context.topology), &node_kubelet(context.topology, context.node));
    patch.as_object().is_some_and(|fields| !fields.is_empty()).then_some(patch)
}
