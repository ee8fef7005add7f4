//! A step on what does not run.

use crate::observation::{Observation, State};
use crate::step::Step;

/// Whether everything that the step takes is certainly down already. A program that nobody looked at is as its host is.
pub(super) fn is_repair(observation: &Observation, step: &Step) -> bool {
    let is_down = |node: &String| {
        if step.programs.is_empty() {
            observation.state_of(node) == State::Down && all_down(observation, node)
        } else {
            step.programs.iter().all(|program| state(observation, node, program) == State::Down)
        }
    };
    step.action.takes_programs() && step.nodes.iter().all(is_down)
}

fn all_down(observation: &Observation, node: &str) -> bool {
    let programs = observation.programs.iter().filter(|program| program.node == node).map(|program| program.state);
    let members = observation.etcd.iter().filter(|member| member.node == node).map(|member| member.state);
    programs.chain(members).all(|state| state == State::Down)
}

fn state(observation: &Observation, node: &str, program: &str) -> State {
    let member = observation.etcd.iter().find(|member| program == "etcd" && member.node == node);
    let seen = observation.programs.iter().find(|seen| seen.name == program && seen.node == node);
    member
        .map(|member| member.state)
        .or_else(|| seen.map(|seen| seen.state))
        .unwrap_or_else(|| observation.state_of(node))
}
