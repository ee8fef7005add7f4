//! How many losses of one kind a service survives.

use crate::cheapest::fewest_failures;
use crate::formula::{EventId, Formula, Formulas, count};
use crate::model::Model;
use crate::smallest::smallest_found_by_trying;
use std::collections::HashSet;
use topology::Kind;

/// How many elements of a kind may be lost at once, whichever they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// So many of them. `None` when it is lost already, with what is down now.
    pub survives: Option<u32>,
    /// Whether one more breaks it. Otherwise the allowed work ended here: `survives` is proven, more may be.
    pub settled: bool,
    /// Elements of that kind that are not down.
    pub of: u32,
    /// A set that breaks it, sorted: the smallest where `settled`, else the smallest that was found. Empty when all of them
    /// together do not break it, and when it is lost already.
    pub witness: Vec<EventId>,
}

impl Tolerance {
    /// Whether so many losses are survived: `None` when the allowed work did not settle it.
    #[must_use]
    pub fn meets(&self, losses: u32) -> Option<bool> {
        let Some(survives) = self.survives else { return Some(false) };
        let met = survives >= losses.min(self.of);
        (met || self.settled).then_some(met)
    }
}

/// The tolerance of what a formula says is lost, against one kind, with nothing else failed than what is down.
///
/// What it needs is taken from `work`, in steps; an answer that needs more says what was proven until then.
#[must_use]
pub fn tolerance(model: &mut Model, lost: Formula, kind: Kind, down: &[EventId], work: &mut u64) -> Tolerance {
    let down: HashSet<EventId> = down.iter().copied().collect();
    let of = count(model.of_kind(kind).filter(|event| !down.contains(event)).count());
    let events = &model.events;
    let alone = model.formulas.restrict(lost, |event| {
        if down.contains(&event) {
            return Some(true);
        }
        (events[event.0 as usize].kind != kind).then_some(false)
    });
    against(&mut model.formulas, alone, of, work)
}

/// The tolerance of a formula in which only events of the kind asked about are left.
fn against(formulas: &mut Formulas, alone: Formula, of: u32, work: &mut u64) -> Tolerance {
    if alone == Formula::TRUE {
        return Tolerance { survives: None, settled: true, of, witness: Vec::new() };
    }
    // Half of what is left, so that a shape which the engine cannot take apart leaves something for trying.
    let mut half = *work / 2;
    *work -= half;
    let answer = fewest_failures(formulas, alone, &mut half);
    *work += half;
    match answer {
        Ok(None) => Tolerance { survives: Some(of), settled: true, of, witness: Vec::new() },
        Ok(Some(witness)) => Tolerance { survives: Some(count(witness.len()) - 1), settled: true, of, witness },
        Err(_) => {
            let (survives, settled, witness) = smallest_found_by_trying(formulas, alone, work);
            Tolerance { survives: Some(survives), settled, of, witness }
        }
    }
}
