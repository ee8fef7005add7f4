//! The engine for counting: *how much* of something is lost, exactly, however many nodes there are.
//!
//! The weight that a gate's terms lose has a distribution. Terms that share no event are independent, so their
//! distributions are convolved; terms that share one are taken apart by deciding the event that most of them share, which
//! is what a rack, a feed or a hypervisor is to the nodes on it. Two hypervisors of one rack are independent once the rack
//! is decided, and so are their nodes once they are.
//!
//! What is counted is a [`Measure`]: probabilities ([`crate::Probability`]), or the fewest failures that it takes
//! ([`crate::Cheapest`]).

use crate::formula::{EventId, Formula, Formulas, Node, Term, merged};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

/// What is counted over all ways in which events may happen or not: a commutative semiring.
pub trait Measure {
    /// A value.
    type Value: Copy;
    /// Of no way at all; what [`Measure::add`] begins with.
    fn impossible(&self) -> Self::Value;
    /// Of nothing being asked; `both` with it changes nothing.
    fn certain(&self) -> Self::Value;
    /// Of this event happening.
    fn happens(&mut self, event: EventId) -> Self::Value;
    /// Of this event not happening.
    fn stays_away(&mut self, event: EventId) -> Self::Value;
    /// Adds the ways in which `left` and `right`, which share no event, are both had.
    fn add(&mut self, sum: &mut Self::Value, left: Self::Value, right: Self::Value);
    /// How many of these hold, at index `n` exactly `n` of them, where the measure has a shorter way to it than adding one
    /// after another. Each is given by the value of its not holding, and of its holding; no two share an event.
    fn of_many(&mut self, _independent: &mut [[Self::Value; 2]]) -> Option<Vec<Self::Value>> {
        None
    }
}

/// The work that was allowed did not suffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded;

/// Deciding events one within another goes no deeper. A topology of feeds, racks and switches needs a handful.
const DEPTH: u32 = 256;

/// So few terms are added one after another.
const FEW: usize = 2;

/// Values of how much weight holds: at index `w` of exactly `w`, at the last index of that or more.
type Distribution<V> = Rc<[V]>;

/// What is asked of terms that hang together: up to which weight, of which terms.
type Question = (u32, Box<[Term]>);

/// One question to the engine.
pub struct Conditioning<'f, M: Measure> {
    formulas: &'f mut Formulas,
    measure: M,
    /// Steps that are still allowed.
    work: &'f mut u64,
    depth: u32,
    split: FxHashMap<Formula, [M::Value; 2]>,
    sums: FxHashMap<Question, Distribution<M::Value>>,
    supports: FxHashMap<Formula, Rc<[EventId]>>,
}

impl<'f, M: Measure> Conditioning<'f, M> {
    /// Asks a measure. What it needs is taken from `work`, in steps; one is an addition, or an event looked at.
    pub fn new(formulas: &'f mut Formulas, measure: M, work: &'f mut u64) -> Self {
        Self {
            formulas,
            measure,
            work,
            depth: 0,
            split: FxHashMap::default(),
            sums: FxHashMap::default(),
            supports: FxHashMap::default(),
        }
    }

    /// The value of the formula not holding, and of its holding.
    ///
    /// # Errors
    /// [`Exceeded`] when the allowed work does not suffice.
    pub fn split(&mut self, formula: Formula) -> Result<[M::Value; 2], Exceeded> {
        if let Some(known) = self.split.get(&formula) {
            return Ok(*known);
        }
        let value = match self.formulas.node(formula).clone() {
            Node::Constant(true) => [self.measure.impossible(), self.measure.certain()],
            Node::Constant(false) => [self.measure.certain(), self.measure.impossible()],
            Node::Event(event) => [self.measure.stays_away(event), self.measure.happens(event)],
            Node::Gate { need, terms } => {
                let sum = self.sum(need, &terms)?;
                let certain = self.measure.certain();
                let mut less = self.measure.impossible();
                let (holds, fewer) = sum.split_last().ok_or(Exceeded)?;
                for value in fewer {
                    self.measure.add(&mut less, *value, certain);
                }
                [less, *holds]
            }
        };
        self.split.insert(formula, value);
        Ok(value)
    }

    /// The measure, with what it kept.
    #[must_use]
    pub fn into_measure(self) -> M {
        self.measure
    }

