//! Packing items into bins: found, impossible, or not settled.

/// Processor time in thousandths, memory in bytes, and pods.
pub(super) type Amount = [u64; 3];

/// Something with room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bin {
    /// Bins of one class are alike.
    pub(super) class: usize,
    /// What is free in it.
    pub(super) free: Amount,
    /// Items of which it holds one and may hold no second, sorted.
    holds: Vec<usize>,
}

impl Bin {
    pub(super) fn new(class: usize, free: Amount) -> Self {
        Self { class, free, holds: Vec::new() }
    }
}

/// Equal things that need room.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// What one needs.
    pub(super) size: Amount,
    /// How many there are.
    pub(super) count: u32,
    /// Whether no two may share a bin.
    pub(super) apart: bool,
    /// By class of bin: whether they may be there.
    pub(super) allowed: Vec<bool>,
}

/// Why there is no packing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Impossible {
    /// All together need more of this ([`Amount`]'s index) than there is.
    Total(usize),
    /// So few bins hold one of this item that not all of them find a place.
    Item(usize, u64),
    /// Every way to place them was tried.
    Tried,
}

/// What was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Found,
    None(Impossible),
    NotSettled,
}

/// Most single things for which every way to place them is tried: as deep as the search goes.
const MOST_TRIED: usize = 64;

/// Whether the items find a place. What it needs is taken from `work`; a step looks at one bin.
pub(super) fn pack(bins: &[Bin], items: &[Item], work: &mut u64) -> Packing {
    let mut groups: Vec<&Vec<bool>> = items.iter().map(|item| &item.allowed).collect();
    groups.sort_unstable();
    groups.dedup();
    let classes = items.first().map_or(0, |item| item.allowed.len());
    let steps = (items.len() * bins.len() + groups.len() * (items.len() * classes + bins.len())) as u64;
    let Some(rest) = work.checked_sub(steps) else { return Packing::NotSettled };
    *work = rest;
    if let Some(why) = impossible(bins, items, &groups) {
        return Packing::None(why);
    }
    let order = largest_first(bins, items);
    for roomiest in [false, true] {
        match placed(bins, items, &order, roomiest, work) {
            Some(left_over) if left_over.is_empty() => return Packing::Found,
            Some(_) => {}
            None => return Packing::NotSettled,
        }
    }
    let single: Vec<usize> =
        order.iter().flat_map(|item| std::iter::repeat_n(*item, items[*item].count.min(65) as usize)).collect();
    if single.len() > MOST_TRIED {
        return Packing::NotSettled;
    }
    let mut search = Search { items, single: &single, bins: bins.to_vec(), work };
    match search.place(0, 0) {
        Some(true) => Packing::Found,
        Some(false) => Packing::None(Impossible::Tried),
        None => Packing::NotSettled,
    }
}

/// What does not find a place when the largest are placed first, each in the first bin that holds it; `None` when the
/// allowed work does not suffice. Items by index, as often as they are left over.
pub(super) fn left_over(bins: &[Bin], items: &[Item], work: &mut u64) -> Option<Vec<usize>> {
    placed(bins, items, &largest_first(bins, items), false, work)
}

/// Reasons that need no search. Each is a bound: what it refuses is impossible.
fn impossible(bins: &[Bin], items: &[Item], groups: &[&Vec<bool>]) -> Option<Impossible> {
    for (index, item) in items.iter().enumerate() {
        let able = bins.iter().filter(|bin| item.allowed[bin.class]);
        let places = able.map(|bin| places_in(bin.free, item)).fold(0, u64::saturating_add);
        if places < u64::from(item.count) {
            return Some(Impossible::Item(index, places));
        }
    }
    for group in groups {
        let within = |allowed: &[bool]| allowed.iter().zip(group.iter()).all(|(one, all)| !one || *all);
        for dimension in 0..3 {
            let needed = items.iter().filter(|item| within(&item.allowed));
            let needed = needed.map(|item| u128::from(item.size[dimension]) * u128::from(item.count)).sum::<u128>();
            let free = bins.iter().filter(|bin| group[bin.class]);
            if needed > free.map(|bin| u128::from(bin.free[dimension])).sum::<u128>() {
                return Some(Impossible::Total(dimension));
            }
        }
    }
    None
}

