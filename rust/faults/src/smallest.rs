//! The smallest set of failures by trying them: bounds for shapes that the engine cannot take apart.

use crate::formula::{EventId, Formula, Formulas, count};

/// How many failures are survived for sure, whether one more is not, and the smallest set found that is not survived.
///
/// All sets of one event are tried, then all of two, and so on, for as long as the next size fits into `work` steps; a step
/// looks at one part of the formula. The formula does not hold without a failure, and holds with all of them.
pub(crate) fn smallest_found_by_trying(
    formulas: &Formulas,
    lost: Formula,
    work: &mut u64,
) -> (u32, bool, Vec<EventId>) {
    let events = formulas.support(lost);
    let step = formulas.cone(lost).len() as u64;
    let mut survived = 0;
    for size in 1..=events.len() {
        let tries = choices(events.len(), size).and_then(|tries| tries.checked_mul(step));
        let Some(rest) = tries.and_then(|tries| work.checked_sub(tries)) else { break };
        *work = rest;
        let mut places: Vec<usize> = (0..size).collect();
        loop {
            let set: Vec<EventId> = places.iter().map(|place| events[*place]).collect();
            if formulas.holds(lost, |event| set.binary_search(&event).is_ok()) {
                return (survived, true, set);
            }
            if !next_choice(&mut places, events.len()) {
                break;
            }
        }
        survived = count(size);
    }
    (survived, false, without_the_needless(formulas, lost, events))
}

/// Events that are left out one after another while the formula still holds: a minimal set, though not the smallest.
fn without_the_needless(formulas: &Formulas, lost: Formula, mut events: Vec<EventId>) -> Vec<EventId> {
    for event in events.clone() {
        let holds = formulas.holds(lost, |other| other != event && events.binary_search(&other).is_ok());
        if holds {
            events.retain(|other| *other != event);
        }
    }
    events
}

/// How many sets of `size` there are among `of` things; `None` above 2^64.
fn choices(of: usize, size: usize) -> Option<u64> {
    let mut choices: u128 = 1;
    for place in 0..size {
        choices = choices.checked_mul((of - place) as u128)? / (place as u128 + 1);
    }
    u64::try_from(choices).ok()
}

/// The next set in lexical order; false after the last.
pub(crate) fn next_choice(places: &mut [usize], of: usize) -> bool {
    let size = places.len();
    let Some(at) = (0..size).rev().find(|at| places[*at] < of - size + at) else { return false };
    places[at] += 1;
    for later in at + 1..size {
        places[later] = places[later - 1] + 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_proves_it_proves() {
        let mut formulas = Formulas::default();
        let events: Vec<Formula> = (0..8).map(|event| formulas.event(EventId(event))).collect();
        let lost = formulas.at_least(3, events);
        let (survived, settled, witness) = smallest_found_by_trying(&formulas, lost, &mut 100_000);
        assert_eq!((survived, settled, witness.len()), (2, true, 3));
        let (survived, settled, witness) = smallest_found_by_trying(&formulas, lost, &mut 400);
        assert_eq!((survived, settled, witness.len()), (2, false, 3));
    }
}
