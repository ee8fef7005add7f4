//! What may be done to a cluster now: decisions over what was observed and what is on record, without any I/O.
//!
//! Time, records and requests come in as values, so each decision can be tested for every state that there is.

mod balancers;
pub mod creation;
pub mod etcd_maintenance;
mod fixed;
mod judge;
mod lease;
mod members;
mod observation;
mod placement;
mod plan;
mod records;
mod settled;
mod step;
mod verdict;
mod voters;
mod workers;

pub use balancers::{BALANCERS, BALANCERS_AWAY, is_balancer, is_balancer_alone};
pub use fixed::Fixed;
pub use judge::{away, judge};
pub use lease::{Holder, Lease};
pub use members::{Member, undeclared};
pub use observation::{
    EtcdMember, OBSERVATION_SCHEMA, Observation, ObservationError, ObservedBudget, ObservedMachine, ObservedNode,
    ObservedProgram, State, observation_schema,
};
pub use placement::{PlacementError, misplaced, taken};
pub use plan::{
    Objection, Plan, PlanAction, PlanStep, ProgramAction, ProgramChange, ToleranceChange, plan, roll_order,
};
pub use records::{Maintenance, frozen};
pub use settled::unsettled;
pub use step::{Action, Step};
pub use verdict::{Code, Judgement, JudgementAnswer, Obstacle, Verdict};
pub use voters::quorum;
pub use workers::{is_worker, worker_domain, workers_away};
