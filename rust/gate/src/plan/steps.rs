//! The steps themselves.

use super::answer::{Objection, PlanAction, PlanStep, ProgramAction, ToleranceChange};
use super::difference::Difference;
use super::files::NodeChange;
use super::machines;
use super::order::{Class, sort};
use super::quorum::judged;
use super::stage::Stage;
use crate::step::{Action, Step};
use std::collections::{BTreeSet, HashMap};
use topology::{Kind, Node};

/// The steps in their order.
///
/// # Errors
/// What the gate refuses of them, once for each reason.
pub(super) fn of(
    difference: &Difference<'_>,
    changes: &HashMap<String, NodeChange>,
    work: &mut u64,
) -> Result<Vec<PlanStep>, Vec<Objection>> {
    let stage = Stage::before(difference);
    let mut steps = Steps { difference, changes, stage, work, planned: Vec::new(), refused: Vec::new() };
    // What workers stand on changes before them. A member refuses a pillar that lacks one which etcd still has, so members leave
    // before files change.
    for workers in [false, true] {
        steps.arrivals(workers);
        steps.departures(workers);
        steps.stays(workers);
        if !workers {
            steps.pod_network();
        }
    }
    if steps.refused.is_empty() { Ok(steps.planned) } else { Err(steps.refused) }
}

struct Steps<'d> {
    difference: &'d Difference<'d>,
    changes: &'d HashMap<String, NodeChange>,
    stage: Stage,
    work: &'d mut u64,
    planned: Vec<PlanStep>,
    refused: Vec<Objection>,
}

