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
            Kind::Uplink | Kind::Node | Kind::StorageDevice | Kind::Process | Kind::Outside => false,
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

    /// The most nodes of a set that are lost when this many elements of a kind fail, each counted with what it takes along
    /// alone: their names, and the number of nodes. Linear, so that it can be asked about every node.
    ///
    /// Exact for elements that share no node and stand in for no other, which is what hypervisors, racks and sites are.
    pub(crate) fn largest_losses(&self, kind: Kind, count: u32, among: &HashSet<&str>) -> (Vec<&str>, usize) {
        let domains = &self.topology.domains;
        let lost_with = |element| domains.nodes_lost_with(&[element]).filter(|name| among.contains(name)).count();
        let mut losses: Vec<(usize, &str)> =
            domains.of_kind(kind).map(|element| (lost_with(element), domains.element(element).name.as_str())).collect();
        losses.sort_by_key(|(lost, _)| std::cmp::Reverse(*lost));
        losses.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        losses.retain(|(lost, _)| *lost > 0);
        (losses.iter().map(|(_, name)| *name).collect(), losses.iter().map(|(lost, _)| lost).sum())
    }
}
