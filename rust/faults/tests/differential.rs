//! Every service of random topologies against an evaluator that counts what is left, for every set of failures of a kind.
//!
//! The evaluator knows nothing of formulas: it says of one set of failures what is down, and of each service whether it is
//! lost, as section 3 of the failure model defines it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::{WORK, messages, reading};
use faults::{EventId, Level, Model, tolerance};
use proptest::prelude::*;
use proptest::sample::subsequence;
use std::collections::HashSet;
use std::fmt::Write;
use topology::Kind;

#[derive(Clone, Debug)]
struct Host {
    control: bool,
    worker: bool,
    hypervisor: Option<usize>,
    site: Option<usize>,
}

#[derive(Clone, Debug)]
struct Hypervisor {
    feeds: Vec<usize>,
    rack: Option<usize>,
    cooling: Vec<usize>,
}

#[derive(Clone, Debug)]
struct App {
    replicas: usize,
    hard: bool,
    min: usize,
    storage: Option<&'static str>,
    node: Option<usize>,
    requires: Option<usize>,
}

/// What the user composes: of the services by their place in [`PARTS`].
#[derive(Clone, Debug)]
struct Composite {
    requires: Vec<usize>,
    any: Vec<usize>,
    of: Vec<usize>,
    k: usize,
}

#[derive(Clone, Debug)]
struct World {
    hosts: Vec<Host>,
    hypervisors: Vec<Hypervisor>,
    uplinks: Vec<usize>,
    balancer: usize,
    dns: (usize, bool),
    dnsmasq: Vec<usize>,
    longhorn: (usize, Vec<usize>),
    rook: (usize, usize, usize, Vec<usize>),
    raid: (usize, usize),
    nfs: Option<usize>,
    proxy: Vec<usize>,
    certs: Vec<usize>,
    ingress: (usize, bool),
    /// Replicas, whether none share a node, and how many are needed.
    registry: Option<(usize, bool, usize)>,
    apps: Vec<App>,
    composite: Composite,
}

const NODES: usize = 6;
const BALANCERS: [&str; 4] = ["haproxy-keepalived", "local", "kube-vip", "external"];
const LEVELS: [(&str, usize); 6] = [("0", 2), ("1", 2), ("5", 3), ("6", 4), ("10", 4), ("1E", 3)];
/// Of what the composite may consist.
const PARTS: [&str; 9] = ["etcd", "kubernetes", "coredns", "dnsmasq", "longhorn", "rook", "app0", "app1", "node:n0"];

fn nodes() -> impl Strategy<Value = Vec<usize>> {
    subsequence((0..NODES).collect::<Vec<_>>(), 1..=NODES)
}

/// Nodes that hold storage; none stands for all workers.
fn holders() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![nodes(), Just(Vec::new())]
}

fn app() -> impl Strategy<Value = App> {
    let storage = prop::option::of(prop::sample::select(vec!["longhorn", "rook", "array", "nfs"]));
    (0usize..7, any::<bool>(), 1usize..3, storage, prop::option::weighted(0.2, 0..NODES), prop::option::of(0usize..2))
        .prop_map(|(replicas, hard, min, storage, node, requires)| App {
            replicas,
            hard,
            min: min.min(replicas),
            storage,
            node,
            requires,
        })
}

fn composite() -> impl Strategy<Value = Composite> {
    let some = |least: usize| subsequence((0..PARTS.len()).collect::<Vec<_>>(), least..=4);
    (some(1), some(0), some(0), 1usize..4).prop_map(|(requires, any, of, k)| Composite {
        requires,
        any,
        k: k.min(of.len()),
        of,
    })
}

