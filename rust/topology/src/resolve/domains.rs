//! Failure domains: which element needs which.

use super::Resolver;
use super::networks::unknown_name_help;
use crate::domains::{Domains, ElementId, Kind};
use crate::issue::{CIRCLE, Issue, UNKNOWN_NAME};
use crate::model::Node;
use crate::pillar::{NodeSpec, Pillar};
use tree::{Origin, Place};

/// What an element says about the elements that it stands on.
struct Needs<'p> {
    element: ElementId,
    origin: Origin,
    site: Option<&'p str>,
    rack: Option<&'p str>,
    hypervisor: Option<&'p str>,
    power_feeds: (&'static str, &'p [String]),
    switches: (&'static str, &'p [String]),
}

impl Resolver<'_> {
    pub(super) fn domains(&mut self, pillar: &Pillar, nodes: &[Node]) -> Domains {
        let mut domains = Domains::default();
        declare(&mut domains, pillar);
        let hosts: Vec<ElementId> = nodes.iter().map(|node| domains.add(Kind::Node, &node.name, node.origin)).collect();
        self.check_racks(&mut domains, pillar);
        for needs in declared_needs(&domains, pillar) {
            self.connect(&mut domains, pillar, &needs);
        }
        for (element, node) in hosts.into_iter().zip(nodes) {
            let Some(spec) = pillar.nodes.get(&node.name) else { continue };
            self.connect(&mut domains, pillar, &node_needs(element, spec));
        }
        self.further_elements(&mut domains, pillar, nodes);
        if let Some(circle) = domains.circle() {
            let names: Vec<&str> = circle.iter().map(|id| domains.element(*id).name.as_str()).collect();
            let message = format!("these failure domains need each other: {} -> {}", names.join(" -> "), names[0]);
            self.block(Issue::new(&CIRCLE, Place::section(domains.element(circle[0]).origin), message));
        }
        domains
    }

    fn connect(&mut self, domains: &mut Domains, pillar: &Pillar, needs: &Needs<'_>) {
        let single = [
            (Kind::Site, "site", needs.site),
            (Kind::Rack, "rack", needs.rack),
            (Kind::Hypervisor, "hypervisor", needs.hypervisor),
        ];
        for (kind, field, name) in single {
            if let Some(name) = name {
                let group = self.named(domains, pillar, kind, name, Place::field(needs.origin, field));
                domains.needs_one_of(needs.element, vec![group]);
            }
        }
        for (kind, (field, names)) in [(Kind::PowerFeed, needs.power_feeds), (Kind::Switch, needs.switches)] {
            let own = names.iter().enumerate();
            let mut group: Vec<ElementId> = own
                .map(|(item, name)| self.named(domains, pillar, kind, name, Place::item(needs.origin, field, item)))
                .collect();
            if group.is_empty() {
                let inherited = inherited(pillar, needs, kind, field);
                group = inherited.iter().map(|name| domains.add(kind, name, Origin::default())).collect();
            }
            domains.needs_one_of(needs.element, group);
        }
    }

    /// A rack stands whatever fails in it; its feeds and switches are those of what stands in it and names none. Here their
    /// names are only checked, once.
    fn check_racks(&mut self, domains: &mut Domains, pillar: &Pillar) {
        for rack in pillar.racks.values() {
            for (item, name) in rack.power_feeds.iter().enumerate() {
                self.named(domains, pillar, Kind::PowerFeed, name, Place::item(rack.origin, "power_feeds", item));
            }
            for (item, name) in rack.switches.iter().enumerate() {
                self.named(domains, pillar, Kind::Switch, name, Place::item(rack.origin, "switches", item));
            }
        }
    }

    /// The element of that name: declared, or implied where nothing of its kind is declared.
    fn named(&mut self, domains: &mut Domains, pillar: &Pillar, kind: Kind, name: &str, place: Place) -> ElementId {
        let declared: Vec<&str> = section_names(pillar, kind);
        if !declared.is_empty() && !declared.contains(&name) {
            let help = unknown_name_help(name, declared.into_iter(), kind.section());
            let message = format!("{} `{name}` is not declared under `{}`", kind.words(), kind.section());
            self.report(Issue::new(&UNKNOWN_NAME, place, message).help(help));
        }
        domains.add(kind, name, Origin::default())
    }
}

