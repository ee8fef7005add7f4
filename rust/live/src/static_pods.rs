//! Static pods of the control plane, as the kubelets show them: a mirror pod is what a kubelet runs, not what a file says.

use crate::session::Session;
use crate::{Access, Error, pods};
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::ListParams;
use kube::core::{ApiResource, Object};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One static pod of kubeadm.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StaticPod {
    /// Its node.
    pub node: String,
    /// `kube-apiserver`, `kube-controller-manager`, `kube-scheduler` or `etcd`.
    pub component: String,
    /// Image of its first container.
    pub image: String,
    /// Program and arguments of its first container.
    pub command: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    node_name: Option<String>,
    containers: Vec<Container>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Container {
    image: String,
    command: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Status {}

/// The static pods that kubeadm labels as `tier=control-plane`, by node and component.
///
/// # Errors
/// [`Error`] when they cannot be read within `limit`.
pub fn static_pods(access: &Access, limit: Duration) -> Result<Vec<StaticPod>, Error> {
    access.call(limit, "reading the static pods of the control plane", async |session| list(session).await)
}

async fn list(session: &Session) -> Result<Vec<StaticPod>, Error> {
    let resource = ApiResource::erase::<Pod>(&());
    let api: Api<Object<Spec, Status>> = Api::namespaced_with(session.client.clone(), "kube-system", &resource);
    let selected = ListParams::default().labels("tier=control-plane,component");
    let pods = api.list(&selected).await.map_err(|error| session.failed(error))?;
    let mut found: Vec<StaticPod> = pods.items.into_iter().filter_map(static_pod).collect();
    found.sort();
    Ok(found)
}

/// None for a pod that no kubelet shows: anybody may give a pod these labels.
fn static_pod(pod: Object<Spec, Status>) -> Option<StaticPod> {
    if !pods::is_mirror(&pod.metadata) {
        return None;
    }
    let component = pod.metadata.labels?.remove("component")?;
    let container = pod.spec.containers.into_iter().next()?;
    Some(StaticPod { node: pod.spec.node_name?, component, image: container.image, command: container.command })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(annotations: &Value) -> Option<StaticPod> {
        let pod = json!({
            "metadata": {"name": "etcd-cp1", "annotations": annotations, "labels": {"component": "etcd"}},
            "spec": {"nodeName": "cp1", "containers": [{"image": "etcd:3.6.8-0", "command": ["etcd", "--name=cp1"]}]},
        });
        static_pod(serde_json::from_value(pod).unwrap())
    }

    #[test]
    fn only_what_a_kubelet_mirrors_is_a_static_pod() {
        let found = read(&json!({"kubernetes.io/config.mirror": "abc"})).unwrap();
        assert_eq!((found.node.as_str(), found.component.as_str()), ("cp1", "etcd"));
        assert_eq!(found.command, ["etcd", "--name=cp1"]);
        assert_eq!(read(&json!({})), None);
    }
}
