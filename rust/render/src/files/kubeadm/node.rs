//! What InitConfiguration and JoinConfiguration say about the node.

use super::super::{Context, patches};
use super::arguments::arguments;
use super::document::Section;
use super::{CRI_SOCKET, PATCHES};
use serde_json::{Value, json};
use topology::Node;
use topology::pillar::{Role, Taint};

/// The API of kubeadm that all supported minors read.
pub(super) const API_VERSION: &str = "kubeadm.k8s.io/v1beta4";

/// Where this node's API server listens.
pub(super) fn local_api_endpoint(context: Context<'_>) -> Value {
    json!({ "advertiseAddress": context.node.ip.to_string(), "bindPort": context.topology.kubeadm.bind_port })
}

/// How the node registers itself.
pub(super) fn registration(context: Context<'_>) -> Value {
    let node = context.node;
    let section = Section::default().with("name", node.name.as_str()).with("criSocket", CRI_SOCKET);
    let section = match taints(node) {
        Some(taints) => section.with("taints", taints),
        None => section,
    };
    section
        .with("kubeletExtraArgs", kubelet_arguments(node))
        .with_list("ignorePreflightErrors", ignored(context))
        .with("imagePullPolicy", "IfNotPresent")
        .with("imagePullSerial", true)
        .into()
}

/// The preflight checks that do not count: the pillar's, and that of every member of an external etcd. One member that is lost
/// would let no node join; Salt waits for a quorum instead.
fn ignored(context: Context<'_>) -> Vec<Value> {
    const VERSIONS: &str = "ExternalEtcdVersion";
    let written = &context.topology.kubeadm.ignore_preflight_errors;
    let is_client = context.is_control_plane() && context.topology.etcd.is_external();
    let ours = (is_client && !written.iter().any(|name| name == VERSIONS)).then_some(VERSIONS);
    written.iter().map(String::as_str).chain(ours).map(Value::from).collect()
}

/// `None` leaves the choice to kubeadm, which taints the control plane; a control plane that is a worker too has none.
fn taints(node: &Node) -> Option<Vec<Value>> {
    let shared = node.has(Role::ControlPlane) && node.has(Role::Worker);
    let written = node.taints.as_ref().map(|taints| taints.iter().map(taint).collect());
    written.or(shared.then(Vec::new))
}

fn taint(taint: &Taint) -> Value {
    let section = Section::default().with("key", taint.key.as_str());
    let section = match &taint.value {
        Some(value) => section.with("value", value.as_str()),
        None => section,
    };
    section.with("effect", json!(taint.effect)).into()
}

/// The address is named because the kubelet may otherwise register the one that moves.
fn kubelet_arguments(node: &Node) -> Vec<Value> {
    let mut labels: Vec<String> =
        node.labels.iter().filter(|(key, _)| may_set(key)).map(|(key, value)| format!("{key}={value}")).collect();
    labels.sort();
    let mut ours = vec![("node-ip", node.ip.to_string())];
    if !labels.is_empty() {
        ours.push(("node-labels", labels.join(",")));
    }
    arguments(ours, [].iter())
}

/// Whether a kubelet may set a label on its own node; it does not start with another one of `kubernetes.io` or `k8s.io`.
/// The others are set through the API.
///
/// Source: `k8s.io/kubelet/pkg/apis/well_known_labels.go`.
fn may_set(key: &str) -> bool {
    const NAMES: [&str; 11] = [
        "kubernetes.io/hostname",
        "kubernetes.io/os",
        "kubernetes.io/arch",
        "topology.kubernetes.io/zone",
        "topology.kubernetes.io/region",
        "node.kubernetes.io/instance-type",
        "failure-domain.beta.kubernetes.io/zone",
        "failure-domain.beta.kubernetes.io/region",
        "beta.kubernetes.io/instance-type",
        "beta.kubernetes.io/os",
        "beta.kubernetes.io/arch",
    ];
    let Some((namespace, _)) = key.split_once('/') else { return true };
    let within = |suffix: &str| namespace == suffix || namespace.ends_with(&format!(".{suffix}"));
    let reserved = within("kubernetes.io") || within("k8s.io");
    !reserved || NAMES.contains(&key) || within("kubelet.kubernetes.io") || within("node.kubernetes.io")
}

/// What both documents end with: patches, where the node has any, and time limits.
pub(super) fn common(section: Section, context: Context<'_>) -> Section {
    let limits = &context.topology.kubeadm.timeouts;
    let timeouts = json!({
        "controlPlaneComponentHealthCheck": limits.control_plane_component_health_check.go(),
        "kubeletHealthCheck": limits.kubelet_health_check.go(),
        "kubernetesAPICall": limits.kubernetes_api_call.go(),
        "etcdAPICall": limits.etcd_api_call.go(),
        "tlsBootstrap": limits.tls_bootstrap.go(),
        "discovery": limits.discovery.go(),
        "upgradeManifests": limits.upgrade_manifests.go(),
    });
    // kubeadm refuses a directory that is not there.
    let section =
        if patches::has_any(context) { section.with("patches", json!({ "directory": PATCHES })) } else { section };
    section.with("timeouts", timeouts)
}
