//! Disruption budgets, and which of their pods run on nodes that are to be drained.

use crate::session::Session;
use crate::{Error, pods};
use gate::ObservedBudget;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube::Api;
use kube::api::ListParams;
use kube::core::{ApiResource, Object, Selector, SelectorExt};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Spec {
    selector: LabelSelector,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    disruptions_allowed: u32,
}

/// The budgets that have pods on these nodes.
pub(super) async fn budgets(session: &Session, nodes: &[String]) -> Result<Vec<ObservedBudget>, Error> {
    if nodes.is_empty() {
        return Ok(Vec::new());
    }
    let budgets: Api<Object<Spec, Status>> =
        Api::all_with(session.client.clone(), &ApiResource::erase::<PodDisruptionBudget>(&()));
    let listed = budgets.list(&ListParams::default()).await.map_err(|error| session.failed(error))?;
    let mut found = Vec::new();
    for node in nodes {
        // Others are evicted without a budget.
        let run = |pod: &pods::Pod| !pods::is_ending(pod) && !pods::is_over(pod);
        found.extend(pods::on_node(session, node).await?.into_iter().filter(run).map(|pod| (node, pod.metadata)));
    }
    let mut all = Vec::new();
    for budget in listed.items {
        let (namespace, name) =
            (budget.metadata.namespace.unwrap_or_default(), budget.metadata.name.unwrap_or_default());
        let selector = Selector::try_from(budget.spec.selector)
            .map_err(|_| session.unreadable(format!("the selector of budget {namespace}/{name} is none")))?;
        let none = BTreeMap::new();
        let of_it = found.iter().filter(|(_, pod)| pod.namespace.as_ref() == Some(&namespace));
        let of_it = of_it.filter(|(_, pod)| selector.matches(pod.labels.as_ref().unwrap_or(&none)));
        let nodes: Vec<String> = of_it.map(|(node, _)| (*node).clone()).collect();
        if !nodes.is_empty() {
            let disruptions_allowed = budget.status.unwrap_or_default().disruptions_allowed;
            all.push(ObservedBudget { name: format!("{namespace}/{name}"), disruptions_allowed, nodes });
        }
    }
    Ok(all)
}
