//! How many losses of one kind a service survives.

use crate::cheapest::fewest_failures;
use crate::conditioning::Exceeded;
use crate::formula::{EventId, Formula};
use crate::model::Model;
use topology::Kind;

/// How many elements of a kind may be lost at once, whichever they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// So many of them.
    pub survives: u32,
    /// Elements of that kind.
    pub of: u32,
    /// The smallest set that breaks it, sorted; empty when all of them together do not.
    pub witness: Vec<EventId>,
}

/// The tolerance of what a formula says is lost, against one kind, with nothing else failed than what is down.
///
/// # Errors
/// [`Exceeded`] when the allowed work does not suffice.
pub fn tolerance(
    model: &mut Model,
    lost: Formula,
    kind: Kind,
    down: &[EventId],
    work: u64,
) -> Result<Tolerance, Exceeded> {
    let elements: Vec<EventId> = model.of_kind(kind).filter(|event| !down.contains(event)).collect();
    let events = &model.events;
    let alone = model.formulas.restrict(lost, |event| {
        if down.contains(&event) { Some(true) } else { (events[event.0 as usize].kind != kind).then_some(false) }
    });
    let of = crate::formula::count(elements.len());
    Ok(match fewest_failures(&mut model.formulas, alone, work)? {
        // Lost already, with nothing more failing.
        Some(witness) if witness.is_empty() => Tolerance { survives: 0, of, witness },
        Some(witness) => Tolerance { survives: crate::formula::count(witness.len()) - 1, of, witness },
        None => Tolerance { survives: of, of, witness: Vec::new() },
    })
}
