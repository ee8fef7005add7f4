//! The fewest failures that it takes, with one choice of them.

use crate::conditioning::{Conditioning, Exceeded, Measure};
use crate::formula::{EventId, Formula, Formulas, count};

/// Costs: a failure costs one, and no failure nothing.
#[derive(Debug, Default)]
pub struct Cheapest {
    /// Choices of events, each made of two others.
    choices: Vec<Choice>,
}

/// How many failures, and which: an index in [`Cheapest::choices`].
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    failures: u32,
    choice: u32,
}

#[derive(Clone, Copy, Debug)]
enum Choice {
    One(EventId),
    Both(u32, u32),
}

const NOTHING: u32 = u32::MAX;

impl Cheapest {
    fn keep(&mut self, choice: Choice) -> u32 {
        self.choices.push(choice);
        count(self.choices.len() - 1)
    }

    fn both(&mut self, left: u32, right: u32) -> u32 {
        match (left, right) {
            (NOTHING, other) | (other, NOTHING) => other,
            _ => self.keep(Choice::Both(left, right)),
        }
    }

    fn events(&self, choice: u32) -> Vec<EventId> {
        let mut events = Vec::new();
        let mut open = vec![choice];
        while let Some(choice) = open.pop() {
            match self.choices.get(choice as usize) {
                Some(Choice::One(event)) => events.push(*event),
                Some(Choice::Both(left, right)) => open.extend([*left, *right]),
                None => {}
            }
        }
        events.sort_unstable();
        events
    }
}

impl Measure for Cheapest {
    type Value = Cost;

    fn impossible(&self) -> Cost {
        Cost { failures: u32::MAX, choice: NOTHING }
    }

    fn certain(&self) -> Cost {
        Cost { failures: 0, choice: NOTHING }
    }

    fn happens(&mut self, event: EventId) -> Cost {
        Cost { failures: 1, choice: self.keep(Choice::One(event)) }
    }

    fn stays_away(&mut self, _event: EventId) -> Cost {
        self.certain()
    }

    fn add(&mut self, sum: &mut Cost, left: Cost, right: Cost) {
        let failures = left.failures.saturating_add(right.failures);
        if failures < sum.failures {
            *sum = Cost { failures, choice: self.both(left.choice, right.choice) };
        }
    }

    /// The cheapest ones first: to have none of them costs nothing.
    fn of_many(&mut self, independent: &mut [[Cost; 2]]) -> Option<Vec<Cost>> {
        if independent.iter().any(|[not, _]| not.failures > 0) {
            return None;
        }
        independent.sort_by_key(|[_, holds]| holds.failures);
        let mut so_far = self.certain();
        let mut many = vec![so_far];
        for [_, holds] in independent.iter() {
            let mut next = self.impossible();
            self.add(&mut next, so_far, *holds);
            so_far = next;
            many.push(so_far);
        }
        Some(many)
    }
}

/// The fewest events that make a formula hold, sorted; `None` when none do.
///
/// # Errors
/// [`Exceeded`] when the allowed work does not suffice.
pub fn fewest_failures(
    formulas: &mut Formulas,
    formula: Formula,
    work: &mut u64,
) -> Result<Option<Vec<EventId>>, Exceeded> {
    let mut engine = Conditioning::new(formulas, Cheapest::default(), work);
    let [_, holds] = engine.split(formula)?;
    let measure = engine.into_measure();
    Ok((holds.failures < u32::MAX).then(|| measure.events(holds.choice)))
}
