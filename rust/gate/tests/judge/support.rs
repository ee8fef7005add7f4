//! A cluster, and what is seen of it.

use faults::Model;
use gate::{Action, EtcdMember, Judgement, Observation, ObservedNode, State, Step, judge};
use topology::{Facts, Topology};

pub(crate) const PILLAR: &str = "
cluster: {name: prod1, kubernetes_version: v1.36.4, control_plane_endpoint: 'api.prod1.lan:8443'}
networks: {lan: {cidr: 10.0.10.0/24}}
vips: {api: {address: 10.0.10.5, network: lan, virtual_router_id: 61}}
profiles: {master: {roles: [control_plane]}, worker: {roles: [worker]}}
nodes:
  cp1: {profile: master, ip: 10.0.10.11, hypervisor: pve1}
  cp2: {profile: master, ip: 10.0.10.12, hypervisor: pve2}
  cp3: {profile: master, ip: 10.0.10.13, hypervisor: pve3}
  w1: {profile: worker, ip: 10.0.10.21, hypervisor: pve1}
  w2: {profile: worker, ip: 10.0.10.22, hypervisor: pve2}
  w3: {profile: worker, ip: 10.0.10.23, hypervisor: pve2}
apps:
  web: {replicas: 2, spread: required}
  pinned: {replicas: 1, node: w1}
";

pub(crate) fn topology(text: &str) -> Topology {
    let document = yaml::parse(text.as_bytes(), tree::SourceId(0), &yaml::Limits::default()).unwrap();
    topology::read_pillar(document.tree, document.root, &Facts::built_in().unwrap()).topology.unwrap()
}

pub(crate) fn judged(topology: &Topology, seen: &Observation, step: &Step) -> Judgement {
    judge(topology, &mut Model::of(topology), seen, step)
}

pub(crate) fn reboot(nodes: &[&str]) -> Step {
    Step::of_nodes(Action::Reboot, nodes.iter().copied())
}

pub(crate) fn restart(program: &str, node: &str) -> Step {
    Step { programs: vec![program.to_owned()], ..Step::of_nodes(Action::Restart, [node]) }
}

pub(crate) fn member<'o>(seen: &'o mut Observation, node: &str) -> &'o mut EtcdMember {
    seen.etcd.iter_mut().find(|member| member.node == node).unwrap()
}

pub(crate) fn host<'o>(seen: &'o mut Observation, name: &str) -> &'o mut ObservedNode {
    seen.nodes.iter_mut().find(|node| node.name == name).unwrap()
}

/// A host that lost its power: nothing on it answers.
pub(crate) fn silence(seen: &mut Observation, name: &str) {
    host(seen, name).state = State::Unknown;
    for member in seen.etcd.iter_mut().filter(|member| member.node == name) {
        member.state = State::Unknown;
    }
    for program in seen.programs.iter_mut().filter(|program| program.node == name) {
        program.state = State::Unknown;
    }
}

#[track_caller]
pub(crate) fn expect(judgement: &Judgement, verdict: &str, words: &str) {
    let reason = judgement.answer().reason.unwrap_or_default();
    assert_eq!(judgement.verdict.key(), verdict, "{reason}");
    assert!(reason.contains(words), "{reason}");
}
