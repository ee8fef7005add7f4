//! Families of sets as zero-suppressed decision diagrams (Minato 1993): sets that many others share are kept once, so that
//! millions of cut sets take a few thousand branches.

use crate::bdd::Bdd;
use crate::bdd_walk::{Begun, Recursion, evaluate};
use crate::branches::{Branch, Branches, FALSE, TRUE};
use crate::conditioning::Exceeded;
use rustc_hash::FxHashMap;

/// Families of sets of levels, each family once.
#[derive(Clone, Debug)]
pub(crate) struct Zbdd {
    branches: Branches,
}

impl Zbdd {
    /// Nothing but the two ends, with so many steps of work.
    pub(crate) fn new(work: u64) -> Self {
        Self { branches: Branches::new(work) }
    }

    pub(crate) fn branch(&self, at: u32) -> Branch {
        self.branches.at(at)
    }

    pub(crate) fn spend(&mut self) -> Result<(), Exceeded> {
        self.branches.spend()
    }

    /// The sets of `low`, and those of `high` with the level added.
    pub(crate) fn make(&mut self, level: u32, low: u32, high: u32) -> Result<u32, Exceeded> {
        if high == FALSE { Ok(low) } else { self.branches.keep(Branch { level, low, high }) }
    }

    /// The branches below a root, itself included, those that others stand on first, without the two ends.
    pub(crate) fn below(&self, root: u32) -> Vec<u32> {
        let mut seen = vec![false; root as usize + 1];
        seen[root as usize] = true;
        for at in (2..=root).rev() {
            if seen[at as usize] {
                let branch = self.branch(at);
                seen[branch.low as usize] = true;
                seen[branch.high as usize] = true;
            }
        }
        (2..=root).filter(|at| seen[*at as usize]).collect()
    }
}

/// The minimal solutions of a monotone diagram, of up to so many events (Rauzy 1993). An order of `u32::MAX` is no limit.
///
/// # Errors
/// [`Exceeded`] when the allowed work does not suffice.
pub(crate) fn minimal_solutions(bdd: &Bdd, order: u32, work: u64) -> Result<(Zbdd, u32), Exceeded> {
    let without = Without { bdd, sets: Zbdd::new(work), memo: FxHashMap::default() };
    let mut minimal = Minimal { costs: bdd.costs(), without, memo: FxHashMap::default() };
    let root = evaluate(&mut minimal, (bdd.root(), order))?;
    Ok((minimal.without.sets, root))
}

/// The minimal solutions of a branch, of up to so many events.
struct Minimal<'b> {
    costs: Vec<u32>,
    without: Without<'b>,
    memo: FxHashMap<(u32, u32), u32>,
}

impl Recursion for Minimal<'_> {
    type Key = (u32, u32);

    fn begin(&mut self, (at, order): Self::Key) -> Result<Begun<Self::Key>, Exceeded> {
        if at == FALSE || self.costs[at as usize] > order {
            return Ok(Begun::Known(FALSE));
        }
        if at == TRUE {
            return Ok(Begun::Known(TRUE));
        }
        self.without.sets.spend()?;
        let branch = self.without.bdd.branch(at);
        let fewer = if order == u32::MAX { order } else { order - 1 };
        Ok(Begun::Of((branch.low, order), (branch.high, fewer)))
    }

    fn end(&mut self, (at, _): Self::Key, low: u32, high: u32) -> Result<u32, Exceeded> {
        let branch = self.without.bdd.branch(at);
        // What solves it also without this event is not minimal with it.
        let high = evaluate(&mut self.without, (high, branch.low))?;
        self.without.sets.make(branch.level, low, high)
    }

    fn memo(&mut self) -> &mut FxHashMap<Self::Key, u32> {
        &mut self.memo
    }
}

/// The sets of a family that do not solve a diagram.
struct Without<'b> {
    bdd: &'b Bdd,
    sets: Zbdd,
    memo: FxHashMap<(u32, u32), u32>,
}

impl Recursion for Without<'_> {
    type Key = (u32, u32);

    fn begin(&mut self, (family, diagram): Self::Key) -> Result<Begun<Self::Key>, Exceeded> {
        if family == FALSE || diagram == TRUE {
            return Ok(Begun::Known(FALSE));
        }
        // A monotone diagram other than TRUE is not solved by the empty set.
        if family == TRUE || diagram == FALSE {
            return Ok(Begun::Known(family));
        }
        self.sets.spend()?;
        let (sets, solved) = (self.sets.branch(family), self.bdd.branch(diagram));
        Ok(match sets.level.cmp(&solved.level) {
            std::cmp::Ordering::Less => Begun::Of((sets.low, diagram), (sets.high, diagram)),
            std::cmp::Ordering::Equal => Begun::Of((sets.low, solved.low), (sets.high, solved.high)),
            std::cmp::Ordering::Greater => Begun::Of((family, solved.low), (FALSE, FALSE)),
        })
    }

    fn end(&mut self, (family, diagram): Self::Key, low: u32, high: u32) -> Result<u32, Exceeded> {
        let (sets, solved) = (self.sets.branch(family), self.bdd.branch(diagram));
        if sets.level > solved.level { Ok(low) } else { self.sets.make(sets.level, low, high) }
    }

    fn memo(&mut self) -> &mut FxHashMap<Self::Key, u32> {
        &mut self.memo
    }
}
