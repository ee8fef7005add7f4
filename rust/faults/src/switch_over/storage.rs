//! Volumes of a lost node, and their copies.

use super::pods::{evicted, found_dead};
use super::{Failure, Goal, Part, SwitchOver};
use topology::Topology;
use topology::values::Duration;

pub(super) fn all(topology: &Topology) -> Vec<SwitchOver> {
    let mut all = Vec::new();
    let Some(storage) = &topology.pillar.storage else { return all };
    if let Some(longhorn) = &storage.longhorn {
        let first = "longhorn".to_owned();
        for class in [&first].into_iter().chain(longhorn.classes.keys()) {
            all.extend(attached(topology, &format!("storage {class}")));
        }
        // Source: Longhorn, setting `replica-replenishment-wait-interval`, 600 s by default.
        let wait =
            Part::new("Longhorn makes a new replica", Duration::seconds(600), "replica-replenishment-wait-interval");
        all.push(copies("copies of storage longhorn", wait));
    }
    if storage.rook.is_some() {
        all.extend(attached(topology, "storage rook"));
        // Source: Ceph, `mon_osd_down_out_interval`, 600 s by default.
        let wait = Part::new("Ceph gives up a silent OSD", Duration::seconds(600), "mon_osd_down_out_interval");
        all.push(copies("copies of storage rook", wait));
        // Source: Rook, `ROOK_MON_OUT_TIMEOUT`, 600 s by default.
        let wait = Part::new("Rook replaces a silent monitor", Duration::seconds(600), "ROOK_MON_OUT_TIMEOUT");
        all.push(copies("rook monitors", wait));
    }
    all
}

/// Nothing stops meanwhile: a further loss weighs more until then.
fn copies(of: &str, part: Part) -> SwitchOver {
    SwitchOver { of: of.to_owned(), failure: Failure::NodeLost, parts: vec![part], goal: None }
}

/// A volume that one node may hold is taken from a dead one by force.
///
/// Source: kube-controller-manager, attach-detach controller, `maxWaitForUnmountDuration` 6 min, counted from when the pod
/// is deleted; with `--disable-force-detach-on-timeout` only the taint `out-of-service` does it.
fn attached(topology: &Topology, of: &str) -> Option<SwitchOver> {
    let mut parts = found_dead(topology)?;
    parts.extend(evicted(topology));
    let until = "the volume is taken from the dead node by force";
    let off = topology.kubeadm.controller_manager.argument("disable-force-detach-on-timeout") == Some("true");
    parts.push(if off {
        Part::never(until, "kube-controller-manager: disable-force-detach-on-timeout")
    } else {
        Part::new(until, Duration::seconds(360), "kube-controller-manager: maxWaitForUnmountDuration")
    });
    Some(SwitchOver { of: of.to_owned(), failure: Failure::NodeLost, parts, goal: Some(Goal::RecoveryTime) })
}
