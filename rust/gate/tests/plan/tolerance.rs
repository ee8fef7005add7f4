//! What is survived during each step, otherwise than before it.

use crate::cluster::{Cluster, during, three, told};
use gate::PlanAction;

#[test]
fn a_new_voter_counts_as_lost_until_it_has_shown_that_it_works() {
    let five = Cluster::of(&["cp1@11", "cp2@12", "cp3@13", "cp4@14", "cp5@15"], &["w1@21", "w2@22"]);
    let plan = three().to(&five);
    assert_eq!(during(&plan, PlanAction::Add, "cp4"), [""; 0], "a learner has no vote");
    assert_eq!(
        during(&plan, PlanAction::Promote, "cp4"),
        ["etcd and kubernetes survive 0 further nodes (1 before)"],
        "three of four are needed"
    );
    assert_eq!(during(&plan, PlanAction::Promote, "cp5"), [""; 0], "three of five are needed, and four are up");
    assert_eq!(plan.end_sentences()[0], "etcd and kubernetes survive 2 nodes (1 before)");
}

#[test]
fn a_second_member_takes_what_the_first_one_had() {
    let plan = Cluster::of(&["cp1@11"], &["w1@21"]).to(&Cluster::of(&["cp1@11", "cp2@12"], &["w1@21"]));
    assert_eq!(told(&plan)[..3], ["add cp2", "promote cp2", "join cp2"]);
    assert_eq!(during(&plan, PlanAction::Promote, "cp2")[0], "etcd and kubernetes do not serve");
    let warning = &plan.warnings[0];
    assert!(warning.code == "two_members" && warning.remedy == "declare three members", "{warning:?}");
}

#[test]
fn a_restart_takes_its_program_alone() {
    let plan = three().to(&three().quota("6GiB"));
    assert_eq!(
        during(&plan, PlanAction::Restart, "cp2"),
        [
            "etcd and kubernetes survive 0 further nodes (1 before)",
            // Each API server asks the member beside it.
            "kube-apiserver, kube-scheduler and kube-controller-manager survive 1 further node (2 before)",
        ]
    );
    assert!(plan.end.is_empty());
    let reload = three().to(&three().and("load_balancer: {haproxy: {maxconn: 9000}}"));
    assert_eq!(during(&reload, PlanAction::Reload, "cp1"), [""; 0]);
}

#[test]
fn one_master_alone_does_not_serve_while_it_restarts() {
    let one = Cluster::of(&["cp1@11"], &["w1@21"]);
    let plan = one.to(&one.quota("6GiB"));
    let sentences = during(&plan, PlanAction::Restart, "cp1");
    assert!(sentences[0].contains("etcd") && sentences[0].ends_with("do not serve"), "{sentences:?}");
}

#[test]
fn a_member_that_was_taken_out_is_missed_from_then_on() {
    let five = Cluster::of(&["cp1@11", "cp2@12", "cp3@13", "cp4@14", "cp5@15"], &["w1@21", "w2@22"]);
    let plan = five.to(&three());
    assert_eq!(during(&plan, PlanAction::Remove, "cp4"), ["etcd and kubernetes survive 1 further node (2 before)"]);
    assert_eq!(during(&plan, PlanAction::Remove, "cp5"), [""; 0], "three survive as much as four");
    let left = during(&plan, PlanAction::Leave, "cp4");
    assert!(left[0].contains("load balancer survive 3 further nodes (4 before)"), "{left:?}");
}

#[test]
fn hypervisors_count_where_the_targets_name_them() {
    let old =
        Cluster::of(&["cp1@11/a", "cp2@12/b", "cp3@13/c"], &["w1@21/a"]).and("targets: {survive: {hypervisor: 1}}");
    let plan = old.to(&old.quota("6GiB"));
    let sentences = during(&plan, PlanAction::Restart, "cp1");
    assert_eq!(
        sentences[0],
        "etcd and kubernetes survive 0 further hypervisors (1 before), 0 further nodes (1 before)"
    );
    let json = serde_json::to_value(&plan.steps[0].tolerance[0]).unwrap();
    let wanted = serde_json::json!({"service": "etcd", "kind": "hypervisor", "before": 1, "during": 0, "target": 1});
    assert_eq!(json, wanted);
}

#[test]
fn the_last_worker_but_one_is_missed() {
    let plan = three().to(&Cluster::of(&["cp1@11", "cp2@12", "cp3@13"], &["w1@21"]));
    assert_eq!(told(&plan), ["write cp1,cp2,cp3", "drain w2", "leave w2", "write w1"]);
}
