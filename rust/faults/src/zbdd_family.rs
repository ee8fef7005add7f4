//! What is in a family of sets: how many of each size, the sets themselves, and those of one size alone.

use crate::bdd_walk::{Begun, Recursion, evaluate};
use crate::branches::{FALSE, TRUE};
use crate::conditioning::Exceeded;
use crate::zbdd::Zbdd;
use rustc_hash::FxHashMap;

/// A family of sets of levels.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) sets: Zbdd,
    pub(crate) root: u32,
    /// For each branch below the root, how many sets of each size.
    counts: Vec<Counts>,
    /// Those of the root, from none on.
    total: Box<[u128]>,
}

/// How many sets of each size, from the smallest that there is: long sets would take much room for nothing.
#[derive(Clone, Debug, Default)]
struct Counts {
    smallest: usize,
    numbers: Box<[u128]>,
}

impl Counts {
    fn of(&self, size: usize) -> u128 {
        size.checked_sub(self.smallest).and_then(|at| self.numbers.get(at)).copied().unwrap_or_default()
    }

    fn end(&self) -> usize {
        self.smallest + self.numbers.len()
    }
}

impl Family {
    /// Counts the sets of a root; numbers beyond 128 bits stay at the largest. Each number is a step of the work.
    pub(crate) fn new(mut sets: Zbdd, root: u32) -> Result<Self, Exceeded> {
        let mut counts = vec![Counts::default(); (root as usize + 1).max(2)];
        counts[TRUE as usize] = Counts { smallest: 0, numbers: Box::new([1]) };
        for at in sets.below(root) {
            let branch = sets.branch(at);
            let (low, high) = (&counts[branch.low as usize], &counts[branch.high as usize]);
            let smallest = if low.numbers.is_empty() { high.smallest + 1 } else { low.smallest.min(high.smallest + 1) };
            let end = low.end().max(high.end() + 1);
            let mut numbers = Vec::with_capacity(end - smallest);
            for size in smallest..end {
                sets.spend()?;
                let with = if size == 0 { 0 } else { high.of(size - 1) };
                numbers.push(low.of(size).saturating_add(with));
            }
            counts[at as usize] = Counts { smallest, numbers: numbers.into_boxed_slice() };
        }
        let of_root = &counts[root as usize];
        let total = (0..of_root.end()).map(|size| of_root.of(size)).collect();
        Ok(Self { sets, root, counts, total })
    }

    /// How many sets of each size, from none on.
    pub(crate) fn counts(&self) -> &[u128] {
        &self.total
    }

    fn has(&self, at: u32, size: u32) -> bool {
        self.counts[at as usize].of(size as usize) > 0
    }

    /// The sets of one size as a family of their own, with so many steps of work to go on with.
    pub(crate) fn of_size(&self, size: u32, work: u64) -> Result<Self, Exceeded> {
        let mut alone = OfSize { from: self, to: Zbdd::new(work), memo: FxHashMap::default() };
        let root = evaluate(&mut alone, (self.root, size))?;
        Self::new(alone.to, root)
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
