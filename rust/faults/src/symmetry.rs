//! Cut sets in groups: "any 2 of these 3 hypervisors" instead of three cut sets, or of twenty million.
//!
//! The groups are derived from the cut sets themselves, order by order. Elements that may be swapped are a class of
//! twins; classes that may be swapped, together with others where it takes that, are branches; and cut sets that such
//! swaps turn into each other are one group. Every swap has been tried on all cut sets of that order, so a group is exact.

use crate::conditioning::Exceeded;
use crate::cut_sets::CutSets;
use crate::formula::{EventId, count};
use crate::symmetry_branches::{Alike, Vector, branches};
use crate::symmetry_twins::{first_of_each, twins};
use crate::zbdd_family::Family;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Cut sets that are the same but for names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// So many events are in each of them.
    pub order: u32,
    /// What a cut set of the group takes: something of every part. The first event of a part is below that of the next.
    pub parts: Vec<Part>,
    /// For so many cut sets the group stands; the largest number if they are more.
    pub cut_sets: u128,
}

/// What is taken of branches that are the same but for names.
///
/// "Any 2 of these 5 nodes" is one branch of one list of five, with `take` of `[[2]]`. "Any 2 of these 3 hosts, of each the
/// node or its hypervisor" is three branches of one list of two, with `take` of `[[1], [1]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The branches; each has as many lists as every other, and its first list is as long as the first of every other. The
    /// events of a list are sorted, the branches by their first event.
    pub branches: Vec<Vec<Vec<EventId>>>,
    /// For each of as many different branches as this is long, whichever they are: how many events of each of its lists,
    /// whichever they are. The largest come first.
    pub take: Vec<Vec<u32>>,
}

/// All groups of some cut sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// Those of few events first; within an order by their first events.
    pub groups: Vec<Group>,
    /// Orders whose cut sets are in no group, as the groups would be too many, with how many cut sets each has. They are
    /// the last orders.
    pub left: Vec<(u32, u128)>,
}

/// The cut sets in groups, of which no more than about `limit` are made. `work` bounds the steps for each order.
#[must_use]
pub fn groups(cut_sets: &CutSets, limit: usize, work: u64) -> Groups {
    let mut groups = Groups { groups: Vec::new(), left: Vec::new() };
    for (order, number) in (0u32..).zip(cut_sets.counts()).filter(|(_, number)| **number > 0) {
        let room = limit.saturating_sub(groups.groups.len());
        let found = if groups.left.is_empty() { of_order(cut_sets, order, room, work) } else { Err(Exceeded) };
        match found {
            Ok(found) => groups.groups.extend(found),
            Err(Exceeded) => groups.left.push((order, *number)),
        }
    }
    groups
}

fn of_order(cut_sets: &CutSets, order: u32, limit: usize, work: u64) -> Result<Vec<Group>, Exceeded> {
    let mut family = cut_sets.family.of_size(order, work)?;
    let mut classes: Vec<Vec<u32>> = twins(&mut family);
    // Named from here on by their events: the order of levels means nothing to a reader.
    let event = |level: &u32| cut_sets.events[*level as usize];
    classes.sort_by_key(|class| class.iter().map(event).min());
    let first = first_of_each(&family, &classes, work)?;
    let number = first.counts().get(order as usize).copied().unwrap_or_default();
    // Branches make fewer groups of the vectors; how many fewer is seen only when the vectors are there.
    if number > limit as u128 * 64 {
        return Err(Exceeded);
    }
    let vectors = vectors(&first, order, &classes);
    let sizes: Vec<u32> = classes.iter().map(|class| count(class.len())).collect();
    let alike = branches(&sizes, &vectors, work);
    let shapes = shapes(&alike, &vectors);
    if shapes.len() > limit {
        return Err(Exceeded);
    }
    let named = |class: &u32| {
        let mut events: Vec<EventId> = classes[*class as usize].iter().map(event).collect();
        events.sort_unstable();
        events
    };
    let part = |(alike, take): (&Alike, Vec<Vec<u32>>)| Part {
        branches: alike.iter().map(|branch| branch.iter().map(named).collect()).collect(),
        take,
    };
    Ok(shapes
        .into_iter()
        .map(|shape| {
            let parts: Vec<Part> = shape.into_iter().map(|(at, take)| part((&alike[at], take))).collect();
            let cut_sets = parts.iter().fold(1u128, |number, part| number.saturating_mul(part.number()));
            Group { order, parts, cut_sets }
        })
        .collect())
}

/// One vector for each set of a family that takes of every class the first elements alone.
fn vectors(first: &Family, order: u32, classes: &[Vec<u32>]) -> Vec<Vector> {
    let mut class_of: FxHashMap<u32, u32> = FxHashMap::default();
    for (class, levels) in (0u32..).zip(classes) {
        class_of.extend(levels.iter().map(|level| (*level, class)));
    }
    let vector = |levels: Vec<u32>| {
        let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
        for level in levels {
            *taken.entry(class_of[&level]).or_default() += 1;
        }
        taken.into_iter().collect()
    };
    first.sets(order).map(vector).collect()
}

/// What is taken, whichever branch it is of: for each list of branches that something is taken of, the numbers.
type Shape = Vec<(usize, Vec<Vec<u32>>)>;

fn shapes(alike: &[Alike], vectors: &[Vector]) -> BTreeSet<Shape> {
    let mut places: FxHashMap<u32, (usize, usize, usize)> = FxHashMap::default();
    for (list, alike) in alike.iter().enumerate() {
        for (branch, classes) in alike.iter().enumerate() {
            places.extend(classes.iter().enumerate().map(|(role, class)| (*class, (list, branch, role))));
        }
    }
    let shape = |vector: &Vector| {
        let mut taken: BTreeMap<usize, FxHashMap<usize, Vec<u32>>> = BTreeMap::new();
        for (class, number) in vector {
            let (list, branch, role) = places[class];
            let roles = alike[list][branch].len();
            let branch = taken.entry(list).or_default().entry(branch).or_insert_with(|| vec![0; roles]);
            branch[role] = *number;
        }
        taken
            .into_iter()
            .map(|(list, branches)| {
                let mut take: Vec<Vec<u32>> = branches.into_values().collect();
                take.sort_unstable_by(|left, right| right.cmp(left));
                (list, take)
            })
            .collect()
    };
    vectors.iter().map(shape).collect()
}