/// Items that may be in few bins first; of those the ones that take the greatest part of all that is free.
fn largest_first(bins: &[Bin], items: &[Item]) -> Vec<usize> {
    let mut all = [0u128; 3];
    for bin in bins {
        (0..3).for_each(|dimension| all[dimension] += u128::from(bin.free[dimension]));
    }
    // In millionths of all that is free, of the dimension in which it is largest.
    let part = |item: &Item| {
        (0..3).map(|dimension| u128::from(item.size[dimension]) * 1_000_000 / all[dimension].max(1)).max().unwrap_or(0)
    };
    let classes = |item: &Item| item.allowed.iter().filter(|allowed| **allowed).count();
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|item| (classes(&items[*item]), std::cmp::Reverse(part(&items[*item])), *item));
    order
}

/// Places one item after another: in the first bin that holds it, or in the one with the most room left.
fn placed(bins: &[Bin], items: &[Item], order: &[usize], roomiest: bool, work: &mut u64) -> Option<Vec<usize>> {
    let mut bins = bins.to_vec();
    let mut left_over = Vec::new();
    for index in order {
        let item = &items[*index];
        let mut from = 0;
        for placed in 0..item.count {
            let fits = |place: &usize| may_hold(&bins[*place], item, *index);
            let open = from..bins.len();
            *work = work.checked_sub(bins.len() as u64 - from as u64 + 1)?;
            let place = if roomiest {
                open.filter(fits).max_by_key(|place| (bins[*place].free, std::cmp::Reverse(*place)))
            } else {
                open.into_iter().find(fits)
            };
            let Some(place) = place else {
                left_over.extend(std::iter::repeat_n(*index, (item.count - placed).min(10_000) as usize));
                break;
            };
            // What an equal item found full is no emptier now.
            if !roomiest {
                from = place;
            }
            put(&mut bins[place], item, *index);
        }
    }
    Some(left_over)
}

fn holds(free: Amount, size: Amount) -> bool {
    free.iter().zip(size).all(|(free, size)| *free >= size)
}

/// How many of an item what is free would hold alone.
pub(super) fn places_in(free: Amount, item: &Item) -> u64 {
    let times = free.iter().zip(item.size).map(|(free, size)| free.checked_div(size).unwrap_or(u64::MAX)).min();
    times.unwrap_or(0).min(if item.apart { 1 } else { u64::MAX })
}

fn may_hold(bin: &Bin, item: &Item, index: usize) -> bool {
    item.allowed[bin.class] && holds(bin.free, item.size) && !(item.apart && bin.holds.binary_search(&index).is_ok())
}

fn put(bin: &mut Bin, item: &Item, index: usize) {
    bin.free.iter_mut().zip(item.size).for_each(|(free, size)| *free -= size);
    if item.apart
        && let Err(place) = bin.holds.binary_search(&index)
    {
        bin.holds.insert(place, index);
    }
}

/// Tries every way, equal ones once.
struct Search<'s> {
    items: &'s [Item],
    /// Items, each as often as it is there, equal ones together.
    single: &'s [usize],
    bins: Vec<Bin>,
    work: &'s mut u64,
}

impl Search<'_> {
    /// Places what comes from `next` on, the first of them in no bin before `from`; `None` when the allowed work does not
    /// suffice.
    fn place(&mut self, next: usize, from: usize) -> Option<bool> {
        let Some(index) = self.single.get(next).copied() else { return Some(true) };
        let item = &self.items[index];
        let again = self.single.get(next + 1) == Some(&index);
        for place in from..self.bins.len() {
            *self.work = self.work.checked_sub(place as u64 + 1)?;
            let alike = self.bins[from..place].contains(&self.bins[place]);
            if alike || !may_hold(&self.bins[place], item, index) {
                continue;
            }
            let before = self.bins[place].clone();
            put(&mut self.bins[place], item, index);
            // Equal items are interchangeable: the next of them goes no further to the front.
            let found = self.place(next + 1, if again { place } else { 0 })?;
            self.bins[place] = before;
            if found {
                return Some(true);
            }
        }
        Some(false)
    }
}

#[cfg(test)]
mod tests;
