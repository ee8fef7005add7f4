//! Whether everything fits into what a loss leaves.

use super::packing::{Bin, Impossible, Item, Packing, pack, places_in};
use super::room::Room;
use super::{Budget, Demand};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use topology::Topology;

/// What there is too little of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// All pods together request more processor time than there is.
    Cpu,
    /// All pods together request more memory than there is.
    Memory,
    /// There are more pods than the kubelets take.
    Pods,
    /// Not all pods of this demand find a place, even with nothing else there: too few nodes are large enough, or too few are
    /// left for pods that share none.
    Places {
        /// Its name.
        demand: String,
        /// Its pods.
        replicas: u32,
        /// Pods that find a place.
        places: u64,
    },
    /// There is enough of everything, and no way to place the pods; every way was tried.
    NoPacking,
}

/// Whether everything fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does: a packing was found.
    Fits,
    /// Neither was shown: the allowed work did not suffice, or a node's processors or memory are not declared.
    NotSettled,
    /// It does not, and this is why.
    DoesNotFit(Lack),
}

impl Verdict {
    pub(super) fn is_worse_than(&self, other: &Self) -> bool {
        let rank = |verdict: &Self| match verdict {
            Self::Fits => 0,
            Self::NotSettled => 1,
            Self::DoesNotFit(_) => 2,
        };
        rank(self) > rank(other)
    }
}

/// Classes of nodes that are alike for what runs.
pub(super) struct Classes {
    /// By index of the node: its class.
    pub(super) of_node: Vec<usize>,
    /// By class: its room, and how many nodes there are.
    rooms: Vec<(Room, u32)>,
}

impl Classes {
    pub(super) fn len(&self) -> usize {
        self.rooms.len()
    }
}

/// Demands and nodes.
pub(super) struct Fit<'d> {
    demands: &'d [Demand],
    pub(super) classes: Classes,
    items: Vec<Item>,
    /// Whether anything requests processor time, memory.
    asked: [bool; 2],
    known: RefCell<FxHashMap<Vec<u32>, Verdict>>,
}

/// More than anything needs, and no sum of it overflows.
const PLENTY: u64 = u64::MAX >> 24;

impl<'d> Fit<'d> {
    pub(super) fn of(topology: &Topology, demands: &'d [Demand]) -> Self {
        let mut places: FxHashMap<(Room, Vec<bool>), usize> = FxHashMap::default();
        let mut rooms: Vec<(Room, u32)> = Vec::new();
        let mut allowed: Vec<Vec<bool>> = Vec::new();
        let mut of_node = Vec::with_capacity(topology.nodes.len());
        for node in &topology.nodes {
            let room = Room::of(topology, node);
            let takes: Vec<bool> = demands.iter().map(|demand| demand.is_placed_on(topology, node)).collect();
            let class = *places.entry((room, takes.clone())).or_insert_with(|| {
                rooms.push((room, 0));
                allowed.push(takes);
                rooms.len() - 1
            });
            rooms[class].1 += 1;
            of_node.push(class);
        }
        let item = |(index, demand): (usize, &Demand)| Item {
            size: [demand.cpu_millis, demand.memory_bytes, 1],
            count: demand.replicas,
            apart: demand.apart,
            allowed: allowed.iter().map(|takes| takes[index]).collect(),
        };
        let items = demands.iter().enumerate().map(item).collect();
        let asked = [
            demands.iter().any(|demand| demand.cpu_millis > 0 && demand.replicas > 0),
            demands.iter().any(|demand| demand.memory_bytes > 0 && demand.replicas > 0),
        ];
        Self { demands, classes: Classes { of_node, rooms }, items, asked, known: RefCell::default() }
    }

    /// Whether everything fits when so many nodes of each class are lost.
    pub(super) fn verdict(&self, lost: &[u32], work: &mut u64) -> Verdict {
        if let Some(known) = self.known.borrow().get(lost) {
            return known.clone();
        }
        let verdict = self.judge(lost, work);
        self.known.borrow_mut().insert(lost.to_vec(), verdict.clone());
        verdict
    }

