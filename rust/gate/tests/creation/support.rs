//! A cluster of three control-plane nodes, two workers and two load balancers, and requests of its nodes.

use gate::creation::{Answer, Evidence, Ledger, Marker, Outcome, Request, Roster, Stage, Subject, decide};

pub const CA: &str = "sha256:aa";
pub const UID: &str = "0000-1111";

pub fn roster() -> Roster {
    Roster {
        cluster: "prod1".to_owned(),
        control_plane: ["cp1", "cp2", "cp3"].map(str::to_owned).to_vec(),
        workers: ["w1", "w2"].map(str::to_owned).to_vec(),
        etcd: Vec::new(),
        balancers: ["lb1", "lb2"].map(str::to_owned).to_vec(),
        stacked: true,
        pinned_uid: None,
        pinned_fingerprint: None,
    }
}

pub fn ledger() -> Ledger {
    Ledger::open("prod1", CA, Vec::new(), 0.0)
}

/// A ledger of a cluster that cp1 initialised by the attempt `first`.
pub fn initialised() -> Ledger {
    let mut ledger = ledger();
    for node in ["cp2", "cp3", "cp1"] {
        ask(&mut ledger, node, Subject::Membership, Evidence::default(), "first", 1.0);
    }
    let report = Subject::Initialised { attempt: "first".to_owned(), kube_system_uid: UID.to_owned() };
    let answer = ask(&mut ledger, "cp1", report, Evidence::default(), "x", 20.0);
    assert_eq!(answer.outcome, Outcome::Recorded);
    ledger
}

pub fn ask(ledger: &mut Ledger, node: &str, subject: Subject, evidence: Evidence, attempt: &str, now: f64) -> Answer {
    decide(ledger, &roster(), node, &Request { subject, evidence }, attempt, now)
}

pub fn membership(ledger: &mut Ledger, node: &str, evidence: Evidence, now: f64) -> Outcome {
    ask(ledger, node, Subject::Membership, evidence, "fresh", now).outcome
}

pub fn marked(node: &str, stage: Stage, attempt: &str, uid: Option<&str>) -> Evidence {
    let marker = Marker {
        cluster: "prod1".to_owned(),
        node: node.to_owned(),
        stage,
        attempt: attempt.to_owned(),
        ca_fingerprint: CA.to_owned(),
        kube_system_uid: uid.map(str::to_owned),
    };
    Evidence { marker: Some(marker), traces: vec!["/var/lib/etcd/member (etcd's data)".to_owned()] }
}

pub fn used() -> Evidence {
    Evidence { marker: None, traces: vec!["/var/lib/etcd/member (etcd's data)".to_owned()] }
}

/// The sentence of a refusal.
pub fn refusal(outcome: Outcome) -> String {
    match outcome {
        Outcome::Refuse { reason } => reason,
        other => unreachable!("expected a refusal, got {other:?}"),
    }
}

/// The sentence about a node that has to go first and has failed.
pub fn stopped(outcome: Outcome) -> String {
    match outcome {
        Outcome::Stopped { reason } => reason,
        other => unreachable!("expected another one's failure, got {other:?}"),
    }
}

/// The sentence of a wait.
pub fn wait(outcome: Outcome) -> String {
    match outcome {
        Outcome::Wait { reason } => reason,
        other => unreachable!("expected a wait, got {other:?}"),
    }
}
