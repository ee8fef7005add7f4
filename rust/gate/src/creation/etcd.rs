//! An external etcd, before Kubernetes: one host begins it alone, the others join one at a time.
//!
//! What holds whatever is asked: it is begun once, by one host, when every declared etcd host has said lately that it is blank,
//! and never again; the control plane is initialised only when a majority of the declared members has joined.

use super::blank::Required;
use super::etcd_record::{EtcdBeginning, EtcdEvidence, EtcdMarker, EtcdStage};
use super::join::take_turn;
use super::ledger::{BlankAnswer, Initialisation, Joined, Ledger};
use super::request::Outcome;
use super::roster::Roster;

/// A node asks for certificates of etcd: a member for itself, an API server to be a client.
pub(super) fn certificates(roster: &Roster, node: &str) -> Outcome {
    let is_client = !roster.etcd.is_empty() && roster.is_control_plane(node);
    if is_client || roster.etcd.iter().any(|name| name == node) {
        return Outcome::EtcdCertificates;
    }
    Outcome::refuse(format!(
        "the pillar of cluster {} gives {node} nothing to do with an external etcd",
        roster.cluster
    ))
}

/// An etcd host asks what it is to do.
pub(super) fn membership(
    ledger: &mut Ledger,
    roster: &Roster,
    node: &str,
    found: &EtcdEvidence,
    attempt: &str,
    now: f64,
) -> Outcome {
    if !roster.etcd.iter().any(|name| name == node) {
        return Outcome::refuse(format!("the pillar of cluster {} makes {node} no host of etcd", roster.cluster));
    }
    match ledger.etcd.beginning.clone() {
        EtcdBeginning::Open => open(ledger, roster, node, found, attempt, now),
        EtcdBeginning::Granted { node: other, stopped: true, .. } if other != node => {
            Outcome::stopped(failed_beginning(&other))
        }
        EtcdBeginning::Granted { node: other, since, .. } if other != node => {
            Outcome::wait(format!("{other} begins etcd, for {:.0} s so far", (now - since).max(0.0)))
        }
        EtcdBeginning::Granted { attempt, .. } => {
            if !found.is_blank() && !found.is_of(&attempt, EtcdStage::Beginning) {
                return not_of_its_making(ledger, node, found);
            }
            ledger.etcd.set_stopped(node, false);
            Outcome::EtcdBegin
        }
        EtcdBeginning::Done { node: first, attempt, .. } => {
            if first == node && found.is_of(&attempt, EtcdStage::Beginning) {
                // It had begun and told so; the answer was lost.
                return Outcome::EtcdMember;
            }
            existing(ledger, node, found, now)
        }
    }
}

/// Nobody was granted to begin.
fn open(ledger: &mut Ledger, roster: &Roster, node: &str, found: &EtcdEvidence, attempt: &str, now: f64) -> Outcome {
    if roster.pinned_uid.is_some() || ledger.initialisation != Initialisation::Open {
        return Outcome::refuse(format!(
            "cluster {} exists, and no etcd on hosts of its own was begun by this ledger: no empty one is begun beside it. \
             Restore the ledger of the master that made it; another etcd is given to a cluster by restoring a snapshot",
            roster.cluster
        ));
    }
    ledger.etcd.answers.insert(node.to_owned(), BlankAnswer { found: found.described(), at: now });
    if !found.is_blank() {
        return not_of_its_making(ledger, node, found);
    }
    let required = Required { nodes: &roster.etcd, without: &ledger.without, cluster: &roster.cluster };
    if let Some(missing) = required.missing(&ledger.etcd.answers, now) {
        return missing;
    }
    ledger.etcd.beginning =
        EtcdBeginning::Granted { node: node.to_owned(), attempt: attempt.to_owned(), since: now, stopped: false };
    Outcome::EtcdBegin
}

