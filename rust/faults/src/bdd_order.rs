//! In which order a diagram asks for the events: it decides how large the diagram is.
//!
//! A walk from the root, depth first. For topologies, what many paths lead to comes before what few lead to: a feed before
//! its racks, a rack before its hypervisors, a hypervisor before its nodes; and terms that share those stand together, so
//! that the nodes of one hypervisor are contiguous in whatever order the pillar names them.

use crate::formula::{EventId, Formula, Formulas, Node, Term};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// So many of the most shared events of a term say beside which others it stands.
const KEY: usize = 8;

/// An event as a sort key: what more paths lead to comes first.
type Shared = (Reverse<u64>, EventId);

/// How terms are sorted on the walk. None does for every model.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sorting {
    /// What shares the same events stands together, those that most paths lead to first: racks, hypervisors, nodes.
    SharedEvents,
    /// What stands in more gates comes first.
    SharedTerms,
    /// As in the formula.
    Formula,
}

impl Sorting {
    pub(crate) const ALL: [Self; 3] = [Self::SharedEvents, Self::SharedTerms, Self::Formula];

    /// The events of a formula, in the order in which they are asked for.
    pub(crate) fn events(self, formulas: &Formulas, root: Formula) -> Vec<EventId> {
        match self {
            Self::SharedEvents => shared_events(formulas, root),
            Self::SharedTerms => {
                let mut gates: FxHashMap<Formula, u32> = FxHashMap::default();
                for formula in formulas.cone(root) {
                    if let Node::Gate { terms, .. } = formulas.node(formula) {
                        for (term, _) in terms {
                            *gates.entry(*term).or_default() += 1;
                        }
                    }
                }
                walk(formulas, root, |terms| {
                    let mut sorted: Vec<Formula> = terms.iter().map(|(term, _)| *term).collect();
                    sorted.sort_by_key(|term| (Reverse(gates[term]), *term));
                    sorted
                })
            }
            Self::Formula => walk(formulas, root, |terms| terms.iter().map(|(term, _)| *term).collect()),
        }
    }
}

fn shared_events(formulas: &Formulas, root: Formula) -> Vec<EventId> {
    let cone = formulas.cone(root);
    let paths = paths(formulas, root, &cone);
    let mut keys: FxHashMap<Formula, Vec<Shared>> = FxHashMap::default();
    let mut sizes: FxHashMap<Formula, u64> = FxHashMap::default();
    for formula in &cone {
        let (key, size) = match formulas.node(*formula) {
            Node::Constant(_) => (Vec::new(), 0),
            Node::Event(event) => (vec![(Reverse(paths[formula]), *event)], 1),
            Node::Gate { terms, .. } => {
                let mut key: Vec<Shared> = terms.iter().flat_map(|(term, _)| keys[term].iter().copied()).collect();
                key.sort_unstable();
                key.dedup();
                key.truncate(KEY);
                (key, terms.iter().fold(0u64, |size, (term, _)| size.saturating_add(sizes[term])))
            }
        };
        keys.insert(*formula, key);
        sizes.insert(*formula, size);
    }
    walk(formulas, root, |terms| {
        let mut sorted: Vec<Formula> = terms.iter().map(|(term, _)| *term).collect();
        sorted.sort_by_cached_key(|term| (keys[term].clone(), Reverse(sizes[term]), *term));
        sorted
    })
}

/// How many paths lead from the root to each formula.
fn paths(formulas: &Formulas, root: Formula, cone: &[Formula]) -> FxHashMap<Formula, u64> {
    let mut paths: FxHashMap<Formula, u64> = FxHashMap::default();
    paths.insert(root, 1);
    for formula in cone.iter().rev() {
        if let Node::Gate { terms, .. } = formulas.node(*formula) {
            let above = paths[formula];
            for (term, _) in terms {
                let sum = paths.entry(*term).or_default();
                *sum = sum.saturating_add(above);
            }
        }
    }
    paths
}

fn walk(formulas: &Formulas, root: Formula, sorted: impl Fn(&[Term]) -> Vec<Formula>) -> Vec<EventId> {
    let mut events = Vec::new();
    let mut seen = FxHashSet::default();
    let mut open = vec![root];
    while let Some(formula) = open.pop() {
        if !seen.insert(formula) {
            continue;
        }
        match formulas.node(formula) {
            Node::Constant(_) => {}
            Node::Event(event) => events.push(*event),
            Node::Gate { terms, .. } => open.extend(sorted(terms).into_iter().rev()),
        }
    }
    events
}