    fn judge(&self, lost: &[u32], work: &mut u64) -> Verdict {
        let (least, is_known) = self.bins(lost, 0);
        match pack(&least, &self.items, work) {
            Packing::Found => return Verdict::Fits,
            Packing::None(why) if is_known => return Verdict::DoesNotFit(self.lack(why)),
            _ if is_known => return Verdict::NotSettled,
            _ => {}
        }
        // A node that says nothing may have as much as it takes.
        match pack(&self.bins(lost, PLENTY).0, &self.items, work) {
            Packing::None(why) => Verdict::DoesNotFit(self.lack(why)),
            _ => Verdict::NotSettled,
        }
    }

    fn lack(&self, why: Impossible) -> Lack {
        match why {
            Impossible::Total(0) => Lack::Cpu,
            Impossible::Total(1) => Lack::Memory,
            Impossible::Total(_) => Lack::Pods,
            Impossible::Tried => Lack::NoPacking,
            Impossible::Item(index, places) => {
                let demand = &self.demands[index];
                Lack::Places { demand: demand.name.clone(), replicas: demand.replicas, places }
            }
        }
    }

    /// What is left of nodes, those that say nothing with `unknown`; and whether all of them say what is asked for.
    fn bins(&self, lost: &[u32], unknown: u64) -> (Vec<Bin>, bool) {
        let mut bins = Vec::new();
        let mut is_known = true;
        for (class, (room, left)) in self.left_of_classes(lost) {
            if !self.items.iter().any(|item| item.allowed[class]) {
                continue;
            }
            let mut say = |known: Option<u64>, asked: bool| {
                is_known &= known.is_some() || !asked || left == 0;
                known.map_or(if asked { unknown } else { PLENTY }, |known| known.min(PLENTY))
            };
            let free = [say(room.cpu_millis, self.asked[0]), say(room.memory_bytes, self.asked[1]), room.pods.into()];
            bins.extend(std::iter::repeat_n(Bin::new(class, free), left as usize));
        }
        (bins, is_known)
    }

    fn left_of_classes(&self, lost: &[u32]) -> impl Iterator<Item = (usize, (Room, u32))> {
        let rooms = self.classes.rooms.iter().enumerate();
        rooms.map(|(class, (room, count))| {
            let gone = lost.get(class).copied().unwrap_or(0);
            (class, (*room, count.saturating_sub(gone)))
        })
    }

    /// Processor time and memory that the nodes which take pods have left over; negative where it is too little.
    pub(super) fn left(&self, lost: &[u32]) -> [Option<i64>; 2] {
        let asked = |size: fn(&Demand) -> u64| -> i128 {
            self.demands.iter().map(|demand| i128::from(size(demand)) * i128::from(demand.replicas)).sum()
        };
        let has = |amount: fn(&Room) -> Option<u64>| -> Option<i128> {
            let open = self
                .left_of_classes(lost)
                .filter(|(class, (_, left))| *left > 0 && self.items.iter().any(|item| item.allowed[*class]));
            open.map(|(_, (room, left))| Some(i128::from(amount(&room)?) * i128::from(left))).sum()
        };
        let difference = |has: Option<i128>, asked: i128| has.and_then(|has| i64::try_from(has - asked).ok());
        [
            difference(has(|room| room.cpu_millis), asked(|demand| demand.cpu_millis)),
            difference(has(|room| room.memory_bytes), asked(|demand| demand.memory_bytes)),
        ]
    }

    /// The disruption budgets after a loss, each the worse of this and of what is known.
    pub(super) fn budgets(&self, lost: &[u32], known: &[Budget]) -> Vec<Budget> {
        if self.demands.iter().all(|demand| demand.min_available.is_none()) {
            return Vec::new();
        }
        let (bins, _) = self.bins(lost, PLENTY);
        let budget = |(demand, item): (&Demand, &Item)| {
            let min_available = demand.min_available?;
            let places = bins.iter().filter(|bin| item.allowed[bin.class]).map(|bin| places_in(bin.free, item));
            let places = u32::try_from(places.fold(0, u64::saturating_add)).unwrap_or(u32::MAX);
            let before =
                known.iter().find(|budget| budget.demand == demand.name).map_or(u32::MAX, |budget| budget.running);
            let running = demand.replicas.min(places).min(before);
            Some(Budget { demand: demand.name.clone(), running, min_available })
        };
        self.demands.iter().zip(&self.items).filter_map(budget).collect()
    }
}
