//! An external etcd on three hosts, before Kubernetes.

use crate::support::{self, CA, UID, refusal, stopped, wait};
use gate::creation::{
    Answer, EtcdBeginning, EtcdEvidence, EtcdMarker, EtcdStage, Evidence, Initialisation, Ledger, Outcome, Request,
    Roster, Subject, TURN_SECONDS, decide,
};

pub const HOSTS: [&str; 3] = ["etcd1", "etcd2", "etcd3"];

pub fn roster() -> Roster {
    Roster { etcd: HOSTS.map(str::to_owned).to_vec(), stacked: false, ..support::roster() }
}

pub fn ask(ledger: &mut Ledger, node: &str, subject: Subject, attempt: &str, now: f64) -> Answer {
    decide(ledger, &roster(), node, &Request { subject, evidence: Evidence::default() }, attempt, now)
}

pub fn membership(ledger: &mut Ledger, node: &str, found: EtcdEvidence, now: f64) -> Outcome {
    ask(ledger, node, Subject::EtcdMembership { found }, "fresh", now).outcome
}

pub fn marked(node: &str, stage: EtcdStage, attempt: &str) -> EtcdEvidence {
    let marker = EtcdMarker {
        cluster: "prod1".to_owned(),
        node: node.to_owned(),
        stage,
        attempt: attempt.to_owned(),
        ca_fingerprint: CA.to_owned(),
    };
    EtcdEvidence { marker: Some(marker), data: Some("/var/lib/etcd/member".to_owned()) }
}

fn used() -> EtcdEvidence {
    EtcdEvidence { marker: None, data: Some("/var/lib/etcd/member".to_owned()) }
}

/// A ledger by which etcd3 was granted to begin, by the attempt `first`.
fn granted() -> Ledger {
    let mut ledger = support::ledger();
    for node in HOSTS {
        ask(&mut ledger, node, Subject::EtcdMembership { found: EtcdEvidence::default() }, "first", 0.0);
    }
    ledger
}

/// A ledger by which etcd3 has begun.
fn begun() -> Ledger {
    let mut ledger = granted();
    let begun = Subject::EtcdBegun { attempt: "first".to_owned() };
    assert_eq!(ask(&mut ledger, "etcd3", begun, "x", 5.0).outcome, Outcome::Recorded);
    ledger
}

#[test]
fn it_begins_once_every_declared_host_is_blank() {
    let mut ledger = support::ledger();
    let said = wait(membership(&mut ledger, "etcd1", EtcdEvidence::default(), 0.0));
    assert!(said.contains("etcd2, etcd3 have not answered") && said.contains("without=etcd2,etcd3"), "{said}");
    wait(membership(&mut ledger, "etcd3", EtcdEvidence::default(), 1.0));
    assert_eq!(membership(&mut ledger, "etcd2", EtcdEvidence::default(), 2.0), Outcome::EtcdBegin);
    assert!(
        wait(membership(&mut ledger, "etcd1", EtcdEvidence::default(), 7.0)).contains("etcd2 begins etcd, for 5 s")
    );
}

#[test]
fn one_used_host_refuses_all() {
    let mut ledger = support::ledger();
    let said = refusal(membership(&mut ledger, "etcd2", used(), 0.0));
    assert!(said.contains("etcd2 is not blank: /var/lib/etcd/member (etcd's data)"), "{said}");
    let said = refusal(membership(&mut ledger, "etcd1", EtcdEvidence::default(), 0.0));
    assert!(said.contains("etcd2 is not blank"), "{said}");
    assert_eq!(ledger.etcd.beginning, EtcdBeginning::Open);
}

#[test]
fn the_operator_names_whom_to_go_without() {
    let mut ledger = support::ledger();
    ledger.without = vec!["etcd3".to_owned()];
    membership(&mut ledger, "etcd1", EtcdEvidence::default(), 0.0);
    assert_eq!(membership(&mut ledger, "etcd2", EtcdEvidence::default(), 0.0), Outcome::EtcdBegin);
}