fn world() -> impl Strategy<Value = World> {
    let host = (any::<bool>(), any::<bool>(), prop::option::weighted(0.8, 0usize..3), prop::option::of(0usize..2));
    let host = host.prop_map(|(control, worker, hypervisor, site)| Host {
        control,
        worker: worker || !control,
        hypervisor,
        site,
    });
    let some = |of: usize| subsequence((0..of).collect::<Vec<_>>(), 0..=of);
    let hypervisor = (some(2), prop::option::of(0usize..2), some(2));
    let hypervisor = hypervisor.prop_map(|(feeds, rack, cooling)| Hypervisor { feeds, rack, cooling });
    let layout =
        (prop::collection::vec(host, NODES), prop::collection::vec(hypervisor, 3), prop::collection::vec(0usize..3, 2));
    let rook = (1usize..6, 1usize..4, holders())
        .prop_flat_map(|(mons, size, nodes)| (Just(mons), Just(size), 1..=size, Just(nodes)));
    let storage =
        ((1usize..4, holders()), rook, (0usize..LEVELS.len(), 0usize..NODES), prop::option::of(0usize..NODES));
    let names = (0usize..BALANCERS.len(), (1usize..5, any::<bool>()), nodes(), nodes(), nodes());
    let registry =
        (1usize..5, any::<bool>(), 1usize..3).prop_map(|(replicas, hard, min)| (replicas, hard, min.min(replicas)));
    let pods = ((1usize..4, any::<bool>()), prop::option::of(registry), prop::collection::vec(app(), 2), composite());
    (layout, storage, names, pods).prop_map(|(layout, storage, names, pods)| {
        let (mut hosts, hypervisors, uplinks) = layout;
        hosts[0].control = true;
        let (longhorn, rook, raid, nfs) = storage;
        let (balancer, dns, dnsmasq, proxy, certs) = names;
        let (ingress, registry, apps, composite) = pods;
        World {
            hosts,
            hypervisors,
            uplinks,
            balancer,
            dns,
            dnsmasq,
            longhorn,
            rook,
            raid,
            nfs,
            proxy,
            certs,
            ingress,
            registry,
            apps,
            composite,
        }
    })
}

fn list(names: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", names.into_iter().collect::<Vec<_>>().join(", "))
}

fn spread(hard: bool) -> &'static str {
    if hard { "required" } else { "preferred" }
}

impl World {
    fn names(nodes: &[usize]) -> String {
        list(nodes.iter().map(|node| format!("n{node}")))
    }

