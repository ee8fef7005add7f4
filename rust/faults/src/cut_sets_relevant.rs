//! Which events take part in a cut set of few events at all.
//!
//! Where losing a hundred of five hundred nodes is what counts, no cut set of three events has a node in it, and a formula
//! of racks and hypervisors alone is small. The counting engine runs once and every choice that it makes is written down;
//! going back through them gives, for each event, the fewest failures of a solution that has it.

use crate::conditioning::{Conditioning, Exceeded, Measure};
use crate::formula::{EventId, Formula, Formulas, count};

/// Costs of up to `order` failures, with the ways to have them.
struct Trace {
    order: u32,
    ways: Vec<Way>,
}

/// A way, and the fewest failures in it.
#[derive(Clone, Copy)]
struct Way {
    cost: u32,
    made: Made,
}

#[derive(Clone, Copy)]
enum Made {
    /// By an event.
    Event(EventId),
    /// By both, or else as before: indices in [`Trace::ways`], [`NOTHING`] where there is none.
    Both { left: u32, right: u32, before: u32 },
}

const NOTHING: u32 = u32::MAX;

/// The fewest failures, and the index of the ways.
#[derive(Clone, Copy)]
struct Ways {
    cost: u32,
    at: u32,
}

impl Trace {
    fn keep(&mut self, cost: u32, made: Made) -> Ways {
        self.ways.push(Way { cost, made });
        Ways { cost, at: count(self.ways.len() - 1) }
    }

    fn cost(&self, at: u32) -> u32 {
        self.ways.get(at as usize).map_or(0, |way| way.cost)
    }

    /// The events that are in a solution of up to `order` failures, sorted.
    fn events(&self, root: Ways) -> Vec<EventId> {
        let mut events = Vec::new();
        // For each way the fewest failures outside of it, in a solution that uses it.
        let mut outside = vec![u32::MAX; self.ways.len()];
        if let Some(outside) = outside.get_mut(root.at as usize) {
            *outside = 0;
        }
        for (at, way) in self.ways.iter().enumerate().rev() {
            let around = outside[at];
            if around.saturating_add(way.cost) > self.order {
                continue;
            }
            match way.made {
                Made::Event(event) => events.push(event),
                Made::Both { left, right, before } => {
                    for (part, other) in [(left, self.cost(right)), (right, self.cost(left)), (before, 0)] {
                        if let Some(outside) = outside.get_mut(part as usize) {
                            *outside = around.saturating_add(other).min(*outside);
                        }
                    }
                }
            }
        }
        events.sort_unstable();
        events.dedup();
        events
    }
}

impl Measure for Trace {
    type Value = Ways;

    fn impossible(&self) -> Ways {
        Ways { cost: u32::MAX, at: NOTHING }
    }

    fn certain(&self) -> Ways {
        Ways { cost: 0, at: NOTHING }
    }

    fn happens(&mut self, event: EventId) -> Ways {
        self.keep(1, Made::Event(event))
    }

    fn stays_away(&mut self, _event: EventId) -> Ways {
        self.certain()
    }

    fn add(&mut self, sum: &mut Ways, left: Ways, right: Ways) {
        let cost = left.cost.saturating_add(right.cost);
        // What is had for nothing needs no other way: a solution with one would not be minimal.
        if cost > self.order || sum.cost == 0 {
            return;
        }
        *sum = match (sum.at, left.at, right.at) {
            (NOTHING, way, NOTHING) | (NOTHING, NOTHING, way) => Ways { cost, at: way },
            _ if cost == 0 => self.certain(),
            (before, left, right) => self.keep(cost.min(sum.cost), Made::Both { left, right, before }),
        };
    }
}

/// The events that are in a cut set of up to `order` events, sorted, and perhaps others that are in a solution of so many
/// that is not minimal.
///
/// # Errors
/// [`Exceeded`] when the allowed work does not suffice.
pub(crate) fn relevant(
    formulas: &mut Formulas,
    root: Formula,
    order: u32,
    work: u64,
) -> Result<Vec<EventId>, Exceeded> {
    let mut engine = Conditioning::new(formulas, Trace { order, ways: Vec::new() }, work);
    let [_, holds] = engine.split(root)?;
    Ok(engine.into_measure().events(holds))
}
