//! Pods of CoreDNS, the name server of the cluster, as kubeadm labels them.

use crate::Error;
use crate::pods::{self, Pod};
use crate::session::Session;
use k8s_openapi::api::core::v1;
use kube::Api;
use kube::api::ListParams;
use kube::core::{ApiResource, ObjectMeta};

// Source: kubeadm, the manifests of its addon `coredns`.
const NAMESPACE: &str = "kube-system";
const LABEL: (&str, &str) = ("k8s-app", "kube-dns");

/// All that have not ended, also those that do not serve yet, or not for long: what comes instead of them may not be there yet.
pub(crate) async fn list(session: &Session) -> Result<Vec<Pod>, Error> {
    let api: Api<Pod> = Api::namespaced_with(session.client.clone(), NAMESPACE, &ApiResource::erase::<v1::Pod>(&()));
    let listed = session.every(&api, ListParams::default().labels(&format!("{}={}", LABEL.0, LABEL.1))).await?;
    Ok(listed.into_iter().filter(|pod| !pods::is_over(pod)).collect())
}

/// Whether a pod is one of them.
pub(crate) fn is_one(metadata: &ObjectMeta) -> bool {
    let labelled = metadata.labels.as_ref().and_then(|labels| labels.get(LABEL.0));
    metadata.namespace.as_deref() == Some(NAMESPACE) && labelled.is_some_and(|value| value == LABEL.1)
}

/// Whether it answers, and goes on to.
pub(crate) fn serves(pod: &Pod) -> bool {
    pods::is_ready(pod) && !pods::is_ending(pod)
}

/// Whether names are still answered for when a pod of `all` is gone. Where there is only one, nothing is won by keeping it.
pub(crate) fn can_spare(all: &[Pod], pod: &Pod) -> bool {
    let mut others = all.iter().filter(|other| other.metadata.uid != pod.metadata.uid).peekable();
    others.peek().is_none() || !serves(pod) || others.any(serves)
}

#[cfg(test)]
mod tests {
    use super::{can_spare, is_one};
    use crate::pods::Pod;
    use serde_json::json;

    fn pod(uid: &str, ready: bool) -> Pod {
        let status = json!({"conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }}]});
        let metadata = json!({"uid": uid, "namespace": "kube-system", "labels": {"k8s-app": "kube-dns"}});
        serde_json::from_value(json!({"metadata": metadata, "spec": {}, "status": status})).unwrap()
    }

    #[test]
    fn the_last_one_that_serves_stays_until_another_one_does() {
        let (serves, waits) = (pod("1", true), pod("2", false));
        assert!(is_one(&serves.metadata));
        assert!(can_spare(&[serves.clone(), pod("3", true)], &serves));
        assert!(!can_spare(&[serves.clone(), waits.clone()], &serves));
        assert!(can_spare(&[serves.clone(), waits.clone()], &waits));
        let mut ending = pod("4", true);
        ending.metadata.deletion_timestamp = serde_json::from_value(json!("2026-01-01T00:00:00Z")).unwrap();
        assert!(!can_spare(&[serves.clone(), ending], &serves), "what comes instead is not there yet");
        assert!(can_spare(std::slice::from_ref(&serves), &serves), "one replica is all that is wanted");
    }
}