    fn spend(&mut self, steps: usize) -> Result<(), Exceeded> {
        let left = self.work.checked_sub(steps as u64);
        *self.work = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Exceeded)
    }

    /// How much of the terms holds, up to `cap`.
    fn sum(&mut self, cap: u32, terms: &[Term]) -> Result<Distribution<M::Value>, Exceeded> {
        let mut sum: Vec<M::Value> = vec![self.measure.certain()];
        if cap == 0 {
            return Ok(sum.into());
        }
        let mut alone: BTreeMap<u32, Vec<[M::Value; 2]>> = BTreeMap::new();
        for component in self.components(terms)? {
            if let [(term, weight)] = component[..] {
                let split = self.split(term)?;
                alone.entry(weight.min(cap)).or_default().push(split);
            } else {
                let part = self.decided(cap, component)?;
                sum = self.spread_out(cap, &sum, &part, 1)?;
            }
        }
        for (weight, mut splits) in alone {
            self.spend(splits.len())?;
            if splits.len() > FEW
                && let Some(part) = self.measure.of_many(&mut splits)
            {
                sum = self.spread_out(cap, &sum, &part, weight as usize)?;
            } else {
                for split in splits {
                    sum = self.spread_out(cap, &sum, &split, weight as usize)?;
                }
            }
        }
        sum.resize(cap as usize + 1, self.measure.impossible());
        Ok(sum.into())
    }

    /// How much of terms that hang together holds: once with the event that most of them share, once without.
    fn decided(&mut self, cap: u32, terms: Vec<Term>) -> Result<Distribution<M::Value>, Exceeded> {
        let key = (cap, terms.into_boxed_slice());
        if let Some(known) = self.sums.get(&key) {
            return Ok(Rc::clone(known));
        }
        if self.depth == DEPTH {
            return Err(Exceeded);
        }
        self.depth += 1;
        let event = self.most_shared(&key.1)?;
        let mut sum = vec![self.measure.impossible(); cap as usize + 1];
        for happened in [false, true] {
            let weight = if happened { self.measure.happens(event) } else { self.measure.stays_away(event) };
            let (base, rest) = self.restricted(&key.1, event, happened)?;
            let base = base.min(cap);
            let part = self.sum(cap - base, &rest)?;
            for (place, value) in part.iter().enumerate() {
                self.measure.add(&mut sum[base as usize + place], weight, *value);
            }
        }
        self.depth -= 1;
        let sum: Distribution<M::Value> = sum.into();
        self.sums.insert(key, Rc::clone(&sum));
        Ok(sum)
    }

    /// The weight of the terms that hold once an event is decided, and the terms that are still open.
    fn restricted(&mut self, terms: &[Term], event: EventId, happened: bool) -> Result<(u32, Vec<Term>), Exceeded> {
        let mut base = 0;
        let mut rest: Vec<Term> = Vec::with_capacity(terms.len());
        for (term, weight) in terms {
            let support = self.support(*term)?;
            let mut term = *term;
            if support.binary_search(&event).is_ok() {
                term = self.formulas.restrict(term, |other| (other == event).then_some(happened));
                self.spend(support.len())?;
            }
            match term {
                Formula::TRUE => base += weight,
                Formula::FALSE => {}
                open => rest.push((open, *weight)),
            }
        }
        Ok((base, merged(rest)))
    }

    /// The sum with something more of which `n` holding weigh `n` times as much as one.
    fn spread_out(
        &mut self,
        cap: u32,
        sum: &[M::Value],
        part: &[M::Value],
        weight: usize,
    ) -> Result<Vec<M::Value>, Exceeded> {
        let cap = cap as usize;
        self.spend(sum.len() * part.len())?;
        let length = (sum.len() + (part.len() - 1) * weight).min(cap + 1);
        let mut more = vec![self.measure.impossible(); length];
        for (first, left) in sum.iter().enumerate() {
            for (number, right) in part.iter().enumerate() {
                self.measure.add(&mut more[(first + number * weight).min(cap)], *left, *right);
            }
        }
        Ok(more)
    }

    /// The terms, those together that share events, directly or through others. Sorted as the terms are.
    fn components(&mut self, terms: &[Term]) -> Result<Vec<Vec<Term>>, Exceeded> {
        let mut group: Vec<usize> = (0..terms.len()).collect();
        let mut first_with: FxHashMap<EventId, usize> = FxHashMap::default();
        for (place, (term, _)) in terms.iter().enumerate() {
            let support = self.support(*term)?;
            self.spend(support.len())?;
            for event in support.iter() {
                match first_with.entry(*event) {
                    Entry::Vacant(entry) => _ = entry.insert(place),
                    Entry::Occupied(entry) => {
                        let (left, right) = (leader(&mut group, *entry.get()), leader(&mut group, place));
                        group[left.max(right)] = left.min(right);
                    }
                }
            }
        }
        let mut places: FxHashMap<usize, usize> = FxHashMap::default();
        let mut components: Vec<Vec<Term>> = Vec::new();
        for (place, term) in terms.iter().enumerate() {
            let at = *places.entry(leader(&mut group, place)).or_insert_with(|| {
                components.push(Vec::new());
                components.len() - 1
            });
            components[at].push(*term);
        }
        Ok(components)
    }

    /// The event that stands in most of the terms; of several, the first.
    fn most_shared(&mut self, terms: &[Term]) -> Result<EventId, Exceeded> {
        let mut shared: FxHashMap<EventId, u32> = FxHashMap::default();
        for (term, _) in terms {
            let support = self.support(*term)?;
            self.spend(support.len())?;
            support.iter().for_each(|event| *shared.entry(*event).or_default() += 1);
        }
        shared
            .into_iter()
            .max_by_key(|(event, times)| (*times, std::cmp::Reverse(*event)))
            .map_or(Err(Exceeded), |(event, _)| Ok(event))
    }

    fn support(&mut self, formula: Formula) -> Result<Rc<[EventId]>, Exceeded> {
        if let Some(known) = self.supports.get(&formula) {
            return Ok(Rc::clone(known));
        }
        let support: Rc<[EventId]> = self.formulas.support(formula).into();
        self.spend(support.len())?;
        self.supports.insert(formula, Rc::clone(&support));
        Ok(support)
    }
}

/// The first of the group in which a place stands.
fn leader(group: &mut [usize], mut place: usize) -> usize {
    while group[place] != place {
        group[place] = group[group[place]];
        place = group[place];
    }
    place
}
