//! InitConfiguration, and the documents that stand beside it.

use super::super::Context;
use super::document::Section;
use super::{cluster, kube_proxy, kubelet, node, phases};
use serde_json::{Value, json};
use topology::pillar::KubeProxyMode;

/// The documents of `init.yaml`.
pub(super) fn documents(context: Context<'_>) -> Vec<Value> {
    let mut documents =
        vec![init(context), cluster::document(context.topology), kubelet::cluster_configuration(context.topology)];
    documents.extend(kube_proxy::document(context.topology));
    documents
}

fn init(context: Context<'_>) -> Value {
    let section = Section::default()
        .with("apiVersion", node::API_VERSION)
        .with("kind", "InitConfiguration")
        .with_list("bootstrapTokens", vec![powerless_token()])
        .with("localAPIEndpoint", node::local_api_endpoint(context))
        .with("nodeRegistration", node::registration(context))
        .with_list("skipPhases", skipped(context));
    node::common(section, context).into()
}

/// Without a list kubeadm makes a token that admits nodes for 24 hours. Nothing here joins by token, so there is one without
/// any rights, dead after a second: its value is random and known to nobody, the group is bound to no role, and without the
/// usage `signing` cluster-info is not signed for it. kubeadm refuses groups without the usage `authentication`, and fills in
/// the group that may join where none is named.
fn powerless_token() -> Value {
    json!({ "ttl": "1s", "usages": ["authentication"], "groups": ["system:bootstrappers:k8s-ha:none"] })
}

/// The join command would print the token.
fn skipped(context: Context<'_>) -> Vec<Value> {
    let proxy = (context.topology.kubeadm.kube_proxy_mode == KubeProxyMode::Disabled).then_some("addon/kube-proxy");
    phases::skipped(context.topology, ["show-join-command"].into_iter().chain(proxy), &phases::INIT)
}
