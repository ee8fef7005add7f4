//! The failure model: if this goes away, what do we lose?
//!
//! [`Model::of`] derives, from a topology, what can fail ([`Event`]) and what must not ([`Service`]), with one monotone
//! formula for each service and level. Every question is put to those formulas.

mod answers;
mod cheapest;
mod conditioning;
mod formula;
mod loss;
mod missed;
mod model;
mod named;
mod probability;
mod service;
mod services;
mod single_points;
mod smallest;
mod table;
mod tolerance;

pub use answers::{
    DegradedAnswer, ElementName, LossAnswer, LostAnswer, NextAnswer, ServiceAnswer, TableAnswer, ToleranceAnswer,
};
pub use cheapest::{Cheapest, fewest_failures};
pub use conditioning::{Conditioning, Exceeded, Measure};
pub use formula::{EventId, Formula, Formulas, Node, Term};
pub use loss::{Loss, loss};
pub use missed::{Missed, missed};
pub use model::{Event, Model};
pub use named::NameError;
pub use probability::{Probability, probability};
pub use service::{Level, Service, ServiceId};
pub use table::{Row, Table, WORK_OF_A_QUESTION, WORK_OF_A_TABLE, table};
pub use tolerance::{Tolerance, tolerance};
