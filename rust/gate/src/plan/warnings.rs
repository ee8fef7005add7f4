//! What somebody should know before the first step.

use super::answer::Objection;
use super::difference::{Difference, members};

pub(super) fn of(difference: &Difference<'_>) -> Vec<Objection> {
    two_members(difference).into_iter().chain(both(difference)).collect()
}

fn two_members(difference: &Difference<'_>) -> Option<Objection> {
    let (had, has) = difference.member_counts();
    let reason = match (had, has) {
        (1, 2) => "etcd has 2 members at the end and 1 before: it needs both, so that the loss of either one takes it",
        (1, 3..) => {
            "etcd goes from 1 member over 2 of them: until the third one votes, the loss of either one takes it"
        }
        (3.., 2) => "etcd has 2 members at the end: it needs both, so that the loss of either one takes it",
        _ => return None,
    };
    let remedy =
        if has == 2 { "declare three members" } else { "have the third host ready before the second one joins" };
    Some(Objection::new("two_members", reason, remedy))
}

/// Members refuse a pillar that lacks one that etcd still has, and a joining host asks those that the pillar names.
fn both(difference: &Difference<'_>) -> Option<Objection> {
    let coming = members(difference.new).filter(|node| difference.gains_member(node)).collect::<Vec<_>>();
    let going = members(difference.old).filter(|node| difference.loses_member(node)).collect::<Vec<_>>();
    if coming.is_empty() || going.is_empty() {
        return None;
    }
    let verbs = |nodes: &[&str], one: &'static str, more: &'static str| if nodes.len() == 1 { one } else { more };
    Some(Objection::new(
        "both",
        format!(
            "{} {} etcd and {} {} it: every host refuses a pillar that lacks a member which etcd still has",
            coming.join(", "),
            verbs(&coming, "joins", "join"),
            going.join(", "),
            verbs(&going, "leaves", "leave"),
        ),
        "apply a pillar that declares all of them first, and the new one once those that join have their votes and those that \
         leave are out",
    ))
}
