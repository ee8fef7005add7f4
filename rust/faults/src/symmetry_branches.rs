//! Branches: several classes of twins that may be swapped together with as many others, as a node, its hypervisor and the
//! programs on it with those of another node.
//!
//! Each set of the family is given as a vector: how many elements it takes of which class. What may be swapped is guessed
//! from which classes stand together in how many vectors, and then tried on every vector: a guess that fails is dropped.

use crate::formula::count;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};

/// How many elements of which class, by class; none of the others.
pub(crate) type Vector = Box<[(u32, u32)]>;

/// Branches that may be swapped with each other, each as classes: the first of one is swapped with the first of another.
pub(crate) type Alike = Vec<Vec<u32>>;

/// The classes in branches; every class stands in one. When the steps of work are used up, branches may be left apart.
pub(crate) fn branches(sizes: &[u32], vectors: &[Vector], work: u64) -> Vec<Alike> {
    let mut search = Search::new(sizes, vectors, work);
    let mut found = Vec::new();
    for class in 0..count(sizes.len()) {
        if !search.placed[class as usize] {
            let alike = search.alike(class);
            for class in alike.iter().flatten() {
                search.placed[*class as usize] = true;
            }
            found.push(alike);
        }
    }
    found
}

struct Search<'v> {
    vectors: &'v [Vector],
    all: FxHashSet<&'v [(u32, u32)]>,
    /// The vectors that each class is in.
    of_class: Vec<Vec<u32>>,
    /// What classes that may be swapped have in common.
    colours: Vec<u64>,
    placed: Vec<bool>,
    work: u64,
}

/// What to swap with what: classes by class, both ways.
type Swap = FxHashMap<u32, u32>;

impl<'v> Search<'v> {
    fn new(sizes: &[u32], vectors: &'v [Vector], work: u64) -> Self {
        let mut of_class = vec![Vec::new(); sizes.len()];
        for (at, vector) in (0u32..).zip(vectors) {
            vector.iter().for_each(|(class, _)| of_class[*class as usize].push(at));
        }
        let mut colours: Vec<u64> = sizes.iter().map(digest).collect();
        for _ in 0..2 {
            let mut finer: Vec<u64> = colours.iter().map(digest).collect();
            for vector in vectors {
                let whole = whole(&colours, vector);
                for (class, number) in vector {
                    let colour = &mut finer[*class as usize];
                    *colour = colour.wrapping_add(digest((whole, number)));
                }
            }
            colours = finer;
        }
        let all = vectors.iter().map(AsRef::as_ref).collect();
        Self { vectors, all, of_class, colours, placed: vec![false; sizes.len()], work }
    }

    /// The branch of a class, and those that it may be swapped with.
    fn alike(&mut self, class: u32) -> Alike {
        let with = self.together(class);
        let others: Vec<u32> = (class + 1..count(self.placed.len()))
            .filter(|other| !self.placed[*other as usize])
            .filter(|other| self.colours[*other as usize] == self.colours[class as usize])
            .collect();
        let mut swaps: Vec<(u32, Swap)> = Vec::new();
        for other in others {
            if let Some(swap) = self.guess(class, &with, other)
                && self.is_symmetry(&swap)
            {
                swaps.push((other, swap));
            }
        }
        if swaps.iter().any(|(_, swap)| swap.len() == 2) {
            let alone = swaps.iter().filter(|(_, swap)| swap.len() == 2).map(|(other, _)| vec![*other]);
            return std::iter::once(vec![class]).chain(alone).collect();
        }
        let branch = Self::branch(class, &with, &swaps);
        let mut alike = vec![branch.clone()];
        let mut taken: FxHashSet<u32> = branch.iter().copied().collect();
        for (_, swap) in swaps {
            let Some(other) = branch.iter().map(|class| swap.get(class).copied()).collect::<Option<Vec<u32>>>() else {
                continue;
            };
            let apart = other.iter().all(|class| !taken.contains(class) && !self.placed[*class as usize]);
            let both = branch.iter().zip(&other).flat_map(|(one, other)| [(*one, *other), (*other, *one)]).collect();
            if apart && self.is_symmetry(&both) {
                taken.extend(&other);
                alike.push(other);
            }
        }
        if alike.len() == 1 { vec![vec![class]] } else { alike }
    }

