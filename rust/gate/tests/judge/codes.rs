//! What kind of thing stands in the way, which an operator has to name to override it.

use crate::support::{PILLAR, judged, member, reboot, restart, silence, topology};
use gate::{Action, Code, Observation, ObservedBudget, State, Step};

fn code(seen: &Observation, step: &Step) -> (Option<Code>, Option<usize>) {
    let answer = judged(&topology(PILLAR), seen, step).answer();
    (answer.code, answer.voters_lost)
}

#[test]
fn a_step_that_goes_has_none() {
    let seen = Observation::sound(&topology(PILLAR));
    assert_eq!(code(&seen, &reboot(&["cp1"])), (None, None));
}

#[test]
fn below_the_quorum_it_says_how_many_voters_are_lost() {
    let mut seen = Observation::sound(&topology(PILLAR));
    silence(&mut seen, "cp3");
    assert_eq!(code(&seen, &restart("etcd", "cp1")), (Some(Code::EtcdQuorum), Some(2)));
    assert_eq!(code(&seen, &reboot(&["cp1", "cp2", "cp3"])), (Some(Code::EtcdQuorum), Some(3)));
    seen.etcd.clear();
    assert_eq!(code(&seen, &restart("etcd", "cp1")), (Some(Code::EtcdQuorum), Some(3)));
}

#[test]
fn each_kind_has_its_own() {
    let sound = Observation::sound(&topology(PILLAR));
    let mut coming = sound.clone();
    coming.etcd.push(gate::EtcdMember { is_learner: true, ..coming.etcd[0].clone() });
    assert_eq!(code(&coming, &restart("etcd", "cp1")).0, Some(Code::EtcdMembers));
    assert_eq!(code(&sound, &Step::of_nodes(Action::Remove, ["cp1"])).0, Some(Code::EtcdMembers));
    let nobody = Observation { address_holders: Some(Vec::new()), ..sound.clone() };
    assert_eq!(code(&nobody, &restart("haproxy", "cp1")).0, Some(Code::Address));
    let mut kept = sound.clone();
    let nodes = vec!["w1".to_owned()];
    kept.budgets = Some(vec![ObservedBudget { name: "default/web".to_owned(), disruptions_allowed: 0, nodes }]);
    assert_eq!(code(&kept, &Step::of_nodes(Action::Drain, ["w1"])).0, Some(Code::Budgets));
    let mut away = sound.clone();
    crate::support::host(&mut away, "w3").unschedulable = true;
    assert_eq!(code(&away, &Step::of_nodes(Action::Drain, ["w2"])).0, Some(Code::Workers));
    assert_eq!(code(&sound, &reboot(&["cp9"])).0, Some(Code::Step));
}

#[test]
fn a_repair_is_what_takes_only_what_is_down() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    assert!(!judged(&topology, &seen, &restart("etcd", "cp1")).is_repair);
    member(&mut seen, "cp1").state = State::Unknown;
    assert!(!judged(&topology, &seen, &restart("etcd", "cp1")).is_repair, "nobody knows");
    member(&mut seen, "cp1").state = State::Down;
    assert!(judged(&topology, &seen, &restart("etcd", "cp1")).is_repair);
    assert!(!judged(&topology, &seen, &reboot(&["cp1"])).is_repair, "its other programs run");
}
