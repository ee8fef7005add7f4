//! The failure model: if this goes away, what do we lose?
//!
//! [`Model::of`] derives, from a topology, what can fail ([`Event`]) and what must not ([`Service`]), with one monotone
//! formula for each service and level. Every question is put to those formulas.

mod about;
mod answers;
mod availability;
mod bdd;
mod bdd_order;
mod bdd_walk;
mod branches;
mod builder;
mod capacity;
mod cheapest;
mod conditioning;
mod cut_sets;
mod cut_sets_answer;
mod cut_sets_relevant;
mod formula;
mod loss;
pub mod mef;
mod missed;
mod model;
mod named;
mod partitions;
mod probability;
mod service;
mod services;
mod single_points;
mod smallest;
mod start_order;
mod switch_over;
mod symmetry;
mod symmetry_branches;
mod symmetry_expand;
mod symmetry_twins;
mod table;
mod tolerance;
mod within;
mod zbdd;
mod zbdd_family;

pub use about::{About, AboutAnswer, AboutError, about};
pub use answers::{
    DegradedAnswer, ElementName, LossAnswer, LostAnswer, NextAnswer, ServiceAnswer, TableAnswer, ToleranceAnswer,
};
pub use availability::{
    Availability, AvailabilityAnswer, Contribution, ContributionAnswer, MINUTES_PER_YEAR, NotAShare, availability,
    declared_availability, importances, probability_bounds,
};
pub use bdd::Bdd;
pub use capacity::{
    Budget, BudgetAnswer, CapacityAnswer, CapacityRow, CapacityRowAnswer, Demand, Lack, Machines, MachinesAnswer, Room,
    Verdict, capacity, machines,
};
pub use cheapest::{Cheapest, fewest_failures};
pub use conditioning::{Conditioning, Exceeded, Measure};
pub use cut_sets::{CutSets, Incomplete, as_far_as_known, cut_sets};
pub use cut_sets_answer::{CutSetGroupAnswer, CutSetPartAnswer, CutSetsAnswer, CutSetsQuestion};
pub use formula::{EventId, Formula, Formulas, Node, Term};
pub use loss::{Loss, loss};
pub use missed::{Missed, missed};
pub use model::{Event, Model};
pub use named::NameError;
pub use partitions::{
    Address, Cut, CutError, Partition, PartitionAnswer, Partitions, Rejoin, RejoinAnswer, Returns, Side, SideAnswer,
    declared_cuts, partition, partitions,
};
pub use probability::{Probability, probability};
pub use service::{Level, Service, ServiceId};
pub use start_order::{Circle, CircleKind, Edge, StartOrder, start_order};
pub use switch_over::{Failure, Goal, Part as SwitchOverPart, PartAnswer, SwitchOver, SwitchOverAnswer, switch_over};
pub use symmetry::{Group, Groups, Part, groups};
pub use table::{Row, Table, WORK_OF_A_QUESTION, WORK_OF_A_TABLE, table, with_a_share};
pub use tolerance::{Tolerance, tolerance};
pub use within::Within;
