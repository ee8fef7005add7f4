//! Elements that follow from other sections: uplinks, disks, shared storage, what others run, and what the pillar names.

use super::Resolver;
use super::networks::unknown_name_help;
use crate::domains::{Domains, ElementId, Kind};
use crate::issue::{CONTRADICTION, Issue, UNKNOWN_KEY, UNKNOWN_NAME};
use crate::model::Node;
use crate::pillar::{DestinationType, FailureDomainSpec, LoadBalancerType, Pillar};
use crate::places::{EXTERNAL_BALANCER, PUBLIC_REGISTRY, destination, own_host, shared_storages};
use indexmap::IndexMap;
use tree::{Origin, Place, nearest};

/// No array has more disks; a number beyond is a slip of the pen.
const MOST_DISKS: u32 = 256;

impl Resolver<'_> {
    pub(super) fn further_elements(&mut self, domains: &mut Domains, pillar: &Pillar, nodes: &[Node]) {
        uplinks(domains, pillar);
        self.arrays(domains, pillar);
        for node in nodes {
            let (Some(vm), Some(element)) = (&node.vm, domains.find(Kind::Node, &node.name)) else { continue };
            for storage in shared_storages(pillar, node, vm) {
                let origin = pillar.proxmox.as_ref().map_or(Origin::default(), |proxmox| proxmox.origin);
                let device = domains.add(Kind::StorageDevice, storage, origin);
                domains.needs_one_of(element, vec![device]);
            }
        }
        outside(domains, pillar, nodes);
        self.named_kinds(domains, pillar);
        self.survive_keys(domains, pillar);
    }

    /// The disks of arrays. A disk is lost with the node in which it is.
    fn arrays(&mut self, domains: &mut Domains, pillar: &Pillar) {
        for (name, raid) in pillar.storage.iter().flat_map(|storage| &storage.raid) {
            let Some(disks) = raid.disks else { continue };
            let place = Place::field(raid.origin, "disks");
            if disks > MOST_DISKS {
                let message = format!("array `{name}` has {disks} disks, more than {MOST_DISKS}");
                self.block(Issue::new(&CONTRADICTION, place, message));
                continue;
            }
            if let Some(level) = raid.level {
                let fewest = level.fewest_disks();
                let odd = fewest == 4 && level.to_string() == "10" && disks % 2 == 1;
                if disks < fewest || odd {
                    let pairs = if odd { ", which come in pairs" } else { "" };
                    let message = format!("RAID {level} of {disks} disks: it takes {fewest} or more{pairs}");
                    self.block(Issue::new(&CONTRADICTION, place, message).help("correct `disks` or `level`"));
                }
            }
            let host = raid.node.as_deref().and_then(|node| domains.find(Kind::Node, node));
            for number in 1..=disks {
                let disk = domains.add(Kind::StorageDevice, &format!("{name}/disk-{number}"), raid.origin);
                domains.needs_one_of(disk, host.into_iter().collect());
            }
        }
    }

    fn named_kinds(&mut self, domains: &mut Domains, pillar: &Pillar) {
        for (name, members) in &pillar.failure_domains {
            let place = Place::field(pillar.origin, "failure_domains");
            if Kind::ALL.into_iter().any(|kind| kind.key() == name) {
                let message = format!("`{name}` is a kind of failure domain that every pillar has");
                self.block(Issue::new(&CONTRADICTION, place, message).help("choose another name for the kind"));
                continue;
            }
            let Some(kind) = domains.name_kind(name) else {
                self.block(Issue::new(&CONTRADICTION, place, "there are more than 256 kinds under `failure_domains`"));
                return;
            };
            let mut stands_on: IndexMap<ElementId, Vec<ElementId>> = IndexMap::new();
            for (member, spec) in members {
                let element = domains.add(kind, member, spec.origin);
                for lost in self.members(domains, spec) {
                    stands_on.entry(lost).or_default().push(element);
                }
            }
            for (element, group) in stands_on {
                domains.needs_one_of(element, group);
            }
        }
    }

    /// What is lost with an element of a named kind.
    fn members(&mut self, domains: &Domains, spec: &FailureDomainSpec) -> Vec<ElementId> {
        let mut found = Vec::new();
        for (kind, field, names) in [
            (Kind::Node, "nodes", &spec.nodes),
            (Kind::Hypervisor, "hypervisors", &spec.hypervisors),
            (Kind::Rack, "racks", &spec.racks),
            (Kind::PowerFeed, "power_feeds", &spec.power_feeds),
            (Kind::Switch, "switches", &spec.switches),
            (Kind::Site, "sites", &spec.sites),
        ] {
            for (item, name) in names.iter().enumerate() {
                if let Some(element) = domains.find(kind, name) {
                    found.push(element);
                    continue;
                }
                let known: Vec<&str> = domains.of_kind(kind).map(|id| domains.element(id).name.as_str()).collect();
                let help = unknown_name_help(name, known.into_iter(), kind.section());
                let message = format!("{} `{name}` is declared nowhere", kind.words());
                self.report(Issue::new(&UNKNOWN_NAME, Place::item(spec.origin, field, item), message).help(help));
            }
        }
        found
    }

    fn survive_keys(&mut self, domains: &Domains, pillar: &Pillar) {
        let known: Vec<&str> = domains.kinds().map(|kind| domains.key(kind)).collect();
        let survive = &pillar.targets.survive;
        let rates = pillar.reliability.iter().flat_map(|section| section.kinds.keys().map(|key| (section.origin, key)));
        for (origin, key) in survive.named.keys().map(|key| (survive.origin, key)).chain(rates) {
            if known.contains(&key.as_str()) {
                continue;
            }
            let help = match nearest(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known keys here: {}; others are declared under `failure_domains`", known.join(", ")),
            };
            self.report(Issue::new(&UNKNOWN_KEY, Place::field(origin, key), format!("unknown key `{key}`")).help(help));
        }
    }
}

