//! Names that sections use of each other: each must be declared, and nothing may need itself.

use super::Resolver;
use super::networks::unknown_name_help;
use crate::dependencies::Dependencies;
use crate::domains::Kind;
use crate::issue::{CIRCLE, CONTRADICTION, Issue, UNKNOWN_NAME};
use crate::model::Topology;
use crate::names::{Named, Names};
use crate::pillar::App;
use std::collections::HashSet;
use tree::{Origin, Place, nearest};

/// Kinds of applications that change what is lost with what.
const KINDS_OF_APPS: [&str; 2] = ["registry", "cloud-controller-manager"];

impl Resolver<'_> {
    pub(super) fn references(&mut self, topology: &Topology) {
        self.hosts(topology);
        self.reliability(topology);
        let pillar = &topology.pillar;
        if pillar.apps.is_none() && pillar.services.is_empty() && pillar.dr.is_none() {
            return;
        }
        let names = Names::of(topology);
        self.apps(topology, &names);
        self.services(topology, &names);
        self.recovery(topology, &names);
        self.twice(topology);
        let circle = Dependencies::of(topology, &names).circle;
        if let Some(first) = circle.first() {
            let words: Vec<&str> = circle.iter().chain([first]).map(written).collect();
            let message = format!("these services need each other: {}", words.join(" -> "));
            self.block(Issue::new(&CIRCLE, Place::section(origin(topology, first)), message));
        }
    }

    /// Reports a name that is none of those that may stand there.
    fn expect(&mut self, known: &[&str], what: &str, section: &str, name: &str, place: Place) {
        if !known.contains(&name) {
            let help = unknown_name_help(name, known.iter().copied(), section);
            let message = format!("{what} `{name}` is declared nowhere");
            self.report(Issue::new(&UNKNOWN_NAME, place, message).help(help));
        }
    }

    fn expect_all(&mut self, known: &[&str], what: (&str, &str), written: &[String], origin: Origin, field: &str) {
        let set: HashSet<&str> = known.iter().copied().collect();
        for (item, name) in written.iter().enumerate().filter(|(_, name)| !set.contains(name.as_str())) {
            self.expect(known, what.0, what.1, name, Place::item(origin, field, item));
        }
    }

    /// Reports a name that means nothing.
    fn expect_named(&mut self, names: &Names, name: &str, place: Place) {
        if names.get(name).is_none() {
            let all = names.all();
            let help = nearest(name, all.iter().copied()).map_or_else(
                || "write the name of a service, an application, a node or another element that fails".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("`{name}` is no service, no application and no element that fails");
            self.report(Issue::new(&UNKNOWN_NAME, place, message).help(help));
        }
    }

    fn expect_all_named(&mut self, names: &Names, written: &[String], origin: Origin, field: &str) {
        for (item, name) in written.iter().enumerate() {
            self.expect_named(names, name, Place::item(origin, field, item));
        }
    }

    /// What something serves less without is a service: that an element is away is seen at what needs it.
    fn expect_services(&mut self, names: &Names, written: &[String], origin: Origin, field: &str) {
        self.expect_all_named(names, written, origin, field);
        for (item, name) in written.iter().enumerate() {
            if let Some(Named::Element(_)) = names.get(name) {
                let message = format!("`{name}` is an element that fails, and no service");
                let issue = Issue::new(&CONTRADICTION, Place::item(origin, field, item), message);
                self.report(issue.help("name a service or an application that needs it"));
            }
        }
    }

    fn hosts(&mut self, topology: &Topology) {
        let nodes: Vec<&str> = topology.nodes.iter().map(|node| node.name.as_str()).collect();
        let pillar = &topology.pillar;
        let node = ("node", "nodes");
        if let Some(dnsmasq) = &pillar.dns.dnsmasq {
            self.expect_all(&nodes, node, &dnsmasq.nodes, dnsmasq.origin, "nodes");
        }
        if let Some(proxy) = &pillar.reverse_proxy {
            self.expect_all(&nodes, node, &proxy.nodes, proxy.origin, "nodes");
            if let Some(preferred) = &proxy.preferred {
                self.expect(&nodes, "node", "nodes", preferred, Place::field(proxy.origin, "preferred"));
            }
            if let Some(vip) = &proxy.vip {
                let vips: Vec<&str> = topology.vips.iter().map(|vip| vip.name.as_str()).collect();
                self.expect(&vips, "address", "vips", vip, Place::field(proxy.origin, "vip"));
            }
        }
        if let Some(certs) = &pillar.certs {
            self.expect_all(&nodes, node, &certs.nodes, certs.origin, "nodes");
        }
        let Some(storage) = &pillar.storage else { return };
        if let Some(longhorn) = &storage.longhorn {
            self.expect_all(&nodes, node, &longhorn.nodes, longhorn.origin, "nodes");
        }
        if let Some(rook) = &storage.rook {
            self.expect_all(&nodes, node, &rook.nodes, rook.origin, "nodes");
            if rook.min_size > rook.size || rook.min_size == 0 {
                let message = format!("`min_size` is {}, of {} copies", rook.min_size, rook.size);
                self.block(Issue::new(&CONTRADICTION, Place::field(rook.origin, "min_size"), message));
            }
        }
        for raid in storage.raid.values() {
            if let Some(host) = &raid.node {
                self.expect(&nodes, "node", "nodes", host, Place::field(raid.origin, "node"));
            }
        }
    }

    fn apps(&mut self, topology: &Topology, names: &Names) {
        let nodes: Vec<&str> = topology.nodes.iter().map(|node| node.name.as_str()).collect();
        let derived = topology.derived_services();
        let storages: Vec<&str> = derived
            .iter()
            .filter_map(|name| name.strip_prefix("storage "))
            .filter(|name| !name.ends_with(" attach"))
            .collect();
        let apps: Vec<(&String, &App)> = topology.pillar.apps.iter().flatten().collect();
        let sources: Vec<&str> = apps.iter().map(|(name, _)| name.as_str()).chain(["outside", "nowhere"]).collect();
        for (name, app) in apps {
            self.expect_all_named(names, &app.requires, app.origin, "requires");
            self.expect_services(names, &app.degraded_by, app.origin, "degraded_by");
            if let Some(storage) = &app.storage {
                self.expect(&storages, "storage", "storage", storage, Place::field(app.origin, "storage"));
            }
            if let Some(node) = &app.node {
                self.expect(&nodes, "node", "nodes", node, Place::field(app.origin, "node"));
            }
            if let Some(source) = &app.images_from {
                self.expect(&sources, "application", "apps", source, Place::field(app.origin, "images_from"));
            }
            if let Some(written) = &app.r#type
                && let Some(near) = nearest(written, KINDS_OF_APPS.into_iter()).filter(|near| near != written)
            {
                let message = format!("application `{name}` is of type `{written}`, which means nothing in particular");
                let issue = Issue::new(&UNKNOWN_NAME, Place::field(app.origin, "type"), message);
                self.report(issue.help(format!("did you mean `{near}`?")));
            }
            if let Some(kept) = app.min_available.filter(|kept| *kept > app.replicas) {
                let message = format!("`min_available` is {kept}, of {} replicas", app.replicas);
                self.block(Issue::new(&CONTRADICTION, Place::field(app.origin, "min_available"), message));
            }
        }
    }

    fn services(&mut self, topology: &Topology, names: &Names) {
        for (name, service) in &topology.pillar.services {
            let lists = [
                ("requires", service.requires.as_ref()),
                ("any", service.any.as_ref()),
                ("degraded_by", service.degraded_by.as_ref()),
            ];
            for (field, list) in lists {
                let Some(list) = list else { continue };
                if list.is_empty() {
                    let message = format!("service `{name}` has an empty list of `{field}`");
                    let place = Place::field(service.origin, field);
                    self.block(Issue::new(&CONTRADICTION, place, message).help("name something, or remove the key"));
                }
                if field == "degraded_by" {
                    self.expect_services(names, list, service.origin, field);
                } else {
                    self.expect_all_named(names, list, service.origin, field);
                }
            }
            if let Some(some) = &service.k_of_n {
                self.expect_all_named(names, &some.of, some.origin, "of");
                let twice = some.of.iter().enumerate().find(|(place, name)| some.of[..*place].contains(name));
                if let Some((item, again)) = twice {
                    let message = format!("service `{name}` counts `{again}` twice");
                    self.block(Issue::new(&CONTRADICTION, Place::item(some.origin, "of", item), message));
                }
                let (k, of) = (some.k, some.of.len());
                if k == 0 || usize::try_from(k).map_or(true, |k| k > of) {
                    let message = format!("service `{name}` needs {k} of {of}");
                    let place = Place::field(some.origin, "k");
                    self.block(
                        Issue::new(&CONTRADICTION, place, message).help("write 1 or more, and no more than `of` names"),
                    );
                }
            }
            if service.needed().next().is_none() {
                let message = format!("service `{name}` needs nothing, so nothing can be said of it");
                let help = "write what it needs under `requires`, `any` or `k_of_n`";
                self.block(Issue::new(&CONTRADICTION, Place::section(service.origin), message).help(help));
            }
        }
    }

    fn recovery(&mut self, topology: &Topology, names: &Names) {
        let Some(dr) = &topology.pillar.dr else { return };
        let destinations: Vec<&str> = dr.destinations.keys().map(String::as_str).collect();
        for backup in dr.backups.values() {
            let what = ("destination", "dr.destinations");
            self.expect_all(&destinations, what, &backup.to, backup.origin, "to");
            if let Some(of) = &backup.of {
                self.expect_named(names, of, Place::field(backup.origin, "of"));
            }
        }
        for scenario in dr.scenarios.values() {
            for (item, name) in scenario.lose.iter().enumerate() {
                if topology.domains.of_name(name).next().is_none() {
                    let elements = topology.domains.elements.iter().map(|element| element.name.as_str());
                    let known: Vec<&str> = elements.collect();
                    let place = Place::item(scenario.origin, "lose", item);
                    self.expect(&known, "element", "nodes", name, place);
                }
            }
            for (field, list) in [("keeps", &scenario.keeps), ("stops", &scenario.stops)] {
                for (item, name) in list.iter().enumerate().filter(|(_, name)| *name != "storage") {
                    self.expect_named(names, name, Place::item(scenario.origin, field, item));
                }
            }
        }
    }

    fn reliability(&mut self, topology: &Topology) {
        let Some(section) = &topology.pillar.reliability else { return };
        for rate in section.kinds.values().chain(section.elements.values()) {
            if rate.mtbf.as_hours() <= 0.0 {
                let message = "`mtbf` is 0, so the element never works";
                self.block(Issue::new(&CONTRADICTION, Place::field(rate.origin, "mtbf"), message));
            }
        }
        for (name, rate) in &section.elements {
            let host = name.split_once(" on ").map(|(_, host)| host);
            let runs = |host| {
                topology
                    .domains
                    .of_name(host)
                    .any(|id| matches!(topology.domains.element(id).kind, Kind::Node | Kind::Hypervisor))
            };
            if topology.domains.of_name(name).next().is_none() && !host.is_some_and(runs) {
                let known: Vec<&str> = topology.domains.elements.iter().map(|element| element.name.as_str()).collect();
                self.expect(&known, "element", "nodes", name, Place::section(rate.origin));
            }
        }
    }

    /// A service that has the name of another one.
    fn twice(&mut self, topology: &Topology) {
        let pillar = &topology.pillar;
        let derived = topology.derived_services();
        let apps = pillar.apps.iter().flatten().map(|(name, app)| (name, app.origin));
        let services = pillar.services.iter().map(|(name, service)| (name, service.origin));
        for (name, origin) in apps.chain(services) {
            if derived.contains(name) {
                let message = format!("`{name}` is the name of a service that follows from other sections");
                self.block(Issue::new(&CONTRADICTION, Place::section(origin), message).help("choose another name"));
            }
        }
        for (name, service) in &pillar.services {
            if pillar.apps.as_ref().is_some_and(|apps| apps.contains_key(name)) {
                let message = format!("`{name}` is an application and a service");
                self.block(
                    Issue::new(&CONTRADICTION, Place::section(service.origin), message).help("rename one of them"),
                );
            }
        }
    }
}

fn written(thing: &Named) -> &str {
    match thing {
        Named::Derived(name) | Named::App(name) | Named::Service(name) | Named::Backup(name) => name,
        Named::Element(_) => "",
    }
}

fn origin(topology: &Topology, thing: &Named) -> Origin {
    let pillar = &topology.pillar;
    let found = match thing {
        Named::App(name) => pillar.apps.as_ref().and_then(|apps| apps.get(name)).map(|app| app.origin),
        Named::Service(name) => pillar.services.get(name).map(|service| service.origin),
        Named::Backup(name) => pillar.dr.as_ref().and_then(|dr| dr.backups.get(name)).map(|backup| backup.origin),
        Named::Derived(_) | Named::Element(_) => None,
    };
    found.unwrap_or_default()
}
