//! All losses of so many elements of a kind, by what they take.

use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use topology::{ElementId, Kind, Topology};

use super::verdict::Classes;

/// All losses of so many elements of one kind. A loss of fewer leaves more and needs no look.
pub(super) struct LossesOf<'t> {
    ways: Ways<'t>,
    /// Steps that a look costs: the nodes that are looked at.
    nodes: u64,
}

enum Ways<'t> {
    Nothing,
    /// Each element takes nodes of its own whatever else is lost: equal ones need one look.
    Apart {
        groups: Vec<Group>,
        most: u32,
    },
    /// Nodes stand on several of them: every set is looked at.
    Every {
        topology: &'t Topology,
        class_of: FxHashMap<ElementId, usize>,
        elements: Vec<ElementId>,
        most: u32,
        classes: usize,
    },
}

/// Elements that take as many nodes of each class.
struct Group {
    takes: Vec<u32>,
    elements: Vec<ElementId>,
}

impl<'t> LossesOf<'t> {
    /// The loss of nothing.
    pub(super) fn nothing() -> Self {
        Self { ways: Ways::Nothing, nodes: 0 }
    }

    /// The losses of `most` elements of a kind; there are that many.
    pub(super) fn kind(topology: &'t Topology, classes: &Classes, kind: Kind, most: u32) -> Self {
        let domains = &topology.domains;
        let class_of: FxHashMap<ElementId, usize> = topology
            .nodes
            .iter()
            .zip(&classes.of_node)
            .filter_map(|(node, class)| Some((domains.find(Kind::Node, &node.name)?, *class)))
            .collect();
        let mut elements: Vec<(ElementId, Vec<ElementId>)> = domains
            .of_kind(kind)
            .map(|element| {
                let nodes = domains.lost_with(&[element]).into_iter().filter(|lost| class_of.contains_key(lost));
                (element, nodes.collect())
            })
            .collect();
        // Those that take most come first, so that a loss that leaves too little is found soon.
        elements.sort_by_key(|(element, nodes)| (std::cmp::Reverse(nodes.len()), *element));
        let ways = if are_apart(topology, &elements) {
            Ways::Apart { groups: grouped(elements, &class_of, classes.len()), most }
        } else {
            let elements = elements.into_iter().map(|(element, _)| element).collect();
            Ways::Every { topology, class_of, elements, most, classes: classes.len() }
        };
        Self { ways, nodes: topology.nodes.len() as u64 }
    }

    /// Whether a loss takes a node.
    pub(super) fn takes_nodes(&self) -> bool {
        match &self.ways {
            Ways::Nothing => false,
            Ways::Apart { groups, .. } => groups.iter().any(|group| group.takes.iter().any(|nodes| *nodes > 0)),
            Ways::Every { .. } => true,
        }
    }

    /// Looks at each loss: its elements, and how many nodes of each class it takes; false when the allowed work did not
    /// suffice for all.
    pub(super) fn each(&self, work: &mut u64, mut look: impl FnMut(&[ElementId], &[u32], &mut u64)) -> bool {
        match &self.ways {
            Ways::Nothing => look(&[], &[], work),
            Ways::Apart { groups, most } => {
                let limits: Vec<u32> =
                    groups.iter().map(|group| u32::try_from(group.elements.len()).unwrap_or(u32::MAX)).collect();
                let classes = groups.first().map_or(0, |group| group.takes.len());
                let mut picks = vec![0; groups.len()];
                fill(&mut picks, &limits, *most);
                loop {
                    let Some(rest) = work.checked_sub((groups.len() + classes) as u64 + self.nodes) else {
                        return false;
                    };
                    *work = rest;
                    let mut lost = vec![0; classes];
                    let mut elements = Vec::new();
                    for (group, picked) in groups.iter().zip(&picks).filter(|(_, picked)| **picked > 0) {
                        lost.iter_mut().zip(&group.takes).for_each(|(lost, takes)| *lost += takes * picked);
                        elements.extend_from_slice(&group.elements[..*picked as usize]);
                    }
                    elements.sort_unstable();
                    look(&elements, &lost, work);
                    if !next_picks(&mut picks, &limits) {
                        break;
                    }
                }
            }
            Ways::Every { topology, class_of, elements, most, classes } => {
                let mut places: Vec<usize> = (0..*most as usize).collect();
                loop {
                    let mut set: Vec<ElementId> = places.iter().map(|place| elements[*place]).collect();
                    set.sort_unstable();
                    let with = topology.domains.lost_with(&set);
                    let Some(rest) = work.checked_sub((with.len() + *classes) as u64 + self.nodes) else {
                        return false;
                    };
                    *work = rest;
                    let mut lost = vec![0; *classes];
                    with.iter().filter_map(|element| class_of.get(element)).for_each(|class| lost[*class] += 1);
                    look(&set, &lost, work);
                    if !crate::smallest::next_choice(&mut places, elements.len()) {
                        break;
                    }
                }
            }
        }
        true
    }
}

/// Whether no node stands on two of these elements. What it stands on takes it alone then, or never does.
fn are_apart(topology: &Topology, elements: &[(ElementId, Vec<ElementId>)]) -> bool {
    let of_kind: BTreeSet<ElementId> = elements.iter().map(|(element, _)| *element).collect();
    let domains = &topology.domains;
    domains.of_kind(Kind::Node).all(|node| {
        let mut seen = BTreeSet::from([node]);
        let mut open = vec![node];
        while let Some(element) = open.pop() {
            let needs = domains.element(element).needs.iter().flatten().copied();
            open.extend(needs.filter(|needed| seen.insert(*needed)));
        }
        seen.intersection(&of_kind).count() < 2
    })
}

fn grouped(
    elements: Vec<(ElementId, Vec<ElementId>)>,
    class_of: &FxHashMap<ElementId, usize>,
    classes: usize,
) -> Vec<Group> {
    let mut places: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
    let mut groups: Vec<Group> = Vec::new();
    for (element, nodes) in elements {
        let mut takes = vec![0; classes];
        for node in &nodes {
            takes[class_of[node]] += 1;
        }
        let place = *places.entry(takes.clone()).or_insert_with(|| {
            groups.push(Group { takes, elements: Vec::new() });
            groups.len() - 1
        });
        groups[place].elements.push(element);
    }
    groups
}

/// Takes `sum` from the first places on, from each as much as it has.
fn fill(picks: &mut [u32], limits: &[u32], mut sum: u32) {
    for (pick, limit) in picks.iter_mut().zip(limits) {
        *pick = sum.min(*limit);
        sum -= *pick;
    }
}

/// The next way to take as much; false after the last.
fn next_picks(picks: &mut [u32], limits: &[u32]) -> bool {
    let (mut behind, mut room) = (0, 0);
    for place in (0..picks.len()).rev() {
        if picks[place] > 0 && room > behind {
            picks[place] -= 1;
            fill(&mut picks[place + 1..], &limits[place + 1..], behind + 1);
            return true;
        }
        behind += picks[place];
        room += limits[place];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_pick_comes_once() {
        let limits = [2, 1, 3];
        let mut picks = vec![0; 3];
        fill(&mut picks, &limits, 3);
        let mut all = vec![picks.clone()];
        while next_picks(&mut picks, &limits) {
            all.push(picks.clone());
        }
        assert_eq!(all, [[2, 1, 0], [2, 0, 1], [1, 1, 1], [1, 0, 2], [0, 1, 2], [0, 0, 3]]);
    }
}
