//! Steps on a cluster of three masters and three workers, of which two masters share a hypervisor in some cases.
#![expect(clippy::unwrap_used, reason = "clippy allows it in test functions, not in their helpers")]

mod away;
mod back;
mod balancers;
mod codes;
mod name_servers;
mod order;
mod placement;
mod support;

use gate::{Action, EtcdMember, Observation, ObservedBudget, State, Step};
use support::{PILLAR, expect, host, judged, member, reboot, restart, silence, topology};

#[test]
fn one_after_the_other_goes_and_the_leader_hands_over_first() {
    let topology = topology(PILLAR);
    let seen = Observation::sound(&topology);
    let leader = judged(&topology, &seen, &reboot(&["cp1"]));
    expect(&leader, "go", "");
    assert_eq!(leader.move_leader_to.as_deref(), Some("cp2"));
    let follower = judged(&topology, &seen, &reboot(&["cp2"]));
    assert_eq!((follower.verdict.key(), follower.move_leader_to), ("go", None));
}

#[test]
fn a_host_whose_kubelet_is_not_ready_is_there_when_its_programs_answer() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    for node in &mut seen.nodes {
        node.state = State::Unwell;
    }
    let step = Step {
        programs: vec!["etcd".to_owned(), "kube-apiserver".to_owned()],
        ..Step::of_nodes(Action::Restart, ["cp1"])
    };
    expect(&judged(&topology, &seen, &step), "go", "");
    for program in seen.programs.iter_mut().filter(|program| program.node != "cp1") {
        program.state = State::Unknown;
    }
    expect(&judged(&topology, &seen, &step), "wait", "kube-apiserver");
}

#[test]
fn a_second_master_waits_for_the_first() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    silence(&mut seen, "cp2");
    expect(&judged(&topology, &seen, &reboot(&["cp1"])), "wait", "cp2 gives no answer");
    // The one that is away may be worked on: the others are enough.
    expect(&judged(&topology, &seen, &reboot(&["cp2"])), "go", "");
}

#[test]
fn a_hung_member_counts_as_down() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    member(&mut seen, "cp3").state = State::Unknown;
    expect(&judged(&topology, &seen, &restart("etcd", "cp1")), "wait", "3 voters");
    // HAProxy on another host takes no vote.
    expect(&judged(&topology, &seen, &restart("haproxy", "cp1")), "go", "");
}

#[test]
fn without_quorum_only_what_is_down_is_mended() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    member(&mut seen, "cp1").state = State::Unwell;
    member(&mut seen, "cp2").state = State::Down;
    member(&mut seen, "cp3").state = State::Down;
    expect(&judged(&topology, &seen, &restart("etcd", "cp1")), "wait", "cp2 is down");
    expect(&judged(&topology, &seen, &restart("etcd", "cp2")), "go", "");
    expect(&judged(&topology, &seen, &Step::of_nodes(Action::Remove, ["cp2"])), "refuse", "needs 2");
    seen.etcd.clear();
    expect(&judged(&topology, &seen, &restart("etcd", "cp2")), "wait", "no member of etcd says");
}

#[test]
fn an_alarm_a_clock_and_a_member_far_behind_count_against_the_others() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    member(&mut seen, "cp2").alarms.push("NOSPACE".to_owned());
    expect(&judged(&topology, &seen, &reboot(&["cp1"])), "wait", "raises the alarm NOSPACE");
    let mut seen = Observation::sound(&topology);
    host(&mut seen, "cp2").clock_offset_seconds = Some(-40.0);
    expect(&judged(&topology, &seen, &reboot(&["cp1"])), "wait", "clock that is off by more than 5 s");
    let mut seen = Observation::sound(&topology);
    host(&mut seen, "cp2").clock_offset_seconds = Some(f64::NAN);
    expect(&judged(&topology, &seen, &reboot(&["cp1"])), "wait", "clock");
    let mut seen = Observation::sound(&topology);
    member(&mut seen, "cp1").applied_index = 50_000;
    member(&mut seen, "cp3").applied_index = 50_000;
    expect(&judged(&topology, &seen, &reboot(&["cp1"])), "wait", "cp2 is 49999 entries behind");
}

#[test]
fn a_learner_or_a_member_that_has_not_started_holds_everything_else() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    let learner = EtcdMember { id: "9".to_owned(), node: "cp4".to_owned(), is_learner: true, ..seen.etcd[0].clone() };
    seen.etcd.push(EtcdMember { is_leader: false, ..learner });
    expect(&judged(&topology, &seen, &reboot(&["cp1"])), "wait", "cp4 has no vote yet");
    member(&mut seen, "cp4").node = String::new();
    seen.etcd[3].is_learner = false;
    seen.etcd[3].state = State::Unknown;
    expect(&judged(&topology, &seen, &reboot(&["cp1"])), "wait", "member 9 has not started");
    // A worker has nothing to do with it.
    expect(&judged(&topology, &seen, &reboot(&["w1"])), "go", "");
}

