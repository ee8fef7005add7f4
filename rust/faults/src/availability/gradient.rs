//! All importances in one pass.
//!
//! A probability is linear in that of each event, so its derivative by that event is the difference between the event having
//! happened and not: Birnbaum's importance. The engine's additions are written down while it counts; going back over them
//! once gives the derivative by every event, at the price of one evaluation.

use crate::conditioning::{Conditioning, Exceeded, Measure};
use crate::formula::{EventId, Formula, Formulas, count};
use rustc_hash::FxHashMap;

/// Additions that are written down at most: 120 MB of them.
const LONGEST: usize = 1 << 22;

/// A value that was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place(u32);

const ZERO: Place = Place(0);
const ONE: Place = Place(1);

/// What made a value.
#[derive(Clone, Copy, Debug)]
enum Made {
    /// A constant.
    Given,
    /// The event happens, or stays away.
    Event(EventId, bool),
    /// `sum + left x right`.
    Added(Place, Place, Place),
}

struct Record<P> {
    of: P,
    values: Vec<f64>,
    made: Vec<Made>,
    events: FxHashMap<(EventId, bool), Place>,
    full: bool,
}

impl<P: Fn(EventId) -> f64> Record<P> {
    fn new(of: P) -> Self {
        Self {
            of,
            values: vec![0.0, 1.0],
            made: vec![Made::Given, Made::Given],
            events: FxHashMap::default(),
            full: false,
        }
    }

    fn write(&mut self, value: f64, made: Made) -> Place {
        self.values.push(value);
        self.made.push(made);
        Place(count(self.values.len() - 1))
    }

    fn event(&mut self, event: EventId, happens: bool) -> Place {
        if let Some(known) = self.events.get(&(event, happens)) {
            return *known;
        }
        let chance = (self.of)(event);
        let place = self.write(if happens { chance } else { 1.0 - chance }, Made::Event(event, happens));
        self.events.insert((event, happens), place);
        place
    }

    fn value(&self, place: Place) -> f64 {
        self.values[place.0 as usize]
    }

    /// The derivative of a value by the probability of each event that was asked for, sorted by event.
    fn derivatives(&self, root: Place) -> Vec<(EventId, f64)> {
        let mut slopes = vec![0.0; self.values.len()];
        slopes[root.0 as usize] = 1.0;
        let mut by_event: std::collections::BTreeMap<EventId, f64> = std::collections::BTreeMap::new();
        for place in (0..self.made.len()).rev() {
            let slope = slopes[place];
            match self.made[place] {
                Made::Given => {}
                Made::Event(event, happens) => {
                    *by_event.entry(event).or_default() += if happens { slope } else { -slope };
                }
                Made::Added(sum, left, right) => {
                    slopes[sum.0 as usize] += slope;
                    slopes[left.0 as usize] += slope * self.value(right);
                    slopes[right.0 as usize] += slope * self.value(left);
                }
            }
        }
        by_event.into_iter().collect()
    }
}

impl<P: Fn(EventId) -> f64> Measure for Record<P> {
    type Value = Place;

    fn impossible(&self) -> Place {
        ZERO
    }

    fn certain(&self) -> Place {
        ONE
    }

    fn happens(&mut self, event: EventId) -> Place {
        self.event(event, true)
    }

    fn stays_away(&mut self, event: EventId) -> Place {
        self.event(event, false)
    }

    fn add(&mut self, sum: &mut Place, left: Place, right: Place) {
        match (*sum, left, right) {
            (_, ZERO, _) | (_, _, ZERO) => {}
            (ZERO, ONE, other) | (ZERO, other, ONE) => *sum = other,
            _ if self.made.len() >= LONGEST => self.full = true,
            (old, left, right) => {
                let value = self.value(old) + self.value(left) * self.value(right);
                *sum = self.write(value, Made::Added(old, left, right));
            }
        }
    }
}

/// The probability that a formula holds, and for each of its events how much likelier it is with the event having happened
/// than without (Birnbaum's importance), sorted by event. Each event happens with the probability that `of` gives, 0 to 1,
/// independently of the others.
///
/// # Errors
/// [`Exceeded`] when the allowed work does not suffice.
pub fn importances(
    formulas: &mut Formulas,
    formula: Formula,
    of: impl Fn(EventId) -> f64,
    work: &mut u64,
) -> Result<(f64, Vec<(EventId, f64)>), Exceeded> {
    let mut engine = Conditioning::new(formulas, Record::new(of), work);
    let [_, holds] = engine.split(formula)?;
    let record = engine.into_measure();
    if record.full {
        return Err(Exceeded);
    }
    Ok((record.value(holds), record.derivatives(holds)))
}
