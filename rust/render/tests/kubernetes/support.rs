//! From the text of a pillar to the files of a node, and into them.

use render::File;
use serde::Deserialize;
use serde_json::Value;
use topology::{Facts, Topology};

/// The base pillars of the linter, by name.
pub const BASES: [(&str, &str); 5] = [
    ("external_etcd", include_str!("../../../lint/src/bases/external_etcd.yaml")),
    ("kube_vip", include_str!("../../../lint/src/bases/kube_vip.yaml")),
    ("local_balancer", include_str!("../../../lint/src/bases/local_balancer.yaml")),
    ("proxmox", include_str!("../../../lint/src/bases/proxmox.yaml")),
    ("three_masters", include_str!("../../../lint/src/bases/three_masters.yaml")),
];

pub fn topology(pillar: &str) -> Topology {
    let document = yaml::parse(pillar.as_bytes(), tree::SourceId(0), &yaml::Limits::default()).unwrap();
    let reading = topology::read_pillar(document.tree, document.root, &Facts::built_in().unwrap());
    let findings = reading.findings;
    reading.topology.unwrap_or_else(|| panic!("no topology: {findings:?}"))
}

/// The text of a base.
pub fn pillar(name: &str) -> &'static str {
    BASES.iter().find(|(known, _)| *known == name).unwrap().1
}

/// A base with further sections below it.
pub fn base(name: &str, more: &str) -> Topology {
    topology(&format!("{}\n{more}\n", pillar(name)))
}

pub fn three_masters(more: &str) -> Topology {
    base("three_masters", more)
}

pub fn files(topology: &Topology, node: &str) -> Vec<File> {
    render::files(topology, &Facts::built_in().unwrap(), topology.node(node).unwrap()).unwrap()
}

pub fn find(topology: &Topology, node: &str, path: &str) -> Option<File> {
    files(topology, node).into_iter().find(|file| file.path == path)
}

pub fn contents(topology: &Topology, node: &str, path: &str) -> String {
    find(topology, node, path).unwrap_or_else(|| panic!("{node} has no {path}")).contents
}

pub fn documents(text: &str) -> Vec<Value> {
    serde_yaml::Deserializer::from_str(text).map(|document| Value::deserialize(document).unwrap()).collect()
}

/// The only document of a file.
pub fn document(topology: &Topology, node: &str, path: &str) -> Value {
    let mut documents = documents(&contents(topology, node, path));
    assert_eq!(documents.len(), 1, "{path}");
    documents.remove(0)
}

/// One document of `init.yaml`.
pub fn init(topology: &Topology, node: &str, kind: &str) -> Value {
    let text = contents(topology, node, "/etc/kubernetes/kubeadm/init.yaml");
    documents(&text).into_iter().find(|document| document["kind"] == kind).unwrap_or_else(|| panic!("no {kind}"))
}

pub fn cluster(topology: &Topology) -> Value {
    init(topology, "cp1", "ClusterConfiguration")
}

pub fn join(topology: &Topology, node: &str) -> Value {
    document(topology, node, "/etc/kubernetes/kubeadm/join.yaml")
}

/// Names and values of an argument list, in its order.
pub fn arguments(list: &Value) -> Vec<(&str, &str)> {
    let text = |entry: &'_ Value, key| entry[key].as_str().map(str::to_owned);
    let entries = list.as_array().unwrap_or_else(|| panic!("not a list: {list}"));
    assert!(entries.iter().all(|entry| text(entry, "name").is_some() && text(entry, "value").is_some()), "{list}");
    entries.iter().map(|entry| (entry["name"].as_str().unwrap(), entry["value"].as_str().unwrap())).collect()
}

/// Values of one argument, in their order.
pub fn values<'l>(list: &'l Value, name: &str) -> Vec<&'l str> {
    arguments(list).into_iter().filter(|(known, _)| *known == name).map(|(_, value)| value).collect()
}

pub fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap_or_else(|| panic!("not a list: {list}"))
        .iter()
        .map(|entry| entry.as_str().unwrap())
        .collect()
}