    /// What moves with a class, whatever it is swapped with. With one partner only, either of two that change places may be
    /// said to belong to it: the one that stands less often beside it, as what one loss already takes does.
    fn branch(class: u32, with: &FxHashMap<u32, u64>, swaps: &[(u32, Swap)]) -> Vec<u32> {
        let Some((_, first)) = swaps.first() else { return vec![class] };
        let belongs = |moved: &u32| match swaps {
            [(_, swap)] => {
                let partner = swap[moved];
                (with.contains_key(moved), *moved) < (with.contains_key(&partner), partner)
            }
            _ => swaps.iter().all(|(other, swap)| swap.contains_key(moved) && moved != other),
        };
        let mut rest: Vec<u32> = first
            .iter()
            .filter(|(moved, partner)| **moved != class && **partner != class)
            .map(|(moved, _)| *moved)
            .filter(belongs)
            .collect();
        rest.sort_unstable();
        std::iter::once(class).chain(rest).collect()
    }

    /// For each class that stands in a vector with this one, a number that says how.
    fn together(&mut self, class: u32) -> FxHashMap<u32, u64> {
        let mut with: FxHashMap<u32, u64> = FxHashMap::default();
        for at in &self.of_class[class as usize] {
            let vector = &self.vectors[*at as usize];
            self.work = self.work.saturating_sub(vector.len() as u64);
            let whole = whole(&self.colours, vector);
            let own = vector.iter().find(|(other, _)| *other == class).map(|(_, number)| *number);
            for (other, number) in vector.iter().filter(|(other, _)| *other != class) {
                let how = with.entry(*other).or_default();
                *how = how.wrapping_add(digest((whole, own, number)) | 1);
            }
        }
        with
    }

    /// Classes that change places when these two do.
    fn guess(&mut self, class: u32, with: &FxHashMap<u32, u64>, other: u32) -> Option<Swap> {
        let with_other = self.together(other);
        let how = |with: &FxHashMap<u32, u64>, class: u32| with.get(&class).copied().unwrap_or_default();
        let mut moved: Vec<u32> = with.keys().chain(with_other.keys()).copied().collect();
        moved.sort_unstable();
        moved.dedup();
        moved.retain(|moved| ![class, other].contains(moved) && how(with, *moved) != how(&with_other, *moved));
        let mut swap: Swap = [(class, other), (other, class)].into_iter().collect();
        let mut open: FxHashMap<(u64, u64, u64), Vec<u32>> = FxHashMap::default();
        let key = |moved: u32| (self.colours[moved as usize], how(with, moved), how(&with_other, moved));
        for moved in moved.iter().rev() {
            open.entry(key(*moved)).or_default().push(*moved);
        }
        for moved in moved {
            if swap.contains_key(&moved) {
                continue;
            }
            let (colour, one, two) = key(moved);
            let partner = open.get_mut(&(colour, two, one))?.pop()?;
            swap.extend([(moved, partner), (partner, moved)]);
        }
        Some(swap)
    }

    /// Whether every vector is a vector again when the classes change places.
    fn is_symmetry(&mut self, swap: &Swap) -> bool {
        for class in swap.keys() {
            for at in &self.of_class[*class as usize] {
                let vector = &self.vectors[*at as usize];
                let Some(work) = self.work.checked_sub(vector.len() as u64) else { return false };
                self.work = work;
                let place = |(class, number): &(u32, u32)| (swap.get(class).copied().unwrap_or(*class), *number);
                let mut swapped: Vec<(u32, u32)> = vector.iter().map(place).collect();
                swapped.sort_unstable();
                if !self.all.contains(&swapped[..]) {
                    return false;
                }
            }
        }
        true
    }
}

/// A number that tells values apart.
pub(crate) fn digest(value: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A vector, whichever classes of these colours are in it.
fn whole(colours: &[u64], vector: &Vector) -> u64 {
    vector.iter().fold(0, |sum, (class, number)| sum.wrapping_add(digest((colours[*class as usize], number))))
}