impl Steps<'_> {
    fn arrivals(&mut self, workers: bool) {
        let mut nodes = self.difference.gaining();
        nodes.retain(|node| Class::of(node).is_worker() == workers);
        sort(&mut nodes, |node| *node, self.difference.new);
        for node in nodes {
            let name = &node.name;
            if self.difference.gains_member(name) {
                self.ask(&Step::of_nodes(Action::Add, [name]));
                self.push(PlanStep::new(PlanAction::Add, name), Vec::new());
                self.ask(&Step::of_nodes(Action::Promote, [name]));
                let lost = [(Kind::Process, format!("etcd on {name}"))];
                let meanwhile = self.stage.becoming(|stage| stage.vote(name), &lost, self.work);
                self.push(PlanStep::new(PlanAction::Promote, name), meanwhile);
            }
            if self.difference.joins(node) {
                // What comes takes nothing away.
                self.stage.set_roles(name, node.roles.clone());
                self.push(PlanStep::new(PlanAction::Join, name), Vec::new());
            }
        }
    }

    fn departures(&mut self, workers: bool) {
        let mut nodes = self.difference.losing();
        nodes.retain(|node| Class::of(node).is_worker() == workers);
        sort(&mut nodes, |node| *node, self.difference.old);
        for node in nodes {
            let (name, leaves) = (&node.name, self.difference.leaves(node));
            if leaves && node.runs_kubelet() {
                let meanwhile = self.stage.becoming(|stage| stage.cordon(name), &[], self.work);
                self.push(PlanStep::new(PlanAction::Drain, name), meanwhile);
            }
            if self.difference.loses_member(name) {
                self.ask(&Step::of_nodes(Action::Remove, [name]));
                let leader_last = self.stage.voters().len() > 1;
                let meanwhile = self.stage.becoming(|stage| stage.unvote(name), &[], self.work);
                self.push(PlanStep { leader_last, ..PlanStep::new(PlanAction::Remove, name) }, meanwhile);
            }
            if leaves {
                let stays = self.difference.new.node(name).map_or_else(Vec::new, |node| node.roles.clone());
                let meanwhile = self.stage.becoming(|stage| stage.set_roles(name, stays), &[], self.work);
                self.push(PlanStep::new(PlanAction::Leave, name), meanwhile);
            }
        }
    }

    fn stays(&mut self, workers: bool) {
        let mut nodes = self.difference.kept.clone();
        nodes.retain(|(_, node)| Class::of(node).is_worker() == workers);
        sort(&mut nodes, |(_, node)| *node, self.difference.new);
        self.written(&nodes);
        for (was, is) in nodes {
            self.machine(was, is);
            self.activated(is);
        }
    }

    /// Kubernetes itself brings what is applied to all nodes.
    fn pod_network(&mut self) {
        let (was, is) = (&self.difference.old.network.cni, &self.difference.new.network.cni);
        let ours = is.as_ref().is_some_and(|cni| cni.chart.is_some() || !cni.manifests.is_empty());
        if !ours || was == is {
            return;
        }
        let new = self.difference.new;
        let nodes = new.control_plane().into_iter().map(|index| new.nodes[index].name.clone()).collect();
        self.push(PlanStep { nodes, ..PlanStep::new(PlanAction::Apply, "") }, Vec::new());
    }

    /// One step for all nodes whose new files nothing has to read anew.
    fn written(&mut self, nodes: &[(&Node, &Node)]) {
        let only_written = |node: &&Node| {
            self.changes.get(&node.name).is_some_and(|change| !change.is_none() && change.programs.is_empty())
        };
        let nodes: Vec<&Node> = nodes.iter().map(|(_, node)| *node).filter(only_written).collect();
        let Some(first) = nodes.first() else { return };
        let changes = nodes.iter().filter_map(|node| self.changes.get(&node.name));
        let files: BTreeSet<String> = changes.flat_map(|change| change.files.iter().cloned()).collect();
        let step = PlanStep {
            nodes: nodes.iter().map(|node| node.name.clone()).collect(),
            files: files.into_iter().collect(),
            ..PlanStep::new(PlanAction::Write, &first.name)
        };
        self.push(step, Vec::new());
    }

    fn machine(&mut self, was: &Node, is: &Node) {
        let machine = machines::changes(was, is);
        if machine.is_empty() {
            return;
        }
        let step = PlanStep { machine, ..PlanStep::new(PlanAction::Machine, &is.name) };
        let leader_last = self.takes_member(&is.name, Vec::new());
        let meanwhile = self.stage.without(&[(Kind::Node, is.name.clone())], self.work);
        self.push(PlanStep { leader_last, ..step }, meanwhile);
    }

    fn activated(&mut self, node: &Node) {
        let Some(change) = self.changes.get(&node.name) else { return };
        let Some(gravest) = change.programs.iter().map(|program| program.action).max() else { return };
        let action = match gravest {
            ProgramAction::Start => PlanAction::Start,
            ProgramAction::Reload => PlanAction::Reload,
            ProgramAction::Restart => PlanAction::Restart,
        };
        let stops = change.programs.iter().filter(|program| program.action == ProgramAction::Restart);
        let stops: Vec<String> = stops.map(|program| program.name.clone()).collect();
        let lost: Vec<(Kind, String)> =
            stops.iter().map(|program| (Kind::Process, format!("{program} on {}", node.name))).collect();
        let leader_last = stops.iter().any(|program| program == "etcd") && self.takes_member(&node.name, stops);
        let step = PlanStep {
            programs: change.programs.clone(),
            files: change.files.clone(),
            leader_last,
            ..PlanStep::new(action, &node.name)
        };
        let meanwhile = self.stage.without(&lost, self.work);
        self.push(step, meanwhile);
    }

    /// Whether the member of etcd on a node, where it has one, goes away for a while and others stay: the gate is asked about it.
    fn takes_member(&mut self, node: &str, programs: Vec<String>) -> bool {
        let voters = self.stage.voters();
        if !voters.iter().any(|voter| voter == node) {
            return false;
        }
        self.ask(&Step { action: Action::Restart, nodes: vec![node.to_owned()], programs });
        voters.len() > 1
    }

    /// Asks the gate about a step that concerns etcd, with all members at their work.
    fn ask(&mut self, step: &Step) {
        let declared = |node: &str| self.difference.is_member(node);
        let verdict = judged(&self.stage.voters(), step, &declared);
        let Some(obstacle) = verdict.obstacle() else { return };
        let objection = Objection::new("quorum", obstacle.reason.clone(), obstacle.remedy.clone());
        if !self.refused.contains(&objection) {
            self.refused.push(objection);
        }
    }

    fn push(&mut self, step: PlanStep, tolerance: Vec<ToleranceChange>) {
        self.planned.push(PlanStep { tolerance, ..step });
    }
}
