//! The table: every service, every kind of failure, every level.

use crate::formula::{EventId, Formula};
use crate::model::Model;
use crate::service::{Level, ServiceId};
use crate::tolerance::{Tolerance, tolerance};
use std::collections::HashMap;
use topology::Kind;

/// Steps that a whole table may take: seconds, on any machine of today. A table of 500 nodes takes a hundredth of it.
pub const WORK_OF_A_TABLE: u64 = 400_000_000;

/// Steps that one question of a table may take.
pub const WORK_OF_A_QUESTION: u64 = 4_000_000;

/// How much each service survives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Kinds of which there is an element, from the widest to the narrowest.
    pub kinds: Vec<Kind>,
    /// Services in their order.
    pub rows: Vec<Row>,
}

/// How much one service survives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The service.
    pub service: ServiceId,
    /// By level, then by kind in the order of [`Table::kinds`]; no level that means nothing for the service.
    pub levels: Vec<(Level, Vec<Tolerance>)>,
}

impl Row {
    /// The tolerances of a level.
    #[must_use]
    pub fn level(&self, level: Level) -> Option<&[Tolerance]> {
        self.levels.iter().find(|(known, _)| *known == level).map(|(_, tolerances)| tolerances.as_slice())
    }
}

/// The table with some elements down already. What it needs is taken from `work`, in steps.
#[must_use]
pub fn table(model: &mut Model, down: &[EventId], work: &mut u64) -> Table {
    let mut questions = Questions { down, known: HashMap::new(), work };
    let kinds: Vec<Kind> = model.kinds().filter(|kind| model.of_kind(*kind).next().is_some()).collect();
    let rows = (0..model.services.len()).map(|service| {
        let levels = Level::ALL.into_iter().filter_map(|level| {
            let lost = model.services[service].lost(level)?;
            Some((level, kinds.iter().map(|kind| questions.ask(model, lost, *kind)).collect()))
        });
        Row { service: ServiceId(service), levels: levels.collect() }
    });
    let rows = rows.collect();
    Table { kinds, rows }
}

/// Asks one question with what one may take of the work; what it leaves is given back.
pub fn with_a_share<A>(work: &mut u64, ask: impl FnOnce(&mut u64) -> A) -> A {
    let mut share = WORK_OF_A_QUESTION.min(*work);
    *work -= share;
    let answer = ask(&mut share);
    *work += share;
    answer
}

/// Services share formulas: each is asked about once.
struct Questions<'q> {
    down: &'q [EventId],
    known: HashMap<(Formula, Kind), Tolerance>,
    work: &'q mut u64,
}

impl Questions<'_> {
    fn ask(&mut self, model: &mut Model, lost: Formula, kind: Kind) -> Tolerance {
        if let Some(known) = self.known.get(&(lost, kind)) {
            return known.clone();
        }
        let answer = with_a_share(self.work, |work| tolerance(model, lost, kind, self.down, work));
        self.known.insert((lost, kind), answer.clone());
        answer
    }
}
