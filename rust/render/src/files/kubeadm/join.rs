//! JoinConfiguration of a control-plane node or of a worker.

use super::super::Context;
use super::document::Section;
use super::{DIRECTORY, node, phases};
use serde_json::{Value, json};

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
    let section = section.with_list("skipPhases", phases::skipped(context.topology, [], &phases::JOIN));
    node::common(section, context).into()
}