    /// The pillar that describes it.
    fn pillar(&self) -> String {
        let mut text = String::from(
            "cluster: {name: random, control_plane_endpoint: 'api.lan:8443'}\n\
             vips: {api: {address: 10.0.0.5, virtual_router_id: 61}}\n\
             proxmox: {}\nracks: {r0: {}, r1: {}}\npower_feeds: {f0: {}, f1: {}}\n",
        );
        let uplinks = |site: usize| list((0..self.uplinks[site]).map(|line| format!("l{line}")));
        writeln!(text, "sites: {{s0: {{uplinks: {}}}, s1: {{uplinks: {}}}}}", uplinks(0), uplinks(1)).unwrap();
        text.push_str("hypervisors:\n");
        for (place, hypervisor) in self.hypervisors.iter().enumerate() {
            let rack = hypervisor.rack.map_or(String::new(), |rack| format!("rack: r{rack}, "));
            let feeds = list(hypervisor.feeds.iter().map(|feed| format!("f{feed}")));
            writeln!(text, "  h{place}: {{{rack}power_feeds: {feeds}}}").unwrap();
        }
        text.push_str("failure_domains:\n  cooling:\n");
        for cooling in 0..2 {
            let cooled = (0..3).filter(|place| self.hypervisors[*place].cooling.contains(&cooling));
            writeln!(text, "    c{cooling}: {{hypervisors: {}}}", list(cooled.map(|place| format!("h{place}"))))
                .unwrap();
        }
        text.push_str("nodes:\n");
        for (place, host) in self.hosts.iter().enumerate() {
            let roles = [("control_plane", host.control), ("worker", host.worker)];
            let roles = list(roles.iter().filter(|(_, has)| *has).map(|(role, _)| (*role).to_owned()));
            let on = host.hypervisor.map_or(String::new(), |place| format!(", hypervisor: h{place}"));
            let at = host.site.map_or(String::new(), |site| format!(", site: s{site}"));
            writeln!(text, "  n{place}: {{roles: {roles}, ip: 10.0.0.1{place}{on}{at}}}").unwrap();
        }
        writeln!(text, "load_balancer: {{type: {}}}", BALANCERS[self.balancer]).unwrap();
        let (replicas, hard) = self.dns;
        writeln!(
            text,
            "dns: {{coredns: {{replicas: {replicas}, spread: {}}}, dnsmasq: {{nodes: {}}}}}",
            spread(hard),
            Self::names(&self.dnsmasq)
        )
        .unwrap();
        let (mons, size, min_size, holders) = &self.rook;
        let (level, node) = self.raid;
        let (level, disks) = LEVELS[level];
        writeln!(
            text,
            "storage:\n  longhorn: {{replicas: {}, nodes: {}}}\n  rook: {{mons: {mons}, size: {size}, min_size: {min_size}, nodes: {}}}\n  \
             raid: {{array: {{node: n{node}, level: {level}, disks: {disks}}}}}\n  nfs: {{server: {}}}",
            self.longhorn.0,
            Self::names(&self.longhorn.1),
            Self::names(holders),
            self.nfs.map_or("nas".to_owned(), |node| format!("n{node}")),
        )
        .unwrap();
        writeln!(text, "reverse_proxy: {{type: nginx, nodes: {}, vip: api}}", Self::names(&self.proxy)).unwrap();
        writeln!(text, "certs: {{manager: certbot, nodes: {}}}", Self::names(&self.certs)).unwrap();
        writeln!(text, "ingress: {{replicas: {}, spread: {}}}", self.ingress.0, spread(self.ingress.1)).unwrap();
        text.push_str("apps:\n");
        if let Some((replicas, hard, min)) = self.registry {
            let spread = spread(hard);
            writeln!(
                text,
                "  registry: {{type: registry, replicas: {replicas}, spread: {spread}, min_available: {min}}}"
            )
            .unwrap();
        }
        for (place, app) in self.apps.iter().enumerate() {
            write!(text, "  app{place}: {{replicas: {}, spread: {}", app.replicas, spread(app.hard)).unwrap();
            write!(text, ", min_available: {}", app.min).unwrap();
            app.storage.iter().for_each(|storage| write!(text, ", storage: {storage}").unwrap());
            app.node.iter().for_each(|node| write!(text, ", node: n{node}").unwrap());
            // The first may be required by the second alone, so there is no circle.
            let required = if place == 0 { "dnsmasq" } else { "app0" };
            app.requires.iter().for_each(|_| write!(text, ", requires: [{required}]").unwrap());
            text.push_str("}\n");
        }
        let parts = |places: &[usize]| list(places.iter().map(|place| format!("'{}'", PARTS[*place])));
        let Composite { requires, any, of, k } = &self.composite;
        write!(text, "services: {{mine: {{requires: {}", parts(requires)).unwrap();
        if !any.is_empty() {
            write!(text, ", any: {}", parts(any)).unwrap();
        }
        if !of.is_empty() {
            write!(text, ", k_of_n: {{k: {k}, of: {}}}", parts(of)).unwrap();
        }
        text.push_str("}}\ndr: {destinations: {far: {type: s3, url: 's3://b', off_site: true}}, backups: {b: {of: app1, to: [far]}}}\n");
        text
    }
}

/// What is down, by `kind:name`.
struct State<'w> {
    world: &'w World,
    failed: HashSet<String>,
}

fn majority(members: usize) -> usize {
    members / 2 + 1
}

