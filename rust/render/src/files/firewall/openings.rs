//! Which ports a node serves, and whom. Source: Kubernetes, "Ports and Protocols"; etcd, "Configuration".

use crate::files::Context;
use serde::Serialize;
use std::net::IpAddr;
use topology::pillar::{LoadBalancerType, Role};

/// Who may connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// Nodes of the cluster.
    Members,
    /// Nodes of the cluster and pods, such as those that collect metrics.
    MembersAndPods,
    /// Whoever the rest of the firewall lets through; the service itself asks who it is.
    Anyone,
}

/// Ports that a node serves.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    pub what: &'static str,
    pub protocol: &'static str,
    /// One port or a range, as `first-last`.
    pub ports: String,
    pub from: Allowed,
}

/// Ports that only some may reach, as templates take them.
#[derive(Serialize)]
pub(super) struct Limited {
    what: &'static str,
    protocol: &'static str,
    ports: String,
    pods: bool,
}

fn tcp(what: &'static str, ports: impl Into<String>, from: Allowed) -> Opening {
    Opening { what, protocol: "tcp", ports: ports.into(), from }
}

/// Everything that this node serves.
pub(super) fn openings(context: Context<'_>) -> Vec<Opening> {
    let mut openings = etcd(context);
    openings.extend(control_plane(context));
    openings.extend(kubelet(context));
    openings.extend(balancer(context));
    openings
}

/// The openings that are not for everyone.
pub(super) fn limited(openings: &[Opening]) -> Vec<Limited> {
    let limited = openings.iter().filter(|opening| opening.from != Allowed::Anyone);
    let print = |opening: &Opening| Limited {
        what: opening.what,
        protocol: opening.protocol,
        ports: opening.ports.clone(),
        pods: opening.from == Allowed::MembersAndPods,
    };
    limited.map(print).collect()
}

/// Addresses of all nodes.
pub(super) fn members(context: Context<'_>) -> Vec<IpAddr> {
    context.topology.nodes.iter().map(|node| node.ip).collect()
}

/// Addresses of the hosts that speak VRRP with this node; none where it does not.
pub(super) fn vrrp_hosts(context: Context<'_>) -> Vec<IpAddr> {
    let balancer = &context.topology.load_balancer;
    if balancer.keepalived().is_none() || context.balancer_place().is_none() {
        return Vec::new();
    }
    balancer.nodes.iter().map(|index| context.topology.nodes[*index].ip).collect()
}

fn etcd(context: Context<'_>) -> Vec<Opening> {
    let stacked = context.is_control_plane() && !context.topology.etcd.is_external();
    if !stacked && !context.is_external_member() {
        return Vec::new();
    }
    let metrics = context.topology.etcd.spec.metrics_on_node_address;
    let metrics = metrics.then(|| tcp("etcd: metrics", "2381", Allowed::MembersAndPods));
    std::iter::once(tcp("etcd", "2379-2380", Allowed::Members)).chain(metrics).collect()
}

fn control_plane(context: Context<'_>) -> Vec<Opening> {
    if !context.is_control_plane() {
        return Vec::new();
    }
    vec![
        tcp("kube-apiserver", context.topology.kubeadm.bind_port.to_string(), Allowed::Anyone),
        tcp("kube-controller-manager", "10257", Allowed::MembersAndPods),
        tcp("kube-scheduler", "10259", Allowed::MembersAndPods),
    ]
}

fn kubelet(context: Context<'_>) -> Vec<Opening> {
    if !context.runs_kubelet() {
        return Vec::new();
    }
    let services = |protocol| Opening { protocol, ..tcp("services of type NodePort", "30000-32767", Allowed::Anyone) };
    vec![
        tcp("kubelet", "10250", Allowed::MembersAndPods),
        tcp("kube-proxy: health", "10256", Allowed::Anyone),
        services("tcp"),
        services("udp"),
    ]
}

fn balancer(context: Context<'_>) -> Option<Opening> {
    let balancer = &context.topology.load_balancer;
    let serves = balancer.r#type == LoadBalancerType::HaproxyKeepalived && context.balancer_place().is_some();
    let distinct = !context.node.has(Role::ControlPlane) || balancer.port != context.topology.kubeadm.bind_port;
    (serves && distinct).then(|| tcp("HAProxy", balancer.port.to_string(), Allowed::Anyone))
}
