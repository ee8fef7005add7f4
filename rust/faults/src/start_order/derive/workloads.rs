//! What starts in the cluster: kubelets, the pod network, storage, applications.

use super::super::names;
use super::Derived;
use topology::pillar::App;
use topology::{Dependencies, ImageSource, Kind, Names, NodeIndex};

/// When an image is pulled: containerd keeps images on disk over a power loss.
const PULLED: &str = "where a node no longer has the images, or is made anew";

impl Derived<'_> {
    pub(super) fn workloads(&mut self) {
        let topology = self.topology;
        let kubernetes = self.graph.step("kubernetes");
        let kubelets = self.graph.step("kubelets");
        let nodes: Vec<NodeIndex> =
            (0..topology.nodes.len()).filter(|node| topology.nodes[*node].runs_kubelet()).collect();
        let of = self.nodes(&nodes);
        self.graph.one(kubelets, of, "run on one of them");
        self.graph.all(kubelets, kubernetes, "learn from it what to run");
        let network = self.graph.step("pod network");
        self.graph.all(network, kubelets, "is set up by pods on each node");
        let coredns = self.graph.step("coredns");
        self.pods(coredns);
        self.storage();
        self.published();
        let sources = Dependencies::of(topology, &Names::of(topology));
        for (name, app) in topology.pillar.apps.iter().flatten() {
            self.app(name, app);
            if let ImageSource::App(registry) = sources.images_of(name, app) {
                let (step, registry) = (self.application(name), self.application(&registry));
                self.graph.maybe(step, registry, "pulls its images from it", PULLED);
            }
        }
        self.composed();
        self.images(kubelets);
    }

    /// Pods are placed by the scheduler and joined to the pod network.
    fn pods(&mut self, step: usize) {
        let (scheduler, network) = (self.graph.step("kube-scheduler"), self.graph.step("pod network"));
        self.graph.all(step, scheduler, "has pods, which it places");
        self.graph.all(step, network, "has pods, which are joined to it");
    }

    /// Pods that find others by the names of services.
    fn pods_with_names(&mut self, step: usize) {
        self.pods(step);
        let coredns = self.graph.step("coredns");
        self.graph.all(step, coredns, "finds other pods by names that it answers");
    }

    fn storage(&mut self) {
        let Some(storage) = &self.topology.pillar.storage else { return };
        if let Some(longhorn) = &storage.longhorn {
            let first = "longhorn".to_owned();
            for class in [&first].into_iter().chain(longhorn.classes.keys()) {
                let step = self.graph.step(&format!("storage {class}"));
                let of = self.storage_nodes(&longhorn.nodes);
                self.graph.one(step, of, "has its replicas on them");
                self.pods_with_names(step);
            }
        }
        if let Some(rook) = &storage.rook {
            let step = self.graph.step("storage rook");
            let of = self.storage_nodes(&rook.nodes);
            let majority = rook.mons as usize / 2 + 1;
            self.graph.some(step, majority, of, "needs a majority of its monitors on them");
            self.pods_with_names(step);
        }
        for (name, array) in &storage.raid {
            let step = self.graph.step(&format!("storage {name}"));
            let of = self.named_nodes(array.node.as_slice());
            self.graph.one(step, of, "lies in it");
        }
        if let Some(nfs) = &storage.nfs {
            let step = self.graph.step("storage nfs");
            let Some(server) = nfs.server.as_deref() else { return };
            let of = self.serves(server);
            self.graph.one(step, of.into_iter().collect(), "is served by it");
        }
    }

    /// Nodes by their names; without names, every node that takes pods.
    fn storage_nodes(&mut self, names: &[String]) -> Vec<usize> {
        if !names.is_empty() {
            return self.named_nodes(names);
        }
        let nodes = self.topology.nodes.iter().enumerate().filter(|(_, node)| self.topology.takes_pods(node, &[]));
        let nodes: Vec<NodeIndex> = nodes.map(|(index, _)| index).collect();
        self.nodes(&nodes)
    }

    /// The step that a host or application is; `None` outside.
    fn serves(&mut self, host: &str) -> Option<usize> {
        if let Some(element) = names::own_host(self.topology, host) {
            return Some(self.element(element));
        }
        let is_app = self.topology.pillar.apps.as_ref().is_some_and(|apps| apps.contains_key(host));
        is_app.then(|| self.application(host))
    }

    /// What stands between users and applications.
    fn published(&mut self) {
        let pillar = &self.topology.pillar;
        if let Some(proxy) = &pillar.reverse_proxy {
            let (step, of) = (self.graph.step("reverse proxy"), self.named_nodes(&proxy.nodes));
            self.graph.one(step, of, "runs on one of them");
        }
        if pillar.ingress.is_some() {
            let step = self.graph.step("ingress");
            self.pods_with_names(step);
        }
    }

    fn app(&mut self, name: &str, app: &App) {
        let step = self.application(name);
        self.pods_with_names(step);
        let of = self.named_nodes(app.node.as_slice());
        self.graph.one(step, of, "is bound to it");
        if let Some(storage) = &app.storage
            && let Some(storage) = self.graph.find(&format!("storage {storage}"))
        {
            self.graph.all(step, storage, "keeps its data on it");
        }
        for required in &app.requires {
            if let Some(other) = self.required(required) {
                self.graph.all(step, other, "does not serve without it");
            }
        }
    }

    /// Services that consist of others.
    fn composed(&mut self) {
        let services = &self.topology.pillar.services;
        for name in services.keys() {
            self.application(name);
        }
        for (name, spec) in services {
            let step = self.application(name);
            for required in spec.requires.iter().flatten() {
                let of = self.required(required);
                self.graph.one(step, of.into_iter().collect(), "does not serve without it");
            }
            let any: Vec<Option<usize>> = spec.any.iter().flatten().map(|name| self.required(name)).collect();
            // What is not ours is there already.
            if any.iter().all(Option::is_some) {
                self.graph.one(step, any.into_iter().flatten().collect(), "needs one of them");
            }
            if let Some(some) = &spec.k_of_n {
                let of: Vec<Option<usize>> = some.of.iter().map(|name| self.required(name)).collect();
                let there = of.iter().filter(|step| step.is_none()).count();
                let needed = (some.k as usize).saturating_sub(there);
                self.graph.some(step, needed, of.into_iter().flatten().collect(), "needs so many of them");
            }
        }
    }

    /// What a name in `requires` means: an application, a service or an element.
    fn required(&mut self, name: &str) -> Option<usize> {
        if self.topology.pillar.apps.as_ref().is_some_and(|apps| apps.contains_key(name)) {
            return Some(self.application(name));
        }
        let name = if name == "api" { "kubernetes" } else { name };
        let service = self.graph.find(name).or_else(|| self.graph.find(&format!("storage {name}")));
        let element = || {
            let domains = &self.topology.domains;
            let kinds = [Kind::Node, Kind::Hypervisor].into_iter().chain(domains.kinds());
            kinds.filter(|kind| *kind != Kind::Outside).find_map(|kind| domains.find(kind, name))
        };
        service.or_else(|| element().map(|element| self.element(element)))
    }

    /// Where the images of Kubernetes itself come from, when that is here.
    fn images(&mut self, kubelets: usize) {
        let images = &self.topology.images;
        if !self.topology.is_kubeadm() || !images.archives.is_empty() {
            return;
        }
        let host = names::registry_host(&images.repository);
        let address = host.parse().ok();
        let is_vip = self.topology.vips.iter().any(|vip| Some(vip.address) == address);
        let own = self.serves(host).or_else(|| {
            let here = is_vip || names::is_own_name(self.topology, host);
            names::application(self.topology, &["registry"]).filter(|_| here).map(|name| self.application(name))
        });
        if let Some(own) = own {
            self.graph.maybe(kubelets, own, "pull the images of Kubernetes from it", PULLED);
        }
        if own.is_none() && images.repository != topology::pillar::Images::default().repository && address.is_none() {
            let names = self.graph.step("names for hosts");
            self.graph.maybe(kubelets, names, "find the registry of Kubernetes' images by its name", PULLED);
        }
    }
}
