//! Reads pillars, and asks for tolerances by name.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test file uses a part, and ends where it cannot go on"
)]

use faults::{Level, Model, Service, tolerance};
use topology::{Facts, Kind, NodeIndex, Reading, Topology, read_pillar};
use tree::{SourceId, Strategy, Tree, merge};

pub const THREE: &str = include_str!("../../../lint/src/bases/three_masters.yaml");
pub const WORK: u64 = 10_000_000;

/// Reads a pillar with others laid over it.
pub fn reading(texts: &[&str]) -> Reading {
    let mut tree = Tree::new();
    let limits = yaml::Limits::default();
    let mut root = None;
    for (place, text) in (0..).zip(texts) {
        let read = yaml::parse_into(&mut tree, text.as_bytes(), SourceId(place), &limits).unwrap();
        let read = tree.get(read, "k8s_ha").unwrap_or(read);
        root = Some(root.map_or(read, |root| merge(&mut tree, root, read, Strategy::Recurse)));
    }
    read_pillar(tree, root.unwrap(), &Facts::built_in().unwrap())
}

/// The topology of a pillar without its root key, whatever is found in it.
pub fn resolved(text: &str) -> Topology {
    let reading = reading(&[text]);
    let found = messages(&reading);
    reading.topology.unwrap_or_else(|| panic!("{found:#?}\n{text}"))
}

/// The topology of a worked example.
pub fn example(file: &str) -> Topology {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pillar").join(file);
    resolved(&std::fs::read_to_string(path).unwrap())
}

/// Names of nodes.
pub fn names(topology: &Topology, nodes: &[NodeIndex]) -> Vec<String> {
    nodes.iter().map(|node| topology.nodes[*node].name.clone()).collect()
}

/// What is wrong with it.
pub fn messages(reading: &Reading) -> Vec<String> {
    let one = |finding: &_| -> String {
        let finding: &diagnostics::Diagnostic = finding;
        let help = finding.help.as_deref().unwrap_or("");
        format!("{} {}: {} ({help})", finding.code, finding.path, finding.message)
    };
    reading.findings.iter().map(one).collect()
}

/// The topology of a pillar in which nothing is wrong.
pub fn topology(texts: &[&str]) -> Topology {
    let reading = reading(texts);
    assert!(reading.findings.is_empty(), "{:#?}", messages(&reading));
    reading.topology.unwrap()
}

pub fn model(texts: &[&str]) -> Model {
    Model::of(&topology(texts))
}

pub fn service<'m>(model: &'m Model, name: &str) -> &'m Service {
    model.service(name).unwrap_or_else(|| {
        let names: Vec<&str> = model.services.iter().map(|service| service.name.as_str()).collect();
        panic!("there is no service {name} among {names:?}")
    })
}

/// How many losses of a kind a level survives; `None` where it is lost already.
pub fn survives(model: &mut Model, name: &str, kind: Kind, level: Level) -> Option<u32> {
    let lost = service(model, name).lost(level).unwrap();
    let answer = tolerance(model, lost, kind, &[], &mut WORK.clone());
    assert!(answer.settled);
    answer.survives
}

/// The three levels as a row of the golden tables: `1/1/1`, with `-` where a level means nothing.
pub fn row(model: &mut Model, name: &str, kind: Kind) -> String {
    let shown = |level| -> String {
        if service(model, name).lost(level).is_none() {
            return "-".to_owned();
        }
        survives(model, name, kind, level).map_or("lost".to_owned(), |survives| survives.to_string())
    };
    Level::ALL.map(shown).join("/")
}

/// Whether a service no longer serves when these have failed, each written as `kind:name`.
pub fn lost_with(model: &Model, name: &str, level: Level, failed: &[&str]) -> bool {
    let failed: Vec<faults::EventId> = failed.iter().map(|name| model.named(name).unwrap()).collect();
    let lost = service(model, name).lost(level).unwrap();
    model.formulas.holds(lost, |event| failed.contains(&event))
}