#[test]
fn the_machines_of_a_hypervisor_go_together_or_not_at_all() {
    let apart = topology(PILLAR);
    let seen = Observation::sound(&apart);
    expect(&judged(&apart, &seen, &Step::of_nodes(Action::Stop, ["cp1", "w1"])), "go", "");
    let shared = topology(&PILLAR.replace("ip: 10.0.10.12, hypervisor: pve2", "ip: 10.0.10.12, hypervisor: pve1"));
    let refused = judged(&shared, &seen, &Step::of_nodes(Action::Stop, ["cp1", "cp2", "w1"]));
    expect(&refused, "refuse", "leaves etcd 1 of 3 voters even if all others do their work");
    assert!(refused.answer().remedy.unwrap().contains("move one of them"));
    // Both replicas of an application, where each worker alone may go.
    let refused = judged(&apart, &seen, &Step::of_nodes(Action::Stop, ["w1", "w2", "w3"]));
    expect(&refused, "refuse", "web, which survives the loss of each of them");
}

#[test]
fn what_has_nothing_beside_it_is_named_and_not_refused() {
    let topology = topology(PILLAR);
    let seen = Observation::sound(&topology);
    let judgement = judged(&topology, &seen, &reboot(&["w1"]));
    expect(&judgement, "go", "");
    assert_eq!(judgement.takes, ["pinned"]);
}

#[test]
fn a_budget_without_room_and_a_worker_that_is_away_hold_a_drain() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    seen.budgets = Some(vec![ObservedBudget {
        name: "shop/web".to_owned(),
        disruptions_allowed: 0,
        nodes: vec!["w1".to_owned(), "w2".to_owned()],
    }]);
    expect(&judged(&topology, &seen, &reboot(&["w1"])), "wait", "shop/web allows no pod to go");
    expect(&judged(&topology, &seen, &reboot(&["w3"])), "go", "");
    seen.budgets = None;
    expect(&judged(&topology, &seen, &Step::of_nodes(Action::Drain, ["w1"])), "wait", "cannot be read");
    let mut seen = Observation::sound(&topology);
    host(&mut seen, "w3").unschedulable = true;
    expect(&judged(&topology, &seen, &reboot(&["w2"])), "wait", "w3 of failure domain pve2 are away");
    host(&mut seen, "w2").state = State::Down;
    expect(&judged(&topology, &seen, &reboot(&["w2"])), "go", "");
}

#[test]
fn a_step_on_a_worker_asks_nothing_of_an_etcd_that_it_cannot_see() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    seen.etcd.clear();
    let drain = |node: &str| Step::of_nodes(Action::Drain, [node]);
    let program = |program: &str, node: &str| restart(program, node);
    for step in [drain("w1"), reboot(&["w1"]), program("containerd", "w1"), program("kubelet", "w1")] {
        expect(&judged(&topology, &seen, &step), "go", "");
    }
    // Whatever takes a member, or may, is held as before.
    for step in [reboot(&["cp1"]), program("etcd", "cp1"), reboot(&["w1", "cp1"])] {
        expect(&judged(&topology, &seen, &step), "wait", "no member of etcd says");
    }
    let etcd = "  etcd1: {roles: [etcd, worker], ip: 10.0.10.31}\n  etcd2: {roles: [etcd], ip: 10.0.10.32}\n  \
                etcd3: {roles: [etcd], ip: 10.0.10.33}\n  w1:";
    let external = self::topology(&format!("{}\netcd: {{topology: external}}", PILLAR.replace("  w1:", etcd)));
    let mut seen = Observation::sound(&external);
    seen.etcd.clear();
    expect(&judged(&external, &seen, &reboot(&["etcd1"])), "wait", "no member of etcd says");
    for name in ["etcd2", "etcd3"] {
        silence(&mut seen, name);
    }
    expect(&judged(&external, &seen, &reboot(&["w1"])), "go", "");
    // What a worker does see still counts.
    host(&mut seen, "w3").state = State::Unwell;
    expect(&judged(&external, &seen, &drain("w2")), "wait", "w3 of failure domain pve2 are away");
}

#[test]
fn two_holders_of_the_address_hold_the_balancers() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    seen.address_holders = Some(vec!["cp1".to_owned(), "cp2".to_owned()]);
    expect(&judged(&topology, &seen, &restart("haproxy", "cp3")), "wait", "cp1 and cp2 hold the address");
    expect(&judged(&topology, &seen, &reboot(&["w1"])), "go", "");
    let keepalived = seen.programs.iter_mut().find(|program| program.name == "keepalived" && program.node == "cp2");
    keepalived.unwrap().state = State::Down;
    expect(&judged(&topology, &seen, &restart("keepalived", "cp2")), "go", "");
}

