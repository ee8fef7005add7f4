//! Lays profiles under nodes, `proxmox.vm` under each `vm`, and `kubeadm.kubelet` under each node's `kubelet`, before the
//! types are made.
//!
//! It happens in the tree, so a value that comes from a profile keeps the span of the profile. Sections that nobody wrote
//! become empty mappings without a span, so that a finding about a default still has a path.

use tree::{NodeId, Origin, Place, Strategy, Tree, Value, merge};

/// Sections with defaults for everything, parents first.
pub(crate) const SECTIONS: [&str; 34] = [
    "targets",
    "targets.survive",
    "cluster.identity",
    "load_balancer",
    "load_balancer.haproxy",
    "load_balancer.haproxy.check",
    "load_balancer.haproxy.timeouts",
    "load_balancer.keepalived",
    "load_balancer.keepalived.check",
    "load_balancer.kube_vip",
    "load_balancer.external",
    "etcd",
    "kubeadm",
    "kubeadm.api_server",
    "kubeadm.controller_manager",
    "kubeadm.scheduler",
    "kubeadm.timeouts",
    "kubeadm.kubelet",
    "network",
    "dns",
    "dns.coredns",
    "security",
    "security.audit",
    "containerd",
    "chrony",
    "packages",
    "packages.containerd",
    "packages.etcd",
    "packages.kubernetes",
    "images",
    "manage",
    "gate",
    "proxmox.connection",
    "proxmox.vm",
];

/// Adds a section that nobody wrote as an empty mapping; its parent must be there.
fn with_section(tree: &mut Tree, root: NodeId, path: &str) {
    let (parents, name) = path.rsplit_once('.').map_or((None, path), |(parents, name)| (Some(parents), name));
    let mut parent = root;
    for step in parents.into_iter().flat_map(|parents| parents.split('.')) {
        let Some(next) = tree.get(parent, step) else { return };
        parent = next;
    }
    let Value::Map(mut entries) = tree.value(parent).clone() else { return };
    if tree.get(parent, name).is_some() {
        return;
    }
    let key = tree.push(Value::Text(name.into()), None, None);
    let section = tree.push(Value::Map(Vec::new()), None, None);
    entries.push((key, section));
    let span = tree.node(parent).span;
    tree.fill(parent, Value::Map(entries), span);
}

/// Returns the node of the pillar in which every node has its profile's values.
pub(crate) fn expand(tree: &mut Tree, root: NodeId) -> NodeId {
    let root = with_profiles(tree, root);
    for path in SECTIONS {
        with_section(tree, root, path);
    }
    root
}

fn with_profiles(tree: &mut Tree, root: NodeId) -> NodeId {
    let Value::Map(entries) = tree.value(root).clone() else { return root };
    let nodes = tree.get(root, "nodes").and_then(|nodes| expanded_nodes(tree, root, nodes));
    let replaced = entries.into_iter().map(|(key, value)| match (tree.text(key), nodes) {
        (Some("nodes"), Some(nodes)) => (key, nodes),
        _ => (key, value),
    });
    let replaced = replaced.collect();
    // A finding about a section that nobody wrote points to the root key, not to all of its lines.
    let span = tree.locate(&Place::section(Origin(Some(root)))).span;
    tree.push(Value::Map(replaced), None, span)
}

fn expanded_nodes(tree: &mut Tree, root: NodeId, nodes: NodeId) -> Option<NodeId> {
    let Value::Map(entries) = tree.value(nodes).clone() else { return None };
    let profiles = tree.get(root, "profiles");
    let machine = tree.get(root, "proxmox").and_then(|proxmox| tree.get(proxmox, "vm"));
    let kubelet = tree.get(root, "kubeadm").and_then(|kubeadm| tree.get(kubeadm, "kubelet"));
    let merged = entries
        .into_iter()
        .map(|(name, node)| {
            let node = with_profile(tree, profiles, node);
            let node = with_defaults(tree, machine, node, "vm");
            (name, with_defaults(tree, kubelet, node, "kubelet"))
        })
        .collect();
    let span = tree.node(nodes).span;
    Some(tree.push(Value::Map(merged), None, span))
}

fn with_profile(tree: &mut Tree, profiles: Option<NodeId>, node: NodeId) -> NodeId {
    let named = tree.get(node, "profile").and_then(|name| tree.text(name)).map(str::to_owned);
    let profile = profiles.zip(named).and_then(|(profiles, name)| tree.get(profiles, &name));
    match profile {
        Some(profile) if matches!(tree.value(profile), Value::Map(_)) => {
            let merged = merge(tree, profile, node, Strategy::Recurse);
            let span = tree.node(node).span;
            let value = tree.value(merged).clone();
            tree.fill(merged, value, span);
            merged
        }
        _ => node,
    }
}

/// Lays values that are written once for all nodes under a section of one node, where that has such a section.
fn with_defaults(tree: &mut Tree, defaults: Option<NodeId>, node: NodeId, section: &str) -> NodeId {
    let own = tree.get(node, section).filter(|own| matches!(tree.value(*own), Value::Map(_)));
    let shared = defaults.filter(|defaults| matches!(tree.value(*defaults), Value::Map(_)));
    let Some((shared, own)) = shared.zip(own) else { return node };
    let merged = merge(tree, shared, own, Strategy::Recurse);
    let Value::Map(entries) = tree.value(node).clone() else { return node };
    let replaced = entries.into_iter().map(|(key, value)| (key, if value == own { merged } else { value })).collect();
    let span = tree.node(node).span;
    // In its place, so that the paths of what stands in it stay whole.
    tree.fill(node, Value::Map(replaced), span);
    node
}

#[cfg(test)]
mod tests {
    use super::SECTIONS;
    use crate::pillar::{Pillar, Proxmox};
    use crate::{Facts, read_pillar};
    use serde_json::Value as Json;
    use tree::SourceId;

    fn sections(json: &Json, path: &str, found: &mut Vec<String>) {
        for (key, value) in json.as_object().into_iter().flatten() {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            if value.is_object() && !["nodes", "networks", "vips", "cluster"].contains(&path.as_str()) {
                found.push(path.clone());
            }
            if !["nodes", "networks", "vips"].contains(&path.as_str()) {
                sections(value, &path, found);
            }
        }
    }

    /// A section that is missing in the list has findings without a path.
    #[test]
    fn every_section_with_defaults_is_in_the_list() {
        let text = include_str!("../../lint/src/bases/three_masters.yaml");
        let document = yaml::parse(text.as_bytes(), SourceId(0), &yaml::Limits::default()).unwrap();
        let reading = read_pillar(document.tree, document.root, &Facts::built_in().unwrap());
        let pillar = Pillar { proxmox: Some(Proxmox::default()), ..reading.topology.unwrap().pillar };
        let mut found = Vec::new();
        sections(&serde_json::to_value(&pillar).unwrap(), "", &mut found);
        found.retain(|path| path != "proxmox" && !path.starts_with("profiles"));
        found.sort();
        let mut listed = SECTIONS.map(str::to_owned);
        listed.sort();
        assert_eq!(found, listed);
    }
}
