//! Whether a step may be done: everything that speaks against it, and the severest of it.

pub(crate) mod address;
pub(crate) mod membership;
#[cfg(test)]
mod model_check;
mod name_servers;
mod pods;
mod repair;
mod services;
pub(crate) mod stop;

pub use services::away;

use crate::observation::Observation;
use crate::step::{Action, Step};
use crate::verdict::{Code, Judgement, Verdict};
use crate::voters::Voters;
use faults::Model;
use topology::Topology;

/// Whether a step may be done to a cluster that was seen like this.
///
/// What is not known counts as down where the cluster would have to rely on it, and as up where the step would take it. What is
/// certainly down may always be worked on. `model` is the failure model of `topology`.
#[must_use]
pub fn judge(topology: &Topology, model: &mut Model, observation: &Observation, step: &Step) -> Judgement {
    let strangers: Vec<&str> =
        step.nodes.iter().map(String::as_str).filter(|name| topology.node(name).is_none()).collect();
    let is_leaving = |name: &&str| observation.etcd.iter().any(|member| member.node == **name);
    let unknown: Vec<&str> =
        strangers.into_iter().filter(|name| step.action != Action::Remove || !is_leaving(name)).collect();
    if step.nodes.is_empty() || !unknown.is_empty() {
        let known: Vec<&str> = topology.nodes.iter().map(|node| node.name.as_str()).collect();
        let reason = if unknown.is_empty() {
            "the step names no node".to_owned()
        } else {
            format!("the pillar declares no node {}", unknown.join(", "))
        };
        return only(Verdict::refuse(Code::Step, reason, format!("name some of {}", known.join(", "))));
    }
    let voters = Voters::of(observation);
    let declared = |node: &str| topology.etcd_nodes().any(|member| member.name == node);
    if matches!(step.action, Action::Add | Action::Promote | Action::Remove) {
        return only(membership::verdict(&voters, step, &declared));
    }
    let members = topology.etcd.members.len();
    let quorum = if members > 0 { stop::verdict(&voters, step, &declared, members) } else { Verdict::Go };
    let losses = services::losses(topology, model, observation, step);
    let verdict = quorum
        .or_worse(losses.verdict)
        .or_worse(address::verdict(topology, observation, step))
        .or_worse(name_servers::verdict(observation, step))
        .or_worse(pods::verdict(topology, observation, step));
    let move_leader_to = stop::successor(&voters, step);
    Judgement { verdict, takes: losses.takes, move_leader_to, is_repair: repair::is_repair(observation, step) }
}

fn only(verdict: Verdict) -> Judgement {
    Judgement { verdict, takes: Vec::new(), move_leader_to: None, is_repair: false }
}
