//! JoinConfiguration of a control-plane node or of a worker.

use super::super::Context;
use super::document::Section;
use super::{DIRECTORY, node};
use serde_json::{Value, json};

/// Phases of `kubeadm join`. Source: `cmd/kubeadm/app/cmd/join.go` of 1.35 to 1.37.
const PHASES: [&str; 8] = [
    "preflight",
    "control-plane-prepare",
    "check-etcd",
    "kubelet-start",
    "etcd-join",
    "kubelet-wait-bootstrap",
    "control-plane-join",
    "wait-control-plane",
];

/// The document of `join.yaml`. kubeadm decodes it strictly when it stands alone.
///
/// The node trusts the CA and proves itself by a kubeconfig that is delivered for the join alone: with credentials embedded in
/// it, kubeadm needs no bootstrap token. A control-plane node finds the CAs in place, so there is no certificate key either.
pub(super) fn document(context: Context<'_>) -> Value {
    let section = Section::default()
        .with("apiVersion", node::API_VERSION)
        .with("kind", "JoinConfiguration")
        .with("discovery", json!({ "file": { "kubeConfigPath": format!("{DIRECTORY}/discovery.conf") } }))
        .with("nodeRegistration", node::registration(context));
    let section = if context.is_control_plane() {
        section.with("controlPlane", json!({ "localAPIEndpoint": node::local_api_endpoint(context) }))
    } else {
        section
    };
    let section = section.with_list("skipPhases", node::skipped_phases(context.topology, [], &PHASES));
    node::common(section, context).into()
}
