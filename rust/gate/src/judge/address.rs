//! A step that takes a host of the address of the API.

use crate::observation::{Observation, State};
use crate::step::Step;
use crate::verdict::{Code, Verdict};
use topology::Topology;

const PROGRAMS: [&str; 2] = ["haproxy", "keepalived"];

/// While not exactly one host holds the address, none of its hosts is taken that runs.
pub(super) fn verdict(topology: &Topology, observation: &Observation, step: &Step) -> Verdict {
    let Some(holders) = &observation.address_holders else { return Verdict::Go };
    let is_about_it =
        step.programs.is_empty() || step.programs.iter().any(|program| PROGRAMS.contains(&program.as_str()));
    let hosts = topology.load_balancer.nodes.iter().map(|index| topology.nodes[*index].name.as_str());
    let runs = |host: &&str| !is_down(observation, host);
    let taken: Vec<&str> = hosts.filter(|host| step.is_on(host)).filter(runs).collect();
    if holders.len() == 1 || taken.is_empty() || !is_about_it || !step.action.takes_programs() {
        return Verdict::Go;
    }
    let reason = match &holders[..] {
        [] => "no host holds the address of the API".to_owned(),
        several => format!("{} hold the address of the API at the same time", several.join(" and ")),
    };
    Verdict::wait(Code::Address, reason, "mend keepalived, or the network between its hosts, first")
}

/// Whether the host certainly serves nobody: both programs, or the host itself, are down.
fn is_down(observation: &Observation, host: &str) -> bool {
    let mut programs = observation.programs.iter().filter(|program| program.node == host);
    observation.state_of(host) == State::Down
        || programs.any(|program| PROGRAMS.contains(&program.name.as_str()) && program.state == State::Down)
}
