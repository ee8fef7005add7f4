//! A step that takes pods from their nodes.

use crate::observation::{Observation, State};
use crate::step::{Action, Step};
use crate::verdict::{Code, Verdict};
use crate::workers::{is_worker, worker_domain, workers_away};
use topology::{Node, Topology};

/// Whether the disruption budgets let the pods go, and not too many workers are away.
pub(super) fn verdict(topology: &Topology, observation: &Observation, step: &Step) -> Verdict {
    if !step.programs.is_empty() || !(step.action == Action::Stop || step.action.evicts()) {
        return Verdict::Go;
    }
    budgets(topology, observation, step).or_worse(workers(topology, observation, step))
}

fn budgets(topology: &Topology, observation: &Observation, step: &Step) -> Verdict {
    let runs_pods = |name: &String| {
        topology.node(name).is_some_and(Node::runs_kubelet) && observation.state_of(name) != State::Down
    };
    if !step.action.evicts() || !step.nodes.iter().any(runs_pods) {
        return Verdict::Go;
    }
    let Some(budgets) = &observation.budgets else {
        return Verdict::wait(Code::Budgets, "the disruption budgets cannot be read", "mend the way to the API first");
    };
    for budget in budgets {
        let there = budget.nodes.iter().filter(|node| step.is_on(node)).count();
        let allowed = usize::try_from(budget.disruptions_allowed).unwrap_or(usize::MAX);
        // More pods of one budget are evicted one after the other, as they come back elsewhere.
        if there > 0 && allowed == 0 {
            return Verdict::wait(
                Code::Budgets,
                format!("{} allows no pod to go, and {} has {there} of them", budget.name, step.nodes.join(", ")),
                "bring back its pods that are not ready, or give it more replicas than it keeps",
            );
        }
    }
    Verdict::Go
}

fn workers(topology: &Topology, observation: &Observation, step: &Step) -> Verdict {
    let most_here = usize::try_from(workers_away(topology)).unwrap_or(usize::MAX);
    let away = |node: &Node| {
        let seen = observation.nodes.iter().find(|seen| seen.name == node.name);
        seen.is_none_or(|seen| seen.state != State::Up || seen.unschedulable)
            || observation.maintenance.contains(&node.name)
    };
    for node in step.nodes.iter().filter_map(|name| topology.node(name)).filter(|node| is_worker(node)) {
        if observation.state_of(&node.name) == State::Down {
            continue;
        }
        let domain = worker_domain(topology, node);
        let beside = topology.nodes.iter().filter(|other| is_worker(other) && worker_domain(topology, other) == domain);
        let (ours, others): (Vec<&Node>, Vec<&Node>) = beside.partition(|other| step.is_on(&other.name));
        let gone: Vec<&str> = others.into_iter().filter(|other| away(other)).map(|other| other.name.as_str()).collect();
        let together = gone.len() + ours.len();
        if together <= most_here {
            continue;
        }
        let words = domain.map_or_else(|| "this cluster".to_owned(), |name| format!("failure domain {name}"));
        if gone.is_empty() {
            // All nodes of one hypervisor go together, whatever the number is for nodes that go one by one.
            continue;
        }
        return Verdict::wait(
            Code::Workers,
            format!("{} of {words} are away, and {most_here} may be at once", gone.join(", ")),
            "wait for them, or raise `upgrades.workers_max_unavailable`",
        );
    }
    Verdict::Go
}
