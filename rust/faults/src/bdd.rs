//! The engine for quorums: a binary decision diagram of a formula, reduced and ordered (Bryant 1986).
//!
//! It is built bottom-up. A gate that counts is made directly, by a table of how much its last terms still have to reach,
//! and never spelled out in AND and OR.

use crate::bdd_order::Sorting;
use crate::bdd_walk::{Begun, Recursion, evaluate};
use crate::branches::{BOTTOM, Branch, Branches, FALSE, TRUE};
use crate::conditioning::Exceeded;
use crate::formula::{EventId, Formula, Formulas, Node, Term};
use rustc_hash::FxHashMap;

/// So much work each order of the events gets at first.
const FIRST_TURN: u64 = 20_000;
/// So many times more it gets in the next turn.
const LONGER: u64 = 8;

/// So many answers are kept at most; then they are forgotten, which costs time and bounds the memory.
const KEPT: usize = 1 << 21;

/// A formula as a diagram.
#[derive(Clone, Debug)]
pub struct Bdd {
    /// Those that others stand on come first.
    branches: Vec<Branch>,
    events: Vec<EventId>,
    root: u32,
}

impl Bdd {
    /// The diagram of a formula, with so many steps of work altogether; one step is a branch, or a question about three
    /// branches. Several orders of the events are tried, each with little work first, then with more.
    ///
    /// # Errors
    /// [`Exceeded`] when the allowed work does not suffice.
    pub fn of(formulas: &Formulas, root: Formula, work: u64) -> Result<Self, Exceeded> {
        let orders = Sorting::ALL.map(|sorting| sorting.events(formulas, root));
        let mut left = work;
        let mut turn = FIRST_TURN;
        while left > 0 {
            for order in &orders {
                let turn = turn.min(left);
                if let Ok(diagram) = Self::ordered(formulas, root, order.clone(), turn) {
                    return Ok(diagram);
                }
                left -= turn;
            }
            turn = turn.saturating_mul(LONGER);
        }
        Err(Exceeded)
    }

    fn ordered(formulas: &Formulas, root: Formula, events: Vec<EventId>, work: u64) -> Result<Self, Exceeded> {
        let levels = events.iter().copied().zip(0u32..).collect();
        let mut builder = Builder { branches: Branches::new(work), computed: FxHashMap::default(), levels };
        let mut became: FxHashMap<Formula, u32> = FxHashMap::default();
        for formula in formulas.cone(root) {
            let diagram = match formulas.node(formula) {
                Node::Constant(holds) => u32::from(*holds),
                Node::Event(event) => {
                    builder.branch(Branch { level: builder.levels[event], low: FALSE, high: TRUE })?
                }
                Node::Gate { need, terms } => builder.gate(*need, terms, &became)?,
            };
            became.insert(formula, diagram);
        }
        Ok(Self { branches: builder.branches.into_all(), events, root: became[&root] })
    }

    /// How many branches were made.
    #[must_use]
    pub fn size(&self) -> usize {
        self.branches.len()
    }

    /// The probability that the formula holds, when each event happens with the probability that `of` gives, 0 to 1,
    /// independently of the others.
    #[must_use]
    pub fn probability(&self, of: impl Fn(EventId) -> f64) -> f64 {
        let chances: Vec<f64> = self.events.iter().map(|event| of(*event)).collect();
        let mut values = vec![0.0, 1.0];
        for branch in &self.branches[2..] {
            let chance = chances[branch.level as usize];
            let value = chance * values[branch.high as usize] + (1.0 - chance) * values[branch.low as usize];
            values.push(value);
        }
        values[self.root as usize]
    }

    /// The fewest events that make the formula hold, sorted; `None` when none do.
    #[must_use]
    pub fn fewest_failures(&self) -> Option<Vec<EventId>> {
        let costs = self.costs();
        let mut at = self.root;
        let mut events = Vec::new();
        while at > TRUE {
            let branch = self.branch(at);
            if costs[at as usize] == costs[branch.low as usize] {
                at = branch.low;
            } else {
                events.push(self.events[branch.level as usize]);
                at = branch.high;
            }
        }
        events.sort_unstable();
        (at == TRUE).then_some(events)
    }

