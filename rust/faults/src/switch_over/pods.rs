//! Pods of a lost node, and the questions that went to it.

use super::{Failure, Goal, Part, SwitchOver, argument};
use topology::Topology;
use topology::values::Duration;

pub(super) fn all(topology: &Topology) -> Vec<SwitchOver> {
    let mut all = Vec::new();
    if let Some(found) = found_dead(topology) {
        let mut parts = found.clone();
        parts.extend(evicted(topology));
        let pods = |of: &str, parts| SwitchOver {
            of: of.to_owned(),
            failure: Failure::NodeLost,
            parts,
            goal: Some(Goal::RecoveryTime),
        };
        all.push(pods("endpoints of services", found));
        all.push(pods("pods", parts));
    }
    if topology.pillar.dns.dnsmasq.is_some() {
        // Source: resolv.conf(5), `timeout`: 5 s until the next resolver is asked; each question begins with the first one.
        let part = Part::new("a host asks the next resolver", Duration::seconds(5), "resolv.conf: timeout");
        let of = "dnsmasq".to_owned();
        all.push(SwitchOver { of, failure: Failure::NodeLost, parts: vec![part], goal: Some(Goal::RecoveryTime) });
    }
    all
}

/// Until a node is found dead: pods on it get no more traffic then. `None` where the distribution is not ours, or what is
/// written is no span.
///
/// Source: kube-controller-manager, `--node-monitor-grace-period` 50s, `--node-monitor-period` 5s.
pub(super) fn found_dead(topology: &Topology) -> Option<Vec<Part>> {
    if !topology.is_kubeadm() {
        return None;
    }
    let manager = &topology.kubeadm.controller_manager;
    let grace = argument(manager, "node-monitor-grace-period", Duration::seconds(50))?;
    let period = argument(manager, "node-monitor-period", Duration::seconds(5))?;
    Some(vec![
        Part::new("the node is silent for too long", grace, "kube-controller-manager: node-monitor-grace-period"),
        Part::new("kube-controller-manager looks", period, "kube-controller-manager: node-monitor-period"),
    ])
}

/// Until its pods are replaced.
///
/// Source: kube-apiserver, `--default-unreachable-toleration-seconds` 300.
pub(super) fn evicted(topology: &Topology) -> Option<Part> {
    let written = topology.kubeadm.api_server.argument("default-unreachable-toleration-seconds");
    let seconds = written.map_or(Some(300), |text| text.parse().ok())?;
    let setting = "kube-apiserver: default-unreachable-toleration-seconds";
    Some(Part::new("its pods tolerate that no longer", Duration::seconds(seconds), setting))
}
