//! Monotone formulas over basic events: when is something lost?
//!
//! One kind of gate says it all: *at least `need` of the weighted terms hold*. OR is a need of one, AND a need of all. No
//! gate negates, so a further failure never mends anything.

use rustc_hash::FxHashMap;

/// A basic event: one element has failed. Index in [`Model::events`](crate::Model::events).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u32);

/// A formula in [`Formulas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Formula(u32);

impl Formula {
    /// Holds whatever fails.
    pub const TRUE: Self = Self(0);
    /// Holds never.
    pub const FALSE: Self = Self(1);

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A term of a gate, and how much it counts; never zero.
pub type Term = (Formula, u32);

/// What a formula is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// Holds always, or never.
    Constant(bool),
    /// Holds when the event has happened.
    Event(EventId),
    /// Holds when the weights of the terms that hold add up to `need` or more.
    Gate {
        /// At least one; never more than all weights together.
        need: u32,
        /// At least two, sorted by formula, each once; no weight above `need`.
        terms: Box<[Term]>,
    },
}

/// All formulas of a model, each once: two formulas of the same normal form have the same id. Terms stand before the gates
/// that use them, so the order of ids is a topological order.
#[derive(Clone, Debug)]
pub struct Formulas {
    nodes: Vec<Node>,
    known: FxHashMap<Node, Formula>,
}

impl Default for Formulas {
    fn default() -> Self {
        let mut formulas = Self { nodes: Vec::new(), known: FxHashMap::default() };
        formulas.intern(Node::Constant(true));
        formulas.intern(Node::Constant(false));
        formulas
    }
}

impl Formulas {
    /// What a formula is.
    #[must_use]
    pub fn node(&self, formula: Formula) -> &Node {
        &self.nodes[formula.index()]
    }

    /// The event has happened.
    pub fn event(&mut self, event: EventId) -> Formula {
        self.intern(Node::Event(event))
    }

    /// One of these holds; never, of none.
    pub fn any(&mut self, formulas: impl IntoIterator<Item = Formula>) -> Formula {
        self.at_least(1, formulas)
    }

    /// All of these hold; always, of none.
    pub fn all(&mut self, formulas: impl IntoIterator<Item = Formula>) -> Formula {
        let formulas: Vec<Formula> = formulas.into_iter().collect();
        let need = count(formulas.len());
        self.at_least(need, formulas)
    }

    /// At least `need` of these hold. One that is named twice counts twice.
    pub fn at_least(&mut self, need: u32, formulas: impl IntoIterator<Item = Formula>) -> Formula {
        self.weighted(need, formulas.into_iter().map(|formula| (formula, 1)).collect())
    }

    /// The weights of the terms that hold add up to `need` or more.
    pub fn weighted(&mut self, need: u32, terms: Vec<Term>) -> Formula {
        let Some((need, terms)) = self.without_constants(need, terms) else { return Formula::TRUE };
        let (need, mut terms) = smallest_weights(need, merged(terms));
        let total: u32 = total(&terms);
        if total < need {
            return Formula::FALSE;
        }
        if let [(only, _)] = terms[..] {
            return only;
        }
        let (mut need, all) = (need, total == need);
        if need == 1 || all {
            terms = self.flattened(terms, all);
            need = if all { total_of_ones(&terms) } else { 1 };
            if let [(only, _)] = terms[..] {
                return only;
            }
        }
        self.intern(Node::Gate { need, terms: terms.into_boxed_slice() })
    }

    /// The formulas that this one is made of, itself included, terms before gates.
    #[must_use]
    pub fn cone(&self, root: Formula) -> Vec<Formula> {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut open = vec![root];
        while let Some(formula) = open.pop() {
            if seen.insert(formula)
                && let Node::Gate { terms, .. } = self.node(formula)
            {
                open.extend(terms.iter().map(|(term, _)| *term));
            }
        }
        let mut cone: Vec<Formula> = seen.into_iter().collect();
        cone.sort_unstable();
        cone
    }

    /// The events in a formula, sorted.
    #[must_use]
    pub fn support(&self, root: Formula) -> Vec<EventId> {
        let event = |formula: Formula| match self.node(formula) {
            Node::Event(event) => Some(*event),
            _ => None,
        };
        let mut events: Vec<EventId> = self.cone(root).into_iter().filter_map(event).collect();
        events.sort_unstable();
        events
    }

