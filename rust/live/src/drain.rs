//! Evicts the pods of a node, as the disruption budgets let them go.

use crate::pods::{self, Pod};
use crate::session::Session;
use crate::{Access, Error, name_servers};
use k8s_openapi::api::core::v1;
use kube::Api;
use kube::api::{DeleteParams, EvictParams, Preconditions};
use kube::core::Status;
use serde::Serialize;
use std::time::Duration;

/// What became of the pods of a node by one look and one act. Pods are told as `namespace/name`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Eviction {
    /// They are evicted now.
    pub evicted: Vec<String>,
    /// They were told to end, and have not ended yet.
    pub ending: Vec<String>,
    /// They may not go now.
    pub held: Vec<HeldPod>,
    /// Nobody makes them anew when they go. Where there are some, and nobody said that they may go, nothing was evicted.
    pub unmanaged: Vec<String>,
    /// They stay: of a `DaemonSet`, or of the kubelet's own manifests.
    pub staying: Vec<String>,
}

/// A pod that may not go now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldPod {
    /// Its namespace and name.
    pub pod: String,
    /// Why not, in the server's words.
    pub because: String,
}

/// What is done with a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Stays,
    Over,
    Ending,
    Unmanaged,
    Managed,
}

/// Evicts what runs on a node, once; nothing waits here. It is drained when nothing is `evicted`, `ending` or `held` any more.
///
/// # Errors
/// What comes in between within `limit`. Pods that were evicted before that stay so, and evicting again goes on from there.
pub fn evict(access: &Access, node: &str, also_unmanaged: bool, limit: Duration) -> Result<Eviction, Error> {
    access.call(limit, &format!("reading the pods of the node {node}"), async |session| {
        let mut told = Eviction::default();
        let mut going = Vec::new();
        for pod in pods::on_node(session, node).await? {
            let title = pods::title(&pod.metadata);
            match kind(&pod) {
                Kind::Stays => told.staying.push(title),
                Kind::Over => {}
                Kind::Ending => told.ending.push(title),
                Kind::Unmanaged => {
                    told.unmanaged.push(title);
                    going.push(pod);
                }
                Kind::Managed => going.push(pod),
            }
        }
        if !told.unmanaged.is_empty() && !also_unmanaged {
            return Ok(told);
        }
        let (name_servers, others): (Vec<Pod>, Vec<Pod>) =
            going.into_iter().partition(|pod| name_servers::is_one(&pod.metadata));
        for pod in others {
            evict_one(session, &pod, &mut told).await?;
        }
        if !name_servers.is_empty() {
            evict_name_servers(session, &name_servers, &mut told).await?;
        }
        Ok(told)
    })
}

/// One by one call, while another one serves, whatever budgets there are: kubeadm makes none for them, and all may run on the
/// same node.
async fn evict_name_servers(session: &Session, going: &[Pod], told: &mut Eviction) -> Result<(), Error> {
    let all = name_servers::list(session).await?;
    let first = going.iter().position(|pod| name_servers::can_spare(&all, pod));
    for (place, pod) in going.iter().enumerate() {
        if first == Some(place) {
            evict_one(session, pod, told).await?;
        } else {
            let because = "pods of CoreDNS go one after the other, while another one serves".to_owned();
            told.held.push(HeldPod { pod: pods::title(&pod.metadata), because });
        }
    }
    Ok(())
}

/// Source: kubectl drain, its filters of pods. The mirror of a static pod is none that the API could end.
fn kind(pod: &Pod) -> Kind {
    let metadata = &pod.metadata;
    let owners = metadata.owner_references.as_deref().unwrap_or_default();
    let controller = owners.iter().find(|owner| owner.controller == Some(true));
    match controller.map(|owner| owner.kind.as_str()) {
        _ if pods::is_mirror(metadata) => Kind::Stays,
        Some("DaemonSet") => Kind::Stays,
        _ if pods::is_ending(pod) => Kind::Ending,
        _ if pods::is_over(pod) => Kind::Over,
        Some(_) => Kind::Managed,
        None => Kind::Unmanaged,
    }
}

