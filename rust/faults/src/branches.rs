//! Branches of diagrams, each kept once: what decision diagrams of formulas and of families of sets have in common.

use crate::conditioning::Exceeded;
use crate::formula::count;
use rustc_hash::FxHashMap;

/// The diagram that never holds; of a family of sets, the empty family.
pub(crate) const FALSE: u32 = 0;
/// The diagram that always holds; of a family of sets, the empty set alone.
pub(crate) const TRUE: u32 = 1;
/// The level of the two: below all events.
pub(crate) const BOTTOM: u32 = u32::MAX;

/// A question of a diagram: has the event of this level happened?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Branch {
    pub(crate) level: u32,
    /// Where it goes on when it has not.
    pub(crate) low: u32,
    /// Where it goes on when it has.
    pub(crate) high: u32,
}

/// The two ends, with which every list of branches begins.
const ENDS: [Branch; 2] =
    [Branch { level: BOTTOM, low: FALSE, high: FALSE }, Branch { level: BOTTOM, low: TRUE, high: TRUE }];

/// Branches, those that others stand on first, and the steps that may still be taken.
#[derive(Clone, Debug)]
pub(crate) struct Branches {
    all: Vec<Branch>,
    known: FxHashMap<Branch, u32>,
    work: u64,
}

impl Branches {
    /// Nothing but the two ends, with so many steps of work.
    pub(crate) fn new(work: u64) -> Self {
        Self { all: ENDS.to_vec(), known: FxHashMap::default(), work }
    }

    pub(crate) fn at(&self, at: u32) -> Branch {
        self.all[at as usize]
    }

    pub(crate) fn spend(&mut self) -> Result<(), Exceeded> {
        self.work = self.work.checked_sub(1).ok_or(Exceeded)?;
        Ok(())
    }

    /// Where this branch is kept; a new one takes a step.
    pub(crate) fn keep(&mut self, branch: Branch) -> Result<u32, Exceeded> {
        if let Some(known) = self.known.get(&branch) {
            return Ok(*known);
        }
        self.spend()?;
        let at = count(self.all.len());
        self.all.push(branch);
        self.known.insert(branch, at);
        Ok(at)
    }

    /// All of them, the two ends first.
    pub(crate) fn into_all(self) -> Vec<Branch> {
        self.all
    }
}
