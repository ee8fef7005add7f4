//! The packages of a node: which, at which version, and which of them an update of the system may not move.

use crate::files::{Context, managed};
use serde::Serialize;
use topology::pillar::{KubeProxyMode, Managed};
use topology::values::Packaging;
use topology::{Facts, Node, Topology};

/// A package that a node needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Package {
    /// Name for the package manager of the node.
    pub name: String,
    /// What it brings, by the name of the version facts: `kubelet`, `containerd`, `conntrack`, `firewall`, …
    pub brings: String,
    /// Other packages that bring the same: where one of them is installed, this one is not.
    pub alternatives: Vec<String>,
    /// Packages that cannot be beside it: where one of them is installed, it is not removed for this one.
    pub excludes: Vec<String>,
    /// A pattern that its version must match, such as `1.36.4-*`; `None` for any.
    pub version: Option<String>,
    /// Whether updates of the system leave it at its version.
    pub hold: bool,
    /// Whether it is installed, or only reported where it is missing.
    pub managed: Managed,
    /// What it is for, in a few words.
    pub purpose: &'static str,
}

/// The packages of a node, in the order in which they are named to an operator. None of a component that `manage` leaves to
/// somebody else, and none at all where it leaves `repositories` to somebody else.
#[must_use]
pub fn packages(topology: &Topology, facts: &Facts, node: &Node) -> Vec<Package> {
    let context = Context { topology, facts, node };
    let mut all = kubernetes(context);
    all.extend(etcd(context));
    all.extend(load_balancer(context));
    all.extend(host(context));
    if node.os.packaging() == Packaging::Rpm && all.iter().any(|package| package.hold) {
        all.extend(package(context, "keeper", "repositories", "keeps packages at their version"));
    }
    all
}

/// Names of the packages that can be the container runtime of the node, the one to install first.
pub(crate) fn runtime_names(context: Context<'_>) -> Vec<String> {
    if let Some(written) = &context.topology.pillar.containerd.package {
        return vec![written.clone()];
    }
    let mut names = context.facts.package_names(context.node.os.packaging(), "containerd");
    let shipped = context.facts.platform(context.node.os).map(|platform| platform.containerd);
    if shipped != Some(context.node.containerd) {
        // The distribution's own package is of the other major: the one of containerd's own makers comes first.
        names.rotate_right(1);
    }
    names
}

/// Names of the packages that can bring etcd, the one to install first.
pub(crate) fn etcd_names(context: Context<'_>) -> Vec<String> {
    context.facts.package_names(context.node.os.packaging(), "etcd")
}

/// etcd on hosts of its own, at the release that the pillar names.
fn etcd(context: Context<'_>) -> Option<Package> {
    if !context.topology.is_kubeadm() || !context.is_external_member() {
        return None;
    }
    let release = &context.topology.etcd.version;
    let version = if release.contains('-') { release.clone() } else { format!("{release}-*") };
    let package = package(context, "etcd", "repositories", "keeps the state of the cluster")?;
    Some(Package { version: Some(version), hold: true, ..package })
}

fn kubernetes(context: Context<'_>) -> Vec<Package> {
    if !context.runs_kubelet() {
        return Vec::new();
    }
    let version = context.topology.cluster.kubernetes_version;
    let release = format!("1.{}.{}-*", version.minor, version.patch);
    let programs = [
        ("kubelet", "runs the pods of the node"),
        ("kubeadm", "makes the node a part of the cluster"),
        ("kubectl", "talks to the API"),
    ];
    let mut all: Vec<Package> =
        programs.into_iter().filter_map(|(name, purpose)| package(context, name, "repositories", purpose)).collect();
    for package in &mut all {
        package.version = Some(release.clone());
        package.hold = true;
    }
    all.extend(runtime(context));
    all.extend(package(context, "conntrack", "repositories", "kubeadm and kube-proxy ask it about connections"));
    if context.topology.kubeadm.kube_proxy_mode == KubeProxyMode::Nftables {
        all.extend(package(context, "nftables", "repositories", "shows the rules that kube-proxy writes"));
    }
    all
}

fn runtime(context: Context<'_>) -> Option<Package> {
    let mut names = runtime_names(context).into_iter();
    let name = names.next()?;
    let package = package(context, "containerd", "containerd", "runs containers")?;
    let version = Some(format!("{}.*", context.node.containerd));
    let alternatives: Vec<String> = names.collect();
    let known = package.alternatives.into_iter().chain([package.name]);
    let excludes = known.filter(|other| *other != name && !alternatives.contains(other)).collect();
    Some(Package { name, alternatives, excludes, version, hold: true, ..package })
}

fn load_balancer(context: Context<'_>) -> Vec<Package> {
    let balancer = &context.topology.load_balancer;
    if !context.topology.is_kubeadm() || context.balancer_place().is_none() {
        return Vec::new();
    }
    let package = |name, purpose| package(context, name, "load_balancer", purpose);
    let mut all = Vec::new();
    if balancer.haproxy().is_some() {
        all.extend(package("haproxy", "leads to a living API server"));
    }
    if balancer.keepalived().is_some() {
        all.extend(package("keepalived", "moves the address of the API"));
        all.extend(package("curl", "asks the API for keepalived"));
    }
    all
}

fn host(context: Context<'_>) -> Vec<Package> {
    let chrony = (context.topology.manage.chrony == Managed::Yes)
        .then(|| package(context, "chrony", "chrony", "keeps the time"))
        .flatten();
    let firewall = (context.topology.is_kubeadm() && context.topology.manage.firewall == Managed::Yes)
        .then(|| package(context, "firewall", "firewall", "keeps the firewall"))
        .flatten()
        // kube-proxy may have asked for the same.
        .filter(|package| package.name != "nftables" || !proxy_wants_nftables(context));
    chrony.into_iter().chain(firewall).collect()
}

fn proxy_wants_nftables(context: Context<'_>) -> bool {
    context.runs_kubelet() && context.topology.kubeadm.kube_proxy_mode == KubeProxyMode::Nftables
}

/// A package of any version; `None` where its component or all packages are somebody else's.
fn package(context: Context<'_>, program: &str, component: &str, purpose: &'static str) -> Option<Package> {
    let managed = match (managed(context.topology, "repositories"), managed(context.topology, component)) {
        (Managed::No, _) | (_, Managed::No) => return None,
        (Managed::Check, _) | (_, Managed::Check) => Managed::Check,
        (Managed::Yes, Managed::Yes) => Managed::Yes,
    };
    let mut names = context.facts.package_names(context.node.os.packaging(), program).into_iter();
    let name = names.next()?;
    let (alternatives, excludes) = (names.collect(), Vec::new());
    let brings = program.to_owned();
    Some(Package { name, brings, alternatives, excludes, version: None, hold: false, managed, purpose })
}
