//! Which events can be in a cut set of few events at all.
//!
//! Where losing a hundred of five hundred nodes is what counts, no cut set of three events has a node in it, and a formula
//! of racks and hypervisors alone is small. Nothing is listed to find that out. Of a gate that counts:
//!
//! * What is enough alone is in no other cut set, and is put aside.
//! * What brings too little, even with the most that the others of so few can bring, is in none.
//! * What brings more than others hides them: two racks may be enough, and a rack and two nodes are not, but bring as much
//!   as two racks would spare. So it is decided, what brings the most first, and both cases are looked at.

use crate::conditioning::Exceeded;
use crate::formula::{EventId, Formula, Formulas, Node, Term};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// A formula of so many events, or a gate of so many terms, is small: it is taken as it is.
const SMALL: usize = 40;

/// Gates in gates are looked into so deep.
const DEPTH: u32 = 6;

/// Events of which every cut set of up to `order` events is made, sorted; there may be others among them.
///
/// # Errors
/// [`Exceeded`] when the allowed work does not suffice; one step is an event looked at.
pub(crate) fn relevant(
    formulas: &mut Formulas,
    root: Formula,
    order: u32,
    work: u64,
) -> Result<Vec<EventId>, Exceeded> {
    searched(formulas, root, order, work, SMALL)
}

fn searched(
    formulas: &mut Formulas,
    root: Formula,
    order: u32,
    work: u64,
    small: usize,
) -> Result<Vec<EventId>, Exceeded> {
    let mut look = |decides| {
        let mut search = Search { formulas, work: work / 2, found: FxHashSet::default(), decides, small };
        search.look(root, order, DEPTH)?;
        let mut found: Vec<EventId> = search.found.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    };
    look(true).or_else(|Exceeded| look(false))
}

struct Search<'f> {
    formulas: &'f mut Formulas,
    work: u64,
    found: FxHashSet<EventId>,
    /// Whether both cases of an event are looked at.
    decides: bool,
    /// What is small: [`SMALL`], but in tests.
    small: usize,
}

/// How much weight of a gate's terms an event brings.
#[derive(Clone, Copy, Default)]
struct Gain {
    /// Alone.
    alone: u32,
    /// At most, together with others.
    most: u32,
}

impl Search<'_> {
    fn look(&mut self, formula: Formula, order: u32, depth: u32) -> Result<(), Exceeded> {
        let mut formula = formula;
        loop {
            let support = self.formulas.support(formula);
            self.spend(support.len())?;
            if order == 0 || support.is_empty() {
                return Ok(());
            }
            let Node::Gate { need, terms } = self.formulas.node(formula).clone() else {
                self.found.extend(support);
                return Ok(());
            };
            if support.len() <= self.small || depth == 0 {
                self.found.extend(support);
                return Ok(());
            }
            let gains = self.gains(formula, &terms)?;
            let enough: FxHashSet<EventId> =
                support.iter().copied().filter(|event| gains[event].alone >= need).collect();
            let least = least(need, order, &gains);
            let spared = |event: EventId| enough.contains(&event) || gains[&event].most < least;
            if support.iter().any(|event| spared(*event)) {
                formula = self.formulas.restrict(formula, |event| spared(event).then_some(false));
                self.found.extend(enough);
                continue;
            }
            let least_of_all = gains.values().map(|gain| gain.most).min().unwrap_or_default();
            let hides = |event: &&EventId| gains[*event].most > least_of_all;
            let decided = support.iter().filter(hides).max_by_key(|event| (gains[*event].most, Reverse(**event)));
            match decided {
                Some(decided) if self.decides && terms.len() > self.small => {
                    self.found.insert(*decided);
                    let happened = self.decide(formula, *decided, true);
                    self.look(happened, order - 1, depth)?;
                    formula = self.decide(formula, *decided, false);
                }
                _ => {
                    // A cut set of a gate is made of cut sets of its terms.
                    for (term, _) in &terms {
                        self.look(*term, order, depth - 1)?;
                    }
                    return Ok(());
                }
            }
        }
    }

    fn decide(&mut self, formula: Formula, decided: EventId, happened: bool) -> Formula {
        self.formulas.restrict(formula, |event| (event == decided).then_some(happened))
    }

    /// What each event brings to the terms of a gate.
    fn gains(&mut self, gate: Formula, terms: &[Term]) -> Result<FxHashMap<EventId, Gain>, Exceeded> {
        // Of each formula the events in it, and those that make it hold alone.
        let mut known: FxHashMap<Formula, (Vec<EventId>, Vec<EventId>)> = FxHashMap::default();
        for formula in self.formulas.cone(gate) {
            if formula == gate {
                break;
            }
            let both = match self.formulas.node(formula) {
                Node::Constant(_) => (Vec::new(), Vec::new()),
                Node::Event(event) => (vec![*event], vec![*event]),
                Node::Gate { need, terms } => {
                    let gains = sum(terms, &known);
                    let mut support: Vec<EventId> = gains.keys().copied().collect();
                    support.sort_unstable();
                    let alone = support.iter().copied().filter(|event| gains[event].alone >= *need).collect();
                    (support, alone)
                }
            };
            self.spend(both.0.len())?;
            known.insert(formula, both);
        }
        Ok(sum(terms, &known))
    }

    fn spend(&mut self, steps: usize) -> Result<(), Exceeded> {
        self.work = self.work.checked_sub(steps as u64).ok_or(Exceeded)?;
        Ok(())
    }
}

