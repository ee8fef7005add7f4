//! How much of the time something does not serve, and which elements that is owed to.
//!
//! Elements fail independently of each other, each with a share of time in which it is away. What they have in common (a
//! feed, a switch) is an element of its own, so that common causes are in the formula and not in an assumption.

mod answer;
mod bounds;
mod gradient;

pub use answer::{AvailabilityAnswer, ContributionAnswer};
pub use bounds::probability_bounds;
pub use gradient::importances;

use crate::formula::{EventId, Formula};
use crate::model::Model;
use crate::probability::probability;

/// Minutes of a year of 365 days.
pub const MINUTES_PER_YEAR: f64 = 525_600.0;

/// Steps that the contributions may take: a second, on any machine of today.
const MOST_FOR_CONTRIBUTIONS: u64 = 1 << 26;

/// What one element contributes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution {
    /// The element.
    pub event: EventId,
    /// The share of time in which it is away, 0 to 1.
    pub unavailability: f64,
    /// Birnbaum's importance: how much likelier the loss is with the element away than with it there, 0 to 1.
    pub importance: f64,
    /// The share of the whole unavailability that would be gained if it never failed, 0 to 1 (criticality importance:
    /// Birnbaum's times the element's unavailability, divided by that of the whole). Shares add up to more than 1 where a
    /// loss takes several elements.
    pub share: f64,
}

/// How much of the time something does not serve.
#[derive(Clone, Debug, PartialEq)]
pub struct Availability {
    /// At least this share of time, 0 to 1.
    pub at_least: f64,
    /// At most this share of time; the same where `settled`.
    pub at_most: f64,
    /// Whether the share is exact. Otherwise the allowed work did not suffice, and only the bounds are proven.
    pub settled: bool,
    /// What each element with a figure contributes: the greatest share first, then in order of elements. Empty unless
    /// `attributed`.
    pub contributions: Vec<Contribution>,
    /// Whether the allowed work sufficed for the contributions, too.
    pub attributed: bool,
    /// Elements that matter and have no figure, sorted: taken for perfect.
    pub assumed_perfect: Vec<EventId>,
}

/// A figure that is none.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the unavailability of {name} is {value}, which is not between 0 and 1")]
pub struct NotAShare {
    /// The element's name.
    pub name: String,
    /// The figure.
    pub value: f64,
}

/// The share of time in which a formula holds, such as [`Service::serve`](crate::Service::serve), when each element is away
/// for the share of time that `unavailability` gives; `None` for an element without a figure. What it needs is taken from
/// `work`, in steps.
///
/// # Errors
/// [`NotAShare`] for a figure that is not between 0 and 1.
pub fn availability(
    model: &mut Model,
    lost: Formula,
    unavailability: impl Fn(EventId) -> Option<f64>,
    work: &mut u64,
) -> Result<Availability, NotAShare> {
    let support = model.formulas.support(lost);
    for event in &support {
        if let Some(value) = unavailability(*event).filter(|value| !(0.0..=1.0).contains(value)) {
            return Err(NotAShare { name: model.event(*event).name.clone(), value });
        }
    }
    let assumed_perfect: Vec<EventId> = support.into_iter().filter(|event| unavailability(*event).is_none()).collect();
    let decided = |event: EventId| assumed_perfect.binary_search(&event).is_ok().then_some(false);
    let formula = model.formulas.restrict(lost, decided);
    let of = |event: EventId| unavailability(event).unwrap_or(0.0);
    // Half of what is left, so that something remains for the share of time alone.
    let mut half = (*work / 2).min(MOST_FOR_CONTRIBUTIONS);
    *work -= half;
    let found = importances(&mut model.formulas, formula, of, &mut half);
    *work += half;
    let Ok((whole, importances)) = found else {
        let alone = probability(&mut model.formulas, formula, of, work);
        let settled = alone.is_ok();
        let (at_least, at_most) =
            alone.map_or_else(|_| probability_bounds(&model.formulas, formula, of), |exact| (exact, exact));
        let (contributions, attributed) = (Vec::new(), false);
        return Ok(Availability { at_least, at_most, settled, contributions, attributed, assumed_perfect });
    };
    let mut contributions: Vec<Contribution> = importances
        .into_iter()
        .map(|(event, importance)| {
            let unavailability = of(event);
            let share = if whole > 0.0 { (importance * unavailability / whole).clamp(0.0, 1.0) } else { 0.0 };
            Contribution { event, unavailability, importance, share }
        })
        .collect();
    contributions.sort_by(|left, right| right.share.total_cmp(&left.share).then(left.event.cmp(&right.event)));
    Ok(Availability {
        at_least: whole,
        at_most: whole,
        settled: true,
        contributions,
        attributed: true,
        assumed_perfect,
    })
}

/// The same with the mean times that the pillar declares under `reliability`.
///
/// # Errors
/// [`NotAShare`] for a figure that is not between 0 and 1.
pub fn declared_availability(model: &mut Model, lost: Formula, work: &mut u64) -> Result<Availability, NotAShare> {
    let all = (0..crate::formula::count(model.events.len())).map(EventId);
    let figures: Vec<Option<f64>> = all.map(|event| model.unavailability(event)).collect();
    availability(model, lost, |event| figures.get(event.0 as usize).copied().flatten(), work)
}
