//! From the pillar as written to the topology: derives defaults, follows names, and collects what contradicts.

mod balancer;
mod cluster;
mod domains;
mod elements;
mod etcd;
mod networks;
mod nodes;
mod references;

use crate::facts::Facts;
use crate::issue::{Issue, from_problem};
use crate::model::{CoreDnsPlan, Network, Node, Topology};
use crate::pillar::{CniType, NetworkSpec, Pillar};
use crate::{digest, expand, natural_order};
use diagnostics::Diagnostic;
use tree::{NodeId, Tree};

/// What came of reading a pillar.
#[derive(Debug)]
pub struct Reading {
    /// The tree, with profiles laid under nodes; findings are located in it.
    pub tree: Tree,
    /// The mapping of the pillar in that tree.
    pub root: NodeId,
    /// Digest of what was written.
    pub digest: String,
    /// The topology; `None` when values are missing or wrong, so that rules would judge defaults that nobody wrote.
    pub topology: Option<Topology>,
    /// Structural findings.
    pub findings: Vec<Diagnostic>,
}

/// Reads the value of the root key `k8s_ha`.
#[must_use]
pub fn read_pillar(mut tree: Tree, written: NodeId, facts: &Facts) -> Reading {
    let digest = digest(&tree, written);
    let root = expand::expand(&mut tree, written);
    let outcome = tree::read::<Pillar>(&tree, root);
    let mut findings: Vec<Diagnostic> =
        outcome.problems.into_iter().map(|problem| from_problem(problem, &tree)).collect();
    let topology = match outcome.value {
        Some(pillar) if outcome.poisoned.is_empty() => {
            let mut resolver = Resolver { facts, issues: Vec::new(), blocked: false };
            let topology = resolver.topology(pillar);
            findings.extend(resolver.issues.into_iter().map(|issue| issue.into_diagnostic(&tree)));
            topology
        }
        _ => None,
    };
    Reading { tree, root, digest, topology, findings }
}

struct Resolver<'f> {
    facts: &'f Facts,
    issues: Vec<Issue>,
    /// Something is wrong that would make rules judge what nobody wrote.
    blocked: bool,
}

impl Resolver<'_> {
    fn report(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    fn block(&mut self, issue: Issue) {
        self.issues.push(issue);
        self.blocked = true;
    }

    fn topology(&mut self, mut pillar: Pillar) -> Option<Topology> {
        let mut networks: Vec<Network> =
            pillar.networks.iter().map(|(name, spec)| Network { name: name.clone(), spec: spec.clone() }).collect();
        networks.sort_by(|left, right| natural_order(&left.name, &right.name));
        let release = self.release(&mut pillar);
        let vips = self.vips(&mut pillar, &networks);
        let nodes = self.nodes(&mut pillar, &networks);
        let domains = self.domains(&pillar, &nodes);
        let cluster = self.cluster(&mut pillar, &vips);
        let load_balancer = self.load_balancer(&mut pillar, &nodes, &vips, &cluster.control_plane_endpoint);
        let etcd = self.etcd(&mut pillar, &nodes, &release);
        let places = nodes.iter().filter(|node| node.runs_kubelet()).count();
        let replicas = *pillar.dns.coredns.replicas.get_or_insert(if places < 3 { 2 } else { 3 });
        self.cni(&mut pillar, &networks, &nodes);
        pillar
            .containerd
            .sandbox_image
            .get_or_insert_with(|| format!("{}/pause:{}", pillar.images.repository, release.pause));
        let topology = Topology {
            cluster,
            release,
            targets: pillar.targets.clone(),
            domains,
            networks,
            vips,
            nodes,
            load_balancer,
            etcd,
            kubeadm: pillar.kubeadm.clone(),
            network: pillar.network.clone(),
            dns: pillar.dns.clone(),
            coredns: CoreDnsPlan { spec: pillar.dns.coredns.clone(), replicas },
            security: pillar.security.clone(),
            chrony: pillar.chrony.clone(),
            packages: pillar.packages.clone(),
            images: pillar.images.clone(),
            proxmox: pillar.proxmox.clone(),
            manage: pillar.manage.clone(),
            drift: pillar.drift,
            acknowledge: pillar.acknowledge.clone(),
            pillar,
        };
        self.references(&topology);
        (!self.blocked).then_some(topology)
    }

    fn cni(&self, pillar: &mut Pillar, networks: &[Network], nodes: &[Node]) {
        let Some(cni) = &mut pillar.network.cni else { return };
        let known = match cni.r#type {
            CniType::Calico => self.facts.cni.get("calico"),
            CniType::Cilium => self.facts.cni.get("cilium"),
            CniType::Flannel | CniType::Bridge => None,
        };
        if let Some(known) = known {
            cni.version.get_or_insert_with(|| known.default_version.clone());
        }
        let smallest = |specs: &mut dyn Iterator<Item = &NetworkSpec>| specs.map(|spec| spec.mtu).min();
        let path = smallest(&mut networks.iter().map(|network| &network.spec)).unwrap_or(1500);
        let ipv6 = nodes.iter().any(|node| node.ip.is_ipv6());
        cni.mtu.get_or_insert(path.saturating_sub(cni.encapsulation.overhead(ipv6)));
    }
}
