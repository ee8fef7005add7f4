//! What somebody should know before the first step.

use super::answer::Objection;
use super::difference::Difference;
use super::order::Class;
use topology::Node;

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
    let named = |nodes: Vec<&Node>| -> Vec<String> {
        nodes.into_iter().filter(|node| !Class::of(node).is_worker()).map(|node| node.name.clone()).collect()
    };
    let (coming, going) = (named(difference.gaining()), named(difference.losing()));
    if coming.is_empty() || going.is_empty() {
        return None;
    }
    Some(Objection::new(
        "both",
        format!(
            "{} come and {} go: every host refuses a pillar that lacks a member of etcd which is still there",
            coming.join(", "),
            going.join(", ")
        ),
        "apply a pillar that declares all of them first, and the new one once those that come have joined and those that go are out",
    ))
}
