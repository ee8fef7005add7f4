//! The resolved topology: every default filled in, names replaced by indices, every reference good.
//!
//! `None` means that nobody said and nothing depends on it; it never stands for a default.

use crate::domains::{Domains, Kind};
use crate::facts::Minor;
use crate::pillar::{
    Acknowledgement, Chrony, ClusterDistribution, ClusterNetwork, CoreDns, DiskSpec, Dns, Drift, Environment, EtcdSpec,
    EtcdTopology, ExternalBalancer, Haproxy, Identity, Images, Keepalived, KubeVip, Kubeadm, Kubelet, LoadBalancerType,
    Manage, NetworkSpec, Packages, Pillar, Proxmox, Role, Security, Taint, Targets, VirtualMachine,
};
use crate::values::{Endpoint, KubernetesVersion, OperatingSystem, Size};
use indexmap::IndexMap;
use std::net::IpAddr;
use tree::Origin;

/// Index of a node in [`Topology::nodes`].
pub type NodeIndex = usize;

/// A cluster, resolved.
#[derive(Clone, Debug)]
pub struct Topology {
    /// Identity.
    pub cluster: Cluster,
    /// What the release brings.
    pub release: Minor,
    /// What must survive.
    pub targets: Targets,
    /// Failure domains and what depends on what.
    pub domains: Domains,
    /// Networks of the nodes, by name.
    pub networks: Vec<Network>,
    /// Addresses that move, by name.
    pub vips: Vec<Vip>,
    /// Nodes in natural order of their names, so that the order of the pillar does not matter.
    pub nodes: Vec<Node>,
    /// What stands before the API servers.
    pub load_balancer: LoadBalancer,
    /// etcd.
    pub etcd: Etcd,
    /// kubeadm.
    pub kubeadm: Kubeadm,
    /// Networks inside the cluster.
    pub network: ClusterNetwork,
    /// Name resolution.
    pub dns: Dns,
    /// CoreDNS, with its derived replicas.
    pub coredns: CoreDnsPlan,
    /// Security settings.
    pub security: Security,
    /// Time synchronisation.
    pub chrony: Chrony,
    /// Where packages come from.
    pub packages: Packages,
    /// Where images come from.
    pub images: Images,
    /// Proxmox VE.
    pub proxmox: Option<Proxmox>,
    /// Which parts of a host are managed.
    pub manage: Manage,
    /// What happens to a hand-made change.
    pub drift: Drift,
    /// Accepted risks.
    pub acknowledge: Vec<Acknowledgement>,
    /// The completed pillar from which all this was made: the sections that are declared and not managed yet stand there.
    pub pillar: Pillar,
}

/// Identity of a cluster, resolved.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Where it was written.
    pub origin: Origin,
    /// Name.
    pub name: String,
    /// Whether an outage hurts.
    pub environment: Environment,
    /// What runs Kubernetes.
    pub distribution: ClusterDistribution,
    /// Release.
    pub kubernetes_version: KubernetesVersion,
    /// Where clients reach the API.
    pub control_plane_endpoint: Endpoint,
    /// DNS domain of services.
    pub dns_domain: String,
    /// Pinned identity.
    pub identity: Identity,
}

/// A network of the nodes.
#[derive(Clone, Debug)]
pub struct Network {
    /// Name.
    pub name: String,
    /// As written.
    pub spec: NetworkSpec,
}

/// An address that moves between hosts.
#[derive(Clone, Debug)]
pub struct Vip {
    /// Where it was written.
    pub origin: Origin,
    /// Name; `api` is the one of the API.
    pub name: String,
    /// The address.
    pub address: IpAddr,
    /// Index of its network.
    pub network: Option<usize>,
    /// VRRP's id.
    pub virtual_router_id: Option<u16>,
}

/// A node, resolved.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it was written: the mapping of the node with its profile's values merged in.
    pub origin: Origin,
    /// Kubernetes node name.
    pub name: String,
    /// Salt minion id.
    pub minion: String,
    /// Roles, sorted.
    pub roles: Vec<Role>,
    /// Address.
    pub ip: IpAddr,
    /// Index of its network, when one was declared.
    pub network: Option<usize>,
    /// Interface of the address.
    pub interface: String,
    /// Operating system.
    pub os: OperatingSystem,
    /// Major version of its containerd.
    pub containerd: u8,
    /// Name of its hypervisor; `None` for a host of its own.
    pub hypervisor: Option<String>,
    /// Processors.
    pub cpus: Option<u32>,
    /// Memory.
    pub memory: Option<Size>,
    /// Disks by what they are for.
    pub disks: IndexMap<String, DiskSpec>,
    /// Labels.
    pub labels: IndexMap<String, String>,
    /// Taints; `None` means kubeadm's own.
    pub taints: Option<Vec<Taint>>,
    /// The kubelet's settings: the cluster's, or its own.
    pub kubelet: Kubelet,
    /// Its virtual machine, with the values of `proxmox.vm` filled in.
    pub vm: Option<VirtualMachine>,
}

impl Node {
    /// Whether it has a role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether a kubelet runs on it: nodes of etcd and of the load balancer alone have none.
    #[must_use]
    pub fn runs_kubelet(&self) -> bool {
        self.has(Role::ControlPlane) || self.has(Role::Worker)
    }

