//! The decision on one request.

use super::ledger::{Initialisation, Joined, Ledger};
use super::request::{Answer, Outcome, Request, Subject};
use super::roster::Roster;
use super::{etcd, initialise, join};

/// Decides a request of a node, and writes into the ledger what follows from it.
///
/// `attempt` is a fresh random name for the case that something is granted; `now` is the master's time in seconds since the
/// epoch.
pub fn decide(ledger: &mut Ledger, roster: &Roster, node: &str, request: &Request, attempt: &str, now: f64) -> Answer {
    let outcome = refusal(ledger, roster, node, &request.subject).unwrap_or_else(|| match &request.subject {
        Subject::Authorities => Outcome::Authorities,
        Subject::Membership => membership(ledger, roster, node, request, attempt, now),
        Subject::Initialised { attempt, kube_system_uid } => {
            initialise::record(ledger, node, attempt, kube_system_uid, now)
        }
        Subject::Joined { kube_system_uid } => joined(ledger, node, kube_system_uid, now),
        Subject::Turn => join::turn(ledger, roster, node, now),
        Subject::TurnEnded => {
            join::give_back(ledger, node);
            Outcome::Recorded
        }
        Subject::EtcdCertificates => etcd::certificates(roster, node),
        Subject::GateCertificate => gate_certificate(roster, node),
        Subject::EtcdMembership { found } => etcd::membership(ledger, roster, node, found, attempt, now),
        Subject::EtcdBegun { attempt } => etcd::begun(ledger, node, attempt, now),
        Subject::EtcdJoined => etcd::joined(ledger, roster, node, now),
        Subject::Stopped => {
            join::give_back(ledger, node);
            ledger.set_stopped(node, true);
            ledger.etcd.set_stopped(node, true);
            Outcome::Recorded
        }
    });
    let granted = match (&outcome, &ledger.initialisation) {
        (Outcome::Initialise, Initialisation::Granted { attempt, .. }) => attempt.clone(),
        (Outcome::Join | Outcome::EtcdJoin, _) => attempt.to_owned(),
        (Outcome::EtcdBegin, _) => ledger.etcd.granted().to_owned(),
        _ => String::new(),
    };
    Answer { outcome, attempt: granted, kube_system_uid: ledger.kube_system_uid().map(str::to_owned) }
}

/// What forbids anything, whatever is asked.
fn refusal(ledger: &Ledger, roster: &Roster, node: &str, subject: &Subject) -> Option<Outcome> {
    if ledger.cluster != roster.cluster {
        return Some(Outcome::refuse(format!(
            "the ledger is of cluster {}, the pillar names {}: a cluster is not renamed",
            ledger.cluster, roster.cluster
        )));
    }
    if !roster.names(node) {
        return Some(Outcome::refuse(format!("the pillar of cluster {} has no node {node}", roster.cluster)));
    }
    if roster.is_balancer(node) && !matches!(subject, Subject::Authorities | Subject::GateCertificate) {
        return Some(Outcome::refuse(format!(
            "the pillar of cluster {} has only the load balancer on {node}, which is no member of anything",
            roster.cluster
        )));
    }
    let pinned = roster.pinned_fingerprint.as_ref().filter(|pinned| **pinned != ledger.ca_fingerprint)?;
    Some(Outcome::refuse(format!(
        "the pillar pins cluster.identity.ca_fingerprint {pinned}, the ledger's CA has {}: one of the two is of another \
         cluster",
        ledger.ca_fingerprint
    )))
}

fn membership(ledger: &mut Ledger, roster: &Roster, node: &str, request: &Request, attempt: &str, now: f64) -> Outcome {
    if !roster.runs_kubelet(node) {
        return Outcome::refuse(format!("the pillar of cluster {} gives {node} no kubelet", roster.cluster));
    }
    match ledger.initialisation.clone() {
        Initialisation::Open => initialise::open(ledger, roster, node, &request.evidence, attempt, now),
        Initialisation::Granted { node: other, attempt, since, stopped } => {
            let granted = initialise::Grant { node: &other, attempt: &attempt, since, stopped };
            let outcome = initialise::granted(&granted, node, &request.evidence, now);
            if outcome == Outcome::Initialise {
                ledger.set_stopped(node, false);
            }
            outcome
        }
        Initialisation::Done { kube_system_uid, .. } => {
            join::membership(ledger, roster, node, &request.evidence, &kube_system_uid, now)
        }
    }
}

/// A worker, or a host that runs the load balancer alone, asks for what it shows to the API. A node of the control plane has
/// more than that already, and a host of etcd asks etcd.
fn gate_certificate(roster: &Roster, node: &str) -> Outcome {
    if roster.is_balancer(node) || roster.workers.iter().any(|name| name == node) {
        return Outcome::GateCertificate;
    }
    Outcome::refuse(format!(
        "the pillar of cluster {} makes {node} no worker, and no host of the load balancer alone",
        roster.cluster
    ))
}

fn joined(ledger: &mut Ledger, node: &str, kube_system_uid: &str, now: f64) -> Outcome {
    join::give_back(ledger, node);
    match ledger.kube_system_uid() {
        Some(uid) if uid == kube_system_uid => {
            ledger.joined.entry(node.to_owned()).or_insert(Joined { at: now });
            Outcome::Recorded
        }
        Some(uid) => Outcome::refuse(format!(
            "{node} has joined a cluster whose kube-system has the UID {kube_system_uid}; cluster {} has {uid}. Something \
             else answers at its address",
            ledger.cluster
        )),
        None => {
            Outcome::refuse(format!("{node} says that it joined, and cluster {} was never initialised", ledger.cluster))
        }
    }
}
