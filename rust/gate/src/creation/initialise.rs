//! Before the cluster exists: who may run `kubeadm init`.

use super::blank::Required;
use super::etcd;
use super::evidence::{Evidence, Marker, Stage};
use super::ledger::{BlankAnswer, Initialisation, Ledger};
use super::request::Outcome;
use super::roster::Roster;

/// A grant of `init` that is on record.
pub(super) struct Grant<'l> {
    pub node: &'l str,
    pub attempt: &'l str,
    pub since: f64,
    pub stopped: bool,
}

/// Nobody was granted `init` yet.
pub(super) fn open(
    ledger: &mut Ledger,
    roster: &Roster,
    node: &str,
    evidence: &Evidence,
    attempt: &str,
    now: f64,
) -> Outcome {
    if roster.pinned_uid.is_some() {
        return Outcome::refuse(format!(
            "the pillar pins cluster.identity.kube_system_uid, so cluster {} exists, and this master's ledger has never seen \
             it. Restore the ledger from a backup of the master that created it; nothing is initialised",
            roster.cluster
        ));
    }
    if !roster.is_control_plane(node) {
        return Outcome::wait("no control-plane node has initialised the cluster yet");
    }
    ledger.answers.insert(node.to_owned(), BlankAnswer { found: evidence.described(), at: now });
    if !evidence.is_blank() {
        return Outcome::refuse(format!(
            "{node} is not blank: {}. The ledger of cluster {} has never granted `kubeadm init`, so this is not of its \
             making. If nothing on it is needed, run `kubeadm reset` there and remove what it names",
            evidence.described(),
            roster.cluster
        ));
    }
    let required = Required { nodes: &roster.control_plane, without: &ledger.without, cluster: &roster.cluster };
    if let Some(missing) = required.missing(&ledger.answers, now).or_else(|| etcd::missing_quorum(ledger, roster)) {
        return missing;
    }
    ledger.initialisation =
        Initialisation::Granted { node: node.to_owned(), attempt: attempt.to_owned(), since: now, stopped: false };
    Outcome::Initialise
}

/// One node was granted `init` and has not said that it is done.
pub(super) fn granted(grant: &Grant<'_>, node: &str, evidence: &Evidence, now: f64) -> Outcome {
    if node != grant.node && grant.stopped {
        return Outcome::stopped(format!(
            "{} initialises the cluster, and its last try has failed. See what it says, mend it, and apply again",
            grant.node
        ));
    }
    if node != grant.node {
        let seconds = (now - grant.since).max(0.0);
        return Outcome::wait(format!("{} initialises the cluster, for {seconds:.0} s so far", grant.node));
    }
    if evidence.is_blank() || evidence.marker.as_ref().is_some_and(|marker| is_of(marker, grant)) {
        return Outcome::Initialise;
    }
    Outcome::refuse(format!(
        "{node} was granted `kubeadm init`, and holds what is not of that attempt: {}. If nothing on it is needed, run \
         `kubeadm reset` there and remove what it names",
        evidence.described()
    ))
}

fn is_of(marker: &Marker, grant: &Grant<'_>) -> bool {
    marker.attempt == grant.attempt && matches!(marker.stage, Stage::Initialising | Stage::Initialised)
}

/// A node says that its `kubeadm init` has ended well.
pub(super) fn record(ledger: &mut Ledger, node: &str, attempt: &str, kube_system_uid: &str, now: f64) -> Outcome {
    match &ledger.initialisation {
        Initialisation::Granted { node: granted, attempt: name, .. } if granted == node && name == attempt => {
            ledger.initialisation = Initialisation::Done {
                node: node.to_owned(),
                attempt: attempt.to_owned(),
                kube_system_uid: kube_system_uid.to_owned(),
                at: now,
            };
            ledger.answers.clear();
            Outcome::Recorded
        }
        // Its report arrived, and the answer was lost.
        Initialisation::Done { node: done, attempt: name, kube_system_uid: uid, .. }
            if done == node && name == attempt && uid == kube_system_uid =>
        {
            Outcome::Recorded
        }
        Initialisation::Done { kube_system_uid: uid, node: done, .. } => Outcome::refuse(format!(
            "{node} says that it initialised cluster {} with the UID {kube_system_uid}; {done} did, with the UID {uid}. Take \
             {node} off the network: a second cluster answers there",
            ledger.cluster
        )),
        _ => Outcome::refuse(format!(
            "{node} says that it initialised cluster {}, and was not granted it",
            ledger.cluster
        )),
    }
}