    /// The disk on which etcd's data lies: its own, or the root disk.
    #[must_use]
    pub fn etcd_disk(&self) -> Option<(&str, &DiskSpec)> {
        ["etcd", "root"].into_iter().find_map(|name| self.disks.get(name).map(|disk| (name, disk)))
    }
}

/// What stands before the API servers, resolved.
#[derive(Clone, Debug)]
pub struct LoadBalancer {
    /// Where it was written.
    pub origin: Origin,
    /// How clients find a living API server.
    pub r#type: LoadBalancerType,
    /// Hosts that run it, in order of priority.
    pub nodes: Vec<NodeIndex>,
    /// The address that moves: index in [`Topology::vips`].
    pub vip: Option<usize>,
    /// Port on which it listens.
    pub port: u16,
    /// HAProxy.
    pub haproxy: Haproxy,
    /// HAProxy's most connections.
    pub maxconn: u32,
    /// keepalived.
    pub keepalived: Keepalived,
    /// kube-vip.
    pub kube_vip: KubeVip,
    /// The balancer of somebody else.
    pub external: ExternalBalancer,
}

impl LoadBalancer {
    /// keepalived's settings, where keepalived is used.
    #[must_use]
    pub fn keepalived(&self) -> Option<&Keepalived> {
        (self.r#type == LoadBalancerType::HaproxyKeepalived).then_some(&self.keepalived)
    }

    /// HAProxy's settings, where HAProxy is used.
    #[must_use]
    pub fn haproxy(&self) -> Option<&Haproxy> {
        matches!(self.r#type, LoadBalancerType::HaproxyKeepalived | LoadBalancerType::Local).then_some(&self.haproxy)
    }

    /// VRRP priority of the host at this place in [`LoadBalancer::nodes`].
    #[must_use]
    pub fn priority(&self, place: usize) -> i32 {
        let step = i32::from(self.keepalived.priority_step);
        i32::from(self.keepalived.priority) - step * i32::try_from(place).unwrap_or(i32::MAX / 256)
    }
}

/// etcd, resolved.
#[derive(Clone, Debug)]
pub struct Etcd {
    /// Settings as written, with the token filled in.
    pub spec: EtcdSpec,
    /// Nodes that run a member; none where dqlite takes its place.
    pub members: Vec<NodeIndex>,
    /// Version: the image's tag where stacked.
    pub version: String,
    /// Token that tells clusters apart.
    pub initial_cluster_token: String,
}

impl Etcd {
    /// Whether members run on nodes of their own.
    #[must_use]
    pub fn is_external(&self) -> bool {
        self.spec.topology == EtcdTopology::External
    }
}

/// CoreDNS, resolved.
#[derive(Clone, Debug)]
pub struct CoreDnsPlan {
    /// As written.
    pub spec: CoreDns,
    /// Replicas.
    pub replicas: u32,
}

impl Topology {
    /// Nodes that have a role, in natural order of their names.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = (NodeIndex, &Node)> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.has(role))
    }

    /// Nodes of the control plane.
    #[must_use]
    pub fn control_plane(&self) -> Vec<NodeIndex> {
        self.with_role(Role::ControlPlane).map(|(index, _)| index).collect()
    }

    /// The node with this name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.name == name)
    }

    /// The nodes with a member of etcd, stacked or external.
    pub fn etcd_nodes(&self) -> impl Iterator<Item = &Node> {
        self.etcd.members.iter().map(|index| &self.nodes[*index])
    }

    /// The address of the API that moves, where there is one.
    #[must_use]
    pub fn api_vip(&self) -> Option<&Vip> {
        self.load_balancer.vip.and_then(|index| self.vips.get(index))
    }

    /// How many elements of a kind must be survived at once.
    #[must_use]
    pub fn survive(&self, kind: Kind) -> u32 {
        let survive = &self.targets.survive;
        match kind {
            Kind::Named(_) => survive.named.get(self.domains.key(kind)).copied().unwrap_or(0),
            _ => survive.of(kind),
        }
    }

    /// Whether kubeadm runs Kubernetes, so that its files are rendered.
    #[must_use]
    pub fn is_kubeadm(&self) -> bool {
        self.cluster.distribution == ClusterDistribution::Kubeadm
    }

    /// Sections that are declared in the pillar and not managed yet.
    #[must_use]
    pub fn declared_not_managed(&self) -> Vec<&'static str> {
        let pillar = &self.pillar;
        let sections = [
            ("reverse_proxy", pillar.reverse_proxy.is_some()),
            ("certs", pillar.certs.is_some()),
            ("storage", pillar.storage.is_some()),
            ("ingress", pillar.ingress.is_some()),
            ("apps", pillar.apps.is_some()),
            ("mesh", pillar.mesh.is_some()),
            ("observability", pillar.observability.is_some()),
            ("upgrades", pillar.upgrades.is_some()),
            ("dr", pillar.dr.is_some()),
            ("microk8s", pillar.microk8s.is_some()),
            ("dns.dnsmasq", pillar.dns.dnsmasq.is_some()),
        ];
        sections.into_iter().filter(|(_, declared)| *declared).map(|(name, _)| name).collect()
    }
}
