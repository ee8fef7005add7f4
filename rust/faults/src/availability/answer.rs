//! Availability with names.

use super::{Availability, MINUTES_PER_YEAR};
use crate::answers::ElementName;
use crate::model::Model;
use serde::Serialize;

/// What one element contributes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContributionAnswer {
    /// The element.
    #[serde(flatten)]
    pub element: ElementName,
    /// The share of time in which it is away, 0 to 1.
    pub unavailability: f64,
    /// How much likelier the loss is with it away than with it there (Birnbaum's importance), 0 to 1.
    pub importance: f64,
    /// The share of the whole unavailability that would be gained if it never failed, 0 to 1.
    pub share: f64,
    /// The same in minutes of a year.
    pub minutes_per_year: f64,
}

/// How much of the time a service does not serve.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AvailabilityAnswer {
    /// The service.
    pub service: String,
    /// The share of time in which it serves, 0 to 1; where not `settled`, at least that.
    pub availability: f64,
    /// Minutes of a year in which it does not serve, at least.
    pub minutes_per_year_at_least: f64,
    /// Minutes of a year in which it does not serve, at most; the same where `settled`.
    pub minutes_per_year_at_most: f64,
    /// Whether the figures are exact. Otherwise the allowed work did not suffice.
    pub settled: bool,
    /// What the elements contribute, the greatest share first. Empty unless `attributed`.
    pub contributions: Vec<ContributionAnswer>,
    /// Whether the allowed work sufficed for the contributions, too.
    pub attributed: bool,
    /// Elements that matter and have no figure: taken for perfect.
    pub assumed_perfect: Vec<ElementName>,
}

impl Model {
    /// The availability of a service with names.
    #[must_use]
    pub fn availability_answer(&self, service: &str, availability: &Availability) -> AvailabilityAnswer {
        let whole = availability.at_most * MINUTES_PER_YEAR;
        AvailabilityAnswer {
            service: service.to_owned(),
            availability: 1.0 - availability.at_most,
            minutes_per_year_at_least: availability.at_least * MINUTES_PER_YEAR,
            minutes_per_year_at_most: whole,
            settled: availability.settled,
            contributions: availability
                .contributions
                .iter()
                .map(|contribution| ContributionAnswer {
                    element: self.element_name(contribution.event),
                    unavailability: contribution.unavailability,
                    importance: contribution.importance,
                    share: contribution.share,
                    minutes_per_year: contribution.share * whole,
                })
                .collect(),
            attributed: availability.attributed,
            assumed_perfect: availability.assumed_perfect.iter().map(|event| self.element_name(*event)).collect(),
        }
    }
}
