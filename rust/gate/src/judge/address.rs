//! A step that takes a host of the address of the API.

use crate::observation::{Observation, State};
use crate::step::Step;
use crate::verdict::{Code, Verdict};
use topology::Topology;

const PROGRAMS: [&str; 2] = ["haproxy", "keepalived"];

/// While not exactly one host holds the address, none of its hosts is taken that runs.
pub(super) fn verdict(topology: &Topology, observation: &Observation, step: &Step) -> Verdict {
    let trouble = observation.address_holders.as_deref().and_then(trouble);
    let is_about_it =
        step.programs.is_empty() || step.programs.iter().any(|program| PROGRAMS.contains(&program.as_str()));
    let mut hosts = topology.load_balancer.nodes.iter().map(|index| topology.nodes[*index].name.as_str());
    let takes = hosts.any(|host| step.is_on(host) && !is_down(observation, host));
    match trouble {
        Some(reason) if is_about_it && takes && step.action.takes_programs() => {
            Verdict::wait(Code::Address, reason, "mend keepalived, or the network between its hosts, first")
        }
        _ => Verdict::Go,
    }
}

/// What is wrong with those who hold the address of the API; `None` where it is one.
pub(crate) fn trouble(holders: &[String]) -> Option<String> {
    match holders {
        [_] => None,
        [] => Some("nothing serves behind the address of the API".to_owned()),
        several => Some(format!("{} hold the address of the API at the same time", several.join(" and "))),
    }
}

/// Whether the host certainly serves nobody: both programs, or the host itself, are down.
fn is_down(observation: &Observation, host: &str) -> bool {
    let mut programs = observation.programs.iter().filter(|program| program.node == host);
    observation.state_of(host) == State::Down
        || programs.any(|program| PROGRAMS.contains(&program.name.as_str()) && program.state == State::Down)
}
