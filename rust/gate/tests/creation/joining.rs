//! After the cluster exists.

use crate::support::*;
use gate::creation::{Evidence, Outcome, Stage, Subject, TURN_SECONDS};

#[test]
fn init_is_never_granted_again() {
    let mut ledger = initialised();
    for node in ["cp1", "cp2", "cp3"] {
        // Also to the first node, reinstalled blank.
        let outcome = membership(&mut ledger, node, Evidence::default(), 100.0);
        assert_eq!(outcome, Outcome::Join, "{node}");
        ask(&mut ledger, node, Subject::Stopped, Evidence::default(), "x", 101.0);
    }
}

#[test]
fn etcd_grows_by_one_at_a_time() {
    let mut ledger = initialised();
    assert_eq!(membership(&mut ledger, "cp2", Evidence::default(), 100.0), Outcome::Join);
    assert!(wait(membership(&mut ledger, "cp3", Evidence::default(), 101.0)).contains("cp2 changes etcd now"));
    assert_eq!(membership(&mut ledger, "cp2", Evidence::default(), 102.0), Outcome::Join);
    let joined = Subject::Joined { kube_system_uid: UID.to_owned() };
    assert_eq!(ask(&mut ledger, "cp2", joined, Evidence::default(), "x", 110.0).outcome, Outcome::Recorded);
    assert_eq!(membership(&mut ledger, "cp3", Evidence::default(), 111.0), Outcome::Join);
    // A turn whose holder is gone ends by itself.
    assert_eq!(membership(&mut ledger, "cp2", Evidence::default(), 111.0 + TURN_SECONDS), Outcome::Join);
}

#[test]
fn a_member_is_restarted_by_one_node_at_a_time_and_by_none_while_one_joins() {
    let mut ledger = initialised();
    let turn =
        |ledger: &mut _, node: &str, now| ask(ledger, node, Subject::Turn, Evidence::default(), "x", now).outcome;
    assert_eq!(turn(&mut ledger, "cp1", 100.0), Outcome::Turn);
    assert!(wait(turn(&mut ledger, "cp2", 101.0)).contains("cp1 changes etcd now"));
    wait(membership(&mut ledger, "cp2", Evidence::default(), 101.0));
    // Who has not got it gives nothing back.
    ask(&mut ledger, "cp3", Subject::TurnEnded, Evidence::default(), "x", 102.0);
    wait(turn(&mut ledger, "cp2", 102.0));
    ask(&mut ledger, "cp1", Subject::TurnEnded, Evidence::default(), "x", 103.0);
    assert_eq!(membership(&mut ledger, "cp2", Evidence::default(), 103.0), Outcome::Join);
    wait(turn(&mut ledger, "cp1", 104.0));
    assert!(refusal(turn(&mut ledger, "w1", 104.0)).contains("gives w1 no member of etcd"));
}

#[test]
fn nobody_has_a_turn_before_there_is_a_cluster() {
    let said = refusal(ask(&mut ledger(), "cp1", Subject::Turn, Evidence::default(), "x", 0.0).outcome);
    assert!(said.contains("was never initialised"), "{said}");
}

#[test]
fn workers_need_no_turn() {
    let mut ledger = initialised();
    assert_eq!(membership(&mut ledger, "cp2", Evidence::default(), 100.0), Outcome::Join);
    for node in ["w1", "w2"] {
        assert_eq!(membership(&mut ledger, node, Evidence::default(), 100.0), Outcome::Join);
    }
}

#[test]
fn a_member_has_nothing_to_do() {
    let mut ledger = initialised();
    for stage in [Stage::Member, Stage::Joined, Stage::Initialised] {
        let outcome = membership(&mut ledger, "cp1", marked("cp1", stage, "first", Some(UID)), 100.0);
        assert_eq!(outcome, Outcome::Member);
    }
}

#[test]
fn an_unfinished_join_is_gone_on_with() {
    let mut ledger = initialised();
    let outcome = membership(&mut ledger, "w1", marked("w1", Stage::Joining, "x", None), 100.0);
    assert_eq!(outcome, Outcome::Join);
}

#[test]
fn a_clone_of_another_node_is_refused() {
    let mut ledger = initialised();
    refusal(membership(&mut ledger, "w1", marked("w2", Stage::Joining, "x", None), 100.0));
}

#[test]
fn what_is_of_another_cluster_is_refused() {
    let mut ledger = initialised();
    let said = refusal(membership(&mut ledger, "cp2", used(), 100.0));
    assert!(said.contains("cp2 is not blank") && said.contains("kubeadm reset"), "{said}");
    let said = refusal(membership(&mut ledger, "cp2", marked("cp2", Stage::Member, "x", Some("other")), 100.0));
    assert!(said.contains("UID other") && said.contains(UID), "{said}");
    let said = refusal(membership(&mut ledger, "cp2", marked("cp2", Stage::Initialising, "x", None), 100.0));
    assert!(said.contains("not the one on record"), "{said}");
}

#[test]
fn whoever_joined_another_cluster_is_told() {
    let mut ledger = initialised();
    let joined = Subject::Joined { kube_system_uid: "other".to_owned() };
    let said = refusal(ask(&mut ledger, "cp2", joined, Evidence::default(), "x", 100.0).outcome);
    assert!(said.contains("Something else answers at its address"), "{said}");
    assert!(ledger.joined.is_empty());
}

#[test]
fn only_who_cannot_ask_otherwise_gets_a_certificate_by_which_it_asks_the_gate() {
    let mut ledger = initialised();
    let mut outcome =
        |node: &str| ask(&mut ledger, node, Subject::GateCertificate, Evidence::default(), "x", 100.0).outcome;
    assert_eq!(outcome("w1"), Outcome::GateCertificate);
    assert_eq!(outcome("lb1"), Outcome::GateCertificate);
    assert!(refusal(outcome("cp1")).contains("makes cp1 no worker"));
    assert!(refusal(outcome("x9")).contains("has no node x9"));
}

#[test]
fn a_host_of_the_load_balancer_alone_learns_whom_to_trust_and_becomes_no_member() {
    let mut ledger = initialised();
    let before = ledger.clone();
    let mut outcome = |subject: Subject| ask(&mut ledger, "lb2", subject, Evidence::default(), "x", 100.0).outcome;
    assert_eq!(outcome(Subject::Authorities), Outcome::Authorities);
    let joined = Subject::Joined { kube_system_uid: UID.to_owned() };
    for subject in [Subject::Membership, Subject::Turn, joined, Subject::EtcdCertificates, Subject::Stopped] {
        let said = refusal(outcome(subject));
        assert!(said.contains("has only the load balancer on lb2"), "{said}");
    }
    assert_eq!(ledger, before);
}