#[test]
fn a_cluster_that_exists_gets_no_empty_etcd() {
    let mut initialised = support::initialised();
    assert!(refusal(membership(&mut initialised, "etcd1", EtcdEvidence::default(), 9.0)).contains("prod1 exists"));
    let pinned = Roster { pinned_uid: Some(UID.to_owned()), ..roster() };
    let subject = Subject::EtcdMembership { found: EtcdEvidence::default() };
    let request = Request { subject, evidence: Evidence::default() };
    refusal(decide(&mut support::ledger(), &pinned, "etcd1", &request, "x", 0.0).outcome);
}

#[test]
fn the_beginning_stays_with_its_host_however_often_it_dies() {
    let mut ledger = granted();
    for found in [EtcdEvidence::default(), marked("etcd3", EtcdStage::Beginning, "first")] {
        let again = ask(&mut ledger, "etcd3", Subject::EtcdMembership { found }, "second", 9.0);
        assert_eq!((again.outcome, again.attempt.as_str()), (Outcome::EtcdBegin, "first"));
    }
    refusal(membership(&mut ledger, "etcd3", marked("etcd3", EtcdStage::Beginning, "other"), 9.0));
    refusal(membership(&mut ledger, "etcd3", used(), 9.0));
}

#[test]
fn nobody_waits_for_a_beginning_that_has_failed() {
    let mut ledger = granted();
    for node in ["cp1", "cp2", "cp3"] {
        let outcome = ask(&mut ledger, node, Subject::Membership, "x", 1.0).outcome;
        assert!(node != "cp3" || wait(outcome).contains("etcd has no quorum yet: 3 of its 3 declared members"));
    }
    ask(&mut ledger, "etcd3", Subject::Stopped, "x", 1.0);
    assert!(
        stopped(membership(&mut ledger, "etcd1", EtcdEvidence::default(), 2.0)).contains("its last try has failed")
    );
    assert!(
        stopped(ask(&mut ledger, "cp1", Subject::Membership, "x", 2.0).outcome).contains("its last try has failed")
    );
    assert_eq!(membership(&mut ledger, "etcd3", EtcdEvidence::default(), 3.0), Outcome::EtcdBegin);
    wait(membership(&mut ledger, "etcd1", EtcdEvidence::default(), 4.0));
}

#[test]
fn a_report_counts_from_its_host_alone_and_a_lost_answer_is_given_again() {
    let mut ledger = granted();
    let begun = |attempt: &str| Subject::EtcdBegun { attempt: attempt.to_owned() };
    refusal(ask(&mut ledger, "etcd1", begun("first"), "x", 3.0).outcome);
    refusal(ask(&mut ledger, "etcd3", begun("other"), "x", 3.0).outcome);
    refusal(ask(&mut ledger, "etcd1", Subject::EtcdJoined, "x", 3.0).outcome);
    for now in [3.0, 4.0] {
        assert_eq!(ask(&mut ledger, "etcd3", begun("first"), "x", now).outcome, Outcome::Recorded);
    }
    let outcome = membership(&mut ledger, "etcd3", marked("etcd3", EtcdStage::Beginning, "first"), 5.0);
    assert_eq!(outcome, Outcome::EtcdMember);
}

#[test]
fn it_never_begins_again() {
    let mut ledger = begun();
    for node in HOSTS {
        // Also on the first host, reinstalled blank.
        assert_eq!(membership(&mut ledger, node, EtcdEvidence::default(), 9.0), Outcome::EtcdJoin, "{node}");
        assert_eq!(ask(&mut ledger, node, Subject::EtcdJoined, "x", 9.0).outcome, Outcome::Recorded);
    }
}

#[test]
fn members_join_one_at_a_time() {
    let mut ledger = begun();
    assert_eq!(membership(&mut ledger, "etcd1", EtcdEvidence::default(), 10.0), Outcome::EtcdJoin);
    assert!(wait(membership(&mut ledger, "etcd2", EtcdEvidence::default(), 11.0)).contains("etcd1 changes etcd now"));
    // It died, and goes on.
    let unfinished = marked("etcd1", EtcdStage::Joining, "x");
    assert_eq!(membership(&mut ledger, "etcd1", unfinished, 12.0), Outcome::EtcdJoin);
    ask(&mut ledger, "etcd1", Subject::Stopped, "x", 13.0);
    assert_eq!(membership(&mut ledger, "etcd2", EtcdEvidence::default(), 14.0), Outcome::EtcdJoin);
    // A turn whose holder is gone ends by itself.
    assert_eq!(membership(&mut ledger, "etcd1", EtcdEvidence::default(), 14.0 + TURN_SECONDS), Outcome::EtcdJoin);
}

