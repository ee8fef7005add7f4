//! Twins: two elements that may be swapped in every set of a family, which gives the same family.
//!
//! They are read off the family itself. To be twins is transitive, so an element is compared with one of each class.

use crate::bdd_walk::{Begun, Recursion, evaluate};
use crate::branches::{FALSE, TRUE};
use crate::conditioning::Exceeded;
use crate::formula::count;
use crate::symmetry_branches::digest;
use crate::zbdd::Zbdd;
use crate::zbdd_family::Family;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Rounds in which levels are told apart before two of them are compared.
const ROUNDS: u32 = 4;

/// The levels of a family in classes of twins, each class ascending, the classes by their first level. When the work of
/// the family is used up, twins may be left in two classes.
pub(crate) fn twins(family: &mut Family) -> Vec<Vec<u32>> {
    let runs = neighbours(family);
    let colours = colours(family);
    let mut classes: Vec<Vec<u32>> = Vec::with_capacity(runs.len());
    let mut alike: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    let mut exceeded = false;
    for run in runs {
        let candidates = alike.entry(colours[&run[0]]).or_default();
        let mut found = None;
        for class in candidates.iter() {
            if found.is_some() || exceeded {
                break;
            }
            match swappable(family, classes[*class][0], run[0]) {
                Ok(true) => found = Some(*class),
                Ok(false) => {}
                Err(Exceeded) => exceeded = true,
            }
        }
        if let Some(class) = found {
            classes[class].extend(run);
        } else {
            candidates.push(classes.len());
            classes.push(run);
        }
    }
    for class in &mut classes {
        class.sort_unstable();
    }
    classes
}

/// Runs of neighbouring levels that are twins: neighbours are compared at their branches alone.
fn neighbours(family: &Family) -> Vec<Vec<u32>> {
    let mut levels: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut highest_above: FxHashMap<u32, u32> = FxHashMap::default();
    for at in family.sets.below(family.root) {
        let branch = family.sets.branch(at);
        levels.entry(branch.level).or_default().push(at);
        for next in [branch.low, branch.high] {
            let highest = highest_above.entry(next).or_insert(branch.level);
            *highest = branch.level.min(*highest);
        }
    }
    let mut runs: Vec<Vec<u32>> = Vec::new();
    let mut previous: Option<(u32, Vec<u32>)> = None;
    for (level, branches) in levels {
        let joins = previous.as_ref().is_some_and(|(above, upper)| {
            upper.iter().all(|at| symmetric(&family.sets, *at, level))
                && branches.iter().all(|at| highest_above.get(at).is_some_and(|highest| highest >= above))
        });
        match runs.last_mut() {
            Some(run) if joins => run.push(level),
            _ => runs.push(vec![level]),
        }
        previous = Some((level, branches));
    }
    runs
}

/// Whether a branch gives the same family when its level and the next one are swapped.
fn symmetric(sets: &Zbdd, at: u32, next: u32) -> bool {
    let branch = sets.branch(at);
    let (low, high) = (sets.branch(branch.low), sets.branch(branch.high));
    let second_alone = if low.level == next { low.high } else { FALSE };
    let first_alone = if high.level == next { high.low } else { branch.high };
    first_alone == second_alone
}

/// A number for each level, the same for twins, and for few others. Each level stands for a number, and the family for the
/// sum over its sets of the products of their numbers; what that sum gains with a level tells levels apart, and what is
/// told apart stands for other numbers in the next round.
fn colours(family: &Family) -> FxHashMap<u32, u64> {
    let below = family.sets.below(family.root);
    let mut colours: FxHashMap<u32, u64> = below.iter().map(|at| (family.sets.branch(*at).level, 1)).collect();
    for _ in 0..ROUNDS {
        let mut sums: FxHashMap<u32, u64> = [(FALSE, 0), (TRUE, 1)].into_iter().collect();
        for at in &below {
            let branch = family.sets.branch(*at);
            let with = sums[&branch.high].wrapping_mul(colours[&branch.level]);
            sums.insert(*at, sums[&branch.low].wrapping_add(with));
        }
        let mut above: FxHashMap<u32, u64> = [(family.root, 1)].into_iter().collect();
        let mut gains: FxHashMap<u32, u64> = FxHashMap::default();
        for at in below.iter().rev() {
            let branch = family.sets.branch(*at);
            let ways = above.get(at).copied().unwrap_or_default();
            for (next, factor) in [(branch.low, 1), (branch.high, colours[&branch.level])] {
                let sum = above.entry(next).or_default();
                *sum = sum.wrapping_add(ways.wrapping_mul(factor));
            }
            let gain = gains.entry(branch.level).or_default();
            *gain = gain.wrapping_add(ways.wrapping_mul(sums[&branch.high]));
        }
        for (level, colour) in &mut colours {
            // Odd, so that no product forgets.
            *colour = digest((*colour, gains[level])) | 1;
        }
    }
    colours
}