fn sum(terms: &[Term], known: &FxHashMap<Formula, (Vec<EventId>, Vec<EventId>)>) -> FxHashMap<EventId, Gain> {
    let mut gains: FxHashMap<EventId, Gain> = FxHashMap::default();
    for (term, weight) in terms {
        let (support, alone) = &known[term];
        for event in support {
            gains.entry(*event).or_default().most += weight;
        }
        for event in alone {
            gains.entry(*event).or_default().alone += weight;
        }
    }
    gains
}

/// What an event of `order` must bring at least to a gate, when the others are those that bring the most.
fn least(need: u32, order: u32, gains: &FxHashMap<EventId, Gain>) -> u32 {
    let mut most: Vec<u32> = gains.values().map(|gain| gain.most).collect();
    most.sort_unstable_by_key(|most| Reverse(*most));
    let others = most.iter().take(order as usize - 1).fold(0u32, |sum, most| sum.saturating_add(*most));
    need.saturating_sub(others)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    /// Two hundred nodes on ten hosts with two feeds; sixty nodes are three hosts' worth.
    fn lost(formulas: &mut Formulas, need: u32) -> Formula {
        let feeds = [0, 1].map(|event| formulas.event(EventId(event)));
        let feeds = formulas.all(feeds);
        let nodes: Vec<Formula> = (0..200)
            .map(|node| {
                let own = [10 + node % 10, 100 + node].map(|event| formulas.event(EventId(event)));
                formulas.any(own.into_iter().chain([feeds]))
            })
            .collect();
        formulas.at_least(need, nodes)
    }

    #[test]
    fn nodes_are_left_out_where_they_bring_too_little() {
        let mut formulas = Formulas::default();
        let events =
            |range: std::ops::Range<u32>| [0, 1].into_iter().chain(range).map(EventId).collect::<Vec<EventId>>();
        let root = lost(&mut formulas, 60);
        assert_eq!(relevant(&mut formulas, root, 3, 1_000_000), Ok(events(10..20)));
        assert_eq!(relevant(&mut formulas, root, 2, 1_000_000), Ok(events(0..0)));
        // Two hosts and a node.
        let root = lost(&mut formulas, 41);
        assert_eq!(relevant(&mut formulas, root, 3, 1_000_000).unwrap().len(), 212);
        // Two hosts, or one and two nodes and not one more.
        let root = lost(&mut formulas, 22);
        assert_eq!(relevant(&mut formulas, root, 3, 1_000_000).unwrap().len(), 212);
        let root = lost(&mut formulas, 23);
        assert_eq!(relevant(&mut formulas, root, 3, 1_000_000), Ok(events(10..20)));
        let root = lost(&mut formulas, 42);
        assert_eq!(relevant(&mut formulas, root, 3, 1_000_000), Ok(events(10..20)));
        assert_eq!(relevant(&mut formulas, root, 3, 1_000), Err(Exceeded));
    }
    const EVENTS: u32 = 8;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        /// Every event of every minimal cut set is found, whatever is left out on the way.
        #[test]
        fn nothing_is_left_out_that_is_in_a_cut_set(
            gates in prop::collection::vec((1u32..7, prop::collection::vec((0usize..16, 1u32..4), 1..9)), 1..5),
            order in 1u32..5,
        ) {
            let mut formulas = Formulas::default();
            let mut known: Vec<Formula> = (0..EVENTS).map(|event| formulas.event(EventId(event))).collect();
            for (need, terms) in gates {
                let place = |term: usize| known[known.len() - 1 - term % known.len()];
                let terms = terms.into_iter().map(|(term, weight)| (place(term), weight)).collect();
                known.push(formulas.weighted(need, terms));
            }
            let root = known[known.len() - 1];
            let holds: Vec<bool> = (0..1u32 << EVENTS)
                .map(|subset| formulas.holds(root, |event| subset >> event.0 & 1 == 1))
                .collect();
            let found = searched(&mut formulas, root, order, 1_000_000, 1).unwrap();
            for subset in (0..1u32 << EVENTS).filter(|subset| subset.count_ones() <= order && holds[*subset as usize]) {
                let events: Vec<u32> = (0..EVENTS).filter(|event| subset >> event & 1 == 1).collect();
                if events.iter().all(|event| !holds[(subset & !(1 << event)) as usize]) {
                    for event in events {
                        prop_assert!(found.contains(&EventId(event)), "{event} of {subset:b}, in {found:?}");
                    }
                }
            }
        }
    }
}
