//! The cluster between two steps: the new pillar's settings, with the nodes and the members of etcd that are there by then.

use super::answer::ToleranceChange;
use super::difference::{Difference, members};
use super::survives::{Survives, changes, measure};
use faults::{EventId, Model};
use std::collections::HashMap;
use topology::pillar::{Role, Taint, TaintEffect};
use topology::{Domains, ElementId, Kind, Node, NodeIndex, Topology};

/// The taint of a node that is drained.
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// The cluster at one moment of a plan.
pub(super) struct Stage {
    topology: Topology,
    places: HashMap<String, NodeIndex>,
    /// Hosts that balance, those that are not there now among them.
    balancers: Vec<NodeIndex>,
    known: Option<(Model, Survives)>,
}

impl Stage {
    /// The cluster as it is before the first step.
    pub(super) fn before(difference: &Difference<'_>) -> Self {
        let mut topology = difference.new.clone();
        for node in &difference.leaving {
            graft(&mut topology, difference.old, node);
        }
        let places: HashMap<String, NodeIndex> =
            topology.nodes.iter().enumerate().map(|(place, node)| (node.name.clone(), place)).collect();
        let old = difference.old;
        let went = old.load_balancer.nodes.iter().filter_map(|index| places.get(&old.nodes[*index].name).copied());
        let mut balancers = topology.load_balancer.nodes.clone();
        balancers.extend(went.filter(|place| *place >= difference.new.nodes.len()));
        topology.etcd.members = members(old).filter_map(|name| places.get(name).copied()).collect();
        let mut stage = Self { topology, places, balancers, known: None };
        for node in &difference.arriving {
            stage.set_roles(&node.name, Vec::new());
        }
        for (was, is) in &difference.kept {
            if was.runs_kubelet() != is.runs_kubelet() {
                stage.set_roles(&was.name, was.roles.clone());
            }
        }
        stage.balance();
        stage
    }

    /// Names of those who vote in etcd.
    pub(super) fn voters(&self) -> Vec<String> {
        members(&self.topology).map(str::to_owned).collect()
    }

    /// What a node does from now on; nothing for one that is not there.
    pub(super) fn set_roles(&mut self, node: &str, roles: Vec<Role>) {
        let Some(place) = self.places.get(node).copied() else { return };
        self.topology.nodes[place].roles = roles;
        self.balance();
        self.known = None;
    }

    /// Those of the balancers that are there balance.
    fn balance(&mut self) {
        let is_there = |place: &NodeIndex| !self.topology.nodes[*place].roles.is_empty();
        self.topology.load_balancer.nodes = self.balancers.iter().copied().filter(is_there).collect();
    }

    /// Gives the member on a node its vote.
    pub(super) fn vote(&mut self, node: &str) {
        self.topology.etcd.members.extend(self.places.get(node));
        self.known = None;
    }

    /// Takes the member on a node out.
    pub(super) fn unvote(&mut self, node: &str) {
        let place = self.places.get(node);
        self.topology.etcd.members.retain(|member| Some(member) != place);
        self.known = None;
    }

    /// Keeps pods away from a node.
    pub(super) fn cordon(&mut self, node: &str) {
        let Some(place) = self.places.get(node) else { return };
        let taint = Taint { key: UNSCHEDULABLE.to_owned(), value: None, effect: TaintEffect::NoSchedule };
        self.topology.nodes[*place].taints.get_or_insert_default().push(taint);
        self.known = None;
    }

    /// What is survived otherwise while these elements are lost. A program is called `etcd on cp1`.
    pub(super) fn without(&mut self, lost: &[(Kind, String)], work: &mut u64) -> Vec<ToleranceChange> {
        let (mut model, before) = self.take(work);
        let down = events(&model, lost);
        if down.is_empty() {
            self.known = Some((model, before));
            return Vec::new();
        }
        let meanwhile = measure(&mut model, &self.topology.targets.survive, &down, Some(&before), work);
        let answer = changes(&before, &meanwhile);
        self.known = Some((model, before));
        answer
    }

    /// Changes the cluster, and says what is survived otherwise than before, while these elements are lost.
    pub(super) fn becoming(
        &mut self,
        change: impl FnOnce(&mut Self),
        lost: &[(Kind, String)],
        work: &mut u64,
    ) -> Vec<ToleranceChange> {
        let (_, before) = self.take(work);
        change(self);
        let (mut model, after) = self.take(work);
        let down = events(&model, lost);
        let answer = if down.is_empty() {
            changes(&before, &after)
        } else {
            changes(&before, &measure(&mut model, &self.topology.targets.survive, &down, Some(&after), work))
        };
        self.known = Some((model, after));
        answer
    }

    /// The failure model, and what is survived with nothing lost.
    fn take(&mut self, work: &mut u64) -> (Model, Survives) {
        self.known.take().unwrap_or_else(|| {
            let mut model = Model::of(&self.topology);
            let survives = measure(&mut model, &self.topology.targets.survive, &[], None, work);
            (model, survives)
        })
    }
}

fn events(model: &Model, lost: &[(Kind, String)]) -> Vec<EventId> {
    lost.iter().filter_map(|(kind, name)| model.find(*kind, name)).collect()
}

/// Brings a node into a topology that does not have it, with all that it stands on.
fn graft(into: &mut Topology, from: &Topology, node: &Node) {
    if let Some(id) = from.domains.find(Kind::Node, &node.name) {
        element(&mut into.domains, &from.domains, id);
    }
    // Its network is one of the other topology.
    into.nodes.push(Node { network: None, ..node.clone() });
}

fn element(into: &mut Domains, from: &Domains, id: ElementId) -> Option<ElementId> {
    let of = from.element(id);
    let kind = if let Kind::Named(_) = of.kind { into.name_kind(from.key(of.kind))? } else { of.kind };
    if let Some(known) = into.find(kind, &of.name) {
        return Some(known);
    }
    let new = into.add(kind, &of.name, of.origin);
    for group in &of.needs {
        let group = group.iter().filter_map(|needed| element(into, from, *needed)).collect();
        into.needs_one_of(new, group);
    }
    Some(new)
}