/// Whether the sets with one level and not the other are the same for both.
fn swappable(family: &mut Family, first: u32, second: u32) -> Result<bool, Exceeded> {
    let mut alone = |with: u32, without: u32| {
        let rest = cofactor(&mut family.sets, family.root, without, false)?;
        cofactor(&mut family.sets, rest, with, true)
    };
    Ok(alone(first, second)? == alone(second, first)?)
}

/// The sets with a level, without it; or those that have it not.
fn cofactor(sets: &mut Zbdd, root: u32, level: u32, with: bool) -> Result<u32, Exceeded> {
    evaluate(&mut Cofactor { sets, level, with, memo: FxHashMap::default() }, root)
}

struct Cofactor<'z> {
    sets: &'z mut Zbdd,
    level: u32,
    with: bool,
    memo: FxHashMap<u32, u32>,
}

impl Recursion for Cofactor<'_> {
    type Key = u32;

    fn begin(&mut self, at: u32) -> Result<Begun<u32>, Exceeded> {
        self.sets.spend()?;
        let branch = self.sets.branch(at);
        Ok(match branch.level.cmp(&self.level) {
            std::cmp::Ordering::Less => Begun::Of(branch.low, branch.high),
            std::cmp::Ordering::Equal => Begun::Known(if self.with { branch.high } else { branch.low }),
            std::cmp::Ordering::Greater => Begun::Known(if self.with { FALSE } else { at }),
        })
    }

    fn end(&mut self, at: u32, low: u32, high: u32) -> Result<u32, Exceeded> {
        let level = self.sets.branch(at).level;
        self.sets.make(level, low, high)
    }

    fn memo(&mut self) -> &mut FxHashMap<u32, u32> {
        &mut self.memo
    }
}

/// Of each class of twins the first elements alone: one set stands for all sets that take as many of each class.
///
/// # Errors
/// [`Exceeded`] when the allowed work does not suffice.
pub(crate) fn first_of_each(family: &Family, classes: &[Vec<u32>], work: u64) -> Result<Family, Exceeded> {
    let mut class_of = FxHashMap::default();
    for (class, levels) in (0u32..).zip(classes) {
        class_of.extend(levels.iter().map(|level| (*level, class)));
    }
    let last: Vec<u32> = classes.iter().map(|levels| levels.last().copied().unwrap_or_default()).collect();
    let mut first = First {
        from: family,
        to: Zbdd::new(work),
        class_of,
        last,
        closed: vec![Box::default()],
        known: FxHashMap::default(),
        memo: FxHashMap::default(),
    };
    first.known.insert(Box::default(), 0);
    let root = evaluate(&mut first, (family.root, 0))?;
    Family::new(first.to, root)
}

struct First<'f> {
    from: &'f Family,
    to: Zbdd,
    class_of: FxHashMap<u32, u32>,
    /// The last level of each class.
    last: Vec<u32>,
    /// Sets of classes of which an element was passed over, so that none behind it may be taken.
    closed: Vec<Box<[u32]>>,
    known: FxHashMap<Box<[u32]>, u32>,
    memo: FxHashMap<(u32, u32), u32>,
}

impl First<'_> {
    /// The classes that are closed at a branch below; those with nothing in it are forgotten. A level that no branch asks for
    /// on the way closes nothing: its twins further down are not asked for either.
    fn passed(&mut self, closed: u32, to: u32, also: Option<u32>) -> Result<u32, Exceeded> {
        let level = self.from.sets.branch(to).level;
        let mut set: Vec<u32> = self.closed[closed as usize].iter().copied().chain(also).collect();
        set.retain(|class| to > TRUE && self.last[*class as usize] >= level);
        set.sort_unstable();
        set.dedup();
        let set = set.into_boxed_slice();
        if let Some(known) = self.known.get(&set) {
            return Ok(*known);
        }
        self.to.spend()?;
        let at = count(self.closed.len());
        self.closed.push(set.clone());
        self.known.insert(set, at);
        Ok(at)
    }
}

impl Recursion for First<'_> {
    type Key = (u32, u32);

    fn begin(&mut self, (at, closed): Self::Key) -> Result<Begun<Self::Key>, Exceeded> {
        if at <= TRUE {
            return Ok(Begun::Known(at));
        }
        self.to.spend()?;
        let branch = self.from.sets.branch(at);
        let class = self.class_of[&branch.level];
        let high = if self.closed[closed as usize].binary_search(&class).is_ok() {
            (FALSE, 0)
        } else {
            (branch.high, self.passed(closed, branch.high, None)?)
        };
        let low = (branch.low, self.passed(closed, branch.low, Some(class))?);
        Ok(Begun::Of(low, high))
    }

    fn end(&mut self, (at, _): Self::Key, low: u32, high: u32) -> Result<u32, Exceeded> {
        let level = self.from.sets.branch(at).level;
        self.to.make(level, low, high)
    }

    fn memo(&mut self) -> &mut FxHashMap<Self::Key, u32> {
        &mut self.memo
    }
}