    /// For each branch the fewest events below that lead to [`TRUE`]; `u32::MAX` where none do.
    pub(crate) fn costs(&self) -> Vec<u32> {
        let mut costs = vec![u32::MAX, 0];
        for branch in &self.branches[2..] {
            costs.push(costs[branch.low as usize].min(costs[branch.high as usize].saturating_add(1)));
        }
        costs
    }

    pub(crate) fn branch(&self, at: u32) -> Branch {
        self.branches[at as usize]
    }

    pub(crate) fn root(&self) -> u32 {
        self.root
    }

    /// The event of each level.
    pub(crate) fn into_events(self) -> Vec<EventId> {
        self.events
    }
}

struct Builder {
    branches: Branches,
    computed: FxHashMap<(u32, u32, u32), u32>,
    levels: FxHashMap<EventId, u32>,
}

impl Builder {
    fn branch(&mut self, branch: Branch) -> Result<u32, Exceeded> {
        if branch.low == branch.high { Ok(branch.low) } else { self.branches.keep(branch) }
    }

    /// `row[n]` says of the terms from one on that they reach `n`; it begins behind the last term. What the terms before can
    /// not make up for is not asked, nor is what those behind can not reach.
    fn gate(&mut self, need: u32, terms: &[Term], became: &FxHashMap<Formula, u32>) -> Result<u32, Exceeded> {
        let mut terms: Vec<(u32, usize)> =
            terms.iter().map(|(term, weight)| (became[term], *weight as usize)).collect();
        // The last term lies deepest, so that each is put above the row that it joins.
        terms.sort_by_key(|(diagram, weight)| (self.branches.at(*diagram).level, *diagram, *weight));
        let need = need as usize;
        let mut before: usize = terms.iter().map(|(_, weight)| weight).sum();
        let mut behind: usize = 0;
        let mut row = vec![FALSE; need + 1];
        row[0] = TRUE;
        for (diagram, weight) in terms.into_iter().rev() {
            before -= weight;
            behind += weight;
            for reach in (need.saturating_sub(before).max(1)..=need.min(behind)).rev() {
                let key = (diagram, row[reach.saturating_sub(weight)], row[reach]);
                self.branches.spend()?;
                row[reach] = evaluate(self, key)?;
            }
            if self.computed.len() > KEPT {
                self.computed = FxHashMap::default();
            }
        }
        Ok(row[need])
    }

    fn below(&self, at: u32, level: u32) -> (u32, u32) {
        let branch = self.branches.at(at);
        if branch.level == level { (branch.low, branch.high) } else { (at, at) }
    }
}

/// If the first then the second, else the third.
impl Recursion for Builder {
    type Key = (u32, u32, u32);

    fn begin(&mut self, (condition, then, otherwise): Self::Key) -> Result<Begun<Self::Key>, Exceeded> {
        match (condition, then, otherwise) {
            (TRUE, _, _) => return Ok(Begun::Known(then)),
            (FALSE, _, _) => return Ok(Begun::Known(otherwise)),
            (_, TRUE, FALSE) => return Ok(Begun::Known(condition)),
            _ if then == otherwise => return Ok(Begun::Known(then)),
            _ => {}
        }
        self.branches.spend()?;
        let level =
            [condition, then, otherwise].map(|at| self.branches.at(at).level).into_iter().fold(BOTTOM, u32::min);
        let [condition, then, otherwise] = [condition, then, otherwise].map(|at| self.below(at, level));
        Ok(Begun::Of((condition.0, then.0, otherwise.0), (condition.1, then.1, otherwise.1)))
    }

    fn end(&mut self, (condition, then, otherwise): Self::Key, low: u32, high: u32) -> Result<u32, Exceeded> {
        let level =
            [condition, then, otherwise].map(|at| self.branches.at(at).level).into_iter().fold(BOTTOM, u32::min);
        self.branch(Branch { level, low, high })
    }

    fn memo(&mut self) -> &mut FxHashMap<Self::Key, u32> {
        &mut self.computed
    }
}
