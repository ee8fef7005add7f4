//! Pods: how many, and whether two share a node.

use super::Candidate;
use serde_json::{Value, json};
use topology::Topology;
use topology::pillar::Spread;

/// As many more are tried.
const MORE: u32 = 3;

/// The same pods, never two on one node.
pub(super) fn spread(topology: &Topology, service: &str) -> Option<Candidate> {
    let pods = pods(topology, service)?;
    let words = format!("let no two replicas of {service} share a node");
    (pods.spread == Spread::Preferred).then(|| Candidate { words, patch: (pods.patch)(json!({"spread": "required"})) })
}

/// More of them.
pub(super) fn more(topology: &Topology, service: &str) -> Vec<Candidate> {
    let Some(pods) = pods(topology, service) else { return longhorn(topology, service) };
    let candidate = |replicas: u32| {
        let mut setting = json!({"replicas": replicas});
        let mut words = format!("run {replicas} replicas of {service}");
        if pods.spread == Spread::Preferred {
            setting["spread"] = json!("required");
            words.push_str(", never two on one node");
        }
        Candidate { words, patch: (pods.patch)(setting) }
    };
    (pods.replicas + 1..=pods.replicas + MORE).map(candidate).collect()
}

fn longhorn(topology: &Topology, service: &str) -> Vec<Candidate> {
    let Some(longhorn) = topology.pillar.storage.as_ref().and_then(|storage| storage.longhorn.as_ref()) else {
        return Vec::new();
    };
    let Some(class) = service.strip_prefix("storage ") else { return Vec::new() };
    let candidate = |replicas: u32, setting: Value| Candidate {
        words: format!("keep {replicas} replicas of each volume of {class}"),
        patch: json!({"storage": {"longhorn": setting}}),
    };
    if class == "longhorn" {
        let more = longhorn.replicas + 1..=longhorn.replicas + MORE;
        return more.map(|replicas| candidate(replicas, json!({"replicas": replicas}))).collect();
    }
    let Some(now) = longhorn.classes.get(class) else { return Vec::new() };
    (now + 1..=now + MORE).map(|replicas| candidate(replicas, json!({"classes": {class: replicas}}))).collect()
}

struct Pods<'t> {
    replicas: u32,
    spread: Spread,
    /// A change of its settings as a change of the pillar.
    patch: Box<dyn Fn(Value) -> Value + 't>,
}

fn pods<'t>(topology: &'t Topology, service: &'t str) -> Option<Pods<'t>> {
    if service == "coredns" {
        let plan = &topology.coredns;
        let patch = Box::new(|setting| json!({"dns": {"coredns": setting}}));
        return Some(Pods { replicas: plan.replicas, spread: plan.spec.spread, patch });
    }
    if service == "ingress" {
        let ingress = topology.pillar.ingress.as_ref()?;
        let patch = Box::new(|setting| json!({"ingress": setting}));
        return Some(Pods { replicas: ingress.replicas, spread: ingress.spread.unwrap_or(Spread::Preferred), patch });
    }
    let app = topology.pillar.apps.as_ref()?.get(service)?;
    // More replicas of what is bound to one node, or keeps its data in one volume, help nobody.
    if app.node.is_some() || app.storage.is_some() {
        return None;
    }
    let patch = Box::new(move |setting| json!({"apps": {service: setting}}));
    Some(Pods { replicas: app.replicas, spread: app.spread.unwrap_or(Spread::Preferred), patch })
}