fn uplinks(domains: &mut Domains, pillar: &Pillar) {
    for (name, site) in &pillar.sites {
        for provider in &site.uplinks {
            let uplink = domains.add(Kind::Uplink, &format!("{name}/{provider}"), site.origin);
            // A provider that is named twice is one line.
            let stands = domains.element(uplink).needs.is_empty();
            let place = domains.find(Kind::Site, name).filter(|_| stands);
            domains.needs_one_of(uplink, place.into_iter().collect());
        }
    }
}

/// What others run, and what is not in the cluster: each an element that fails by itself. What is at the only site is lost
/// with it.
fn outside(domains: &mut Domains, pillar: &Pillar, nodes: &[Node]) {
    let sites: Vec<ElementId> = domains.of_kind(Kind::Site).collect();
    let site = if let [only] = sites[..] { vec![only] } else { Vec::new() };
    if pillar.load_balancer.r#type == LoadBalancerType::External {
        domains.add(Kind::Outside, EXTERNAL_BALANCER, pillar.load_balancer.external.origin);
    }
    let nfs = pillar.storage.iter().filter_map(|storage| storage.nfs.as_ref());
    let servers = nfs.map(|nfs| (nfs.server.as_deref().unwrap_or("nfs"), nfs.origin));
    let voters = pillar.proxmox.iter().filter(|proxmox| proxmox.qdevice);
    let voters = voters.map(|proxmox| (proxmox.qdevice_host.as_deref().unwrap_or("qdevice"), proxmox.origin));
    for (host, origin) in servers.chain(voters) {
        if own_host(domains, nodes, host).is_none() && domains.find(Kind::Outside, host).is_none() {
            let element = domains.add(Kind::Outside, host, origin);
            domains.needs_one_of(element, site.clone());
        }
    }
    for (name, spec) in pillar.dr.iter().flat_map(|dr| &dr.destinations) {
        let is_local = spec.r#type == Some(DestinationType::Local);
        if !is_local && destination(domains, nodes, name, spec).is_none() {
            let element = domains.add(Kind::Outside, name, spec.origin);
            domains.needs_one_of(element, if spec.off_site { Vec::new() } else { site.clone() });
        }
    }
    let mut apps = pillar.apps.iter().flat_map(|apps| apps.values());
    if let Some(app) = apps.find(|app| app.images_from.as_deref() == Some("outside")) {
        domains.add(Kind::Outside, PUBLIC_REGISTRY, app.origin);
    }
}
