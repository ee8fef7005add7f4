//! Whether what a step took is back.

use crate::support::{PILLAR, host, member, reboot, restart, topology};
use gate::{Action, Observation, State, Step, unsettled};

fn lacking(seen: &Observation, step: &Step) -> Option<String> {
    unsettled(&topology(PILLAR), seen, step)
}

#[test]
fn a_sound_cluster_is_back() {
    let seen = Observation::sound(&topology(PILLAR));
    for step in [reboot(&["cp1"]), restart("etcd", "cp1"), restart("haproxy", "cp2"), restart("kubelet", "w1")] {
        assert_eq!(lacking(&seen, &step), None);
    }
}

#[test]
fn a_program_counts_where_the_step_took_it() {
    let mut seen = Observation::sound(&topology(PILLAR));
    let program = seen.programs.iter_mut().find(|program| program.name == "haproxy" && program.node == "cp1").unwrap();
    program.state = State::Unwell;
    program.because = "/readyz answers 503".to_owned();
    let told = lacking(&seen, &restart("haproxy", "cp1")).unwrap();
    assert_eq!(told, "haproxy of cp1 does not do its work: /readyz answers 503");
    assert!(lacking(&seen, &reboot(&["cp1"])).is_some());
    assert_eq!(lacking(&seen, &restart("etcd", "cp1")), None);
    assert_eq!(lacking(&seen, &restart("haproxy", "cp2")), None);
}

#[test]
fn a_node_that_is_not_ready_is_not_back() {
    let mut seen = Observation::sound(&topology(PILLAR));
    host(&mut seen, "w1").state = State::Unwell;
    assert_eq!(lacking(&seen, &Step::of_nodes(Action::Reboot, ["w1"])).as_deref(), Some("w1 is not ready"));
    assert!(lacking(&seen, &restart("kubelet", "w1")).is_some());
    assert!(lacking(&seen, &restart("containerd", "w1")).is_some());
    assert_eq!(lacking(&seen, &restart("haproxy", "w1")), None);
}

#[test]
fn a_member_that_is_not_in_step_is_not_back() {
    let mut seen = Observation::sound(&topology(PILLAR));
    member(&mut seen, "cp1").state = State::Unwell;
    assert!(lacking(&seen, &restart("etcd", "cp1")).unwrap().contains("cp1 reads nothing"));
    seen.etcd.retain(|member| member.node != "cp1");
    assert_eq!(lacking(&seen, &restart("etcd", "cp1")).as_deref(), Some("the member of etcd on cp1 is none"));
}

#[test]
fn maintenance_does_not_count_against_its_own_node() {
    let seen = Observation { maintenance: vec!["cp1".to_owned()], ..Observation::sound(&topology(PILLAR)) };
    assert_eq!(lacking(&seen, &reboot(&["cp1"])), None);
}

#[test]
fn the_address_must_be_served_after_a_step_on_its_hosts() {
    let seen = Observation { address_holders: Some(Vec::new()), ..Observation::sound(&topology(PILLAR)) };
    assert!(lacking(&seen, &restart("keepalived", "cp1")).unwrap().contains("behind the address"));
    assert_eq!(lacking(&seen, &restart("etcd", "cp1")), None);
    let holders = ["cp1", "cp2"].map(str::to_owned).to_vec();
    let several = Observation { address_holders: Some(holders), ..Observation::sound(&topology(PILLAR)) };
    assert!(lacking(&several, &restart("keepalived", "cp1")).unwrap().starts_with("cp1 and cp2 hold the address"));
}
