//! One change that mends what `targets.survive` asks for: tried on the pillar, and judged by the failure model.

mod hosts;
mod machines;
mod overlay;
mod replicas;

use faults::{Missed, Model, ServiceId, WORK_OF_A_TABLE, missed};
use serde_json::Value;
use std::collections::BTreeSet;
use topology::{Facts, Kind, Reading, Topology, read_pillar};

/// Changes that are tried for one miss, at most.
const MOST_TRIED: usize = 200;

/// What is missed, and a change that mends it.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What is missed: `etcd does not survive the loss of hypervisor pve1`.
    pub missed: String,
    /// What the change is, in words; `None` where no single change that was tried mends it.
    pub change: Option<String>,
    /// The change, to be laid over the value of `k8s_ha`.
    pub patch: Option<Value>,
}

/// A change that may help, the cheapest first.
struct Candidate {
    words: String,
    patch: Value,
}

/// For each miss the cheapest single change that mends it and makes nothing else miss its target: another setting, then a
/// machine that moves, then one more of something. Nothing, where no target is missed or the pillar cannot be resolved.
#[must_use]
pub fn suggest(reading: &Reading, facts: &Facts) -> Vec<Suggestion> {
    let Some(topology) = &reading.topology else { return Vec::new() };
    let mut model = Model::of(topology);
    let before = misses(topology, &mut model);
    let known: BTreeSet<Name> = before.iter().map(|miss| name(&model, miss)).collect();
    let mend = |miss: &Missed| {
        let tried = candidates(topology, &model, miss).into_iter().take(MOST_TRIED);
        let found = tried.into_iter().find(|candidate| {
            let Some(after) = after(reading, facts, &candidate.patch) else { return false };
            !after.contains(&name(&model, miss)) && after.is_subset(&known)
        });
        let (change, patch) = found.map(|found| (found.words, found.patch)).unzip();
        Suggestion { missed: sentence(&model, miss), change, patch }
    };
    before.iter().map(mend).collect()
}

/// A miss that can be compared between two topologies: the service, and the kind of loss.
type Name = (String, Kind);

fn name(model: &Model, miss: &Missed) -> Name {
    (service_name(model, miss.service).to_owned(), miss.kind)
}

fn service_name(model: &Model, service: ServiceId) -> &str {
    &model.services[service.0].name
}

fn misses(topology: &Topology, model: &mut Model) -> Vec<Missed> {
    missed(model, &topology.targets.survive, &mut WORK_OF_A_TABLE.clone())
}

/// What is missed with a change; `None` where the changed pillar cannot be resolved, or has an error that it did not have.
fn after(reading: &Reading, facts: &Facts, patch: &Value) -> Option<BTreeSet<Name>> {
    let mut tree = reading.tree.clone();
    let root = overlay::lay_over(&mut tree, reading.root, patch);
    let changed = read_pillar(tree, root, facts);
    if changed.findings.len() > reading.findings.len() {
        return None;
    }
    let topology = changed.topology?;
    let mut model = Model::of(&topology);
    let misses = misses(&topology, &mut model);
    Some(misses.iter().map(|miss| name(&model, miss)).collect())
}

fn candidates(topology: &Topology, model: &Model, miss: &Missed) -> Vec<Candidate> {
    let service = service_name(model, miss.service);
    let mut candidates: Vec<Candidate> = replicas::spread(topology, service).into_iter().collect();
    candidates.extend(machines::moved(topology, model, miss));
    candidates.extend(replicas::more(topology, service));
    candidates.extend(hosts::more(topology, service));
    candidates.extend(machines::another_voter(topology, service));
    candidates
}

/// What is missed, for a person.
fn sentence(model: &Model, miss: &Missed) -> String {
    let witness: Vec<&str> = miss.tolerance.witness.iter().map(|event| model.event(*event).name.as_str()).collect();
    format!(
        "{} does not survive the loss of {} {}",
        service_name(model, miss.service),
        model.kind_words(miss.kind),
        witness.join(", ")
    )
}
