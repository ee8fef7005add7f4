//! What is done, and in which order.

use crate::cluster::{Cluster, three, told};
use gate::{PlanAction, ProgramAction};

#[test]
fn nothing_changes() {
    let plan = three().to(&three());
    assert_eq!(told(&plan), [""; 0]);
    assert!(plan.end.is_empty() && plan.warnings.is_empty());
    let only_targets = three().and("targets: {survive: {node: 1}}");
    assert_eq!(told(&three().to(&only_targets)), [""; 0]);
}

#[test]
fn additions_come_before_removals_and_masters_before_workers() {
    let new = Cluster::of(&["cp1@11", "cp2@12", "cp4@14"], &["w1@21", "w3@23"]);
    let plan = three().to(&new);
    assert_eq!(
        told(&plan),
        [
            "add cp4",
            "promote cp4",
            "join cp4",
            "drain cp3",
            "remove cp3",
            "leave cp3",
            "reload cp1",
            "reload cp2",
            "join w3",
            "drain w2",
            "leave w2",
            "write w1",
        ]
    );
    let both = &plan.warnings[0];
    assert!(both.code == "both" && both.reason.starts_with("cp4 joins etcd and cp3 leaves it"), "{both:?}");
    let last: Vec<&str> = plan.steps.iter().filter(|step| step.leader_last).map(|step| step.action.key()).collect();
    assert_eq!(last, ["remove"]);
}

#[test]
fn nodes_of_one_hypervisor_follow_each_other_in_natural_order() {
    let old = Cluster::of(&["cp1@11/b", "cp2@12/a", "cp10@13/b", "cp3@14/b", "cp4@15/a"], &[]);
    let plan = old.to(&old.and("kubeadm: {scheduler: {extra_args: [{name: v, value: '4'}]}}"));
    assert_eq!(told(&plan), ["restart cp2", "restart cp4", "restart cp1", "restart cp3", "restart cp10"]);
    assert_eq!(plan.steps[0].programs[0].name, "kube-scheduler");
    assert!(!plan.steps[0].leader_last, "no member of etcd goes away");
}

#[test]
fn hosts_of_an_external_etcd_come_before_the_control_plane() {
    let etcd = |names: &[&str]| Cluster { etcd: names.iter().map(|name| (*name).to_owned()).collect(), ..three() };
    let old = etcd(&["e1@31", "e2@32", "e3@33"]);
    let plan = old.to(&etcd(&["e1@31", "e2@32", "e3@33", "e4@34", "e5@35"]));
    assert_eq!(told(&plan)[..6], ["add e4", "promote e4", "join e4", "add e5", "promote e5", "join e5"]);
    assert_eq!(told(&plan)[6..], ["write e1,e2,e3", "restart cp1", "restart cp2", "restart cp3", "write w1,w2"]);
    let restarted = plan.steps.iter().find(|step| step.nodes == ["cp1"]).unwrap();
    assert_eq!(restarted.programs[0].name, "kube-apiserver", "it asks more members: {restarted:?}");
    let settings = old.to(&old.and("").and("kubelet: {max_pods: 120}"));
    assert!(told(&settings).iter().all(|step| !step.contains(" e")), "no kubelet there: {:?}", told(&settings));
}

#[test]
fn a_member_of_an_external_etcd_goes_without_a_drain() {
    let etcd = |names: &[&str]| Cluster { etcd: names.iter().map(|name| (*name).to_owned()).collect(), ..three() };
    let plan = etcd(&["e1@31", "e2@32", "e3@33", "e4@34"]).to(&etcd(&["e1@31", "e2@32", "e3@33"]));
    assert_eq!(told(&plan)[..2], ["remove e4", "leave e4"]);
}

#[test]
fn programs_get_to_know_their_files_as_these_ask_for() {
    for (more, wanted) in [
        ("load_balancer: {haproxy: {maxconn: 9000}}", &[("haproxy", ProgramAction::Reload)][..]),
        (
            "kubeadm: {controller_manager: {extra_args: [{name: v, value: '4'}]}}",
            &[("kube-controller-manager", ProgramAction::Restart)],
        ),
        ("kubeadm: {patches: {kube-apiserver5+merge: {a: b}}}", &[("kube-apiserver", ProgramAction::Restart)]),
    ] {
        let plan = three().to(&three().and(more));
        let programs = &plan.steps.iter().find(|step| step.nodes == ["cp1"]).unwrap().programs;
        let found: Vec<(&str, ProgramAction)> =
            programs.iter().map(|program| (program.name.as_str(), program.action)).collect();
        assert_eq!(found, wanted, "{more}: {:?}", told(&plan));
    }
}

#[test]
fn a_change_of_the_balancer_starts_programs() {
    let plan = three().to(&three().and("load_balancer: {type: kube-vip}"));
    let of_one = plan.steps.iter().find(|step| step.nodes == ["cp1"]).unwrap();
    assert!(of_one.programs.iter().any(|program| program.action == ProgramAction::Start), "{of_one:?}");
    assert!(of_one.files.iter().any(|path| path == "/etc/haproxy/haproxy.cfg"), "it is no longer written");
}

#[test]
fn a_machine_that_moves_is_a_step() {
    let old = Cluster::of(&["cp1@11/pve1", "cp2@12/pve2", "cp3@13/pve3"], &["w1@21/pve1"]);
    let new = Cluster::of(&["cp1@11/pve1", "cp2@12/pve2", "cp3@13/pve4"], &["w1@21/pve1"]);
    let plan = old.to(&new);
    assert_eq!(told(&plan), ["machine cp3"]);
    assert_eq!(plan.steps[0].machine, ["hypervisor pve3 -> pve4"]);
    assert!(plan.steps[0].leader_last);
}

#[test]
fn the_pod_network_is_applied_once() {
    let with = |manifest: &str| three().and(&format!("network: {{cni: {{type: calico, manifests: [{manifest}]}}}}"));
    let plan = with("/srv/a.yaml").to(&with("/srv/b.yaml"));
    let applied: Vec<_> = plan.steps.iter().filter(|step| step.action == PlanAction::Apply).collect();
    assert_eq!(applied.len(), 1, "{:?}", told(&plan));
    assert_eq!(applied[0].nodes, ["cp1", "cp2", "cp3"]);
}