impl State<'_> {
    fn has(&self, kind: &str, name: &str) -> bool {
        self.failed.contains(&format!("{kind}:{name}"))
    }

    /// What stands on a group lives as long as one of the group does.
    fn all_failed(&self, kind: &str, letter: char, group: &[usize]) -> bool {
        !group.is_empty() && group.iter().all(|place| self.has(kind, &format!("{letter}{place}")))
    }

    fn hypervisor(&self, place: usize) -> bool {
        let hypervisor = &self.world.hypervisors[place];
        self.has("hypervisor", &format!("h{place}"))
            || hypervisor.rack.is_some_and(|rack| self.has("rack", &format!("r{rack}")))
            || self.all_failed("power_feed", 'f', &hypervisor.feeds)
            || self.all_failed("cooling", 'c', &hypervisor.cooling)
    }

    fn site(&self, site: usize) -> bool {
        self.has("site", &format!("s{site}"))
    }

    fn node(&self, place: usize) -> bool {
        let host = &self.world.hosts[place];
        self.has("node", &format!("n{place}"))
            || host.hypervisor.is_some_and(|place| self.hypervisor(place))
            || host.site.is_some_and(|site| self.site(site))
    }

    fn process(&self, program: &str, node: usize) -> bool {
        self.has("process", &format!("{program} on n{node}")) || self.node(node)
    }

    fn uplinks(&self, site: usize) -> bool {
        self.site(site) || (0..self.world.uplinks[site]).all(|line| self.has("uplink", &format!("s{site}/l{line}")))
    }

    /// A node that is lost, or behind uplinks that are; a site without any is taken for connected.
    fn online(&self, place: usize) -> bool {
        let site = self.world.hosts[place].site.filter(|site| self.world.uplinks[*site] > 0);
        !site.is_some_and(|site| self.uplinks(site))
    }

    fn dead(&self, nodes: &[usize]) -> usize {
        nodes.iter().filter(|node| self.node(**node)).count()
    }

    fn control(&self) -> Vec<usize> {
        (0..NODES).filter(|place| self.world.hosts[*place].control).collect()
    }

    fn workers(&self) -> Vec<usize> {
        (0..NODES).filter(|place| self.world.hosts[*place].worker).collect()
    }

    fn holders(&self, named: &[usize]) -> Vec<usize> {
        if named.is_empty() { self.workers() } else { named.to_vec() }
    }

    fn api_server(&self, node: usize) -> bool {
        self.process("kube-apiserver", node) || self.process("etcd", node)
    }

    fn balancer(&self) -> bool {
        match BALANCERS[self.world.balancer] {
            "external" => self.has("outside", "load-balancer"),
            "local" => (0..NODES).all(|node| self.process("haproxy", node)),
            "kube-vip" => self.control().iter().all(|node| self.process("kube-vip", *node)),
            _ => self.control().iter().all(|node| self.process("haproxy", *node) || self.process("keepalived", *node)),
        }
    }

    fn pods(&self, level: Level, nodes: &[usize], replicas: usize, needed: usize, hard: bool, images: bool) -> bool {
        let dead = self.dead(nodes);
        let placed = if hard { replicas.min(nodes.len()) } else { replicas * usize::from(!nodes.is_empty()) };
        let left = match hard {
            true => placed.saturating_sub(dead),
            false if dead == 0 => placed,
            false => 0,
        };
        let lost = left < needed;
        if level == Level::Serve || !lost {
            return lost;
        }
        let room = if hard { needed } else { 1 };
        let starters = ["kubernetes", "kube-scheduler", "kube-controller-manager"];
        replicas < needed
            || nodes.len() - dead < room
            || images
            || starters.iter().any(|name| self.lost(name, Level::Recover) == Some(true))
    }

    fn app(&self, place: usize, level: Level) -> bool {
        let app = &self.world.apps[place];
        let bound = app.node.or((app.storage == Some("array")).then_some(self.world.raid.1));
        let nodes = bound.map_or(self.workers(), |node| vec![node]);
        let images = self.world.registry.is_some() && self.lost("registry", Level::Recover) == Some(true);
        let required = app.requires.map(|_| if place == 0 { "dnsmasq" } else { "app0" });
        let storage = app.storage.map(|storage| format!("storage {storage}"));
        let parts = required.into_iter().chain(storage.as_deref());
        parts.into_iter().any(|part| self.lost(part, level) == Some(true))
            || self.pods(level, &nodes, app.replicas, app.min.max(1), app.hard, images)
    }

    fn app_data(&self, place: usize) -> Option<bool> {
        let app = &self.world.apps[place];
        let storage = app.storage.map(|storage| self.lost(&format!("storage {storage}"), Level::Data).unwrap());
        let required = app.requires.filter(|_| place == 1).and_then(|_| self.app_data(0));
        [storage, required].into_iter().flatten().reduce(|one, other| one || other)
    }

    /// Disks of the array that are lost, when its host is not.
    fn array(&self) -> bool {
        let (level, node) = self.world.raid;
        let (level, disks) = LEVELS[level];
        let lost: Vec<bool> =
            (1..=disks).map(|disk| self.has("storage_device", &format!("array/disk-{disk}"))).collect();
        let dead = lost.iter().filter(|lost| **lost).count();
        self.node(node)
            || match level {
                "0" => dead > 0,
                "1" => dead == disks,
                "5" => dead > 1,
                "6" => dead > 2,
                "10" => lost.chunks(2).any(|pair| pair == [true, true]),
                _ => (0..disks).any(|disk| lost[disk] && lost[(disk + 1) % disks]),
            }
    }

    fn part(&self, place: usize, level: Level) -> Option<bool> {
        match PARTS[place] {
            "node:n0" => (level != Level::Data).then(|| self.node(0)),
            name @ ("longhorn" | "rook") => self.lost(&format!("storage {name}"), level),
            name => self.lost(name, level),
        }
    }

    fn composite(&self, level: Level) -> Option<bool> {
        let Composite { requires, any, of, k } = &self.world.composite;
        if level == Level::Data {
            let parts = requires.iter().chain(any).chain(of).filter_map(|place| self.part(*place, level));
            return parts.reduce(|one, other| one || other);
        }
        let lost = |place: &usize| self.part(*place, level) == Some(true);
        Some(
            requires.iter().any(lost)
                || (!any.is_empty() && any.iter().all(lost))
                || of.iter().filter(|place| !lost(place)).count() < *k,
        )
    }

    /// Whether a level of a service is lost; `None` where the level means nothing.
    fn lost(&self, name: &str, level: Level) -> Option<bool> {
        let world = self.world;
        let control = self.control();
        let copies = |nodes: &[usize], copies: usize, needed: usize| {
            let nodes = self.holders(nodes);
            let copies = copies.min(nodes.len());
            copies.saturating_sub(self.dead(&nodes)) < needed
        };
        let stateless = |lost: bool| (level != Level::Data).then_some(lost);
        match name {
            "etcd" if level == Level::Data => Some(self.dead(&control) >= majority(control.len())),
            "etcd" => {
                let alive = control.iter().filter(|node| !self.process("etcd", **node)).count();
                Some(alive < majority(control.len()))
            }
            "kube-apiserver" => stateless(control.iter().all(|node| self.api_server(*node))),
            "kube-scheduler" | "kube-controller-manager" => {
                stateless(control.iter().all(|node| self.process(name, *node) || self.api_server(*node)))
            }
            "load balancer" => stateless(self.balancer()),
            "kubernetes" if level == Level::Data => self.lost("etcd", level),
            "kubernetes" => {
                let parts = ["etcd", "kube-apiserver", "load balancer"];
                Some(parts.iter().any(|part| self.lost(part, level) == Some(true)))
            }
            "coredns" => {
                let nodes: Vec<usize> = (0..NODES).collect();
                stateless(self.pods(level, &nodes, world.dns.0, 1, world.dns.1, false))
            }
            "dnsmasq" => stateless(world.dnsmasq.iter().all(|node| self.process("dnsmasq", *node))),
            "internet s0" => stateless(self.uplinks(0)),
            "internet s1" => stateless(self.uplinks(1)),
            "storage longhorn" => Some(copies(&world.longhorn.1, world.longhorn.0, 1)),
            "rook monitors" => {
                let (mons, _, _, nodes) = &world.rook;
                let nodes = self.holders(nodes);
                let mons = (*mons).min(nodes.len());
                let dead = self.dead(&nodes).min(mons);
                Some(if level == Level::Data { dead >= majority(mons) } else { mons - dead < majority(mons) })
            }
            "storage rook" => {
                let (_, size, min_size, nodes) = &world.rook;
                let needed = if level == Level::Data { 1 } else { *min_size };
                Some(copies(nodes, *size, needed) || self.lost("rook monitors", level) == Some(true))
            }
            "storage longhorn attach" | "storage rook attach" => {
                let volumes = self.lost(name.trim_end_matches(" attach"), level);
                if level == Level::Data {
                    volumes
                } else {
                    Some(volumes == Some(true) || self.lost("kubernetes", level) == Some(true))
                }
            }
            "storage nfs" => Some(match world.nfs {
                Some(node) if level == Level::Data => self.node(node),
                Some(node) => self.process("nfs-server", node),
                None => self.has("outside", "nas"),
            }),
            "storage array" => Some(self.array()),
            "certificate renewal" => {
                stateless(world.certs.iter().all(|node| self.process("certbot", *node) || !self.online(*node)))
            }
            "reverse proxy" => stateless(
                world.proxy.iter().all(|node| self.process("nginx", *node) || self.process("keepalived", *node)),
            ),
            "ingress" => stateless(self.pods(level, &self.workers(), world.ingress.0, 1, world.ingress.1, false)),
            "proxmox quorum" => {
                let dead = (0..3)
                    .filter(|place| self.hypervisor(*place) || self.has("process", &format!("corosync on h{place}")));
                stateless(3 - dead.count() < 2)
            }
            "registry" => {
                let (replicas, hard, min) = world.registry.unwrap();
                stateless(self.pods(level, &self.workers(), replicas, min, hard, false))
            }
            "app0" | "app1" => {
                let place = usize::from(name == "app1");
                if level == Level::Data { self.app_data(place) } else { Some(self.app(place, level)) }
            }
            "mine" => self.composite(level),
            "off-site copy of b" => Some(self.copy(level)),
            "backup b" if level == Level::Data => Some(self.copy(level)),
            "backup b" => Some(self.copy(level) || self.lost("app1", level) == Some(true)),
            other => panic!("the evaluator does not know {other}"),
        }
    }

    fn copy(&self, level: Level) -> bool {
        let connected: Vec<usize> = (0..2).filter(|site| self.world.uplinks[*site] > 0).collect();
        let offline = !connected.is_empty() && connected.iter().all(|site| self.uplinks(*site));
        self.has("outside", "far") || (level != Level::Data && offline)
    }
}

