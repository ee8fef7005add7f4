//! Whether what a step took is back.

use crate::judge::address::trouble;
use crate::observation::{EtcdMember, Observation, State};
use crate::step::Step;
use crate::voters::Voters;
use topology::Topology;
use topology::pillar::LoadBalancerType;

/// What of a step is not back yet, in a sentence without a full stop; `None` when everything that it took does its work.
///
/// A step that takes whole nodes is over when they are ready and everything that was seen on them does its work; one that takes
/// programs, when these do. Maintenance of a node does not count against it: whoever works on it wants to know.
#[must_use]
pub fn unsettled(topology: &Topology, observation: &Observation, step: &Step) -> Option<String> {
    let takes = |program: &str| step.programs.is_empty() || step.programs.iter().any(|taken| taken == program);
    // A kubelet is not ready without its runtime.
    let takes_kubelet = takes("kubelet") || takes("containerd");
    let hosts = observation.nodes.iter().filter(|node| step.is_on(&node.name) && takes_kubelet);
    for node in hosts.filter(|node| topology.node(&node.name).is_some_and(topology::Node::runs_kubelet)) {
        if node.state != State::Up {
            return Some(told(&node.name, "is not ready", &node.because));
        }
    }
    let programs = observation.programs.iter().filter(|program| step.is_on(&program.node) && takes(&program.name));
    for program in programs {
        if program.state != State::Up {
            let of_node = format!("{} of {}", program.name, program.node);
            return Some(told(&of_node, "does not do its work", &program.because));
        }
    }
    let unmaintained = Observation { maintenance: Vec::new(), ..observation.clone() };
    let voters = Voters::of(&unmaintained);
    let declared = |node: &str| topology.etcd_nodes().any(|member| member.name == node);
    for node in step.nodes.iter().filter(|node| takes("etcd") && declared(node)) {
        let member = voters.all().iter().find(|member| member.node == **node);
        if let Some(trouble) = member.map_or(Some("is none".to_owned()), |member: &EtcdMember| voters.trouble(member)) {
            let who = member.map_or(node.clone(), EtcdMember::called);
            return Some(format!("the member of etcd on {who} {trouble}"));
        }
    }
    address(topology, observation, step, &takes)
}

fn address(
    topology: &Topology,
    observation: &Observation,
    step: &Step,
    takes: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let is_ours = topology.load_balancer.r#type == LoadBalancerType::HaproxyKeepalived
        && topology.load_balancer.nodes.iter().any(|index| step.is_on(&topology.nodes[*index].name));
    let holders = observation.address_holders.as_ref().filter(|_| is_ours && (takes("haproxy") || takes("keepalived")));
    trouble(holders?)
}

fn told(who: &str, what: &str, because: &str) -> String {
    if because.is_empty() { format!("{who} {what}") } else { format!("{who} {what}: {because}") }
}
