//! From one pillar to another: the steps in order, with what is still survived during each of them.

mod answer;
mod cluster;
mod difference;
mod files;
mod hosts;
mod kubeadm;
mod machines;
mod order;
mod quorum;
mod stage;
mod steps;
mod survives;
mod warnings;

pub use answer::{Objection, Plan, PlanAction, PlanStep, ProgramAction, ProgramChange, ToleranceChange};
pub use order::roll_order;

use difference::Difference;
use faults::WORK_OF_A_TABLE;
use topology::{Facts, Topology};

/// The steps that bring a running cluster from one pillar to another, in the order in which the product does them: members of
/// etcd and of the control plane come one by one, then those that leave go, then every host that stays gets its new files;
/// workers follow in the same order.
///
/// `forbids` is what forbids the new pillar by itself: its findings, which also say that the end does not survive what it has to.
/// Where anything forbids the change there are no steps. While
/// a step lasts, what it takes counts as lost, and everything else does its work; a member that gets its vote counts as a voter,
/// and as lost (the projection of Cluster API's KCP).
///
/// # Errors
/// When a file cannot be rendered; that is a fault of this program, not of the pillar.
pub fn plan(old: &Topology, new: &Topology, facts: &Facts, forbids: Vec<Objection>) -> Result<Plan, render::Error> {
    let difference = Difference::of(old, new);
    let mut work = WORK_OF_A_TABLE;
    let mut refused = cluster::refused(old, new);
    refused.extend(hosts::refused(&difference));
    let is_one_cluster = refused.is_empty();
    if is_one_cluster {
        refused.extend(quorum::refused(&difference));
    }
    refused.extend(forbids);
    let mut answer = Plan {
        cluster: new.cluster.name.clone(),
        refused,
        warnings: if is_one_cluster { warnings::of(&difference) } else { Vec::new() },
        steps: Vec::new(),
        end: Vec::new(),
    };
    if !answer.refused.is_empty() {
        return Ok(answer);
    }
    let changes = files::changes(&difference, facts)?;
    match steps::of(&difference, &changes, &mut work) {
        Ok(steps) => answer.steps = steps,
        Err(objections) => answer.refused = objections,
    }
    if answer.refused.is_empty() {
        answer.end = survives::end(old, new, &mut work);
    }
    Ok(answer)
}