/// etcd exists: a host is a member of it, or becomes one in its turn.
fn existing(ledger: &mut Ledger, node: &str, found: &EtcdEvidence, now: f64) -> Outcome {
    let is_ours = |marker: &EtcdMarker| {
        marker.cluster == ledger.cluster && marker.node == node && marker.ca_fingerprint == ledger.ca_fingerprint
    };
    match &found.marker {
        Some(marker) if is_ours(marker) && marker.stage == EtcdStage::Member => return Outcome::EtcdMember,
        Some(marker) if is_ours(marker) && marker.stage == EtcdStage::Joining => {}
        None if found.is_blank() => {}
        _ => return not_of_its_making(ledger, node, found),
    }
    if let Some(wait) = take_turn(ledger, node, now) {
        return wait;
    }
    // Until it has told, whatever it was before.
    ledger.etcd.joined.remove(node);
    Outcome::EtcdJoin
}

fn not_of_its_making(ledger: &Ledger, node: &str, found: &EtcdEvidence) -> Outcome {
    Outcome::refuse(format!(
        "{node} is not blank: {}. This is not of the making of cluster {}'s ledger. If nothing on it is needed, stop etcd there \
         and remove what it names",
        found.described(),
        ledger.cluster
    ))
}

/// A host says that etcd has begun on it.
pub(super) fn begun(ledger: &mut Ledger, node: &str, attempt: &str, now: f64) -> Outcome {
    match &ledger.etcd.beginning {
        EtcdBeginning::Granted { node: granted, attempt: name, .. } if granted == node && name == attempt => {
            let (node, attempt) = (node.to_owned(), attempt.to_owned());
            ledger.etcd.joined.insert(node.clone(), Joined { at: now });
            ledger.etcd.answers.clear();
            ledger.etcd.beginning = EtcdBeginning::Done { node, attempt, at: now };
            Outcome::Recorded
        }
        EtcdBeginning::Done { node: done, attempt: name, .. } if done == node && name == attempt => Outcome::Recorded,
        _ => Outcome::refuse(format!(
            "{node} says that it began etcd of cluster {}, and was not granted it. Stop etcd there: a second one answers",
            ledger.cluster
        )),
    }
}

/// A host says that it is a member.
pub(super) fn joined(ledger: &mut Ledger, roster: &Roster, node: &str, now: f64) -> Outcome {
    super::join::give_back(ledger, node);
    if !has_begun_for(ledger, roster, node) {
        return Outcome::refuse(format!(
            "{node} says that it joined etcd of cluster {}, which has none for it to join",
            ledger.cluster
        ));
    }
    ledger.etcd.joined.insert(node.to_owned(), Joined { at: now });
    Outcome::Recorded
}

/// Whether the node is a host of an external etcd that exists.
pub(super) fn has_begun_for(ledger: &Ledger, roster: &Roster, node: &str) -> bool {
    let is_host = roster.etcd.iter().any(|name| name == node);
    is_host && matches!(ledger.etcd.beginning, EtcdBeginning::Done { .. })
}

/// What the control plane waits for before it is initialised; `None` where etcd is stacked, or has a quorum.
pub(super) fn missing_quorum(ledger: &Ledger, roster: &Roster) -> Option<Outcome> {
    let missing: Vec<&str> =
        roster.etcd.iter().map(String::as_str).filter(|name| !ledger.etcd.joined.contains_key(*name)).collect();
    let all = roster.etcd.len();
    if all == 0 || all - missing.len() > all / 2 {
        return None;
    }
    if let EtcdBeginning::Granted { node, stopped: true, .. } = &ledger.etcd.beginning {
        return Some(Outcome::stopped(failed_beginning(node)));
    }
    Some(Outcome::wait(format!(
        "etcd has no quorum yet: {} of its {all} declared members {} missing ({})",
        missing.len(),
        if missing.len() == 1 { "is" } else { "are" },
        missing.join(", ")
    )))
}

fn failed_beginning(node: &str) -> String {
    format!("{node} begins etcd, and its last try has failed. See what it says, mend it, and apply again")
}
