//! Pods of a node.

use crate::Error;
use crate::session::Session;
use k8s_openapi::api::core::v1;
use kube::Api;
use kube::api::ListParams;
use kube::core::{ApiResource, Object, ObjectMeta};
use serde::Deserialize;

// A part of the object, because reading the whole of it makes the program larger, and tells no more.

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Spec {
    pub(crate) node_name: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Status {
    phase: String,
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Condition {
    r#type: String,
    status: String,
}

pub(crate) type Pod = Object<Spec, Status>;

/// The pods that are bound to a node.
pub(crate) async fn on_node(session: &Session, node: &str) -> Result<Vec<Pod>, Error> {
    let api: Api<Pod> = Api::all_with(session.client.clone(), &ApiResource::erase::<v1::Pod>(&()));
    session.every(&api, ListParams::default().fields(&format!("spec.nodeName={node}"))).await
}

/// Whether it is what a kubelet shows of a static pod.
pub(crate) fn is_mirror(metadata: &ObjectMeta) -> bool {
    metadata.annotations.as_ref().is_some_and(|all| all.contains_key("kubernetes.io/config.mirror"))
}

/// Whether all of its containers have ended for good.
pub(crate) fn is_over(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().map_or("", |status| status.phase.as_str());
    matches!(phase, "Succeeded" | "Failed")
}

/// Whether it serves.
pub(crate) fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().map_or(&[][..], |status| &status.conditions);
    conditions.iter().any(|condition| condition.r#type == "Ready" && condition.status == "True")
}

/// Whether it was told to end.
pub(crate) fn is_ending(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_some()
}

/// `namespace/name`.
pub(crate) fn title(metadata: &ObjectMeta) -> String {
    let part = |text: &Option<String>| text.clone().unwrap_or_default();
    format!("{}/{}", part(&metadata.namespace), part(&metadata.name))
}
