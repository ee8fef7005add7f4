//! Where nodes stand: the elements of failure domains under them.

use crate::lint::Lint;
use std::collections::HashSet;
use topology::{ElementId, Kind, Node};
use tree::Place;

impl Lint<'_> {
    /// The field in which a node says what it stands on; the node itself where something below it says so.
    pub(crate) fn standing_place(&self, node: &Node, kind: Kind) -> Place {
        let spec = self.topology.pillar.nodes.get(&node.name);
        let written = spec.is_some_and(|spec| match kind {
            Kind::Site => spec.site.is_some(),
            Kind::PowerFeed => !spec.power_feeds.is_empty(),
            Kind::Rack => spec.rack.is_some(),
            Kind::Switch => !spec.switches.is_empty(),
            Kind::Hypervisor => spec.hypervisor.is_some(),
            Kind::Uplink | Kind::Node | Kind::StorageDevice | Kind::Process | Kind::Outside | Kind::Named(_) => false,
        });
        let field = match kind {
            Kind::PowerFeed | Kind::Switch => kind.section(),
            _ => kind.key(),
        };
        if written { Place::field(node.origin, field) } else { Place::section(node.origin) }
    }

    /// Whether a node stands on an element of a kind, directly or through others.
    pub(crate) fn stands_on(&self, node: &Node, kind: Kind) -> bool {
        let domains = &self.topology.domains;
        let Some(start) = domains.find(Kind::Node, &node.name) else { return false };
        let mut seen: HashSet<ElementId> = HashSet::from([start]);
        let mut open = vec![start];
        while let Some(element) = open.pop() {
            let element = domains.element(element);
            if element.kind == kind {
                return true;
            }
            open.extend(element.needs.iter().flatten().copied().filter(|needed| seen.insert(*needed)));
        }
        false
    }
}