/// All subsets with up to `most` members.
fn subsets(elements: &[EventId], most: usize) -> Vec<Vec<EventId>> {
    let mut all = vec![Vec::new()];
    for element in elements {
        let with: Vec<Vec<EventId>> = all
            .iter()
            .filter(|set: &&Vec<EventId>| set.len() < most)
            .map(|set| [&set[..], &[*element]].concat())
            .collect();
        all.extend(with);
    }
    all
}

fn check(world: &World) -> Result<(), TestCaseError> {
    let read = reading(&[&world.pillar()]);
    prop_assert!(read.findings.is_empty(), "{:#?}\n{}", messages(&read), world.pillar());
    let mut model = Model::of(&read.topology.unwrap());
    let kinds: Vec<Kind> = model.kinds().collect();
    for kind in kinds {
        let elements: Vec<EventId> = model.of_kind(kind).collect();
        // Of the programs one alone; several of them are in the mixed sets below.
        let most = if elements.len() > 8 { 1 } else { elements.len() };
        let sets = subsets(&elements, most);
        let states: Vec<(usize, State<'_>)> = sets
            .iter()
            .map(|set| {
                let name = |event: &EventId| format!("{}:{}", model.kind_key(kind), model.event(*event).name);
                (set.len(), State { world, failed: set.iter().map(name).collect() })
            })
            .collect();
        for service in model.services.clone() {
            for level in Level::ALL {
                let wanted = states[0].1.lost(&service.name, level);
                prop_assert_eq!(wanted.is_some(), service.lost(level).is_some(), "{} {:?}", &service.name, level);
                let Some(lost) = service.lost(level) else { continue };
                let fewest = states
                    .iter()
                    .filter(|(_, state)| state.lost(&service.name, level) == Some(true))
                    .map(|(size, _)| *size)
                    .min();
                let answer = tolerance(&mut model, lost, kind, &[], &mut WORK.clone());
                prop_assert!(answer.settled);
                let found = match (answer.survives, answer.witness.len()) {
                    (None, _) => Some(0),
                    (Some(_), 0) => None,
                    (Some(survives), witness) => {
                        prop_assert_eq!(survives as usize + 1, witness);
                        Some(witness).filter(|size| *size <= most)
                    }
                };
                prop_assert_eq!(found, fewest, "{} {:?} against {:?}\n{}", &service.name, level, kind, world.pillar());
            }
        }
    }
    Ok(())
}

/// A set of failures across kinds: the formulas and the evaluator say the same, and a further failure mends nothing.
fn check_mixed(world: &World, chosen: &[prop::sample::Index]) -> Result<(), TestCaseError> {
    let model = Model::of(&reading(&[&world.pillar()]).topology.unwrap());
    let mut failed: Vec<EventId> = Vec::new();
    let mut before: Vec<bool> = Vec::new();
    // Some of them, and then all.
    for more in [&chosen[..chosen.len() / 2], &chosen[chosen.len() / 2..]] {
        let places = more.iter().map(|index| index.index(model.events.len()));
        failed.extend(places.map(|place| EventId(u32::try_from(place).unwrap())));
        let name = |event: &EventId| {
            let event = model.event(*event);
            format!("{}:{}", model.kind_key(event.kind), event.name)
        };
        let state = State { world, failed: failed.iter().map(name).collect() };
        let mut now = Vec::new();
        for service in &model.services {
            for level in Level::ALL {
                let Some(lost) = service.lost(level) else { continue };
                let found = model.formulas.holds(lost, |event| failed.contains(&event));
                prop_assert_eq!(
                    Some(found),
                    state.lost(&service.name, level),
                    "{} {:?} with {:?}",
                    &service.name,
                    level,
                    &state.failed
                );
                now.push(found);
            }
            let recovers = model.formulas.holds(service.recover, |event| failed.contains(&event));
            let serves = model.formulas.holds(service.serve, |event| failed.contains(&event));
            prop_assert!(serves || !recovers, "{} is lost for good and serves", &service.name);
        }
        prop_assert!(before.iter().zip(&now).all(|(before, now)| *now || !*before), "a failure mended something");
        before = now;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, max_shrink_iters: 500, ..ProptestConfig::default() })]

    #[test]
    fn tolerance_is_what_counting_every_set_of_failures_gives(world in world()) {
        check(&world)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn failures_of_several_kinds_take_what_counting_says(world in world(), chosen in prop::collection::vec(any::<prop::sample::Index>(), 1..8)) {
        check_mixed(&world, &chosen)?;
    }
}
