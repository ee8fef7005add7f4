//! In which order a diagram asks for the events: it decides how large the diagram is.
//!
//! A walk from the root, depth first. What many paths lead to comes before what few lead to: a feed before its racks, a
//! rack before its hypervisors, a hypervisor before its nodes; and terms that share those stand together, so that the
//! nodes of one hypervisor are contiguous in whatever order the pillar names them.

use crate::formula::{EventId, Formula, Formulas, Node, Term};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// So many of the most shared events of a term say beside which others it stands.
const KEY: usize = 8;

/// An event as a sort key: what more paths lead to comes first.
type Shared = (Reverse<u64>, EventId);

/// The events of a formula in the order in which a walk meets them.
pub(crate) fn as_written(formulas: &Formulas, root: Formula) -> Vec<EventId> {
    walk(formulas, root, |terms| terms.iter().map(|(term, _)| *term).collect())
}

/// The events of a formula, the shared ones first.
pub(crate) fn shared_first(formulas: &Formulas, root: Formula) -> Vec<EventId> {
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
