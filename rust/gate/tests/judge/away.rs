//! What counts as down.

use crate::support::{PILLAR, host, silence, topology};
use faults::Model;
use gate::{Observation, State, away};

fn names(seen: &Observation) -> Vec<String> {
    let topology = topology(PILLAR);
    away(&topology, &Model::of(&topology), seen)
}

#[test]
fn nothing_of_a_sound_cluster_and_a_silent_host_once() {
    let mut seen = Observation::sound(&topology(PILLAR));
    assert_eq!(names(&seen), Vec::<String>::new());
    silence(&mut seen, "cp2");
    assert_eq!(names(&seen), ["node:cp2"]);
}

#[test]
fn a_program_alone_and_a_host_in_maintenance() {
    let mut seen = Observation::sound(&topology(PILLAR));
    crate::support::member(&mut seen, "cp1").state = State::Unwell;
    seen.maintenance = vec!["w1".to_owned()];
    assert_eq!(names(&seen), ["node:w1", "process:etcd on cp1"]);
    host(&mut seen, "cp1").state = State::Unwell;
    assert_eq!(names(&seen).len(), 2, "a kubelet that is not ready, and a host that answers");
}
