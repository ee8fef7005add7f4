//! The API, etcd, and the leaders of the control plane.

use super::{Failure, Goal, Part, SwitchOver, argument};
use topology::pillar::{ClusterDistribution, LoadBalancerType};
use topology::values::Duration;
use topology::{Timing, Topology};

pub(super) fn all(topology: &Topology) -> Vec<SwitchOver> {
    if topology.cluster.distribution != ClusterDistribution::Kubeadm {
        return Vec::new();
    }
    let mut all = Vec::new();
    for failure in [Failure::NodeLost, Failure::ProcessHung] {
        if topology.etcd.members.len() > 2 {
            let parts = vec![election(topology)];
            all.push(SwitchOver { of: "etcd".to_owned(), failure, parts, goal: Some(Goal::ApiFailover) });
        }
        all.extend(api(topology, failure));
        all.extend(leaders(topology, failure));
    }
    all
}

/// A follower waits for a time between one and two election timeouts, by chance, before it stands for election.
/// Source: etcd, raft, `resetRandomizedElectionTimeout`.
fn election(topology: &Topology) -> Part {
    let takes = Duration(topology.etcd.spec.election_timeout.0 * 2);
    Part::new("a follower stands for election", takes, "etcd.election_timeout, twice")
}

/// Several clocks run at the same time: the first of them is a part, and what a longer one takes beyond it is the next.
fn api(topology: &Topology, failure: Failure) -> Option<SwitchOver> {
    let timing = Timing::of(topology);
    let removed = timing.backend_removed();
    let mut clocks: Vec<(&str, Option<Duration>, &str)> = Vec::new();
    match (topology.load_balancer.r#type, failure) {
        (LoadBalancerType::HaproxyKeepalived, Failure::NodeLost) => {
            let setting = "load_balancer.keepalived.advert_int, three times and the skew of the last backup";
            clocks.push(("a backup takes the address", timing.address_takeover(), setting));
        }
        (LoadBalancerType::HaproxyKeepalived, _) => {
            let setting = "load_balancer.keepalived.check: interval x fall + timeout, and the skew of the last backup";
            clocks.push(("the address leaves a host whose check fails", timing.hung_balancer(), setting));
        }
        (LoadBalancerType::KubeVip, _) => {
            let setting = "load_balancer.kube_vip: lease_duration + retry_period";
            clocks.push(("another host takes the lease and the address", timing.lease_takeover(), setting));
        }
        (LoadBalancerType::External, _) => {
            // Where nothing is promised, nothing is known.
            let promised = topology.load_balancer.external.failover?;
            let until = "the balancer of somebody else leaves a dead API server";
            clocks.push((until, Some(promised), "load_balancer.external.failover"));
        }
        (LoadBalancerType::Local, _) => {}
    }
    if topology.load_balancer.haproxy().is_some() {
        let setting = "load_balancer.haproxy.check: (interval + the longest wait for an answer) x fall";
        clocks.push(("HAProxy sends nothing more to a dead API server", removed, setting));
    }
    if topology.etcd.members.len() > 2 {
        let election = election(topology);
        clocks.push(("etcd has a leader again", election.takes, election.setting));
    }
    clocks.sort_by_key(|(_, takes, _)| takes.map_or(u128::MAX, |takes| takes.0.as_nanos()));
    let mut parts = Vec::new();
    let mut over = Duration::default();
    for (until, takes, setting) in clocks {
        let Some(takes) = takes else {
            parts.push(Part::never(until, setting));
            continue;
        };
        if takes > over {
            parts.push(Part::new(until, Duration(takes.0.saturating_sub(over.0)), setting));
            over = takes;
        }
    }
    (!parts.is_empty()).then(|| SwitchOver {
        of: "kubernetes".to_owned(),
        failure,
        parts,
        goal: Some(Goal::ApiFailover),
    })
}

/// A lease of a leader that is gone runs out, and the others look once in a while.
/// Source: kube-controller-manager and kube-scheduler, `--leader-elect-lease-duration` 15s, `--leader-elect-retry-period` 2s.
fn leaders(topology: &Topology, failure: Failure) -> Vec<SwitchOver> {
    if topology.control_plane().len() < 2 {
        return Vec::new();
    }
    let kubeadm = &topology.kubeadm;
    let named = [("kube-controller-manager", &kubeadm.controller_manager), ("kube-scheduler", &kubeadm.scheduler)];
    let leader = |(name, component): (&str, _)| {
        let lease = argument(component, "leader-elect-lease-duration", Duration::seconds(15))?;
        let retry = argument(component, "leader-elect-retry-period", Duration::seconds(2))?;
        let parts = vec![
            Part::new("the lease of the leader has run out", lease, "leader-elect-lease-duration"),
            Part::new("another instance looks", retry, "leader-elect-retry-period"),
        ];
        Some(SwitchOver { of: name.to_owned(), failure, parts, goal: Some(Goal::RecoveryTime) })
    };
    named.into_iter().filter_map(leader).collect()
}