/// What an element takes from its rack when it names nothing itself. A switch takes feeds, and no uplinks.
fn inherited<'p>(pillar: &'p Pillar, needs: &Needs<'_>, kind: Kind, field: &str) -> &'p [String] {
    let rack = needs.rack.and_then(|rack| pillar.racks.get(rack));
    match (rack, kind, field) {
        (Some(rack), Kind::PowerFeed, _) => &rack.power_feeds,
        (Some(rack), Kind::Switch, "switches") => &rack.switches,
        _ => &[],
    }
}

fn section_names(pillar: &Pillar, kind: Kind) -> Vec<&str> {
    match kind {
        Kind::Site => pillar.sites.keys().map(String::as_str).collect(),
        Kind::PowerFeed => pillar.power_feeds.keys().map(String::as_str).collect(),
        Kind::Rack => pillar.racks.keys().map(String::as_str).collect(),
        Kind::Switch => pillar.switches.keys().map(String::as_str).collect(),
        Kind::Hypervisor => pillar.hypervisors.keys().map(String::as_str).collect(),
        Kind::Node => pillar.nodes.keys().map(String::as_str).collect(),
        // They follow from other sections, and nobody names them as what something stands on.
        Kind::Uplink | Kind::StorageDevice | Kind::Process | Kind::Outside | Kind::Named(_) => Vec::new(),
    }
}

fn declare(domains: &mut Domains, pillar: &Pillar) {
    pillar.sites.iter().for_each(|(name, spec)| _ = domains.add(Kind::Site, name, spec.origin));
    pillar.power_feeds.iter().for_each(|(name, spec)| _ = domains.add(Kind::PowerFeed, name, spec.origin));
    pillar.racks.iter().for_each(|(name, spec)| _ = domains.add(Kind::Rack, name, spec.origin));
    pillar.switches.iter().for_each(|(name, spec)| _ = domains.add(Kind::Switch, name, spec.origin));
    pillar.hypervisors.iter().for_each(|(name, spec)| _ = domains.add(Kind::Hypervisor, name, spec.origin));
}

fn declared_needs<'p>(domains: &Domains, pillar: &'p Pillar) -> Vec<Needs<'p>> {
    let empty = |kind, name: &str, origin| {
        domains.find(kind, name).map(|element| Needs {
            element,
            origin,
            site: None,
            rack: None,
            hypervisor: None,
            power_feeds: ("power_feeds", &[]),
            switches: ("switches", &[]),
        })
    };
    let mut all = Vec::new();
    for (name, feed) in &pillar.power_feeds {
        let base = empty(Kind::PowerFeed, name, feed.origin);
        all.extend(base.map(|base| Needs {
            site: feed.site.as_deref(),
            power_feeds: ("fed_by", &feed.fed_by),
            ..base
        }));
    }
    for (name, rack) in &pillar.racks {
        let base = empty(Kind::Rack, name, rack.origin);
        all.extend(base.map(|base| Needs { site: rack.site.as_deref(), ..base }));
    }
    for (name, switch) in &pillar.switches {
        let base = empty(Kind::Switch, name, switch.origin);
        all.extend(base.map(|base| Needs {
            rack: switch.rack.as_deref(),
            power_feeds: ("power_feeds", &switch.power_feeds),
            switches: ("uplinks", &switch.uplinks),
            ..base
        }));
    }
    for (name, host) in &pillar.hypervisors {
        let base = empty(Kind::Hypervisor, name, host.origin);
        all.extend(base.map(|base| Needs {
            site: host.site.as_deref(),
            rack: host.rack.as_deref(),
            power_feeds: ("power_feeds", &host.power_feeds),
            switches: ("switches", &host.switches),
            ..base
        }));
    }
    all
}

fn node_needs(element: ElementId, node: &NodeSpec) -> Needs<'_> {
    Needs {
        element,
        origin: node.origin,
        site: node.site.as_deref(),
        rack: node.rack.as_deref(),
        hypervisor: node.hypervisor.as_deref(),
        power_feeds: ("power_feeds", &node.power_feeds),
        switches: ("switches", &node.switches),
    }
}
