//! Where the machines of the nodes run: all of a hypervisor go together, wherever the pillar has put them.

use crate::judge::judge;
use crate::observation::{Observation, ObservedMachine, State};
use crate::step::{Action, Step};
use faults::Model;
use std::collections::BTreeSet;
use topology::Topology;
use topology::pillar::Proxmox;

/// Why nobody can say which nodes go with a hypervisor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlacementError {
    /// There is no such hypervisor, or nothing is on it.
    #[error("no node stands on a hypervisor `{0}`")]
    Nobody(String),
    /// The machines may have moved, and nobody has looked.
    #[error(
        "nobody says which machines run on `{0}`: mend the way to Proxmox VE (`proxmox.connection`), or name the nodes"
    )]
    NotSeen(String),
}

/// The nodes that a step takes, each once: those that are named, and those that go with the hypervisors, in the order of the
/// pillar.
///
/// `machines` is what Proxmox VE says of them. One that it does not know may be anywhere, and is where the pillar says. Where it
/// could be asked and was not, nothing is known; where the pillar has no way to ask it, the pillar is taken at its word.
///
/// # Errors
/// [`PlacementError`] where no node is on a hypervisor, and where nobody knows.
pub fn taken(
    topology: &Topology,
    machines: Option<&[ObservedMachine]>,
    nodes: &[String],
    hypervisors: &[String],
) -> Result<Vec<String>, PlacementError> {
    let mut found: Vec<String> = Vec::new();
    for hypervisor in hypervisors {
        found.extend(nodes_on(topology, machines, hypervisor)?);
    }
    let mut named = BTreeSet::new();
    Ok(nodes.iter().chain(&found).filter(|node| named.insert(*node)).cloned().collect())
}

fn nodes_on(
    topology: &Topology,
    machines: Option<&[ObservedMachine]>,
    hypervisor: &str,
) -> Result<Vec<String>, PlacementError> {
    if machines.is_none() && topology.proxmox.as_ref().and_then(Proxmox::complete_connection).is_some() {
        return Err(PlacementError::NotSeen(hypervisor.to_owned()));
    }
    let seen = machines.unwrap_or_default();
    let is_on = |node: &&topology::Node| {
        let machine = seen.iter().find(|machine| machine.node == node.name);
        let runs_on = machine.and_then(|machine| machine.hypervisor.as_ref());
        runs_on.or(node.hypervisor.as_ref()).is_some_and(|name| name == hypervisor)
    };
    let nodes: Vec<String> = topology.nodes.iter().filter(is_on).map(|node| node.name.clone()).collect();
    if nodes.is_empty() { Err(PlacementError::Nobody(hypervisor.to_owned())) } else { Ok(nodes) }
}

/// What of the machines is not as the pillar says, and what it costs: a sentence each.
///
/// A machine that is elsewhere, that is gone, or that does not run; and every hypervisor whose loss takes something that the
/// cluster cannot lose, because of machines that have moved to it.
#[must_use]
pub fn misplaced(topology: &Topology, machines: &[ObservedMachine]) -> Vec<String> {
    let mut told = Vec::new();
    let mut moved_to = BTreeSet::new();
    for node in topology.nodes.iter().filter(|node| node.vm.is_some()) {
        let Some(machine) = machines.iter().find(|machine| machine.node == node.name) else { continue };
        match (&machine.hypervisor, &node.hypervisor) {
            (None, _) => told.push(format!(
                "Proxmox VE shows no machine of {}: mend its `vm.vmid`, or give the token VM.Audit",
                node.name
            )),
            (Some(is), Some(was)) if is != was => {
                told.push(format!("the machine of {} is on {is}, the pillar says {was}", node.name));
                moved_to.insert(is.clone());
            }
            _ => {}
        }
        if machine.state == State::Down {
            told.push(format!("the machine of {} does not run", node.name));
        }
    }
    let sound = Observation::sound(topology);
    let mut model = Model::of(topology);
    for hypervisor in moved_to {
        let Ok(nodes) = nodes_on(topology, Some(machines), &hypervisor) else { continue };
        let judgement = judge(topology, &mut model, &sound, &Step::of_nodes(Action::Stop, nodes));
        if let Some(obstacle) = judgement.verdict.obstacle() {
            told.push(format!("the loss of {hypervisor} takes too much, as the machines are now: {}", obstacle.reason));
        }
    }
    told
}
