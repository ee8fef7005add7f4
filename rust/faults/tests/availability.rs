//! Availability and importances against the sum over all subsets.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use faults::{EventId, Formula, Formulas, Model, availability, importances, probability_bounds};
use proptest::prelude::*;

const EVENTS: u32 = 7;
const WORK: u64 = 10_000_000;

/// Gates over events and earlier gates: what is needed, and terms counted backwards from the newest with their weights.
type Gates = Vec<(u32, Vec<(usize, u32)>)>;

fn gates() -> impl Strategy<Value = Gates> {
    prop::collection::vec((1u32..5, prop::collection::vec((0usize..12, 1u32..4), 1..6)), 1..6)
}

fn build(formulas: &mut Formulas, gates: &Gates) -> Formula {
    let mut known: Vec<Formula> = (0..EVENTS).map(|event| formulas.event(EventId(event))).collect();
    for (need, terms) in gates {
        let terms = terms.iter().map(|(back, weight)| (known[known.len() - 1 - back % known.len()], *weight)).collect();
        let gate = formulas.weighted(*need, terms);
        known.push(gate);
    }
    known[known.len() - 1]
}

/// The probability that the formula holds, subset by subset.
fn expected(formulas: &Formulas, root: Formula, chances: &[f64]) -> f64 {
    let weight = |subset: u32| -> f64 {
        let factor = |(event, chance): (usize, &f64)| if subset >> event & 1 == 1 { *chance } else { 1.0 - chance };
        chances.iter().enumerate().map(factor).product()
    };
    (0..1u32 << EVENTS).filter(|subset| formulas.holds(root, |event| subset >> event.0 & 1 == 1)).map(weight).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn importance_is_the_difference_that_an_event_makes(
        gates in gates(),
        chances in prop::collection::vec(0.0f64..=1.0, EVENTS as usize),
    ) {
        let mut formulas = Formulas::default();
        let root = build(&mut formulas, &gates);
        let (whole, found) =
            importances(&mut formulas, root, |event| chances[event.0 as usize], &mut WORK.clone()).unwrap();
        prop_assert!((whole - expected(&formulas, root, &chances)).abs() < 1e-12);
        let with = |event: u32, chance: f64| {
            let mut chances = chances.clone();
            chances[event as usize] = chance;
            expected(&formulas, root, &chances)
        };
        for event in 0..EVENTS {
            let importance = found.iter().find(|(known, _)| known.0 == event).map_or(0.0, |(_, value)| *value);
            let difference = with(event, 1.0) - with(event, 0.0);
            prop_assert!((importance - difference).abs() < 1e-12, "{event}: {importance} {difference}");
        }
    }

    #[test]
    fn bounds_hold_the_probability(
        gates in gates(),
        chances in prop::collection::vec(0.0f64..=1.0, EVENTS as usize),
    ) {
        let mut formulas = Formulas::default();
        let root = build(&mut formulas, &gates);
        let (lower, upper) = probability_bounds(&formulas, root, |event| chances[event.0 as usize]);
        let exact = expected(&formulas, root, &chances);
        prop_assert!(lower <= exact + 1e-12 && exact <= upper + 1e-12, "{lower} {exact} {upper}");
    }
}

/// Three members, each on a hypervisor: a majority is lost with any two.
#[test]
fn three_members_add_up_by_hand() {
    let topology = common::resolved(common::THREE);
    let mut model = Model::of(&topology);
    let etcd = model.service("etcd").unwrap().serve;
    let hypervisors: Vec<EventId> = model.of_kind(topology::Kind::Hypervisor).collect();
    let away = |event: EventId| hypervisors.contains(&event).then_some(0.01);
    let found = availability(&mut model, etcd, away, &mut WORK.clone()).unwrap();
    // 3 q^2 (1 - q) + q^3, and Birnbaum's importance 2 q (1 - q).
    let whole = 3.0 * 0.0001 * 0.99 + 0.000_001;
    assert!((found.at_least - whole).abs() < 1e-15 && found.settled, "{found:?}");
    assert_eq!(found.contributions.len(), 3);
    for contribution in &found.contributions {
        assert!((contribution.importance - 0.0198).abs() < 1e-15);
        assert!((contribution.share - 0.0198 * 0.01 / whole).abs() < 1e-12);
    }
    let assumed: Vec<&str> = found.assumed_perfect.iter().map(|event| model.event(*event).name.as_str()).collect();
    assert_eq!(assumed, ["cp1", "cp2", "cp3", "etcd on cp1", "etcd on cp2", "etcd on cp3"]);
    let answer = model.availability_answer("etcd", &found);
    assert!((answer.minutes_per_year_at_most - whole * 525_600.0).abs() < 1e-6);
    let json = serde_json::to_value(&answer).unwrap();
    assert_eq!(json["contributions"][0]["name"], "pve1");
}

#[test]
fn a_figure_that_is_none_is_refused_with_its_name() {
    let topology = common::resolved(common::THREE);
    let mut model = Model::of(&topology);
    let etcd = model.service("etcd").unwrap().serve;
    for value in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let error = availability(&mut model, etcd, |_| Some(value), &mut WORK.clone()).unwrap_err();
        assert_eq!(error.name, "cp1");
    }
}

/// Every event with every other: nothing comes apart, and the allowed work ends.
#[test]
fn what_does_not_come_apart_gets_bounds() {
    let topology = common::resolved(common::THREE);
    let mut model = Model::of(&topology);
    let events: Vec<Formula> = (0..300).map(|event| model.formulas.event(EventId(event % 11))).collect();
    let pairs: Vec<Formula> = (0..11)
        .flat_map(|left| (0..left).map(move |right| (left, right)))
        .map(|(left, right)| model.formulas.all([events[left], events[right]]))
        .collect();
    let lost = model.formulas.at_least(20, pairs);
    let found = availability(&mut model, lost, |_| Some(0.1), &mut 500).unwrap();
    assert!(!found.settled && !found.attributed && found.at_least <= found.at_most && found.contributions.is_empty());
    let exact = availability(&mut model, lost, |_| Some(0.1), &mut WORK.clone()).unwrap();
    assert!(exact.settled && found.at_least <= exact.at_least && exact.at_most <= found.at_most);
}
