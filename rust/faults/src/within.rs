//! Whether so many losses of one kind suffice.

use crate::formula::{EventId, Formula};
use crate::model::Model;
use crate::tolerance::{Tolerance, tolerance};
use std::collections::HashMap;
use topology::Kind;

/// Answers to *do no more than so many elements of a kind break it?*, with what was found out on the way: to look for single
/// elements is cheap, and done once for all kinds.
#[derive(Debug, Default)]
pub struct Within {
    singles: HashMap<Formula, Vec<EventId>>,
}

impl Within {
    /// How the tolerance against a kind misses `most` losses, with nothing down; `None` where they are survived.
    ///
    /// What it needs is taken from `work`, in steps. Where that does not suffice the answer is not [`Tolerance::settled`].
    pub fn misses(
        &mut self,
        model: &mut Model,
        lost: Formula,
        kind: Kind,
        most: u32,
        work: &mut u64,
    ) -> Option<Tolerance> {
        if lost == Formula::FALSE {
            return None;
        }
        if most == 1 && lost != Formula::TRUE {
            let singles = self.singles.entry(lost).or_insert_with(|| model.formulas.single_points(lost));
            let breaks = singles.iter().copied().find(|event| model.event(*event).kind == kind);
            return breaks.map(|event| Tolerance {
                survives: Some(0),
                settled: true,
                of: crate::formula::count(model.of_kind(kind).count()),
                witness: vec![event],
            });
        }
        let tolerance = tolerance(model, lost, kind, &[], work);
        (tolerance.meets(most) != Some(true)).then_some(tolerance)
    }
}