#[test]
fn maintenance_counts_as_down() {
    let topology = topology(PILLAR);
    let mut seen = Observation::sound(&topology);
    seen.maintenance = vec!["cp2".to_owned()];
    expect(&judged(&topology, &seen, &reboot(&["cp1"])), "wait", "cp2 is in maintenance");
}

#[test]
fn members_change_one_at_a_time_and_with_a_quorum_before_and_after() {
    let five = PILLAR.replace("  w1:", "  cp4: {profile: master, ip: 10.0.10.14, hypervisor: pve4}\n  w1:");
    let four = topology(&five);
    let three = topology(PILLAR);
    let seen = Observation::sound(&three);
    expect(&judged(&four, &seen, &Step::of_nodes(Action::Add, ["cp4"])), "go", "");
    expect(&judged(&four, &seen, &Step::of_nodes(Action::Add, ["w1"])), "refuse", "no member of etcd on w1");
    expect(&judged(&four, &seen, &Step::of_nodes(Action::Add, ["cp1"])), "refuse", "etcd has a member on cp1");
    expect(&judged(&three, &seen, &Step::of_nodes(Action::Remove, ["cp1"])), "refuse", "the pillar puts a member");
    expect(&judged(&three, &seen, &Step::of_nodes(Action::Remove, ["cp1", "cp2"])), "refuse", "several members");
    // A stale member, of a node that the pillar no longer declares, may go, also when it is down.
    let mut stale = Observation::sound(&four);
    member(&mut stale, "cp4").state = State::Unknown;
    expect(&judged(&three, &stale, &Step::of_nodes(Action::Remove, ["cp4"])), "go", "");
    // One of three is down: with a fourth voter the quorum would be three, and two are there.
    let mut two = seen.clone();
    member(&mut two, "cp2").state = State::Down;
    expect(&judged(&four, &two, &Step::of_nodes(Action::Add, ["cp4"])), "wait", "needs 3, and can count on 2 of 3");
    expect(&judged(&three, &two, &Step::of_nodes(Action::Remove, ["cp2"])), "go", "");
    member(&mut two, "cp2").state = State::Unknown;
    expect(
        &judged(&three, &two, &Step::of_nodes(Action::Remove, ["cp2"])),
        "wait",
        "does not say that its data are lost",
    );
}

#[test]
fn a_learner_gets_its_vote_when_it_has_learnt_enough() {
    let topology = topology(&PILLAR.replace("  w1:", "  cp4: {profile: master, ip: 10.0.10.14}\n  w1:"));
    let mut seen = Observation::sound(&topology);
    for member in &mut seen.etcd {
        member.applied_index = 4_000;
    }
    member(&mut seen, "cp4").is_learner = true;
    let promote = Step::of_nodes(Action::Promote, ["cp4"]);
    expect(&judged(&topology, &seen, &promote), "go", "");
    member(&mut seen, "cp4").applied_index = 3_000;
    expect(&judged(&topology, &seen, &promote), "wait", "3000 of 4000 entries");
    expect(&judged(&topology, &seen, &Step::of_nodes(Action::Promote, ["cp1"])), "refuse", "no learner on cp1");
}

#[test]
fn a_cluster_of_one_says_what_it_takes_and_two_masters_are_refused() {
    let one = topology(
        &PILLAR
            .replace("  cp2: {profile: master", "  x2: {profile: worker")
            .replace("  cp3: {profile: master", "  x3: {profile: worker"),
    );
    let judgement = judged(&one, &Observation::sound(&one), &reboot(&["cp1"]));
    expect(&judgement, "go", "");
    assert!(judgement.takes.contains(&"etcd".to_owned()) && judgement.takes.contains(&"kubernetes".to_owned()));
    let two = topology(&PILLAR.replace("  cp3: {profile: master", "  x3: {profile: worker"));
    let refused = judged(&two, &Observation::sound(&two), &reboot(&["cp1"]));
    expect(&refused, "refuse", "leaves etcd 1 of 2 voters");
}

#[test]
fn nobody_has_seen_anything() {
    let topology = topology(PILLAR);
    let nothing = Observation::default();
    for node in ["cp1", "w1"] {
        let judgement = judged(&topology, &nothing, &reboot(&[node]));
        assert!(!judgement.verdict.is_go(), "{node}: {judgement:?}");
    }
    expect(&judged(&topology, &nothing, &reboot(&["cp9"])), "refuse", "declares no node cp9");
    expect(&judged(&topology, &nothing, &Step::of_nodes(Action::Stop, [""; 0])), "refuse", "names no node");
}
