//! How far rollouts are, and where the pods of a Deployment run.

use crate::session::Session;
use crate::{Access, Error};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment as DeploymentObject, StatefulSet};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube::Api;
use kube::api::ListParams;
use kube::core::{ApiResource, Object, Selector};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Which object to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// `Deployment`, `DaemonSet` or `StatefulSet`.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// How far a rollout is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rollout {
    /// Kind as asked.
    pub kind: String,
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Pods that shall be there.
    pub desired: i32,
    /// Pods that are Ready.
    pub ready: i32,
    /// Pods of the newest template.
    pub updated: i32,
    /// Whether the controller has seen the newest object, all pods are of its template, and all are available.
    pub done: bool,
}

/// Where the pods of a Deployment run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deployment {
    /// Replicas that shall be there.
    pub wanted: i32,
    /// Replicas that are Ready.
    pub ready: i32,
    /// Node of each pod that runs or is about to, sorted: a node with two of them stands twice.
    pub nodes: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Spec {
    replicas: Option<i32>,
    selector: LabelSelector,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    observed_generation: i64,
    replicas: i32,
    ready_replicas: i32,
    updated_replicas: i32,
    available_replicas: i32,
    desired_number_scheduled: i32,
    updated_number_scheduled: i32,
    number_ready: i32,
    number_available: i32,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PodSpec {
    node_name: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct PodStatus {
    phase: String,
}

/// One look at the rollout of each workload, in the order asked.
///
/// # Errors
/// [`Error::Argument`] for a kind without rollout, [`Error::NotFound`] for an object that is not there, and what else
/// comes in between within `limit`.
pub fn workloads_ready(access: &Access, workloads: &[Workload], limit: Duration) -> Result<Vec<Rollout>, Error> {
    let kinds = workloads.iter().map(resource).collect::<Result<Vec<_>, _>>()?;
    access.call(limit, "reading workloads", async |session| {
        let mut rollouts = Vec::new();
        for (workload, resource) in workloads.iter().zip(&kinds) {
            let Workload { kind, namespace, name } = workload;
            session.step(format!("reading {kind} {namespace}/{name}"));
            rollouts.push(rollout(workload, get(session, resource, namespace, name).await?));
        }
        Ok(rollouts)
    })
}

fn resource(workload: &Workload) -> Result<ApiResource, Error> {
    match workload.kind.as_str() {
        "Deployment" => Ok(ApiResource::erase::<DeploymentObject>(&())),
        "DaemonSet" => Ok(ApiResource::erase::<DaemonSet>(&())),
        "StatefulSet" => Ok(ApiResource::erase::<StatefulSet>(&())),
        other => {
            let known = "Deployment, DaemonSet and StatefulSet have one";
            Err(Error::Argument(format!("`{other}` is no kind with a rollout; {known}")))
        }
    }
}

async fn get(
    session: &Session,
    resource: &ApiResource,
    namespace: &str,
    name: &str,
) -> Result<Object<Spec, Status>, Error> {
    let api: Api<Object<Spec, Status>> = Api::namespaced_with(session.client.clone(), namespace, resource);
    api.get(name).await.map_err(|error| session.failed(error))
}

fn rollout(workload: &Workload, object: Object<Spec, Status>) -> Rollout {
    let seen = object.status.unwrap_or_default();
    let observed = seen.observed_generation >= object.metadata.generation.unwrap_or_default();
    let (desired, ready, updated, available) = if workload.kind == "DaemonSet" {
        (seen.desired_number_scheduled, seen.number_ready, seen.updated_number_scheduled, seen.number_available)
    } else {
        // One is the API server's default.
        (object.spec.replicas.unwrap_or(1), seen.ready_replicas, seen.updated_replicas, seen.available_replicas)
    };
    // A Deployment keeps pods of the old template until new ones are available.
    let old_are_gone = workload.kind == "DaemonSet" || seen.replicas == desired;
    let Workload { kind, namespace, name } = workload.clone();
    let done = observed && old_are_gone && updated == desired && available == desired;
    Rollout { kind, namespace, name, desired, ready, updated, done }
}

/// Replicas of a Deployment and the nodes of its pods.
///
/// # Errors
/// [`Error::NotFound`] when it is not there, and what else comes in between within `limit`.
pub fn deployment(access: &Access, namespace: &str, name: &str, limit: Duration) -> Result<Deployment, Error> {
    access.call(limit, &format!("reading Deployment {namespace}/{name}"), async |session| {
        let object = get(session, &ApiResource::erase::<DeploymentObject>(&()), namespace, name).await?;
        session.step(format!("reading the pods of Deployment {namespace}/{name}"));
        let nodes = nodes_of_pods(session, namespace, object.spec.selector).await?;
        let ready = object.status.unwrap_or_default().ready_replicas;
        Ok(Deployment { wanted: object.spec.replicas.unwrap_or(1), ready, nodes })
    })
}

async fn nodes_of_pods(session: &Session, namespace: &str, selector: LabelSelector) -> Result<Vec<String>, Error> {
    let selector =
        Selector::try_from(selector).map_err(|_| session.unreadable("its selector is none that can be asked for"))?;
    let resource = ApiResource::erase::<Pod>(&());
    let api: Api<Object<PodSpec, PodStatus>> = Api::namespaced_with(session.client.clone(), namespace, &resource);
    let pods = api.list(&ListParams::default().labels_from(&selector)).await.map_err(|error| session.failed(error))?;
    let mut nodes: Vec<String> = pods.items.into_iter().filter_map(node_of_pod).collect();
    nodes.sort();
    Ok(nodes)
}

/// The node of a pod that is neither ending nor over.
fn node_of_pod(pod: Object<PodSpec, PodStatus>) -> Option<String> {
    let phase = pod.status.unwrap_or_default().phase;
    let over = pod.metadata.deletion_timestamp.is_some() || matches!(phase.as_str(), "Succeeded" | "Failed");
    pod.spec.node_name.filter(|_| !over)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn look(kind: &str, generation: i64, status: &Value) -> Rollout {
        let object =
            json!({"metadata": {"name": "x", "generation": generation}, "spec": {"replicas": 2}, "status": status});
        let workload = Workload { kind: kind.to_owned(), namespace: "a".to_owned(), name: "x".to_owned() };
        rollout(&workload, serde_json::from_value(object).unwrap())
    }

    #[test]
    fn a_deployment_is_done_when_only_new_pods_are_left_and_available() {
        let status = |replicas: i32, updated: i32, available: i32| {
            json!({"observedGeneration": 3, "replicas": replicas, "readyReplicas": 2, "updatedReplicas": updated,
                   "availableReplicas": available})
        };
        assert!(look("Deployment", 3, &status(2, 2, 2)).done);
        assert!(!look("Deployment", 4, &status(2, 2, 2)).done, "the controller has not seen the newest object");
        assert!(!look("Deployment", 3, &status(3, 2, 2)).done, "an old pod is left");
        assert!(!look("Deployment", 3, &status(2, 1, 2)).done);
        assert!(!look("Deployment", 3, &status(2, 2, 1)).done);
    }

    #[test]
    fn a_daemon_set_counts_by_nodes() {
        let status = json!({"observedGeneration": 1, "desiredNumberScheduled": 3, "updatedNumberScheduled": 3,
                            "numberReady": 3, "numberAvailable": 3});
        let found = look("DaemonSet", 1, &status);
        assert_eq!((found.desired, found.ready, found.updated, found.done), (3, 3, 3, true));
        assert!(!look("DaemonSet", 1, &json!({})).done, "nobody has counted yet");
    }

    #[test]
    fn a_pod_that_ends_is_on_no_node() {
        let pod = |metadata: Value, phase: &str| {
            let pod = json!({"metadata": metadata, "spec": {"nodeName": "w1"}, "status": {"phase": phase}});
            node_of_pod(serde_json::from_value(pod).unwrap())
        };
        assert_eq!(pod(json!({}), "Running").as_deref(), Some("w1"));
        assert_eq!(pod(json!({}), "Failed"), None);
        assert_eq!(pod(json!({"deletionTimestamp": "2026-01-01T00:00:00Z"}), "Running"), None);
    }
}
