//! Where a network can be cut.

use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};
use topology::{ElementId, Kind, NodeIndex, Topology};

/// Kinds at which a network is cut.
const KINDS: [Kind; 4] = [Kind::Site, Kind::Rack, Kind::Switch, Kind::Hypervisor];

/// A cut in two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// What makes it: each an element, or switches that are cut together. Several where they make the same cut; none where
    /// it was asked for by its nodes.
    pub made_by: Vec<Vec<ElementId>>,
    /// What is on the smaller side alone: nodes, hypervisors and uplinks, sorted.
    smaller: Vec<ElementId>,
    /// What is on the larger side alone.
    larger: Vec<ElementId>,
}

/// No cut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CutError {
    /// No node is called so.
    #[error("there is no node `{name}`{hint}")]
    Unknown {
        /// The name.
        name: String,
        /// The nearest known name, as the end of the sentence.
        hint: String,
    },
    /// All nodes are on one side.
    #[error("a cut has at least one node on each side")]
    OneSide,
}

impl Cut {
    /// The cut between these nodes and all others.
    ///
    /// # Errors
    /// [`CutError`] for a name that no node has, and for a side without nodes.
    pub fn of_nodes(topology: &Topology, names: &[&str]) -> Result<Self, CutError> {
        let mut inside = FxHashSet::default();
        for name in names {
            let Some(element) = topology.domains.find(Kind::Node, name) else {
                let near = tree::nearest(name, topology.nodes.iter().map(|node| node.name.as_str()));
                let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                return Err(CutError::Unknown { name: (*name).to_owned(), hint });
            };
            inside.insert(element);
        }
        Network::of(topology).cut(&inside).ok_or(CutError::OneSide)
    }

    /// The nodes of a side, sorted.
    pub(super) fn nodes(&self, topology: &Topology, smaller: bool) -> Vec<NodeIndex> {
        let side = if smaller { &self.smaller } else { &self.larger };
        let nodes = side.iter().map(|element| topology.domains.element(*element));
        let names: BTreeSet<&str> =
            nodes.filter(|element| element.kind == Kind::Node).map(|element| element.name.as_str()).collect();
        (0..topology.nodes.len()).filter(|node| names.contains(topology.nodes[*node].name.as_str())).collect()
    }

    /// What a side does not see.
    pub(super) fn away(&self, smaller: bool) -> &[ElementId] {
        if smaller { &self.larger } else { &self.smaller }
    }
}

/// Every cut that one element of the declared network makes, and every one that switches make which some host stands on
/// together. In the order of sites, racks, switches and hypervisors; a cut that several of them make comes once.
#[must_use]
pub fn declared_cuts(topology: &Topology) -> Vec<Cut> {
    let domains = &topology.domains;
    let mut makers: Vec<Vec<ElementId>> = Vec::new();
    for kind in KINDS {
        makers.extend(domains.of_kind(kind).map(|element| vec![element]));
        if kind == Kind::Switch {
            makers.extend(switches_together(topology));
        }
    }
    let network = Network::of(topology);
    let mut places: BTreeMap<Vec<ElementId>, usize> = BTreeMap::new();
    let mut cuts: Vec<Cut> = Vec::new();
    for maker in makers {
        let inside: FxHashSet<ElementId> = domains.lost_with(&maker).into_iter().collect();
        let Some(cut) = network.cut(&inside) else { continue };
        let place = *places.entry(cut.smaller.clone()).or_insert_with(|| {
            cuts.push(cut);
            cuts.len() - 1
        });
        cuts[place].made_by.push(maker);
    }
    cuts
}

/// Groups of more than one switch of which something lives as long as one of them does, sorted.
fn switches_together(topology: &Topology) -> Vec<Vec<ElementId>> {
    let domains = &topology.domains;
    let groups = domains.elements.iter().flat_map(|element| &element.needs);
    let of_switches = |group: &&Vec<ElementId>| {
        group.len() > 1 && group.iter().all(|element| domains.element(*element).kind == Kind::Switch)
    };
    let sorted = groups.filter(of_switches).map(|group| group.iter().copied().collect::<BTreeSet<ElementId>>());
    sorted.collect::<BTreeSet<_>>().into_iter().map(|group| group.into_iter().collect()).collect()
}

/// What can be on one side or the other: nodes, hypervisors and uplinks, with the nodes that say where a hypervisor or an
/// uplink is.
struct Network {
    parts: Vec<(ElementId, BTreeSet<ElementId>)>,
}

impl Network {
    fn of(topology: &Topology) -> Self {
        let domains = &topology.domains;
        let mut standing: BTreeMap<ElementId, BTreeSet<ElementId>> = BTreeMap::new();
        for node in domains.of_kind(Kind::Node) {
            let mut seen = BTreeSet::from([node]);
            let mut open = vec![node];
            while let Some(element) = open.pop() {
                standing.entry(element).or_default().insert(node);
                let needs = domains.element(element).needs.iter().flatten().copied();
                open.extend(needs.filter(|needed| seen.insert(*needed)));
            }
        }
        let nodes_on = |element: &ElementId| standing.get(element).cloned().unwrap_or_default();
        let ids = (0u32..).map(ElementId).zip(&domains.elements);
        let parts = ids.filter_map(|(id, element)| match element.kind {
            Kind::Node | Kind::Hypervisor => Some((id, nodes_on(&id))),
            // It is where the nodes of its site are.
            Kind::Uplink => Some((id, element.needs.iter().flatten().flat_map(nodes_on).collect())),
            _ => None,
        });
        Self { parts: parts.collect() }
    }

    /// The cut between these elements and all others; `None` with all nodes on one side. A hypervisor or an uplink is where
    /// its nodes are, and seen from both sides where they are on both; one without nodes is where it is named.
    fn cut(&self, inside: &FxHashSet<ElementId>) -> Option<Cut> {
        let (mut within, mut without) = (Vec::new(), Vec::new());
        let mut nodes = [0, 0];
        for (part, stands_for) in &self.parts {
            let on_it = stands_for.iter().filter(|node| inside.contains(node)).count();
            let is_node = stands_for.len() == 1 && stands_for.contains(part);
            let is_within = if stands_for.is_empty() { inside.contains(part) } else { on_it == stands_for.len() };
            if is_within {
                within.push(*part);
                nodes[0] += usize::from(is_node);
            } else if on_it == 0 {
                without.push(*part);
                nodes[1] += usize::from(is_node);
            }
        }
        if nodes[0] == 0 || nodes[1] == 0 {
            return None;
        }
        let turned = nodes[0] > nodes[1] || (nodes[0] == nodes[1] && within > without);
        let (smaller, larger) = if turned { (without, within) } else { (within, without) };
        Some(Cut { made_by: Vec::new(), smaller, larger })
    }
}
