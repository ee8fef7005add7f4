//! What is in a family of sets: how many of each size, the sets themselves, and those of one size alone.

use crate::bdd::{FALSE, TRUE};
use crate::bdd_walk::{Begun, Recursion, evaluate};
use crate::conditioning::Exceeded;
use crate::zbdd::Zbdd;
use rustc_hash::FxHashMap;

/// A family of sets of levels.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) sets: Zbdd,
    pub(crate) root: u32,
    /// For each branch below the root, how many sets of each size.
    counts: Vec<Box<[u128]>>,
}

impl Family {
    /// Counts the sets of a root; numbers beyond 128 bits stay at the largest.
    pub(crate) fn new(sets: Zbdd, root: u32) -> Self {
        let mut counts: Vec<Box<[u128]>> = vec![Box::default(); (root as usize + 1).max(2)];
        counts[TRUE as usize] = Box::new([1]);
        for at in sets.below(root) {
            let branch = sets.branch(at);
            let (low, high) = (&counts[branch.low as usize], &counts[branch.high as usize]);
            let mut sum = vec![0u128; low.len().max(high.len() + 1)];
            sum[..low.len()].copy_from_slice(low);
            for (sum, high) in sum[1..].iter_mut().zip(high) {
                *sum = sum.saturating_add(*high);
            }
            counts[at as usize] = sum.into_boxed_slice();
        }
        Self { sets, root, counts }
    }

    /// How many sets of each size, from none on.
    pub(crate) fn counts(&self) -> &[u128] {
        self.counts_of(self.root)
    }

    pub(crate) fn counts_of(&self, at: u32) -> &[u128] {
        &self.counts[at as usize]
    }

    fn has(&self, at: u32, size: u32) -> bool {
        self.counts_of(at).get(size as usize).is_some_and(|count| *count > 0)
    }

    /// The sets of one size as a family of their own, with so many steps of work to go on with.
    pub(crate) fn of_size(&self, size: u32, work: u64) -> Result<Self, Exceeded> {
        let mut alone = OfSize { from: self, to: Zbdd::new(work), memo: FxHashMap::default() };
        let root = evaluate(&mut alone, (self.root, size))?;
        Ok(Self::new(alone.to, root))
    }

    /// The sets of one size, each as levels in ascending order; the order of the sets depends on the family alone.
    pub(crate) fn sets(&self, size: u32) -> Sets<'_> {
        Sets { family: self, open: vec![(self.root, size, 0, None)], set: Vec::new() }
    }
}

/// Walks through the sets of one size.
pub(crate) struct Sets<'f> {
    family: &'f Family,
    /// Branches to go into: how many levels are still to come, how many stand before, and which one comes with it.
    open: Vec<(u32, u32, usize, Option<u32>)>,
    set: Vec<u32>,
}

impl Iterator for Sets<'_> {
    type Item = Vec<u32>;

    fn next(&mut self) -> Option<Vec<u32>> {
        while let Some((at, size, before, level)) = self.open.pop() {
            self.set.truncate(before);
            self.set.extend(level);
            if !self.family.has(at, size) {
                continue;
            }
            if at == TRUE {
                return Some(self.set.clone());
            }
            let branch = self.family.sets.branch(at);
            self.open.push((branch.low, size, self.set.len(), None));
            if size > 0 {
                self.open.push((branch.high, size - 1, self.set.len(), Some(branch.level)));
            }
        }
        None
    }
}

struct OfSize<'f> {
    from: &'f Family,
    to: Zbdd,
    memo: FxHashMap<(u32, u32), u32>,
}

impl Recursion for OfSize<'_> {
    type Key = (u32, u32);

    fn begin(&mut self, (at, size): Self::Key) -> Result<Begun<Self::Key>, Exceeded> {
        if !self.from.has(at, size) {
            return Ok(Begun::Known(FALSE));
        }
        if at == TRUE {
            return Ok(Begun::Known(TRUE));
        }
        self.to.spend()?;
        let branch = self.from.sets.branch(at);
        let high = if size == 0 { (FALSE, 0) } else { (branch.high, size - 1) };
        Ok(Begun::Of((branch.low, size), high))
    }

    fn end(&mut self, (at, _): Self::Key, low: u32, high: u32) -> Result<u32, Exceeded> {
        let level = self.from.sets.branch(at).level;
        self.to.make(level, low, high)
    }

    fn memo(&mut self) -> &mut FxHashMap<Self::Key, u32> {
        &mut self.memo
    }
}
