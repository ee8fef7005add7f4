//! The engines against every subset of events of small random formulas.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "common/formulas.rs"]
mod formulas;

use faults::{EventId, Formula, Formulas, fewest_failures, probability};
use formulas::{Gate, chance};
use proptest::prelude::*;

const EVENTS: u32 = 8;
const WORK: u64 = 10_000_000;

fn gates() -> impl Strategy<Value = Vec<Gate>> {
    formulas::gates(0..14)
}

fn build(formulas: &mut Formulas, gates: &[Gate]) -> Formula {
    formulas::build(formulas, gates, EVENTS)
}

fn value(gates: &[Gate], subset: u32) -> bool {
    formulas::value(gates, EVENTS, subset)
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
