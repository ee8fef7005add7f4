//! Reads pillars for tests.

#![allow(clippy::unwrap_used, clippy::panic, dead_code, missing_docs)]

use topology::{Facts, NodeIndex, Topology, read_pillar};
use tree::SourceId;

/// Three masters and two workers on three hypervisors.
pub const THREE: &str = include_str!("../../../lint/src/bases/three_masters.yaml");

/// The topology of a pillar without its root key.
pub fn topology(text: &str) -> Topology {
    let document = yaml::parse(text.as_bytes(), SourceId(0), &yaml::Limits::default()).unwrap();
    let reading = read_pillar(document.tree, document.root, &Facts::built_in().unwrap());
    let findings: Vec<String> = reading.findings.iter().map(|finding| finding.message.clone()).collect();
    reading.topology.unwrap_or_else(|| panic!("{findings:?}\n{text}"))
}

/// The topology of a worked example.
pub fn example(file: &str) -> Topology {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pillar").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let document = yaml::parse(text.as_bytes(), SourceId(0), &yaml::Limits::default()).unwrap();
    let root = document.tree.get(document.root, "k8s_ha").unwrap();
    read_pillar(document.tree, root, &Facts::built_in().unwrap()).topology.unwrap()
}

/// Names of nodes.
pub fn names(topology: &Topology, nodes: &[NodeIndex]) -> Vec<String> {
    nodes.iter().map(|node| topology.nodes[*node].name.clone()).collect()
}
