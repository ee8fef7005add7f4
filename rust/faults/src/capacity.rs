//! Whether everything still fits after the losses that must be survived.
//!
//! Pods are packed into nodes by what they request, and machines into hypervisors by their memory. What is said is proven: a
//! packing was found, or none exists; where neither was shown within the allowed work, the answer is that it is not settled.

mod answer;
mod demand;
mod losses;
mod machines;
mod packing;
mod room;
mod verdict;

pub use answer::{BudgetAnswer, CapacityAnswer, CapacityRowAnswer, MachinesAnswer};
pub use demand::Demand;
pub use machines::{Machines, machines};
pub use room::Room;
pub use verdict::{Lack, Verdict};

use crate::formula::count;
use losses::LossesOf;
use topology::{ElementId, Kind, Topology};
use verdict::Fit;

/// A disruption budget, after a loss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Whose it is.
    pub demand: String,
    /// Pods that can run at worst.
    pub running: u32,
    /// Pods that the budget keeps.
    pub min_available: u32,
}

impl Budget {
    /// Whether one pod may go, so that its node can be drained.
    #[must_use]
    pub fn lets_one_go(&self) -> bool {
        self.running > self.min_available
    }
}

/// Whether everything fits after one kind of loss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapacityRow {
    /// The kind that is lost; `None` with nothing lost.
    pub kind: Option<Kind>,
    /// How many of them at once.
    pub losses: u32,
    /// Whether everything fits, whichever they are.
    pub verdict: Verdict,
    /// The loss that the verdict is about: the first that leaves too little, or that is not settled. Empty where everything
    /// fits.
    pub witness: Vec<ElementId>,
    /// Processor time that is left over at worst, in thousandths of a processor; `None` where a node says nothing.
    pub cpu_millis_left: Option<i64>,
    /// Memory that is left over at worst, in bytes; `None` where a node says nothing.
    pub memory_bytes_left: Option<i64>,
    /// The disruption budgets, at worst.
    pub budgets: Vec<Budget>,
}

/// Whether everything that is declared to run fits: with nothing lost, and after the worst loss within `targets.survive` of
/// each kind that takes nodes with it. What it needs is taken from `work`, in steps.
#[must_use]
pub fn capacity(topology: &Topology, demands: &[Demand], work: &mut u64) -> Vec<CapacityRow> {
    let fit = Fit::of(topology, demands);
    let none = row(&fit, None, 0, &LossesOf::nothing(), work);
    let kinds = topology.domains.kinds().filter_map(|kind| {
        let most = topology.survive(kind).min(count(topology.domains.of_kind(kind).count()));
        let losses = (most > 0).then(|| LossesOf::kind(topology, &fit.classes, kind, most))?;
        losses.takes_nodes().then_some((kind, most, losses))
    });
    let kinds: Vec<(Kind, u32, LossesOf)> = kinds.collect();
    std::iter::once(none)
        .chain(kinds.iter().map(|(kind, most, losses)| row(&fit, Some(*kind), *most, losses, work)))
        .collect()
}

/// The worst of all losses.
fn row(fit: &Fit<'_>, kind: Option<Kind>, losses: u32, of: &LossesOf, work: &mut u64) -> CapacityRow {
    let mut row = CapacityRow {
        kind,
        losses,
        verdict: Verdict::Fits,
        witness: Vec::new(),
        cpu_millis_left: None,
        memory_bytes_left: None,
        budgets: Vec::new(),
    };
    let complete = of.each(work, |elements, lost, work| {
        let left = fit.left(lost);
        row.budgets = fit.budgets(lost, &row.budgets);
        row.cpu_millis_left = least(row.cpu_millis_left, left[0]);
        row.memory_bytes_left = least(row.memory_bytes_left, left[1]);
        if matches!(row.verdict, Verdict::DoesNotFit(_)) {
            return;
        }
        let verdict = fit.verdict(lost, work);
        if verdict.is_worse_than(&row.verdict) {
            row.verdict = verdict;
            row.witness = elements.to_vec();
        }
    });
    if !complete && row.verdict == Verdict::Fits {
        row.verdict = Verdict::NotSettled;
    }
    row
}

fn least(known: Option<i64>, new: Option<i64>) -> Option<i64> {
    match (known, new) {
        (Some(known), Some(new)) => Some(known.min(new)),
        (known, new) => known.or(new),
    }
}