    /// The formula with some events decided: `Some(true)` has happened, `Some(false)` does not happen.
    pub fn restrict(&mut self, root: Formula, decided: impl Fn(EventId) -> Option<bool>) -> Formula {
        let mut became = FxHashMap::default();
        for formula in self.cone(root) {
            let new = match self.node(formula) {
                Node::Constant(_) => formula,
                Node::Event(event) => match decided(*event) {
                    Some(true) => Formula::TRUE,
                    Some(false) => Formula::FALSE,
                    None => formula,
                },
                Node::Gate { need, terms } => {
                    let renewed: Vec<Term> = terms.iter().map(|(term, weight)| (became[term], *weight)).collect();
                    if renewed[..] == terms[..] { formula } else { self.weighted(*need, renewed) }
                }
            };
            became.insert(formula, new);
        }
        became[&root]
    }

    /// Whether the formula holds when exactly these events have happened.
    #[must_use]
    pub fn holds(&self, root: Formula, happened: impl Fn(EventId) -> bool) -> bool {
        let mut value = FxHashMap::default();
        for formula in self.cone(root) {
            let holds = match self.node(formula) {
                Node::Constant(constant) => *constant,
                Node::Event(event) => happened(*event),
                Node::Gate { need, terms } => {
                    let sum: u32 = terms.iter().filter(|(term, _)| value[term]).map(|(_, weight)| weight).sum();
                    sum >= *need
                }
            };
            value.insert(formula, holds);
        }
        value[&root]
    }

    fn intern(&mut self, node: Node) -> Formula {
        if let Some(known) = self.known.get(&node) {
            return *known;
        }
        let formula = Formula(count(self.nodes.len()));
        self.nodes.push(node.clone());
        self.known.insert(node, formula);
        formula
    }

    /// What is left to need, and the terms that are not decided; `None` when nothing more is needed.
    fn without_constants(&self, mut need: u32, mut terms: Vec<Term>) -> Option<(u32, Vec<Term>)> {
        for (term, weight) in &terms {
            if *term == Formula::TRUE {
                need = need.saturating_sub(*weight);
            }
        }
        terms.retain(|(term, weight)| !matches!(self.node(*term), Node::Constant(_)) && *weight > 0);
        (need > 0).then_some((need, terms))
    }

    /// The terms of gates of the same kind stand in for those gates: an OR in an OR, an AND in an AND. All weights are one.
    fn flattened(&self, terms: Vec<Term>, all: bool) -> Vec<Term> {
        let mut flat = Vec::with_capacity(terms.len());
        for (term, _) in terms {
            match self.node(term) {
                Node::Gate { need, terms } if *need == if all { total(terms) } else { 1 } => {
                    flat.extend_from_slice(terms);
                }
                _ => flat.push((term, 1)),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        flat
    }
}

/// A number of things as a weight. A model has fewer than 2^32 of anything.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn total(terms: &[Term]) -> u32 {
    terms.iter().map(|(_, weight)| weight).sum()
}

fn total_of_ones(terms: &[Term]) -> u32 {
    count(terms.len())
}

/// Each formula once, with its weights added up.
pub(crate) fn merged(mut terms: Vec<Term>) -> Vec<Term> {
    terms.sort_unstable();
    terms.dedup_by(|(next, weight), (kept, sum)| {
        let same = next == kept;
        if same {
            *sum += *weight;
        }
        same
    });
    terms
}

/// The same gate with weights as small as a common divisor makes them; no weight above the need.
fn smallest_weights(need: u32, mut terms: Vec<Term>) -> (u32, Vec<Term>) {
    for (_, weight) in &mut terms {
        *weight = (*weight).min(need);
    }
    let total = total(&terms);
    // Every term is needed: an AND, whatever the weights are.
    if total >= need && terms.iter().all(|(_, weight)| total - weight < need) {
        for (_, weight) in &mut terms {
            *weight = 1;
        }
        return (count(terms.len()), terms);
    }
    let divisor = terms.iter().fold(0, |divisor, (_, weight)| greatest_common_divisor(divisor, *weight));
    if divisor > 1 {
        for (_, weight) in &mut terms {
            *weight /= divisor;
        }
        return (need.div_ceil(divisor), terms);
    }
    (need, terms)
}

fn greatest_common_divisor(left: u32, right: u32) -> u32 {
    if right == 0 { left } else { greatest_common_divisor(right, left % right) }
}
