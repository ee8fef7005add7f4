//! Steps that change who votes in etcd, judged by the gate itself, with every member that is there at its work.

use super::answer::Objection;
use super::difference::{Difference, members};
use crate::judge::{membership, stop};
use crate::observation::{EtcdMember, Observation, State};
use crate::step::{Action, Step};
use crate::verdict::Verdict;
use crate::voters::Voters;

/// What forbids that members leave in this one change: a host that goes before its member was taken out must not take the
/// quorum with it.
///
/// A cluster of one or two members is never better off; it may shrink to one.
pub(super) fn refused(difference: &Difference<'_>) -> Option<Objection> {
    let (had, _) = difference.member_counts();
    let leaving: Vec<&str> = members(difference.old).filter(|node| difference.loses_member(node)).collect();
    if had <= 2 || leaving.is_empty() {
        return None;
    }
    let arriving = members(difference.new).filter(|node| difference.gains_member(node));
    let mut voters: Vec<String> = members(difference.old).chain(arriving).map(str::to_owned).collect();
    for node in &leaving {
        let verdict = judged(&voters, &stopping(node), &|_| true);
        if let Verdict::Refuse(obstacle) = verdict {
            let (gone, names) = (leaving.len(), leaving.join(", "));
            return Some(Objection::new(
                "quorum",
                format!(
                    "{gone} of the {had} members of etcd leave, {names}: while they go one by one, {}",
                    obstacle.reason
                ),
                "keep three members; or let one member leave with each pillar, and plan each by itself",
            ));
        }
        voters.retain(|voter| voter != node);
    }
    None
}

/// What the gate says to a step while these members vote and do their work; `declared` tells nodes on which the pillar puts a member.
pub(super) fn judged(voters: &[String], step: &Step, declared: &dyn Fn(&str) -> bool) -> Verdict {
    let learner = step.nodes.first().filter(|_| step.action == Action::Promote);
    let all = voters.iter().map(|node| (node, false)).chain(learner.map(|node| (node, true)));
    let etcd = all.enumerate().map(|(place, (node, is_learner))| EtcdMember {
        id: format!("{:x}", place + 1),
        node: node.clone(),
        state: State::Up,
        because: String::new(),
        is_learner,
        is_leader: false,
        is_removing: false,
        applied_index: 1,
        alarms: Vec::new(),
        database_bytes: None,
        quota_bytes: None,
    });
    let observation = Observation { etcd: etcd.collect(), ..Observation::default() };
    let seen = Voters::of(&observation);
    match step.action {
        Action::Add | Action::Promote | Action::Remove => membership::verdict(&seen, step, declared),
        _ => stop::verdict(&seen, step, declared, voters.len()),
    }
}

fn stopping(node: &str) -> Step {
    Step::of_nodes(Action::Stop, [node])
}
