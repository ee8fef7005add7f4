//! A step that changes who the members of etcd are.

use crate::observation::{EtcdMember, State};
use crate::step::{Action, Step};
use crate::verdict::{Code, Verdict};
use crate::voters::{Voters, quorum};

/// How far a learner must be, in hundredths of the log of the furthest member, to get its vote. Source: etcd,
/// `readyPercentThreshold`.
const READY_HUNDREDTHS: u64 = 90;

/// One member is changed at a time, and only while a quorum is certain before and after. `declared` tells nodes on which the
/// pillar puts a member.
pub(crate) fn verdict(voters: &Voters<'_>, step: &Step, declared: &dyn Fn(&str) -> bool) -> Verdict {
    let [node] = &step.nodes[..] else {
        return Verdict::refuse(
            Code::EtcdMembers,
            format!("{} changes several members of etcd at once", step.words()),
            "change one, wait until it does its work, then the next",
        );
    };
    if !voters.is_known() {
        return Verdict::wait(
            Code::EtcdMembers,
            "no member of etcd says who its members are",
            "mend etcd, or the way to it, first",
        );
    }
    let (healthy, all) = (voters.healthy().count(), voters.count());
    if healthy < quorum(all) {
        return Verdict::refuse(
            Code::EtcdMembers,
            format!(
                "etcd can count on {healthy} of {all} voters and needs {}: {}",
                quorum(all),
                voters.troubles().join(", ")
            ),
            "bring members back; if their data are lost for good, restore from a snapshot",
        );
    }
    let member = voters.all().iter().find(|member| member.node == *node);
    match (step.action, member) {
        (Action::Add, Some(_)) => Verdict::refuse(
            Code::EtcdMembers,
            format!("etcd has a member on {node}"),
            "if its host was replaced, take the old member out first: `k8s_ha.etcd_rejoin` on it does both",
        ),
        (Action::Add, None) if !declared(node) => Verdict::refuse(
            Code::EtcdMembers,
            format!("the pillar puts no member of etcd on {node}"),
            "give the node the role first",
        ),
        (Action::Add, None) => add(voters),
        (Action::Promote, Some(member)) if member.is_learner => promote(voters, member),
        (Action::Promote, _) => {
            Verdict::refuse(Code::EtcdMembers, format!("etcd has no learner on {node}"), "add it as a learner first")
        }
        (_, None) => {
            Verdict::refuse(Code::EtcdMembers, format!("etcd has no member on {node}"), "nothing is to be removed")
        }
        (_, Some(member)) => remove(voters, member, declared),
    }
}

/// The new member has the vote that it will get, and gives none until it has shown that it can.
fn add(voters: &Voters<'_>) -> Verdict {
    if let Some(coming) = voters.coming() {
        return Verdict::wait(
            Code::EtcdMembers,
            format!("{} is joining etcd", coming.called()),
            "wait until it has its vote, or take it out of etcd",
        );
    }
    let (healthy, all) = (voters.healthy().count(), voters.count());
    if bears_another(voters) {
        return Verdict::Go;
    }
    Verdict::wait(
        Code::EtcdMembers,
        format!(
            "with one voter more etcd needs {}, and can count on {healthy} of {all}: {}",
            quorum(all + 1),
            voters.troubles().join(", ")
        ),
        "mend that first, or take the dead member out of etcd",
    )
}

/// Whether there is a quorum with one voter more on which nobody can rely yet; a single voter has no other way to get a second.
fn bears_another(voters: &Voters<'_>) -> bool {
    let all = voters.count();
    all == 1 || voters.healthy().count() >= quorum(all + 1)
}

fn promote(voters: &Voters<'_>, learner: &EtcdMember) -> Verdict {
    let furthest = voters.furthest();
    if let Some(trouble) = voters.trouble(learner) {
        return Verdict::wait(
            Code::EtcdMembers,
            format!("{} {trouble}", learner.called()),
            "wait until it does its work",
        );
    }
    if learner.applied_index.saturating_mul(100) < furthest.saturating_mul(READY_HUNDREDTHS) {
        return Verdict::wait(
            Code::EtcdMembers,
            format!("{} has applied {} of {furthest} entries", learner.called(), learner.applied_index),
            "wait until it has learnt the rest",
        );
    }
    let (healthy, all) = (voters.healthy().count(), voters.count());
    if bears_another(voters) {
        return Verdict::Go;
    }
    Verdict::wait(
        Code::EtcdMembers,
        format!("with one voter more etcd needs {}, and can count on {healthy}", quorum(all + 1)),
        "mend the other members first",
    )
}

fn remove(voters: &Voters<'_>, member: &EtcdMember, declared: &dyn Fn(&str) -> bool) -> Verdict {
    let node = member.called();
    if member.is_learner {
        return Verdict::Go;
    }
    let all = voters.count();
    if all == 1 {
        return Verdict::refuse(
            Code::EtcdMembers,
            format!("{node} is the last member of etcd"),
            "add another one first",
        );
    }
    let left = voters.healthy().filter(|other| other.id != member.id || other.node != member.node).count();
    if left < quorum(all - 1) {
        return Verdict::wait(
            Code::EtcdMembers,
            format!("without {node} etcd needs {}, and can count on {left}", quorum(all - 1)),
            "mend the other members first",
        );
    }
    let is_sound = voters.is_healthy(member);
    let others_in_trouble = voters.voters().any(|other| other.node != member.node && !voters.is_healthy(other));
    if is_sound && others_in_trouble {
        return Verdict::wait(
            Code::EtcdMembers,
            format!("{node} does its work, and others do not: {}", voters.troubles().join(", ")),
            "mend or remove those first",
        );
    }
    if is_sound && declared(&member.node) {
        return Verdict::refuse(
            Code::EtcdMembers,
            format!("{node} does its work, and the pillar puts a member of etcd there"),
            "take it out of the pillar first",
        );
    }
    if member.state == State::Unknown && declared(&member.node) {
        return Verdict::wait(
            Code::EtcdMembers,
            format!("{node} gives no answer, which does not say that its data are lost"),
            "wait for it; if its data are lost, `k8s_ha.etcd_rejoin` on its host replaces it",
        );
    }
    Verdict::Go
}