#[test]
fn members_are_restarted_one_at_a_time() {
    let mut ledger = granted();
    refusal(ask(&mut ledger, "etcd1", Subject::Turn, "x", 1.0).outcome);
    let mut ledger = begun();
    assert_eq!(ask(&mut ledger, "etcd1", Subject::Turn, "x", 6.0).outcome, Outcome::Turn);
    assert!(wait(ask(&mut ledger, "etcd2", Subject::Turn, "x", 7.0).outcome).contains("etcd1 changes etcd now"));
    assert_eq!(ask(&mut ledger, "etcd1", Subject::TurnEnded, "x", 8.0).outcome, Outcome::Recorded);
    assert_eq!(ask(&mut ledger, "etcd2", Subject::Turn, "x", 9.0).outcome, Outcome::Turn);
    refusal(ask(&mut ledger, "cp1", Subject::Turn, "x", 10.0).outcome);
}

#[test]
fn a_member_has_nothing_to_do_and_what_is_foreign_is_refused() {
    let mut ledger = begun();
    assert_eq!(membership(&mut ledger, "etcd1", marked("etcd1", EtcdStage::Member, "x"), 9.0), Outcome::EtcdMember);
    for found in [
        used(),
        marked("etcd2", EtcdStage::Member, "x"),
        marked("etcd2", EtcdStage::Joining, "x"),
        marked("etcd1", EtcdStage::Beginning, "first"),
    ] {
        refusal(membership(&mut ledger, "etcd1", found, 9.0));
    }
}

#[test]
fn the_control_plane_waits_for_a_majority() {
    let mut ledger = begun();
    let ask_all = |ledger: &mut Ledger, now: f64| {
        ["cp1", "cp2", "cp3"].map(|node| ask(ledger, node, Subject::Membership, "x", now).outcome)
    };
    let said = wait(ask_all(&mut ledger, 10.0)[2].clone());
    assert!(said.contains("2 of its 3 declared members are missing (etcd1, etcd2)"), "{said}");
    membership(&mut ledger, "etcd2", EtcdEvidence::default(), 11.0);
    wait(ask_all(&mut ledger, 12.0)[2].clone());
    ask(&mut ledger, "etcd2", Subject::EtcdJoined, "x", 13.0);
    assert_eq!(ask_all(&mut ledger, 14.0)[0], Outcome::Initialise);
    assert!(matches!(ledger.initialisation, Initialisation::Granted { .. }));
    // A host of etcd alone is no node of Kubernetes.
    assert!(matches!(ask(&mut ledger, "etcd1", Subject::Membership, "x", 15.0).outcome, Outcome::Refuse { .. }));
}

#[test]
fn certificates_are_for_members_and_their_clients() {
    let mut ledger = support::ledger();
    for node in ["etcd1", "cp1"] {
        let outcome = ask(&mut ledger, node, Subject::EtcdCertificates, "x", 0.0).outcome;
        assert_eq!(outcome, Outcome::EtcdCertificates, "{node}");
    }
    refusal(ask(&mut ledger, "w1", Subject::EtcdCertificates, "x", 0.0).outcome);
    // Where etcd is stacked there are none.
    refusal(support::ask(&mut ledger, "cp1", Subject::EtcdCertificates, Evidence::default(), "x", 0.0).outcome);
}

#[test]
fn an_older_record_is_read() {
    let mut written: serde_json::Value = serde_json::from_str(&support::ledger().write().unwrap()).unwrap();
    written.as_object_mut().unwrap().remove("etcd");
    assert_eq!(Ledger::read(&written.to_string()).unwrap(), support::ledger());
}
