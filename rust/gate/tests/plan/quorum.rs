//! Whatever members come and go, no step leaves fewer of them up than their quorum. What is counted here is counted anew, from the
//! steps alone.

use crate::cluster::Cluster;
use gate::{Plan, PlanAction, PlanStep, ToleranceChange};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Members that there may be.
const NAMES: usize = 8;

fn cluster(members: &BTreeSet<usize>, is_external: bool, quota: &str) -> Cluster {
    let named = |prefix: &str, first: usize| -> Vec<String> {
        members.iter().map(|number| format!("{prefix}{number}@{}", first + number)).collect()
    };
    let cluster = if is_external {
        Cluster { etcd: named("e", 30), ..Cluster::of(&["cp1@11", "cp2@12"], &[]) }
    } else {
        Cluster { masters: named("cp", 10), ..Cluster::of(&[], &[]) }
    };
    Cluster { quota: Some(quota.to_owned()), ..cluster }
}

fn quorum(voters: usize) -> usize {
    voters / 2 + 1
}

/// How many members more may be lost; none where there is no quorum.
fn spare(voters: usize, up: usize) -> Option<u32> {
    Some(u32::try_from(up.checked_sub(quorum(voters))?).unwrap())
}

/// What the plan says about etcd in this step is what is counted here. Each member has a node of its own.
fn told_of(step: &PlanStep, before: Option<u32>, during: Option<u32>) -> Result<(), String> {
    let of_etcd = |change: &&ToleranceChange| change.service == "etcd" && change.kind == "node";
    let told = step.tolerance.iter().find(of_etcd).map(|change| (change.before, change.during));
    let wanted = (before != during).then_some((before, during));
    if told == wanted { Ok(()) } else { Err(format!("{step:?}: told {told:?}, counted {wanted:?}")) }
}

/// Follows the steps, and gives those who vote at the end.
fn follow(plan: &Plan, mut voters: BTreeSet<String>) -> Result<BTreeSet<String>, String> {
    let mut learner: Option<String> = None;
    for step in &plan.steps {
        let node = step.nodes[0].clone();
        let survived = spare(voters.len(), voters.len());
        let takes_etcd = step.action == PlanAction::Machine
            || step.programs.iter().any(|program| program.name == "etcd" && step.action == PlanAction::Restart);
        // How many vote while the step lasts, and how many of them are up.
        let (all, up) = match step.action {
            PlanAction::Add => {
                if learner.replace(node).is_some() {
                    return Err("two learners".to_owned());
                }
                (voters.len(), voters.len())
            }
            PlanAction::Promote => {
                if learner.take().as_ref() != Some(&node) {
                    return Err(format!("{node} is no learner"));
                }
                let before = voters.len();
                voters.insert(node);
                // One member alone has no other way to get a second one.
                told_of(step, survived, spare(voters.len(), before))?;
                (voters.len(), if before == 1 { 2 } else { before })
            }
            PlanAction::Remove => {
                if !voters.remove(&node) {
                    return Err(format!("{node} has no vote"));
                }
                (voters.len(), voters.len())
            }
            PlanAction::Leave if voters.contains(&node) => return Err(format!("{node} leaves with its vote")),
            _ if takes_etcd && voters == BTreeSet::from([node.clone()]) => {
                // There is no other one: the plan says that nothing serves meanwhile.
                told_of(step, survived, None)?;
                continue;
            }
            _ if takes_etcd && voters.contains(&node) => (voters.len(), voters.len() - 1),
            _ => (voters.len(), voters.len()),
        };
        if step.action != PlanAction::Promote {
            told_of(step, survived, spare(all, up))?;
        }
        if learner.is_some() && step.action != PlanAction::Add {
            return Err(format!("{} {:?} while there is a learner", step.action.key(), step.nodes));
        }
        if up < quorum(all) || all == 0 {
            return Err(format!("{} {:?}: {up} of {all} are up", step.action.key(), step.nodes));
        }
    }
    Ok(voters)
}

fn names(members: &BTreeSet<usize>, is_external: bool) -> BTreeSet<String> {
    members.iter().map(|number| format!("{}{number}", if is_external { "e" } else { "cp" })).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn no_step_takes_the_quorum(
        old in prop::collection::btree_set(1..=NAMES, 1..=7),
        new in prop::collection::btree_set(1..=NAMES, 1..=7),
        is_external: bool,
        restarts: bool,
    ) {
        let after = cluster(&new, is_external, if restarts { "6GiB" } else { "4GiB" });
        let plan = cluster(&old, is_external, "4GiB").to(&after);
        // A member goes while there are two, and there were more; or two are left, and each of them restarts.
        let shrinks = new.len() == 1 && old.len() > 2;
        let stays_at_two = restarts && new.len() == 2 && old.intersection(&new).next().is_some();
        prop_assert_eq!(!plan.refused.is_empty(), shrinks || stays_at_two, "{:?}", plan.refused);
        if plan.refused.is_empty() {
            let end = follow(&plan, names(&old, is_external));
            prop_assert_eq!(end, Ok(names(&new, is_external)), "{:?}", plan.steps);
        } else {
            prop_assert!(plan.steps.is_empty());
            prop_assert!(plan.refused.iter().all(|objection| objection.code == "quorum"));
        }
    }
}

#[test]
fn the_check_sees_a_plan_that_takes_the_quorum() {
    let five = cluster(&(1..=5).collect(), false, "4GiB");
    let mut plan = five.to(&cluster(&(1..=3).collect(), false, "4GiB"));
    assert!(follow(&plan, names(&(1..=5).collect(), false)).is_ok());
    plan.steps.retain(|step| step.action != PlanAction::Remove);
    assert!(follow(&plan, names(&(1..=5).collect(), false)).unwrap_err().contains("leaves with its vote"));
    let mut plan = cluster(&(1..=3).collect(), false, "4GiB").to(&five);
    plan.steps.retain(|step| step.action != PlanAction::Promote);
    assert!(follow(&plan, names(&(1..=3).collect(), false)).is_err());
}
