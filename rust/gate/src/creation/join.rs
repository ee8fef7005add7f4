//! After the cluster exists: who is a member, and who may join.

use super::TURN_SECONDS;
use super::evidence::{Evidence, Marker, Stage};
use super::ledger::{Ledger, Turn};
use super::request::Outcome;
use super::roster::Roster;

/// A node asks what it is to do, and the cluster exists.
pub(super) fn membership(
    ledger: &mut Ledger,
    roster: &Roster,
    node: &str,
    evidence: &Evidence,
    kube_system_uid: &str,
    now: f64,
) -> Outcome {
    if let Some(pinned) = roster.pinned_uid.as_ref().filter(|pinned| *pinned != kube_system_uid) {
        return Outcome::refuse(format!(
            "the pillar pins cluster.identity.kube_system_uid {pinned}, the ledger of cluster {} has {kube_system_uid}",
            roster.cluster
        ));
    }
    match &evidence.marker {
        Some(marker) if is_member(marker, ledger, kube_system_uid) => return Outcome::Member,
        Some(marker) if !is_unfinished_join(marker, ledger, node) => return foreign(marker, ledger, node),
        None if !evidence.traces.is_empty() => {
            return Outcome::refuse(format!(
                "{node} is not blank: {}. Cluster {} exists, and this is not of its making, as far as {node}'s root disk \
                 knows. If nothing on it is needed, run `kubeadm reset` there and remove what it names",
                evidence.described(),
                roster.cluster
            ));
        }
        _ => {}
    }
    if roster.stacked && roster.is_control_plane(node) {
        take_turn(ledger, node, now).unwrap_or(Outcome::Join)
    } else {
        Outcome::Join
    }
}

fn is_member(marker: &Marker, ledger: &Ledger, kube_system_uid: &str) -> bool {
    let known = marker.kube_system_uid.as_deref() == Some(kube_system_uid);
    let ended = matches!(marker.stage, Stage::Member | Stage::Initialised | Stage::Joined);
    known && ended && marker.ca_fingerprint == ledger.ca_fingerprint
}

/// Whether the marker is of a join to this cluster that did not end: what it left may be removed.
fn is_unfinished_join(marker: &Marker, ledger: &Ledger, node: &str) -> bool {
    let same = marker.cluster == ledger.cluster && marker.ca_fingerprint == ledger.ca_fingerprint;
    same && marker.node == node && marker.stage == Stage::Joining
}

fn foreign(marker: &Marker, ledger: &Ledger, node: &str) -> Outcome {
    if marker.stage == Stage::Initialising || marker.ca_fingerprint != ledger.ca_fingerprint {
        return Outcome::refuse(format!(
            "{node} holds an initialisation of cluster {} that is not the one on record. Run `kubeadm reset` there and remove \
             its marker, if nothing on it is needed",
            marker.cluster
        ));
    }
    Outcome::refuse(format!(
        "{node} is marked as a member of cluster {} with the UID {}, cluster {} on record has {}. It is another one: take the \
         node out of the pillar, or reset it",
        marker.cluster,
        marker.kube_system_uid.as_deref().unwrap_or("unknown"),
        ledger.cluster,
        ledger.kube_system_uid().unwrap_or("unknown"),
    ))
}

/// A node asks to have etcd to itself: it has a member, and restarts or replaces it.
pub(super) fn turn(ledger: &mut Ledger, roster: &Roster, node: &str, now: f64) -> Outcome {
    if super::etcd::has_begun_for(ledger, roster, node) {
        return take_turn(ledger, node, now).unwrap_or(Outcome::Turn);
    }
    if ledger.kube_system_uid().is_none() {
        return Outcome::refuse(format!(
            "cluster {} was never initialised, so {node} has no member of etcd",
            roster.cluster
        ));
    }
    if !(roster.stacked && roster.is_control_plane(node)) {
        return Outcome::refuse(format!("the pillar of cluster {} gives {node} no member of etcd", roster.cluster));
    }
    take_turn(ledger, node, now).unwrap_or(Outcome::Turn)
}

/// One node at a time joins etcd, or takes its member out of it. A turn that was not given back ends by itself.
///
/// Gives for what the node has to wait; None when it has the turn.
pub(super) fn take_turn(ledger: &mut Ledger, node: &str, now: f64) -> Option<Outcome> {
    if let Some(turn) = ledger.turn.as_ref().filter(|turn| turn.node != node && turn.until > now) {
        let left = (turn.until - now).ceil();
        return Some(Outcome::wait(format!(
            "{} changes etcd now, and members do so one at a time (at most {left:.0} s more)",
            turn.node
        )));
    }
    ledger.turn = Some(Turn { node: node.to_owned(), until: now + TURN_SECONDS });
    None
}

/// The node's turn is over.
pub(super) fn give_back(ledger: &mut Ledger, node: &str) {
    if ledger.turn.as_ref().is_some_and(|turn| turn.node == node) {
        ledger.turn = None;
    }
}
