//! How likely it is.

use crate::conditioning::{Conditioning, Exceeded, Measure};
use crate::formula::{EventId, Formula, Formulas};

/// Probabilities of independent events.
pub struct Probability<P> {
    of: P,
}

impl<P: Fn(EventId) -> f64> Measure for Probability<P> {
    type Value = f64;

    fn impossible(&self) -> f64 {
        0.0
    }

    fn certain(&self) -> f64 {
        1.0
    }

    fn happens(&mut self, event: EventId) -> f64 {
        (self.of)(event)
    }

    fn stays_away(&mut self, event: EventId) -> f64 {
        1.0 - (self.of)(event)
    }

    fn add(&mut self, sum: &mut f64, left: f64, right: f64) {
        *sum += left * right;
    }
}

/// The probability that a formula holds, when each event happens with the probability that `of` gives, 0 to 1,
/// independently of the others.
///
/// # Errors
/// [`Exceeded`] when the allowed work does not suffice.
pub fn probability(
    formulas: &mut Formulas,
    formula: Formula,
    of: impl Fn(EventId) -> f64,
    work: &mut u64,
) -> Result<f64, Exceeded> {
    Ok(Conditioning::new(formulas, Probability { of }, work).split(formula)?[1])
}
