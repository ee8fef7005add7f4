//! What starts on hosts: machines, time, the control plane, name resolution.

use super::super::names;
use super::Derived;
use topology::pillar::{ClusterDistribution, LoadBalancerType, Managed};
use topology::{Kind, NodeIndex};

impl Derived<'_> {
    /// Proxmox starts no machine without quorum: its configuration is read-only then.
    /// Source: Proxmox VE Administration Guide, Cluster Manager, Quorum.
    pub(super) fn proxmox(&mut self) {
        let Some(proxmox) = &self.topology.proxmox else { return };
        let hosts: Vec<_> = self.topology.domains.of_kind(Kind::Hypervisor).collect();
        if hosts.len() < 2 {
            return;
        }
        let quorum = self.graph.step("proxmox quorum");
        let mut voters: Vec<usize> = hosts.iter().map(|host| self.element(*host)).collect();
        let all = hosts.len() + usize::from(proxmox.qdevice);
        let mut majority = all / 2 + 1;
        if proxmox.qdevice {
            let host = proxmox.qdevice_host.as_deref();
            match host.and_then(|host| names::own_host(self.topology, host)) {
                Some(own) => voters.push(self.element(own)),
                // It is there already.
                None => majority -= 1,
            }
        }
        self.graph.some(quorum, majority, voters, "needs a majority of them");
        for node in 0..self.topology.nodes.len() {
            if self.topology.nodes[node].hypervisor.is_some() {
                let step = self.node(node);
                self.graph.all(step, quorum, "is a machine that Proxmox starts only with quorum");
            }
        }
    }

    /// Where hosts take the time from.
    pub(super) fn time(&mut self) {
        let chrony = &self.topology.chrony;
        if self.topology.manage.chrony == Managed::No || chrony.sources.is_empty() {
            return;
        }
        let time = self.graph.step("time");
        let mut sources = Vec::new();
        for source in &chrony.sources {
            let host = source.strip_prefix("pool ").unwrap_or(source).split_whitespace().next().unwrap_or_default();
            match names::own_host(self.topology, host) {
                Some(element) => {
                    let name = format!("time from {}", self.topology.domains.element(element).name);
                    let (own, host) = (self.graph.step(&name), self.element(element));
                    self.graph.all(own, host, "runs on it");
                    self.graph.all(own, time, "takes its own time from the same sources");
                    sources.push(own);
                }
                None => sources.push(self.graph.step("time from outside")),
            }
        }
        self.graph.one(time, sources, "comes from one of the sources");
    }

    /// etcd or dqlite, the API, and what stands before it.
    pub(super) fn control_plane(&mut self) {
        let topology = self.topology;
        let control_plane = topology.control_plane();
        let api = self.graph.step("kube-apiserver");
        let of = self.nodes(&control_plane);
        self.graph.one(api, of, "runs on one of them");
        let store = if topology.cluster.distribution == ClusterDistribution::Microk8s {
            // Three voters, whichever MicroK8s has chosen: a majority of them is two.
            let (dqlite, of) = (self.graph.step("dqlite"), self.nodes(&control_plane));
            let majority = control_plane.len().min(3) / 2 + 1;
            self.graph.some(dqlite, majority, of, "needs a majority of its voters");
            dqlite
        } else {
            let (etcd, of) = (self.graph.step("etcd"), self.nodes(&topology.etcd.members));
            let majority = of.len() / 2 + 1;
            self.graph.some(etcd, majority, of, "needs a majority of its members");
            etcd
        };
        self.graph.all(api, store, "keeps everything in it");
        if let Some(time) = self.graph.find("time") {
            let wrong = "where a host's clock does not go on while it has no power";
            self.graph.maybe(store, time, "finds no certificate valid before the time is right", wrong);
        }
        for name in ["kube-scheduler", "kube-controller-manager"] {
            let step = self.graph.step(name);
            self.graph.all(step, api, "is elected by a lease in it");
        }
        let kubernetes = self.graph.step("kubernetes");
        self.graph.all(kubernetes, api, "is the API behind its balancer");
        self.balancer(kubernetes, api);
    }

    fn balancer(&mut self, kubernetes: usize, api: usize) {
        let balancer = &self.topology.load_balancer;
        if !self.topology.is_kubeadm() || balancer.r#type == LoadBalancerType::External {
            return;
        }
        let (step, of) = (self.graph.step("load balancer"), self.nodes(&balancer.nodes));
        self.graph.one(step, of, "runs on one of them");
        let because = match balancer.r#type {
            LoadBalancerType::KubeVip => "takes the address by a lease in it",
            _ => "lets a host serve only what answers behind it",
        };
        self.graph.all(step, api, because);
        self.graph.all(kubernetes, step, "is reached through it");
    }

    /// Who answers the questions of hosts for names, and what must be asked for.
    pub(super) fn names(&mut self) {
        let topology = self.topology;
        if let Some(dnsmasq) = &topology.pillar.dns.dnsmasq {
            let step = self.graph.step("dnsmasq");
            let of = if dnsmasq.nodes.is_empty() {
                self.nodes(&topology.control_plane())
            } else {
                self.named_nodes(&dnsmasq.nodes)
            };
            self.graph.one(step, of, "runs on one of them");
        }
        let resolver = self.graph.step("names for hosts");
        let of = self.resolvers();
        self.graph.one(resolver, of, "are answered by one of them");
        if names::endpoint_is_asked_for(topology) {
            let kubernetes = self.graph.step("kubernetes");
            let because = "has a name for its endpoint, which no file of ours on the hosts holds";
            self.graph.all(kubernetes, resolver, because);
        }
    }

    /// The resolvers that the networks of the nodes name; without any, those that are declared; without those, outside.
    fn resolvers(&mut self) -> Vec<usize> {
        let topology = self.topology;
        let application = names::resolver_application(topology);
        let networks = topology.nodes.iter().filter_map(|node| topology.networks.get(node.network?));
        let mut addresses: Vec<_> = networks.flat_map(|network| network.spec.nameservers.iter().copied()).collect();
        addresses.sort_unstable();
        addresses.dedup();
        let outside = |derived: &mut Self| derived.graph.step("resolver outside");
        if addresses.is_empty() {
            let step = match (&topology.pillar.dns.dnsmasq, application) {
                (Some(_), _) => self.graph.step("dnsmasq"),
                (None, Some(name)) => self.application(name),
                (None, None) => outside(self),
            };
            return vec![step];
        }
        let mut steps = Vec::new();
        for address in addresses {
            let node: Option<NodeIndex> = topology.nodes.iter().position(|node| node.ip == address);
            let ours = node.is_some() || topology.vips.iter().any(|vip| vip.address == address);
            let dnsmasq = topology.pillar.dns.dnsmasq.as_ref().filter(|dnsmasq| {
                let listed = |node: &NodeIndex| {
                    let node = &topology.nodes[*node];
                    let by_default = dnsmasq.nodes.is_empty() && node.has(topology::pillar::Role::ControlPlane);
                    by_default || dnsmasq.nodes.contains(&node.name)
                };
                node.as_ref().is_some_and(listed)
            });
            steps.push(match (ours, dnsmasq, application, node) {
                (true, Some(_), ..) => self.graph.step("dnsmasq"),
                (true, None, Some(name), _) => self.application(name),
                (true, None, None, Some(node)) => self.node(node),
                _ => outside(self),
            });
        }
        steps
    }
}
