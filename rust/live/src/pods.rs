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
#[serde(default)]
pub(crate) struct Spec {}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Status {
    phase: String,
}

pub(crate) type Pod = Object<Spec, Status>;

/// The pods that are bound to a node.
pub(crate) async fn on_node(session: &Session, node: &str) -> Result<Vec<Pod>, Error> {
    const PAGE: u32 = 500;
    let api: Api<Pod> = Api::all_with(session.client.clone(), &ApiResource::erase::<v1::Pod>(&()));
    let mut parameters = ListParams::default().fields(&format!("spec.nodeName={node}")).limit(PAGE);
    let mut pods = Vec::new();
    loop {
        let page = api.list(&parameters).await.map_err(|error| session.failed(error))?;
        pods.extend(page.items);
        match page.metadata.continue_.filter(|token| !token.is_empty()) {
            Some(token) => parameters = parameters.continue_token(&token),
            None => return Ok(pods),
        }
    }
}

/// Whether all of its containers have ended for good.
pub(crate) fn is_over(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().map_or("", |status| status.phase.as_str());
    matches!(phase, "Succeeded" | "Failed")
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
