//! Which files of the nodes that stay change, and which programs read them.

use super::answer::{ProgramAction, ProgramChange};
use super::difference::Difference;
use super::kubeadm;
use render::{Activation, File};
use std::collections::{BTreeMap, HashMap, HashSet};
use topology::pillar::Managed;
use topology::{Facts, Node, Topology};

/// Static pods, which the kubelet runs as they are written.
const MANIFESTS: &str = "/etc/kubernetes/manifests/";
/// What API servers read when they start.
const API_SERVER: &str = "/etc/kubernetes/kube-apiserver/";

/// What changes on one node.
#[derive(Debug, Default)]
pub(super) struct NodeChange {
    /// Paths of files that are written anew, and of those that are no longer written.
    pub(super) files: Vec<String>,
    /// Programs that have to get to know them.
    pub(super) programs: Vec<ProgramChange>,
}

impl NodeChange {
    pub(super) fn is_none(&self) -> bool {
        self.files.is_empty() && self.programs.is_empty()
    }
}

/// What changes on each node that stays, by its name.
pub(super) fn changes(
    difference: &Difference<'_>,
    facts: &Facts,
) -> Result<HashMap<String, NodeChange>, render::Error> {
    let of_node = |(was, is): &(&Node, &Node)| {
        let change = changed((difference.old, was), (difference.new, is), facts)?;
        Ok((is.name.clone(), change))
    };
    difference.kept.iter().map(of_node).collect()
}

fn changed(
    (old, was): (&Topology, &Node),
    (new, is): (&Topology, &Node),
    facts: &Facts,
) -> Result<NodeChange, render::Error> {
    let before = render::files(old, facts, was)?;
    let mut after = render::files(new, facts, is)?;
    after.retain(|file| is_written(new, file));
    let known: HashMap<&str, &File> = before.iter().map(|file| (file.path.as_str(), file)).collect();
    let mut change = NodeChange::default();
    let mut programs = Programs::default();
    for file in &after {
        let earlier = known.get(file.path.as_str()).copied();
        if earlier == Some(file) {
            continue;
        }
        change.files.push(file.path.clone());
        let means_the_same = earlier.is_some_and(|earlier| {
            render::meaning(&file.path, &earlier.contents) == render::meaning(&file.path, &file.contents)
        });
        if !means_the_same {
            programs.read_anew(file, earlier, &before);
        }
    }
    let paths: HashSet<&str> = after.iter().map(|file| file.path.as_str()).collect();
    let gone = before.iter().filter(|file| is_written(old, file) && !paths.contains(file.path.as_str()));
    change.files.extend(gone.map(|file| file.path.clone()));
    if was.runs_kubelet() && is.runs_kubelet() && kubelet(old, was) != kubelet(new, is) {
        programs.note("kubelet", ProgramAction::Restart);
    }
    change.programs = programs.0.into_iter().map(|(name, action)| ProgramChange { name, action }).collect();
    Ok(change)
}

/// Whether Salt writes a file: others are only compared.
fn is_written(topology: &Topology, file: &File) -> bool {
    render::managed(topology, &file.component) == Managed::Yes
}

fn kubelet(topology: &Topology, node: &Node) -> serde_json::Value {
    render::kubelet_configuration(topology, node)
}

/// Programs by name, each with the gravest of what its files ask for.
#[derive(Default)]
pub(super) struct Programs(BTreeMap<String, ProgramAction>);

impl Programs {
    pub(super) fn note(&mut self, name: &str, action: ProgramAction) {
        let known = self.0.entry(name.to_owned()).or_insert(action);
        *known = action.max(*known);
    }

    fn read_anew(&mut self, file: &File, earlier: Option<&File>, before: &[File]) {
        match &file.activation {
            Activation::Reload(unit) | Activation::Restart(unit) if !before.iter().any(|file| reads(file, unit)) => {
                self.note(program(unit), ProgramAction::Start);
            }
            Activation::Reload(unit) => self.note(program(unit), ProgramAction::Reload),
            Activation::Restart(unit) => self.note(program(unit), ProgramAction::Restart),
            Activation::OnWrite => match file.path.strip_prefix(MANIFESTS) {
                Some(name) => {
                    let action = if earlier.is_some() { ProgramAction::Restart } else { ProgramAction::Start };
                    self.note(name.trim_end_matches(".yaml"), action);
                }
                None => self.note("kube-apiserver", ProgramAction::Reload),
            },
            Activation::None if file.path.starts_with(API_SERVER) => {
                self.note("kube-apiserver", ProgramAction::Restart);
            }
            Activation::None => kubeadm::read_anew(file, earlier, self),
        }
    }
}

fn reads(file: &File, unit: &str) -> bool {
    matches!(&file.activation, Activation::Reload(other) | Activation::Restart(other) if other == unit)
}

fn program(unit: &str) -> &str {
    unit.trim_end_matches(".service")
}
