//! Whether a report holds together.

use super::{Answer, ElementIndex, Report, ServiceIndex};
use std::collections::HashSet;

/// Boxes within boxes: nobody reads more, and drawing recurses as deep.
const MOST_KINDS: usize = 50;

/// Why a report cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It refers to an element that it does not have.
    #[error("{place} refers to element {index}, and there are {count}")]
    NoElement {
        /// The field.
        place: &'static str,
        /// The index.
        index: ElementIndex,
        /// Elements of the report.
        count: usize,
    },
    /// It refers to a service that it does not have.
    #[error("{place} refers to service {index}, and there are {count}")]
    NoService {
        /// The field.
        place: &'static str,
        /// The index.
        index: ServiceIndex,
        /// Services of the report.
        count: usize,
    },
    /// It refers to a kind that it does not have.
    #[error("{place} refers to the kind `{key}`, which is not among `kinds`")]
    NoKind {
        /// The field.
        place: &'static str,
        /// The key.
        key: String,
    },
    /// It has more kinds than can be drawn within each other.
    #[error("{0} kinds are too many: at most {MOST_KINDS} can be drawn within each other")]
    Kinds(usize),
    /// Something about [`Losses`](super::Losses) is wrong.
    #[error("losses: {0}")]
    Losses(String),
    /// A share is none.
    #[error("{place} is {value}, and a share is 0 to 1")]
    Share {
        /// The field.
        place: &'static str,
        /// What stands there.
        value: f64,
    },
    /// The page could not be filled; the report is not to blame.
    #[error("{template} cannot be rendered: {source}")]
    Template {
        /// Name of the template.
        template: &'static str,
        /// What minijinja says.
        source: minijinja::Error,
    },
    /// The answers could not be written as JSON; the report is not to blame.
    #[error("the answers cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

impl Report {
    /// Whether every reference leads somewhere, and every share is one.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), Error> {
        self.check_elements()?;
        self.check_services()?;
        self.check_losses()?;
        self.check_others()
    }

    fn elements_exist(&self, place: &'static str, indices: &[ElementIndex]) -> Result<(), Error> {
        let count = self.elements.len();
        match indices.iter().find(|index| **index as usize >= count) {
            Some(index) => Err(Error::NoElement { place, index: *index, count }),
            None => Ok(()),
        }
    }

    fn services_exist(&self, place: &'static str, indices: &[ServiceIndex]) -> Result<(), Error> {
        let count = self.services.len();
        match indices.iter().find(|index| **index as usize >= count) {
            Some(index) => Err(Error::NoService { place, index: *index, count }),
            None => Ok(()),
        }
    }

    fn kind_exists(&self, place: &'static str, key: &str) -> Result<(), Error> {
        if self.kinds.iter().any(|kind| kind.key == key) {
            return Ok(());
        }
        Err(Error::NoKind { place, key: key.to_owned() })
    }

    fn check_elements(&self) -> Result<(), Error> {
        if self.kinds.len() > MOST_KINDS {
            return Err(Error::Kinds(self.kinds.len()));
        }
        for element in &self.elements {
            self.kind_exists("elements.kind", &element.kind)?;
            for group in &element.needs {
                self.elements_exist("elements.needs", group)?;
            }
        }
        Ok(())
    }

    fn check_services(&self) -> Result<(), Error> {
        for service in &self.services {
            self.services_exist("services.degraded_by", &service.degraded_by)?;
            for tolerance in &service.tolerance {
                self.kind_exists("services.tolerance.kind", &tolerance.kind)?;
                self.elements_exist("services.tolerance.witness", &tolerance.witness)?;
            }
            let Some(availability) = &service.availability else { continue };
            share("services.availability.share", availability.share)?;
            for contribution in &availability.contributions {
                self.elements_exist("services.availability.contributions", &[contribution.element])?;
                share("services.availability.contributions.share", contribution.share)?;
            }
        }
        Ok(())
    }

    fn check_losses(&self) -> Result<(), Error> {
        let losses = &self.losses;
        let elements = self.elements.len();
        if !losses.classes.is_empty() && losses.classes.len() != elements {
            let message = format!("{} classes for {elements} elements", losses.classes.len());
            return Err(Error::Losses(message));
        }
        let mut seen = HashSet::new();
        for asked in &losses.asked {
            if asked.answer as usize >= losses.answers.len() {
                let message = format!("answer {} is asked for, and there are {}", asked.answer, losses.answers.len());
                return Err(Error::Losses(message));
            }
            if !asked.down.is_sorted() {
                return Err(Error::Losses(format!("the classes {:?} do not ascend", asked.down)));
            }
            if !seen.insert(&asked.down) {
                return Err(Error::Losses(format!("the classes {:?} are asked about twice", asked.down)));
            }
        }
        losses.answers.iter().try_for_each(|answer| self.check_answer(answer))?;
        for takes in &losses.takes {
            self.elements_exist("losses.takes.down", &takes.down)?;
            self.elements_exist("losses.takes.lost", &takes.lost)?;
        }
        Ok(())
    }

    fn check_answer(&self, answer: &Answer) -> Result<(), Error> {
        for effect in &answer.effects {
            self.services_exist("losses.answers.effects", &[effect.service])?;
            self.services_exist("losses.answers.effects.without", &effect.without)?;
        }
        for next in &answer.next {
            self.services_exist("losses.answers.next", &[next.service])?;
            self.kind_exists("losses.answers.next.kind", &next.kind)?;
            self.elements_exist("losses.answers.next.examples", &next.examples)?;
        }
        Ok(())
    }

    fn check_others(&self) -> Result<(), Error> {
        for sets in &self.cut_sets {
            self.services_exist("cut_sets.service", &[sets.service])?;
            for part in sets.groups.iter().flat_map(|group| &group.parts) {
                self.elements_exist("cut_sets.groups.parts.of", &part.of)?;
            }
        }
        for side in self.partitions.iter().flat_map(|partition| &partition.sides) {
            self.elements_exist("partitions.sides.elements", &side.elements)?;
            self.services_exist("partitions.sides.serves", &side.serves)?;
        }
        self.capacity.iter().try_for_each(|row| self.elements_exist("capacity.witness", &row.witness))
    }
}

fn share(place: &'static str, value: f64) -> Result<(), Error> {
    // Not `<`: it is false of what is no number, too.
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(Error::Share { place, value }) }
}
