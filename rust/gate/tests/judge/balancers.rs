//! Hosts that run the load balancer alone: they see no member of etcd.

use crate::support::{PILLAR, expect, judged, reboot, restart, silence, topology};
use gate::creation::Roster;
use gate::{Action, Observation, State, Step, is_balancer, is_balancer_alone, unsettled};
use topology::Topology;

fn balanced() -> Topology {
    let lb = "  lb1: {roles: [load_balancer], ip: 10.0.10.31, hypervisor: pve1}
  lb2: {roles: [load_balancer], ip: 10.0.10.32, hypervisor: pve2}
apps:";
    topology(&PILLAR.replace("apps:", lb))
}

/// As one of them sees it: no etcd, no word about keepalived or who holds the address, no budgets.
fn seen(topology: &Topology) -> Observation {
    let mut seen = Observation::sound(topology);
    seen.observer = Some("lb1".to_owned());
    seen.etcd.clear();
    seen.programs.retain(|program| program.name != "keepalived");
    (seen.budgets, seen.address_holders) = (None, None);
    seen
}

fn steps() -> [Step; 4] {
    let both = ["haproxy", "keepalived"].map(str::to_owned).to_vec();
    let firewall = Step { programs: both, ..Step::of_nodes(Action::Restart, ["lb1"]) };
    [restart("haproxy", "lb1"), restart("keepalived", "lb1"), firewall, reboot(&["lb1"])]
}

#[test]
fn one_goes_while_the_other_serves() {
    let topology = balanced();
    for step in steps() {
        expect(&judged(&topology, &seen(&topology), &step), "go", "");
    }
}

#[test]
fn one_waits_while_the_other_does_not_serve() {
    let topology = balanced();
    for state in [State::Down, State::Unwell, State::Unknown] {
        let mut seen = seen(&topology);
        let other = |program: &&mut gate::ObservedProgram| program.node == "lb2";
        seen.programs.iter_mut().find(other).unwrap().state = state;
        for step in steps() {
            expect(&judged(&topology, &seen, &step), "wait", "haproxy on lb2");
        }
    }
    let mut gone = seen(&topology);
    silence(&mut gone, "lb2");
    let mut maintained = seen(&topology);
    maintained.maintenance = vec!["lb2".to_owned()];
    for step in steps() {
        expect(&judged(&topology, &gone, &step), "wait", "lb2");
        expect(&judged(&topology, &maintained, &step), "wait", "lb2");
    }
}

#[test]
fn what_is_down_already_may_be_mended_and_both_at_once_are_refused() {
    let topology = balanced();
    let mut down = seen(&topology);
    for program in down.programs.iter_mut().filter(|program| program.name == "haproxy") {
        program.state = State::Down;
    }
    let repaired = judged(&topology, &down, &restart("haproxy", "lb1"));
    expect(&repaired, "go", "");
    assert!(repaired.is_repair);
    assert!(unsettled(&topology, &down, &restart("haproxy", "lb1")).unwrap().contains("haproxy of lb1"));
    expect(&judged(&topology, &seen(&topology), &reboot(&["lb1", "lb2"])), "refuse", "takes");
}

#[test]
fn they_are_told_from_all_others() {
    let topology = balanced();
    let alone: Vec<&str> =
        topology.nodes.iter().filter(|node| is_balancer_alone(node)).map(|node| node.name.as_str()).collect();
    assert_eq!(alone, ["lb1", "lb2"]);
    assert_eq!(Roster::of(&topology).balancers, alone);
    let also = PILLAR.replace("roles: [worker]", "roles: [worker, load_balancer]");
    let also = self::topology(&also);
    assert_eq!(Roster::of(&also).balancers, Vec::<String>::new());
    assert!(also.nodes.iter().filter(|node| node.name.starts_with('w')).all(is_balancer));
    assert!(!also.nodes.iter().filter(|node| node.name.starts_with("cp")).any(is_balancer));
}
