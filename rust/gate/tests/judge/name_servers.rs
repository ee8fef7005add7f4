//! Pods of `CoreDNS`, and steps that take their hosts.

use crate::support::{PILLAR, expect, host, judged, reboot, restart, topology};
use gate::{Action, Observation, State, Step};

fn stop(nodes: &[&str]) -> Step {
    Step::of_nodes(Action::Stop, nodes.iter().copied())
}

#[test]
fn hosts_with_all_of_them_are_not_stopped_at_once() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    seen.name_servers = Some(vec!["w1".to_owned(), "w1".to_owned()]);
    expect(&judged(&topology, &seen, &stop(&["w1"])), "wait", "takes every pod of CoreDNS that serves");
    expect(&judged(&topology, &seen, &stop(&["w2"])), "go", "");
    // These evict them one after the other, and a program alone takes none.
    for step in [Step::of_nodes(Action::Drain, ["w1"]), reboot(&["w1"]), restart("kubelet", "w1")] {
        expect(&judged(&topology, &seen, &step), "go", "");
    }
    host(&mut seen, "w1").state = State::Down;
    expect(&judged(&topology, &seen, &stop(&["w1"])), "go", "");
}

#[test]
fn one_elsewhere_is_enough_and_none_takes_nothing() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    for name_servers in [Some(vec!["w1".to_owned(), "cp2".to_owned()]), Some(Vec::new()), None] {
        seen.name_servers = name_servers;
        expect(&judged(&topology, &seen, &stop(&["w1"])), "go", "");
    }
}
