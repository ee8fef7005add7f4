//! The files of a node: one module for each program that reads them.

mod chrony;
mod containerd;
mod etcd;
mod etcd_guard;
mod firewall;
mod haproxy;
mod hosts;
mod keepalived;
mod kernel;
mod kube_vip;
mod kubeadm;
mod kubelet;
mod patches;
mod repositories;
mod security;
mod watchdog;

pub use repositories::Repository;

use crate::file::File;
use crate::template::Error;
use topology::pillar::{Managed, Role};
use topology::{Facts, Node, Topology};

/// What a module renders from.
#[derive(Clone, Copy)]
pub(crate) struct Context<'t> {
    pub topology: &'t Topology,
    pub facts: &'t Facts,
    pub node: &'t Node,
}

impl Context<'_> {
    /// Whether the node runs a kubelet that kubeadm set up.
    pub fn runs_kubelet(&self) -> bool {
        self.topology.is_kubeadm() && self.node.runs_kubelet()
    }

    /// Whether the node belongs to the control plane.
    pub fn is_control_plane(&self) -> bool {
        self.topology.is_kubeadm() && self.node.has(Role::ControlPlane)
    }

    /// Its place among the hosts of the load balancer, if it is one.
    pub fn balancer_place(&self) -> Option<usize> {
        let hosts = self.topology.load_balancer.nodes.iter();
        hosts.map(|index| &self.topology.nodes[*index]).position(|host| host.name == self.node.name)
    }

    /// Whether the node runs a member of an external etcd.
    pub fn is_external_member(&self) -> bool {
        self.topology.etcd.is_external() && self.node.has(Role::Etcd)
    }
}

type Module = fn(Context<'_>) -> Result<Vec<File>, Error>;

/// In the order in which a host needs them: packages, kernel, time, runtime, the way to the API, Kubernetes.
const MODULES: [Module; 16] = [
    repositories::files,
    kernel::files,
    hosts::files,
    chrony::files,
    firewall::files,
    containerd::files,
    etcd_guard::files,
    kubelet::files,
    etcd::files,
    haproxy::files,
    keepalived::files,
    kube_vip::files,
    watchdog::files,
    security::files,
    patches::files,
    kubeadm::files,
];

/// All files of a node, in the order in which they must appear. Files of components that `manage` leaves to somebody else
/// are not among them; those that it only checks are (see [`File::component`]).
///
/// # Errors
/// When a template or a structure cannot be rendered; that is a fault of this program, not of the pillar.
pub fn files(topology: &Topology, facts: &Facts, node: &Node) -> Result<Vec<File>, Error> {
    let context = Context { topology, facts, node };
    let mut all = Vec::new();
    for module in MODULES {
        all.extend(module(context)?);
    }
    all.retain(|file| managed(topology, &file.component) != Managed::No);
    Ok(all)
}

/// How a component of a host is managed; Kubernetes itself always is.
#[must_use]
pub fn managed(topology: &Topology, component: &str) -> Managed {
    let manage = &topology.manage;
    match component {
        "repositories" => manage.repositories,
        "kernel" => manage.kernel,
        "chrony" => manage.chrony,
        "containerd" => manage.containerd,
        "load_balancer" => manage.load_balancer,
        "hosts" => manage.hosts,
        "firewall" => manage.firewall,
        _ => Managed::Yes,
    }
}

/// The package repositories of a node whose files are written.
///
/// # Errors
/// When the version facts know nothing about the node's package manager.
pub fn repositories(topology: &Topology, facts: &Facts, node: &Node) -> Result<Vec<Repository>, Error> {
    if managed(topology, "repositories") == Managed::No {
        return Ok(Vec::new());
    }
    repositories::repositories(Context { topology, facts, node })
}

/// Files that kubeadm keeps on this node: named by `show --owners`, never written. Path and purpose.
#[must_use]
pub fn kept_by_kubeadm(topology: &Topology, facts: &Facts, node: &Node) -> Vec<(String, &'static str)> {
    kubeadm::kept(Context { topology, facts, node })
}

/// KubeletConfiguration of a node: the cluster's with what the node has differently.
#[must_use]
pub fn kubelet_configuration(topology: &Topology, node: &Node) -> serde_json::Value {
    kubeadm::node_kubelet(topology, node)
}

/// Where clients reach a node's member of etcd: `https://10.0.10.11:2379`.
#[must_use]
pub fn etcd_client_url(node: &Node) -> String {
    etcd::url("https", node.ip, etcd::CLIENT_PORT)
}

/// How a node's member of etcd is known to the others: `https://10.0.10.11:2380`.
#[must_use]
pub fn etcd_peer_url(node: &Node) -> String {
    etcd::url("https", node.ip, etcd::PEER_PORT)
}
