//! Before the cluster exists.

use crate::support::*;
use gate::creation::{ANSWER_SECONDS, Evidence, Initialisation, Outcome, Stage, Subject, decide};
use gate::creation::{Ledger, Request};

#[test]
fn silence_is_a_refusal_to_initialise() {
    let mut ledger = ledger();
    let said = wait(membership(&mut ledger, "cp1", Evidence::default(), 0.0));
    assert!(said.contains("cp2, cp3 have not answered") && said.contains("without=cp2,cp3"), "{said}");
    let said = wait(membership(&mut ledger, "cp3", Evidence::default(), 1.0));
    assert!(said.contains("cp2 has not answered"), "{said}");
    assert_eq!(membership(&mut ledger, "cp2", Evidence::default(), 2.0), Outcome::Initialise);
}

#[test]
fn an_old_answer_is_silence() {
    let mut ledger = ledger();
    membership(&mut ledger, "cp1", Evidence::default(), 0.0);
    membership(&mut ledger, "cp2", Evidence::default(), ANSWER_SECONDS + 1.0);
    let said = wait(membership(&mut ledger, "cp3", Evidence::default(), ANSWER_SECONDS + 2.0));
    assert!(said.contains("cp1 has not answered"), "{said}");
}

#[test]
fn the_operator_names_whom_to_go_without() {
    let mut ledger = Ledger::open("prod1", CA, vec!["cp3".to_owned()], 0.0);
    membership(&mut ledger, "cp1", Evidence::default(), 0.0);
    assert_eq!(membership(&mut ledger, "cp2", Evidence::default(), 0.0), Outcome::Initialise);
}

#[test]
fn workers_wait_and_count_for_nothing() {
    let mut ledger = ledger();
    for node in ["w1", "w2"] {
        wait(membership(&mut ledger, node, used(), 0.0));
    }
    assert!(ledger.answers.is_empty());
}

#[test]
fn one_used_host_refuses_all() {
    let mut ledger = ledger();
    let said = refusal(membership(&mut ledger, "cp2", used(), 0.0));
    assert!(said.contains("cp2 is not blank: /var/lib/etcd/member") && said.contains("kubeadm reset"), "{said}");
    let said = refusal(membership(&mut ledger, "cp1", Evidence::default(), 0.0));
    assert!(said.contains("cp2 is not blank"), "{said}");
    // It was reset, and says so.
    membership(&mut ledger, "cp2", Evidence::default(), 1.0);
    assert_eq!(membership(&mut ledger, "cp3", Evidence::default(), 1.0), Outcome::Initialise);
}

#[test]
fn the_grant_stays_with_its_node_however_often_it_dies() {
    let mut ledger = ledger();
    for node in ["cp1", "cp2"] {
        membership(&mut ledger, node, Evidence::default(), 0.0);
    }
    let granted = ask(&mut ledger, "cp3", Subject::Membership, Evidence::default(), "first", 0.0);
    assert_eq!((granted.outcome, granted.attempt.as_str()), (Outcome::Initialise, "first"));
    assert!(
        wait(membership(&mut ledger, "cp1", Evidence::default(), 5.0)).contains("cp3 initialises the cluster, for 5 s")
    );
    // Before its marker was written, in the middle, and after the end whose report was lost.
    for evidence in [
        Evidence::default(),
        marked("cp3", Stage::Initialising, "first", None),
        marked("cp3", Stage::Initialised, "first", Some(UID)),
    ] {
        let again = ask(&mut ledger, "cp3", Subject::Membership, evidence, "second", 9.0);
        assert_eq!((again.outcome, again.attempt.as_str()), (Outcome::Initialise, "first"));
    }
    let said = refusal(membership(&mut ledger, "cp3", marked("cp3", Stage::Initialising, "other", None), 9.0));
    assert!(said.contains("not of that attempt"), "{said}");
    refusal(membership(&mut ledger, "cp3", used(), 9.0));
}

#[test]
fn nobody_waits_for_a_try_that_has_failed() {
    let mut ledger = ledger();
    for node in ["cp1", "cp2", "cp3"] {
        membership(&mut ledger, node, Evidence::default(), 0.0);
    }
    // What others say of themselves changes nothing.
    ask(&mut ledger, "cp1", Subject::Stopped, Evidence::default(), "x", 1.0);
    wait(membership(&mut ledger, "cp1", Evidence::default(), 2.0));
    ask(&mut ledger, "cp3", Subject::Stopped, Evidence::default(), "x", 3.0);
    let said = stopped(membership(&mut ledger, "cp1", Evidence::default(), 4.0));
    assert!(said.contains("cp3 initialises the cluster, and its last try has failed"), "{said}");
    stopped(membership(&mut ledger, "w1", Evidence::default(), 4.0));
    // It goes on, and the others wait again.
    assert_eq!(membership(&mut ledger, "cp3", Evidence::default(), 5.0), Outcome::Initialise);
    wait(membership(&mut ledger, "cp1", Evidence::default(), 6.0));
}

#[test]
fn a_report_counts_once_and_from_its_node_alone() {
    let mut ledger = ledger();
    for node in ["cp1", "cp2"] {
        membership(&mut ledger, node, Evidence::default(), 0.0);
    }
    ask(&mut ledger, "cp3", Subject::Membership, Evidence::default(), "first", 0.0);
    let mut report = |node: &str, attempt: &str, uid: &str| {
        let subject = Subject::Initialised { attempt: attempt.to_owned(), kube_system_uid: uid.to_owned() };
        ask(&mut ledger, node, subject, Evidence::default(), "x", 3.0).outcome
    };
    refusal(report("cp1", "first", UID));
    refusal(report("cp3", "other", UID));
    assert_eq!(report("cp3", "first", UID), Outcome::Recorded);
    assert_eq!(report("cp3", "first", UID), Outcome::Recorded);
    let said = refusal(report("cp3", "first", "another"));
    assert!(said.contains("a second cluster answers there"), "{said}");
    assert!(matches!(ledger.initialisation, Initialisation::Done { .. }));
}

#[test]
fn a_pinned_identity_is_never_initialised() {
    let mut ledger = ledger();
    let pinned = gate::creation::Roster { pinned_uid: Some(UID.to_owned()), ..roster() };
    let request = Request { subject: Subject::Membership, evidence: Evidence::default() };
    let said = refusal(decide(&mut ledger, &pinned, "cp1", &request, "x", 0.0).outcome);
    assert!(said.contains("exists") && said.contains("Restore the ledger"), "{said}");
}

#[test]
fn another_ca_another_name_or_a_stranger_is_refused_whatever_it_asks() {
    let request = Request { subject: Subject::Authorities, evidence: Evidence::default() };
    let refused = |roster: &gate::creation::Roster, node: &str| {
        refusal(decide(&mut ledger(), roster, node, &request, "x", 0.0).outcome)
    };
    let pinned = gate::creation::Roster { pinned_fingerprint: Some("sha256:bb".to_owned()), ..roster() };
    assert!(refused(&pinned, "cp1").contains("sha256:bb"));
    let renamed = gate::creation::Roster { cluster: "prod2".to_owned(), ..roster() };
    assert!(refused(&renamed, "cp1").contains("a cluster is not renamed"));
    assert!(refused(&roster(), "cp9").contains("no node cp9"));
}
