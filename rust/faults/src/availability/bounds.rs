//! What is certain about a probability without computing it.

use crate::formula::{EventId, Formula, Formulas, Node, Term};
use rustc_hash::FxHashMap;

/// Bounds of the probability that a formula holds, when each event happens with the probability that `of` gives,
/// independently of the others: in one pass over the formula, whatever its terms share.
#[must_use]
pub fn probability_bounds(formulas: &Formulas, root: Formula, of: impl Fn(EventId) -> f64) -> (f64, f64) {
    let mut bounds: FxHashMap<Formula, (f64, f64)> = FxHashMap::default();
    for formula in formulas.cone(root) {
        let pair = match formulas.node(formula) {
            Node::Constant(holds) => (f64::from(u8::from(*holds)), f64::from(u8::from(*holds))),
            Node::Event(event) => (of(*event), of(*event)),
            Node::Gate { need, terms } => {
                let lower = |term: &Formula| bounds[term].0;
                let upper = |term: &Formula| bounds[term].1;
                (at_least(*need, terms, lower), at_most(*need, terms, upper))
            }
        };
        bounds.insert(formula, pair);
    }
    let (lower, upper) = bounds[&root];
    // Any one of these suffices, and they are independent.
    let none = formulas.single_points(root).into_iter().fold(1.0, |none, event| none * (1.0 - of(event)));
    let lower = lower.max(1.0 - none);
    (lower, upper.max(lower))
}

/// The likeliest terms that suffice, all of them together: terms are monotone in independent events, so that the product is
/// not more than the probability of all (Harris's inequality).
fn at_least(need: u32, terms: &[Term], lower: impl Fn(&Formula) -> f64) -> f64 {
    let mut likeliest: Vec<(f64, u32)> = terms.iter().map(|(term, weight)| (lower(term), *weight)).collect();
    likeliest.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    let (mut all, mut sum) = (1.0, 0);
    for (chance, weight) in likeliest {
        if sum >= need {
            break;
        }
        all *= chance;
        sum += weight;
    }
    all
}

/// The mean weight that holds, divided by what is needed (Markov's inequality; for an OR the sum of its terms). Where every
/// term is needed, the least likely one.
fn at_most(need: u32, terms: &[Term], upper: impl Fn(&Formula) -> f64) -> f64 {
    let total: u32 = terms.iter().map(|(_, weight)| weight).sum();
    let mean: f64 = terms.iter().map(|(term, weight)| f64::from(*weight) * upper(term)).sum();
    let needed = |(_, weight): &&Term| total - weight < need;
    let least = terms.iter().filter(needed).map(|(term, _)| upper(term)).fold(1.0, f64::min);
    (mean / f64::from(need)).min(least)
}
