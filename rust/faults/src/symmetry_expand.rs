//! From a group back to its cut sets.

use crate::formula::EventId;
use crate::symmetry::{Group, Part};

impl Group {
    /// The first cut sets of the group, up to so many, each sorted.
    #[must_use]
    pub fn first(&self, limit: usize) -> Vec<Vec<EventId>> {
        let mut sets: Vec<Vec<EventId>> = vec![Vec::new()];
        for part in &self.parts {
            sets = product(&sets, &part.first(limit), limit);
        }
        for set in &mut sets {
            set.sort_unstable();
        }
        sets.truncate(limit);
        sets
    }
}

impl Part {
    /// `Some` of how many, and of which, where the part is "any so many of these".
    #[must_use]
    pub fn any_of(&self) -> Option<(u32, &[EventId])> {
        match (&self.branches[..], &self.take[..]) {
            ([branch], [take]) => match (&branch[..], &take[..]) {
                ([events], [number]) => Some((*number, events)),
                _ => None,
            },
            _ => None,
        }
    }

    /// In how many ways it can be taken.
    pub(crate) fn number(&self) -> u128 {
        let mut number: u128 = 1;
        let mut free = self.branches.len();
        for taken in self.take.chunk_by(|left, right| left == right) {
            number = number.saturating_mul(choose(free, taken.len()));
            free = free.saturating_sub(taken.len());
            let lists = self.branches.first().map_or(&[][..], |branch| &branch[..]);
            for (list, number_taken) in lists.iter().zip(&taken[0]) {
                let ways = choose(list.len(), *number_taken as usize);
                for _ in taken {
                    number = number.saturating_mul(ways);
                }
            }
        }
        number
    }

    fn first(&self, limit: usize) -> Vec<Vec<EventId>> {
        // Which branches are used already, and what is taken of them.
        let mut open: Vec<(Vec<usize>, Vec<EventId>)> = vec![(Vec::new(), Vec::new())];
        for taken in self.take.chunk_by(|left, right| left == right) {
            let mut next = Vec::new();
            for (used, events) in &open {
                let free: Vec<usize> = (0..self.branches.len()).filter(|branch| !used.contains(branch)).collect();
                for chosen in combinations(&free, taken.len(), limit) {
                    let mut sets = vec![events.clone()];
                    for branch in &chosen {
                        for (list, number) in self.branches[*branch].iter().zip(&taken[0]) {
                            sets = product(&sets, &combinations(list, *number as usize, limit), limit);
                        }
                    }
                    let used: Vec<usize> = used.iter().chain(&chosen).copied().collect();
                    next.extend(sets.into_iter().map(|events| (used.clone(), events)));
                    if next.len() >= limit {
                        break;
                    }
                }
                if next.len() >= limit {
                    break;
                }
            }
            open = next;
        }
        open.truncate(limit);
        open.into_iter().map(|(_, events)| events).collect()
    }
}

/// The first of all ways to have one of the left and one of the right.
fn product(left: &[Vec<EventId>], right: &[Vec<EventId>], limit: usize) -> Vec<Vec<EventId>> {
    let pairs = left.iter().flat_map(|left| right.iter().map(move |right| [&left[..], &right[..]].concat()));
    pairs.take(limit).collect()
}

/// The first of all ways to choose so many, in lexicographic order.
fn combinations<T: Copy>(from: &[T], number: usize, limit: usize) -> Vec<Vec<T>> {
    let mut found = Vec::new();
    if number > from.len() {
        return found;
    }
    let mut places: Vec<usize> = (0..number).collect();
    while found.len() < limit {
        found.push(places.iter().map(|place| from[*place]).collect());
        // The last place that can still go up goes up, and those behind it follow directly.
        let Some(up) = (0..number).rev().find(|at| places[*at] < from.len() - number + at) else { break };
        let start = places[up] + 1;
        for (step, place) in places[up..].iter_mut().enumerate() {
            *place = start + step;
        }
    }
    found
}

/// So many of so many; the largest number if it is more.
fn choose(of: usize, number: usize) -> u128 {
    if number > of {
        return 0;
    }
    let number = number.min(of - number);
    let mut ways: u128 = 1;
    for step in 0..number {
        // Multiplied first, so that the division is exact at every step.
        let Some(product) = ways.checked_mul((of - step) as u128) else { return u128::MAX };
        ways = product / (step as u128 + 1);
    }
    ways
}
