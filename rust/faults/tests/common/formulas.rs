//! Small random formulas, and what they say by themselves.

#![allow(dead_code, reason = "each test file uses a part")]

use faults::{EventId, Formula, Formulas};
use proptest::prelude::*;

/// How a random formula is written down: gates over events and earlier gates.
#[derive(Clone, Debug)]
pub struct Gate {
    need: u32,
    terms: Vec<(usize, u32)>,
}

/// One to six gates; a term counts back from the last gate to the first event.
pub fn gates(terms: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Gate>> {
    let gate = (1u32..6, prop::collection::vec((terms, 1u32..4), 1..7)).prop_map(|(need, terms)| Gate { need, terms });
    prop::collection::vec(gate, 1..7)
}

/// The last of the gates as a formula.
pub fn build(formulas: &mut Formulas, gates: &[Gate], events: u32) -> Formula {
    let mut known: Vec<Formula> = (0..events).map(|event| formulas.event(EventId(event))).collect();
    for gate in gates {
        let terms = gate.terms.iter().map(|(term, weight)| (known[known.len() - 1 - term % known.len()], *weight));
        let formula = formulas.weighted(gate.need, terms.collect());
        known.push(formula);
    }
    known[known.len() - 1]
}

/// What the written gates say themselves when the events of the subset have happened.
pub fn value(gates: &[Gate], events: u32, subset: u32) -> bool {
    let mut known: Vec<bool> = (0..events).map(|event| subset >> event & 1 == 1).collect();
    for gate in gates {
        let holds = |term: &usize| known[known.len() - 1 - term % known.len()];
        let sum: u32 = gate.terms.iter().filter(|(term, _)| holds(term)).map(|(_, weight)| weight).sum();
        known.push(sum >= gate.need);
    }
    known[known.len() - 1]
}

/// A probability for each event, none like another.
pub fn chance(event: EventId) -> f64 {
    0.05 + 0.09 * f64::from(event.0)
}
