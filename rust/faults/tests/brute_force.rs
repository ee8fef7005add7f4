//! The engines against every subset of events of small random formulas.

#![allow(clippy::unwrap_used, missing_docs)]

use faults::{EventId, Formula, Formulas, fewest_failures, probability};
use proptest::prelude::*;

const EVENTS: u32 = 8;
const WORK: u64 = 10_000_000;

/// How a random formula is written down: gates over events and earlier gates.
#[derive(Clone, Debug)]
struct Gate {
    need: u32,
    terms: Vec<(usize, u32)>,
}

fn gates() -> impl Strategy<Value = Vec<Gate>> {
    let gate =
        (1u32..6, prop::collection::vec((0usize..14, 1u32..4), 1..7)).prop_map(|(need, terms)| Gate { need, terms });
    prop::collection::vec(gate, 1..7)
}

/// The last of the gates as a formula.
fn build(formulas: &mut Formulas, gates: &[Gate]) -> Formula {
    let mut known: Vec<Formula> = (0..EVENTS).map(|event| formulas.event(EventId(event))).collect();
    for gate in gates {
        let terms = gate.terms.iter().map(|(term, weight)| (known[known.len() - 1 - term % known.len()], *weight));
        let terms = terms.collect();
        let formula = formulas.weighted(gate.need, terms);
        known.push(formula);
    }
    known[known.len() - 1]
}

/// What the written gates say themselves when the events of the subset have happened.
fn value(gates: &[Gate], subset: u32) -> bool {
    let mut known: Vec<bool> = (0..EVENTS).map(|event| subset >> event & 1 == 1).collect();
    for gate in gates {
        let holds = |term: &usize| known[known.len() - 1 - term % known.len()];
        let sum: u32 = gate.terms.iter().filter(|(term, _)| holds(term)).map(|(_, weight)| weight).sum();
        known.push(sum >= gate.need);
    }
    known[known.len() - 1]
}

fn chance(event: EventId) -> f64 {
    0.05 + 0.09 * f64::from(event.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn normal_form_keeps_the_meaning(gates in gates()) {
        let mut formulas = Formulas::default();
        let root = build(&mut formulas, &gates);
        for subset in 0..1u32 << EVENTS {
            prop_assert_eq!(formulas.holds(root, |event| subset >> event.0 & 1 == 1), value(&gates, subset));
        }
    }

    #[test]
    fn fewest_failures_are_the_fewest(gates in gates()) {
        let mut formulas = Formulas::default();
        let root = build(&mut formulas, &gates);
        let expected = (0..1u32 << EVENTS).filter(|subset| value(&gates, *subset)).map(u32::count_ones).min();
        let found = fewest_failures(&mut formulas, root, &mut WORK.clone()).unwrap();
        prop_assert_eq!(found.as_ref().map(|events| u32::try_from(events.len()).unwrap()), expected);
        if let Some(events) = found {
            prop_assert!(formulas.holds(root, |event| events.contains(&event)));
        }
    }

    #[test]
    fn probability_is_the_sum_over_subsets(gates in gates()) {
        let mut formulas = Formulas::default();
        let root = build(&mut formulas, &gates);
        let weight = |subset: u32| -> f64 {
            let factor = |event: u32| {
                let chance = chance(EventId(event));
                if subset >> event & 1 == 1 { chance } else { 1.0 - chance }
            };
            (0..EVENTS).map(factor).product()
        };
        let expected: f64 = (0..1u32 << EVENTS).filter(|subset| value(&gates, *subset)).map(weight).sum();
        let found = probability(&mut formulas, root, chance, &mut WORK.clone()).unwrap();
        prop_assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }

    #[test]
    fn a_decided_event_is_decided(gates in gates(), decided in 0u32..1 << EVENTS, happened in 0u32..1 << EVENTS) {
        let mut formulas = Formulas::default();
        let root = build(&mut formulas, &gates);
        let restricted = formulas.restrict(root, |event| (decided >> event.0 & 1 == 1).then_some(happened >> event.0 & 1 == 1));
        for subset in 0..1u32 << EVENTS {
            let whole = (subset & !decided) | (happened & decided);
            prop_assert_eq!(formulas.holds(restricted, |event| subset >> event.0 & 1 == 1), value(&gates, whole));
        }
    }

    #[test]
    fn single_points_are_those_that_suffice_alone(gates in gates()) {
        let mut formulas = Formulas::default();
        let root = build(&mut formulas, &gates);
        let alone: Vec<EventId> = (0..EVENTS).filter(|event| value(&gates, 1 << event)).map(EventId).collect();
        let expected = if value(&gates, 0) { Vec::new() } else { alone };
        prop_assert_eq!(formulas.single_points(root), expected);
    }
}
