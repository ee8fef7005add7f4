//! The Node objects of a cluster.

use crate::marked::marked;
use crate::session::Session;
use crate::{Access, Error};
use gate::Maintenance;
use k8s_openapi::api::core::v1;
use kube::Api;
use kube::api::{DeleteParams, ListParams};
use kube::core::{ApiResource, Object};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What is told of one Node object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Condition Ready; `None` while it is Unknown: the kubelet does not report.
    pub ready: Option<bool>,
    /// Version of its kubelet, such as `v1.36.4`; empty until the kubelet reports.
    pub kubelet_version: String,
    /// Id of the boot in which its kubelet reports; empty until it does.
    pub boot_id: String,
    /// Its first address of type `InternalIP`.
    pub internal_ip: Option<String>,
    /// Whether it is cordoned.
    pub unschedulable: bool,
    /// Keys of its taints, in the order of the object.
    pub taints: Vec<String>,
    /// What stands on it about maintenance, also such as has ended by its time. It is for the gate: people read etcd's record.
    #[serde(skip)]
    pub maintenance: Option<Maintenance>,
}

// Parts of the objects, because reading the whole of them makes the program much larger, and tells no more.

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Spec {
    unschedulable: bool,
    taints: Vec<Taint>,
}

#[derive(Clone, Debug, Deserialize)]
struct Taint {
    key: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    conditions: Vec<Condition>,
    addresses: Vec<Address>,
    node_info: Info,
}

#[derive(Clone, Debug, Deserialize)]
struct Condition {
    r#type: String,
    status: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Address {
    r#type: String,
    address: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Info {
    kubelet_version: String,
    #[serde(rename = "bootID")]
    boot_id: String,
}

/// All nodes, by name.
///
/// # Errors
/// [`Error`] when they cannot be read within `limit`.
pub fn nodes(access: &Access, limit: Duration) -> Result<Vec<Node>, Error> {
    access.call(limit, "reading the nodes", async |session| list(session).await)
}

pub(crate) async fn list(session: &Session) -> Result<Vec<Node>, Error> {
    let resource = ApiResource::erase::<v1::Node>(&());
    let api: Api<Object<Spec, Status>> = Api::all_with(session.client.clone(), &resource);
    let listed = session.every(&api, ListParams::default()).await?;
    let mut nodes: Vec<Node> = listed.into_iter().map(told).collect();
    nodes.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(nodes)
}

fn told(object: Object<Spec, Status>) -> Node {
    let status = object.status.unwrap_or_default();
    let ready = status.conditions.iter().find(|condition| condition.r#type == "Ready");
    let address = status.addresses.into_iter().find(|address| address.r#type == "InternalIP");
    Node {
        maintenance: marked(&object.metadata),
        name: object.metadata.name.unwrap_or_default(),
        ready: ready.and_then(|condition| match condition.status.as_str() {
            "True" => Some(true),
            "False" => Some(false),
            _ => None,
        }),
        kubelet_version: status.node_info.kubelet_version,
        boot_id: status.node_info.boot_id,
        internal_ip: address.map(|address| address.address),
        unschedulable: object.spec.unschedulable,
        taints: object.spec.taints.into_iter().map(|taint| taint.key).collect(),
    }
}

/// One node.
///
/// # Errors
/// [`Error::NotFound`] when it is not there, and what else comes in between within `limit`.
pub fn node(access: &Access, name: &str, limit: Duration) -> Result<Node, Error> {
    access.call(limit, &format!("reading the node {name}"), async |session| {
        let resource = ApiResource::erase::<v1::Node>(&());
        let api: Api<Object<Spec, Status>> = Api::all_with(session.client.clone(), &resource);
        api.get(name).await.map(told).map_err(|error| session.failed(error))
    })
}

/// Deletes a Node object. Gives whether there was one.
///
/// # Errors
/// [`Error`] when it cannot be deleted within `limit`; that it is not there is none.
pub fn delete_node(access: &Access, name: &str, limit: Duration) -> Result<bool, Error> {
    access.call(limit, &format!("deleting the node {name}"), async |session| {
        let api: Api<v1::Node> = Api::all(session.client.clone());
        // The answer is not read as a node: it may be a Status instead.
        let request = kube::core::Request::new(api.resource_url()).delete(name, &DeleteParams::default());
        let request = request.map_err(|error| session.failed(kube::Error::BuildRequest(error)))?;
        match session.client.request_text(request).await.map_err(|error| session.failed(error)) {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(object: serde_json::Value) -> Node {
        told(serde_json::from_value(object).unwrap())
    }

    #[test]
    fn a_node_in_all_parts() {
        let found = read(json!({
            "metadata": {"name": "w1"},
            "spec": {"unschedulable": true, "taints": [{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}]},
            "status": {
                "conditions": [{"type": "Ready", "status": "False"}],
                "addresses": [{"type": "Hostname", "address": "w1"}, {"type": "InternalIP", "address": "10.0.0.7"}],
                "nodeInfo": {"kubeletVersion": "v1.36.4", "bootID": "b-1"}
            }
        }));
        assert_eq!(
            (found.ready, found.internal_ip.as_deref(), found.unschedulable, found.boot_id.as_str()),
            (Some(false), Some("10.0.0.7"), true, "b-1")
        );
        assert_eq!(found.taints, ["node.kubernetes.io/unschedulable"]);
    }

    #[test]
    fn a_node_that_does_not_report() {
        let unknown = json!({"conditions": [{"type": "Ready", "status": "Unknown"}]});
        assert_eq!(read(json!({"metadata": {"name": "w1"}, "spec": {}, "status": unknown})).ready, None);
        assert_eq!(read(json!({"metadata": {"name": "w1"}, "spec": {}})).kubelet_version, "");
    }
}
