//! Minimal cut sets: the sets of failures that lose something, and none of whose failures could be spared.

use crate::bdd::Bdd;
use crate::cheapest::fewest_failures;
use crate::conditioning::Exceeded;
use crate::cut_sets_relevant::relevant;
use crate::formula::{EventId, Formula, Formulas, count};
use crate::zbdd::minimal_solutions;
use crate::zbdd_family::Family;

/// A diagram that is made within so many steps is not worth looking for what could be left out of it.
const SMALL: u64 = 100_000;

/// So much work is spent on looking for that. Five hundred nodes take a fifth of it; where events hang together otherwise
/// than racks and hypervisors do, it is lost.
const LOOKING: u64 = 2_000_000;

/// Up to this order it is looked for events that can be left out.
const FEW: u32 = 8;

/// All minimal cut sets of up to so many events. They are not listed but kept as a diagram: millions take little.
#[derive(Clone, Debug)]
pub struct CutSets {
    pub(crate) family: Family,
    /// The event of each level of the family.
    pub(crate) events: Vec<EventId>,
    order: u32,
}

/// The work that was allowed did not suffice for all cut sets that were asked for.
#[derive(Clone, Debug)]
pub struct Incomplete {
    /// All cut sets of fewer events, up to [`CutSets::order`], if so many could be had.
    pub known: Option<Box<CutSets>>,
}

impl CutSets {
    /// Cut sets of more events than this were not asked for. `u32::MAX`: all are here.
    #[must_use]
    pub fn order(&self) -> u32 {
        self.order
    }

    /// How many cut sets of each order, from order 0 on: one of order 0 means that it is lost with nothing failing. Numbers
    /// beyond 128 bits stay at the largest.
    #[must_use]
    pub fn counts(&self) -> &[u128] {
        self.family.counts()
    }

    /// How many cut sets.
    #[must_use]
    pub fn total(&self) -> u128 {
        self.counts().iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The cut sets, each sorted, those of few events first. The same formulas give the same order.
    pub fn iter(&self) -> impl Iterator<Item = Vec<EventId>> {
        (0..count(self.counts().len())).flat_map(|order| self.of_order(order))
    }

    /// The cut sets of one order, each sorted.
    pub fn of_order(&self, order: u32) -> impl Iterator<Item = Vec<EventId>> {
        self.family.sets(order).map(|levels| self.named(&levels))
    }

    /// The events that are a cut set by themselves, sorted.
    #[must_use]
    pub fn single_points(&self) -> Vec<EventId> {
        let mut events: Vec<EventId> = self.of_order(1).flatten().collect();
        events.sort_unstable();
        events
    }

    fn named(&self, levels: &[u32]) -> Vec<EventId> {
        let mut events: Vec<EventId> = levels.iter().map(|level| self.events[*level as usize]).collect();
        events.sort_unstable();
        events
    }
}

/// All minimal cut sets of up to `order` events of a formula; `u32::MAX` for all without limit. `work` bounds the steps of
/// each of a handful of attempts; a million of them take in the order of a second and 100 MB at most.
///
/// # Errors
/// [`Incomplete`] when the allowed work does not suffice, with the cut sets of fewer events where they could be had.
pub fn cut_sets(formulas: &mut Formulas, root: Formula, order: u32, work: u64) -> Result<CutSets, Incomplete> {
    attempt(formulas, root, order, work).map_err(|Exceeded| {
        let known = (1..order.min(5)).rev().find_map(|fewer| attempt(formulas, root, fewer, work).ok());
        Incomplete { known: known.map(Box::new) }
    })
}

/// What was found, all of it or what is known, and whether that is all.
#[must_use]
pub fn as_far_as_known(found: Result<CutSets, Incomplete>) -> (Option<CutSets>, bool) {
    match found {
        Ok(all) => (Some(all), true),
        Err(incomplete) => (incomplete.known.map(|known| *known), false),
    }
}

fn attempt(formulas: &mut Formulas, root: Formula, order: u32, work: u64) -> Result<CutSets, Exceeded> {
    if let Ok(bdd) = Bdd::of(formulas, root, work.min(SMALL)) {
        return solved(bdd, order, work);
    }
    let mut root = root;
    if order <= FEW
        && let Ok(fewest) = fewest_failures(formulas, root, &mut work.min(LOOKING))
        && fewest.is_none_or(|fewest| fewest.len() > order as usize)
    {
        root = Formula::FALSE;
    } else if order <= FEW
        && let Ok(relevant) = relevant(formulas, root, order, work.min(LOOKING))
    {
        root = formulas.restrict(root, |event| relevant.binary_search(&event).is_err().then_some(false));
    }
    let bdd = Bdd::of(formulas, root, work)?;
    solved(bdd, order, work)
}

fn solved(bdd: Bdd, order: u32, work: u64) -> Result<CutSets, Exceeded> {
    let (sets, root) = minimal_solutions(&bdd, order, work)?;
    Ok(CutSets { family: Family::new(sets, root)?, events: bdd.into_events(), order })
}
