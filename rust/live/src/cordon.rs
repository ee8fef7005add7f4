//! Keeps new pods from a node, and lets them come again: only what the same hand has cordoned.

use crate::session::Session;
use crate::{Access, Error};
use k8s_openapi::api::core::v1;
use kube::Api;
use kube::api::{Patch, PatchParams};
use kube::core::{ApiResource, Object};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

/// Who has cordoned a node, and why.
const BY: &str = "k8s-ha/cordoned-by";

/// How a node stands after the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Cordoned by the one who asks.
    Ours,
    /// Cordoned by somebody else, and left so.
    Foreign,
    /// Not cordoned.
    Open,
}

/// What a call found and did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cordon {
    /// How the node stands now.
    pub standing: Standing,
    /// Whether it stood otherwise before.
    pub changed: bool,
    /// Who has cordoned it, where somebody said so.
    pub by: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Spec {
    unschedulable: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Status {}

type Node = Object<Spec, Status>;

/// Cordons a node in the name of `by`. One that somebody else has cordoned stays as it is.
///
/// # Errors
/// [`Error::NotFound`] for a node that is not there, and what else comes in between within `limit`.
pub fn cordon(access: &Access, node: &str, by: &str, limit: Duration) -> Result<Cordon, Error> {
    access.call(limit, &format!("cordoning the node {node}"), async |session| {
        change(session, node, |seen| match standing(seen, by) {
            Standing::Open => Some(json!({
                "metadata": {"annotations": {BY: by}},
                "spec": {"unschedulable": true},
            })),
            _ => None,
        })
        .await
        .map(|(seen, changed)| told(&seen, by, changed))
    })
}

/// Lets pods come to a node again that was cordoned in the name of `by`. One that somebody else has cordoned stays so.
///
/// # Errors
/// [`Error::NotFound`] for a node that is not there, and what else comes in between within `limit`.
pub fn uncordon(access: &Access, node: &str, by: &str, limit: Duration) -> Result<Cordon, Error> {
    access.call(limit, &format!("uncordoning the node {node}"), async |session| {
        change(session, node, |seen| match standing(seen, by) {
            Standing::Ours => Some(json!({
                "metadata": {"annotations": {BY: null}},
                "spec": {"unschedulable": null},
            })),
            // Somebody has uncordoned it by hand: the note is none any more.
            Standing::Open if said(seen).as_deref() == Some(by) => {
                Some(json!({"metadata": {"annotations": {BY: null}}}))
            }
            _ => None,
        })
        .await
        .map(|(seen, changed)| told(&seen, by, changed))
    })
}

/// Changes exactly what was seen of a node; its kubelet writes to it, too, so it is looked at again where it changed meanwhile.
async fn change(session: &Session, node: &str, wanted: impl Fn(&Node) -> Option<Value>) -> Result<(Node, bool), Error> {
    let api: Api<Node> = Api::all_with(session.client.clone(), &ApiResource::erase::<v1::Node>(&()));
    loop {
        let seen = api.get(node).await.map_err(|error| session.failed(error))?;
        let Some(mut patch) = wanted(&seen) else { return Ok((seen, false)) };
        patch["metadata"]["resourceVersion"] = json!(seen.metadata.resource_version);
        let done = api.patch(node, &PatchParams::default(), &Patch::Merge(&patch)).await;
        match done.map_err(|error| session.failed(error)) {
            Ok(now) => {
                let changed = now.spec.unschedulable != seen.spec.unschedulable;
                return Ok((now, changed));
            }
            Err(Error::Refused { status: 409, .. }) => session.moment().await?,
            Err(error) => return Err(error),
        }
    }
}

fn said(node: &Node) -> Option<String> {
    node.metadata.annotations.as_ref().and_then(|all| all.get(BY)).cloned()
}

fn standing(node: &Node, by: &str) -> Standing {
    match (node.spec.unschedulable, said(node)) {
        (false, _) => Standing::Open,
        (true, Some(said)) if said == by => Standing::Ours,
        (true, _) => Standing::Foreign,
    }
}

fn told(node: &Node, by: &str, changed: bool) -> Cordon {
    Cordon { standing: standing(node, by), changed, by: said(node).filter(|_| node.spec.unschedulable) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(unschedulable: bool, by: Option<&str>) -> Node {
        let annotations = by.map_or_else(|| json!({}), |by| json!({BY: by}));
        let spec = json!({"unschedulable": unschedulable});
        serde_json::from_value(json!({"metadata": {"name": "w1", "annotations": annotations}, "spec": spec})).unwrap()
    }

    #[test]
    fn only_the_same_hand_finds_its_own() {
        assert_eq!(standing(&node(true, Some("w1: reboot, run 7")), "w1: reboot, run 7"), Standing::Ours);
        assert_eq!(standing(&node(true, Some("w1: reboot, run 6")), "w1: reboot, run 7"), Standing::Foreign);
        assert_eq!(standing(&node(true, None), "w1: reboot, run 7"), Standing::Foreign);
        // A note that somebody left when he uncordoned it.
        assert_eq!(standing(&node(false, Some("w1: reboot, run 7")), "w1: reboot, run 7"), Standing::Open);
    }
}
