//! Maintenance as it stands on a Node object, where hosts see it that have nothing to show to etcd.

use crate::session::Session;
use crate::{Access, Error};
use gate::Maintenance;
use k8s_openapi::api::core::v1;
use kube::Api;
use kube::api::{Patch, PatchParams};
use kube::core::ObjectMeta;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// Until when somebody works on a node, why and since when, as JSON.
const MAINTENANCE: &str = "k8s-ha/maintenance";

#[derive(Deserialize)]
struct Written {
    until: f64,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    since: f64,
}

/// Puts a node's maintenance on its object, in place of what stood there.
///
/// # Errors
/// [`Error::NotFound`] for a node that is not there, and what else comes in between within `limit`.
pub fn mark_maintenance(access: &Access, maintenance: &Maintenance, limit: Duration) -> Result<(), Error> {
    let Maintenance { node, until, reason, since } = maintenance;
    let text = json!({"until": until, "reason": reason, "since": since}).to_string();
    let step = format!("putting the maintenance on the node {node}");
    annotate(access, node, &json!(text), &step, limit)
}

/// Takes a node's maintenance off its object. One that is not there is no error.
///
/// # Errors
/// As [`mark_maintenance`].
pub fn unmark_maintenance(access: &Access, node: &str, limit: Duration) -> Result<(), Error> {
    annotate(access, node, &Value::Null, &format!("taking the maintenance off the node {node}"), limit)
}

fn annotate(access: &Access, node: &str, value: &Value, step: &str, limit: Duration) -> Result<(), Error> {
    let patch = json!({"metadata": {"annotations": {MAINTENANCE: value}}});
    access.call(limit, step, async |session: &Session| {
        let api: Api<v1::Node> = Api::all(session.client.clone());
        let done = api.patch_metadata(node, &PatchParams::default(), &Patch::Merge(&patch)).await;
        done.map(|_| ()).map_err(|error| session.failed(error))
    })
}

/// What stands on a node; what cannot be read says nothing.
pub(crate) fn marked(metadata: &ObjectMeta) -> Option<Maintenance> {
    let text = metadata.annotations.as_ref()?.get(MAINTENANCE)?;
    let Written { until, reason, since } = serde_json::from_str(text).ok()?;
    Some(Maintenance { node: metadata.name.clone().unwrap_or_default(), until, reason, since })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Maintenance> {
        let metadata = json!({"name": "w1", "annotations": {MAINTENANCE: text}});
        marked(&serde_json::from_value(metadata).unwrap())
    }

    #[test]
    fn what_cannot_be_read_says_nothing_and_a_moment_is_enough() {
        for text in ["", "{", "[]", "{\"reason\": \"x\"}", "{\"until\": \"2h\"}"] {
            assert_eq!(read(text), None, "{text}");
        }
        let found = read("{\"until\": 20}").unwrap();
        assert_eq!((found.node.as_str(), found.lasts(19.0), found.lasts(20.0)), ("w1", true, false));
        assert_eq!(marked(&ObjectMeta::default()), None);
    }
}
