//! A step that takes members of etcd away, for a while or for good.

use crate::observation::{EtcdMember, State};
use crate::step::Step;
use crate::verdict::{Code, Verdict};
use crate::voters::{Voters, leads_better, quorum};

/// Whether a quorum is left of those on which it can count. `declared` tells nodes on which the pillar puts a member;
/// `members` is how many it declares: where it is one, every step takes etcd.
pub(crate) fn verdict(voters: &Voters<'_>, step: &Step, declared: &dyn Fn(&str) -> bool, members: usize) -> Verdict {
    let single = members == 1;
    let on_members = step.nodes.iter().any(|node| declared(node) && step.takes_member(node));
    if !voters.is_known() {
        return if on_members && !single { nobody_knows().losing(members) } else { Verdict::Go };
    }
    let taken: Vec<&EtcdMember> = voters.voters().filter(|member| step.takes_member(&member.node)).collect();
    // What certainly does not run gives no vote: whatever is done to it takes nothing.
    if taken.iter().all(|member| member.state == State::Down) {
        return Verdict::Go;
    }
    let all = voters.count();
    if single && all == 1 {
        return Verdict::Go;
    }
    let left = voters.healthy().filter(|member| !step.takes_member(&member.node)).count();
    let needed = quorum(all);
    if left < needed {
        return too_few(voters, step, (left, needed), all - taken.len()).losing(all - left);
    }
    // A learner or a member that has not started gets a vote soon, and the quorum grows with it.
    voters.coming().map_or(Verdict::Go, |member| {
        let what = if member.is_learner { "has no vote yet" } else { "was added and has not started" };
        Verdict::wait(
            Code::EtcdMembers,
            format!("{} {what}: etcd is being changed", member.called()),
            "wait until it has its vote, or take it out of etcd",
        )
    })
}

fn nobody_knows() -> Verdict {
    Verdict::wait(
        Code::EtcdQuorum,
        "no member of etcd says who its members are",
        "mend etcd, or the way to it, first; what certainly is down may be restarted on its own host",
    )
}

/// `without` is how many voters would be left if all did their work.
fn too_few(voters: &Voters<'_>, step: &Step, (left, needed): (usize, usize), without: usize) -> Verdict {
    let (all, words) = (voters.count(), step.words());
    if without < needed {
        let remedy = if step.nodes.len() > 1 {
            "take them one after the other; if they share a hypervisor, move one of them to another one first"
        } else {
            "give etcd three members"
        };
        return Verdict::refuse(
            Code::EtcdQuorum,
            format!(
                "{words} leaves etcd {without} of {all} voters even if all others do their work; {needed} are needed"
            ),
            remedy,
        );
    }
    Verdict::wait(
        Code::EtcdQuorum,
        format!(
            "{words} leaves etcd {left} of {all} voters on which it can count, and {needed} are needed: {}",
            voters.troubles().join(", ")
        ),
        "mend that first",
    )
}

/// The node to which the leadership goes before the leader is taken: of those on which etcd can count the one that has
/// applied most.
pub(crate) fn successor(voters: &Voters<'_>, step: &Step) -> Option<String> {
    let leads = voters.voters().any(|member| member.is_leader && step.takes_member(&member.node));
    let others = voters.healthy().filter(|member| !step.takes_member(&member.node));
    let next =
        others.max_by(|one, other| leads_better((one.applied_index, &one.node), (other.applied_index, &other.node)));
    next.filter(|_| leads).map(|member| member.node.clone())
}
