//! Single points of failure.

use crate::formula::{EventId, Formula, Formulas, Node};
use rustc_hash::FxHashMap;

impl Formulas {
    /// The events each of which makes a formula hold alone, sorted. None where it holds without any.
    #[must_use]
    pub fn single_points(&self, root: Formula) -> Vec<EventId> {
        let mut alone: FxHashMap<Formula, Vec<EventId>> = FxHashMap::default();
        for formula in self.cone(root) {
            let events = match self.node(formula) {
                Node::Constant(_) => Vec::new(),
                Node::Event(event) => vec![*event],
                Node::Gate { need, terms } => {
                    let mut sums: FxHashMap<EventId, u32> = FxHashMap::default();
                    for (term, weight) in terms {
                        for event in &alone[term] {
                            *sums.entry(*event).or_default() += weight;
                        }
                    }
                    sums.into_iter().filter(|(_, sum)| sum >= need).map(|(event, _)| event).collect()
                }
            };
            alone.insert(formula, events);
        }
        let mut events = alone.remove(&root).unwrap_or_default();
        events.sort_unstable();
        events
    }
}
