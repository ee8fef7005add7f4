//! What a name in the pillar means where services, applications and elements may stand.

use crate::domains::{ElementId, Kind};
use crate::model::Topology;
use crate::pillar::ClusterDistribution;
use std::collections::HashMap;

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Named {
    /// A service that follows from other sections, by its whole name: `storage longhorn`.
    Derived(String),
    /// An application.
    App(String),
    /// A service under `services`.
    Service(String),
    /// A backup.
    Backup(String),
    /// An element that fails.
    Element(ElementId),
}

/// The meaning of all names of a topology.
#[derive(Clone, Debug)]
pub struct Names {
    meaning: HashMap<String, Named>,
}

impl Names {
    /// The names of a topology. Of several meanings the first of these counts: a derived service, an application, a service
    /// of the user, a node, a hypervisor, another element. `hypervisor:pve1` names an element of one kind.
    #[must_use]
    pub fn of(topology: &Topology) -> Self {
        let mut names = Self { meaning: HashMap::new() };
        for name in topology.derived_services() {
            if let Some(short) = name.strip_prefix("storage ") {
                names.add(short, &Named::Derived(name.clone()));
            }
            names.add(&name, &Named::Derived(name.clone()));
        }
        // What people call it.
        names.add("api", &Named::Derived("kubernetes".to_owned()));
        for name in topology.pillar.dr.iter().flat_map(|dr| dr.backups.keys()) {
            names.add(&format!("backup {name}"), &Named::Backup(name.clone()));
        }
        for name in topology.pillar.apps.iter().flat_map(|apps| apps.keys()) {
            names.add(name, &Named::App(name.clone()));
        }
        for name in topology.pillar.services.keys() {
            names.add(name, &Named::Service(name.clone()));
        }
        let domains = &topology.domains;
        for kind in [Kind::Node, Kind::Hypervisor].into_iter().chain(domains.kinds()) {
            for element in domains.of_kind(kind) {
                let name = &domains.element(element).name;
                names.add(name, &Named::Element(element));
                names.add(&format!("{}:{name}", domains.key(kind)), &Named::Element(element));
            }
        }
        names
    }

    fn add(&mut self, name: &str, meaning: &Named) {
        if !self.meaning.contains_key(name) {
            self.meaning.insert(name.to_owned(), meaning.clone());
        }
    }

    /// What a name means; `None` when it is declared nowhere.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Named> {
        self.meaning.get(name)
    }

    /// All names, sorted.
    #[must_use]
    pub fn all(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.meaning.keys().map(String::as_str).collect();
        all.sort_unstable();
        all
    }
}

impl Topology {
    /// Names of the services that follow from what the pillar declares, those apart that it names itself: applications,
    /// services and backups.
    #[must_use]
    pub fn derived_services(&self) -> Vec<String> {
        let pillar = &self.pillar;
        let mut names: Vec<String> = Vec::new();
        let mut add = |is_there: bool, name: &str| {
            if is_there {
                names.push(name.to_owned());
            }
        };
        let microk8s = self.cluster.distribution == ClusterDistribution::Microk8s;
        let sites = || pillar.sites.iter().filter(|(_, site)| !site.uplinks.is_empty());
        add(!self.etcd.members.is_empty(), "etcd");
        add(microk8s, "dqlite");
        for name in ["kube-apiserver", "kube-scheduler", "kube-controller-manager"] {
            add(true, name);
        }
        add(!microk8s, "load balancer");
        add(true, "kubernetes");
        let answers = |section: &crate::pillar::Microk8s| section.addons.iter().any(|addon| addon == "dns");
        add(!microk8s || pillar.microk8s.as_ref().is_some_and(answers), "coredns");
        add(pillar.dns.dnsmasq.is_some(), "dnsmasq");
        for (site, _) in sites() {
            add(true, &format!("internet {site}"));
        }
        let storage = pillar.storage.as_ref();
        if let Some(longhorn) = storage.and_then(|storage| storage.longhorn.as_ref()) {
            for class in ["longhorn"].into_iter().chain(longhorn.classes.keys().map(String::as_str)) {
                add(true, &format!("storage {class}"));
                add(true, &format!("storage {class} attach"));
            }
        }
        if storage.is_some_and(|storage| storage.rook.is_some()) {
            add(true, "rook monitors");
            add(true, "storage rook");
            add(true, "storage rook attach");
        }
        add(storage.is_some_and(|storage| storage.nfs.is_some()), "storage nfs");
        for array in storage.iter().flat_map(|storage| storage.raid.keys()) {
            add(true, &format!("storage {array}"));
        }
        add(pillar.certs.is_some(), "certificate renewal");
        add(pillar.reverse_proxy.is_some(), "reverse proxy");
        add(pillar.ingress.is_some(), "ingress");
        add(self.targets.external && sites().next().is_some(), "outside access");
        add(pillar.mesh.is_some(), "mesh");
        let voters = self.domains.of_kind(Kind::Hypervisor).next().is_some();
        add(self.proxmox.is_some() && voters, "proxmox quorum");
        for (name, backup) in pillar.dr.iter().flat_map(|dr| &dr.backups) {
            let off_site = |to: &String| pillar.dr.as_ref().and_then(|dr| dr.destinations.get(to));
            let is_off_site = backup.to.iter().filter_map(off_site).any(|destination| destination.off_site);
            add(is_off_site, &format!("off-site copy of {name}"));
        }
        names
    }
}