async fn evict_one(session: &Session, pod: &Pod, told: &mut Eviction) -> Result<(), Error> {
    let (namespace, name) =
        (pod.metadata.namespace.clone().unwrap_or_default(), pod.metadata.name.clone().unwrap_or_default());
    let title = pods::title(&pod.metadata);
    session.step(format!("evicting the pod {title}"));
    // One of the same name may run elsewhere by now.
    let preconditions = Preconditions { uid: pod.metadata.uid.clone(), resource_version: None };
    let delete = DeleteParams { preconditions: Some(preconditions), ..DeleteParams::default() };
    let parameters = EvictParams { delete_options: Some(delete), ..EvictParams::default() };
    let api: Api<v1::Pod> = Api::namespaced(session.client.clone(), &namespace);
    match api.evict(&name, &parameters).await {
        Ok(_) => told.evicted.push(title),
        Err(kube::Error::Api(status)) if status.code == 404 => {}
        Err(kube::Error::Api(status)) if may_go_later(&status) => {
            told.held.push(HeldPod { pod: title, because: because(&status) });
        }
        Err(error) => return Err(session.failed(error)),
    }
    Ok(())
}

/// A budget (429), several budgets for one pod (500), another pod of that name (409), or a namespace that ends (403).
/// Source: Kubernetes, `pkg/registry/core/pod/storage/eviction.go`.
fn may_go_later(status: &Status) -> bool {
    let causes = status.details.as_ref().map(|details| details.causes.as_slice()).unwrap_or_default();
    let namespace_ends = causes.iter().any(|cause| cause.reason == "NamespaceTerminating");
    matches!(status.code, 409 | 429 | 500) || (status.code == 403 && namespace_ends)
}

fn because(status: &Status) -> String {
    let causes = status.details.as_ref().map(|details| details.causes.as_slice()).unwrap_or_default();
    let more: Vec<&str> = causes.iter().map(|cause| cause.message.as_str()).filter(|text| !text.is_empty()).collect();
    if more.is_empty() { status.message.clone() } else { more.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn look(metadata: &Value, phase: &str) -> Kind {
        kind(&serde_json::from_value(json!({"metadata": metadata, "spec": {}, "status": {"phase": phase}})).unwrap())
    }

    fn owned(kind: &str) -> Value {
        let owner = json!({"apiVersion": "v1", "kind": kind, "name": "x", "uid": "1", "controller": true});
        json!({"name": "x", "ownerReferences": [owner]})
    }

    #[test]
    fn pods_by_who_makes_them() {
        assert_eq!(look(&owned("ReplicaSet"), "Running"), Kind::Managed);
        assert_eq!(look(&owned("DaemonSet"), "Running"), Kind::Stays);
        assert_eq!(look(&json!({"annotations": {"kubernetes.io/config.mirror": "x"}}), "Running"), Kind::Stays);
        assert_eq!(look(&json!({"name": "x"}), "Running"), Kind::Unmanaged);
        assert_eq!(look(&json!({"name": "x"}), "Succeeded"), Kind::Over);
        let mut ending = owned("ReplicaSet");
        ending["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        assert_eq!(look(&ending, "Running"), Kind::Ending);
        // An owner that controls nothing makes nothing anew.
        let mut shared = owned("ReplicaSet");
        shared["ownerReferences"][0]["controller"] = json!(false);
        assert_eq!(look(&shared, "Running"), Kind::Unmanaged);
    }

    #[test]
    fn only_what_ends_by_itself_is_waited_for() {
        let status = |code, reason: &str| -> Status {
            let details = json!({"causes": [{"reason": reason, "message": "why", "field": ""}]});
            serde_json::from_value(json!({"code": code, "message": "no", "details": details})).unwrap()
        };
        assert!(may_go_later(&status(429, "DisruptionBudget")) && may_go_later(&status(500, "")));
        assert!(may_go_later(&status(403, "NamespaceTerminating")) && !may_go_later(&status(403, "")));
        assert_eq!(because(&status(429, "DisruptionBudget")), "why");
    }
}
