//! Diagrams, cut sets and their groups against every subset of events of small random formulas.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "common/formulas.rs"]
mod formulas;

use faults::{Bdd, EventId, Formula, Formulas, cut_sets, fewest_failures, groups, probability};
use formulas::{Gate, chance};
use proptest::prelude::*;
use std::collections::BTreeSet;

const EVENTS: u32 = 9;
const WORK: u64 = 10_000_000;

fn gates() -> impl Strategy<Value = Vec<Gate>> {
    formulas::gates(0..16)
}

fn build(formulas: &mut Formulas, gates: &[Gate]) -> Formula {
    formulas::build(formulas, gates, EVENTS)
}

fn set(events: &[EventId]) -> u32 {
    events.iter().map(|event| 1 << event.0).sum()
}

/// Every subset that makes the formula hold, and no smaller one does.
fn minimal(formulas: &Formulas, root: Formula) -> BTreeSet<u32> {
    let holds: Vec<bool> =
        (0..1u32 << EVENTS).map(|subset| formulas.holds(root, |event| subset >> event.0 & 1 == 1)).collect();
    let spared =
        |subset: u32| (0..EVENTS).any(|event| subset >> event & 1 == 1 && holds[(subset & !(1 << event)) as usize]);
    (0..1u32 << EVENTS).filter(|subset| holds[*subset as usize] && !spared(*subset)).collect()
}

/// The minimal cut sets of few events, and that the groups expand to them, each once.
fn check(formulas: &mut Formulas, root: Formula, order: u32) -> Result<(), TestCaseError> {
    let expected: BTreeSet<u32> = minimal(formulas, root).into_iter().filter(|set| set.count_ones() <= order).collect();
    let found = cut_sets(formulas, root, order, WORK).unwrap();
    let listed: Vec<u32> = found.iter().map(|events| set(&events)).collect();
    prop_assert!(listed.is_sorted_by_key(|set| set.count_ones()));
    prop_assert_eq!(listed.len() as u128, found.total());
    prop_assert_eq!(&listed.into_iter().collect::<BTreeSet<u32>>(), &expected);
    for (order, number) in (0u32..).zip(found.counts()) {
        prop_assert_eq!(*number, expected.iter().filter(|set| set.count_ones() == order).count() as u128);
    }
    let groups = groups(&found, 10_000, WORK);
    prop_assert!(groups.left.is_empty());
    let mut expanded: Vec<u32> = Vec::new();
    for group in &groups.groups {
        let sets = group.first(10_000);
        prop_assert_eq!(sets.len() as u128, group.cut_sets);
        prop_assert!(sets.iter().all(|set| set.len() == group.order as usize && set.is_sorted()));
        prop_assert_eq!(&group.first(1)[..], &sets[..1]);
        expanded.extend(sets.iter().map(|events| set(events)));
    }
    let number = expanded.len();
    let expanded: BTreeSet<u32> = expanded.into_iter().collect();
    prop_assert_eq!(number, expanded.len(), "a cut set stands in two groups");
    prop_assert_eq!(&expanded, &expected);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn diagrams_say_what_the_counting_engine_says(gates in gates()) {
        let mut formulas = Formulas::default();
        let root = build(&mut formulas, &gates);
        let bdd = Bdd::of(&formulas, root, WORK).unwrap();
        let counted = probability(&mut formulas, root, chance, &mut { WORK }).unwrap();
        prop_assert!((bdd.probability(chance) - counted).abs() < 1e-12);
        let fewest = fewest_failures(&mut formulas, root, &mut { WORK }).unwrap();
        prop_assert_eq!(bdd.fewest_failures().map(|events| events.len()), fewest.map(|events| events.len()));
        if let Some(events) = bdd.fewest_failures() {
            prop_assert!(formulas.holds(root, |event| events.contains(&event)));
        }
    }

    #[test]
    fn cut_sets_are_the_minimal_subsets(gates in gates(), order in 0u32..6) {
        let mut formulas = Formulas::default();
        let root = build(&mut formulas, &gates);
        check(&mut formulas, root, order)?;
        check(&mut formulas, root, u32::MAX)?;
    }
}
