//! The rule.

use super::seen::{Database, Maintained, MaintainedMember, mebibytes};
use crate::voters::leads_better;

use super::{BETWEEN_MEMBERS_SECONDS, BETWEEN_TIMES_SECONDS, CLEARED_HUNDREDTHS, Maintenance};

/// What is to be done now. One thing at a time; whoever has done it asks again.
///
/// Without `NOSPACE`: a member whose holes are worth it, the one that asks before others and the leader last of all, while all are
/// healthy, no other one was defragmented within 36 s, and itself not within a day.
///
/// With `NOSPACE` no time of a member itself counts. Where what is in use fills the quota, history goes first; then each member that
/// is too large is defragmented, in the order of their names and the leader last; and only when every file is below 90 % of
/// its quota the alarm is cleared. The cluster takes no writes meanwhile, so all watchers have seen all that the compaction
/// takes; what is left of a paged list has to be listed anew.
#[must_use]
pub fn maintain(seen: &Maintained) -> Maintenance {
    if seen.members.is_empty() {
        return Maintenance::Wait { reason: "no member of etcd says who its members are".to_owned() };
    }
    if seen.no_space { recover(seen) } else { tidy(seen) }
}

fn tidy(seen: &Maintained) -> Maintenance {
    let needing: Vec<_> = seen.members.iter().filter(|member| member.need().is_some()).collect();
    let mut due: Vec<_> =
        needing.iter().copied().filter(|member| !member.was_within(seen.now, BETWEEN_TIMES_SECONDS)).collect();
    due.sort_by_key(|member| (member.is_leader, seen.asking.as_ref() != Some(&member.node), &member.node));
    let Some(next) = due.first() else {
        let reason = match needing.first() {
            None => "no database has holes that are worth it".to_owned(),
            Some(member) => format!("the database of {} was defragmented within a day", member.node),
        };
        return Maintenance::Nothing { reason };
    };
    let hindered = unhealthy(seen).or_else(|| resting(seen));
    hindered.unwrap_or_else(|| defragment(seen, next, next.need().unwrap_or_default(), false))
}

fn recover(seen: &Maintained) -> Maintenance {
    if let Some(hindered) = unhealthy(seen) {
        return hindered;
    }
    if let Some(member) = seen.members.iter().find(|member| member.has_room().is_none()) {
        return Maintenance::Stuck {
            reason: format!("etcd has the alarm NOSPACE, and {} does not tell its size and its quota", member.node),
            remedy: "bring etcd to 3.6, which tells; or compact, defragment each member and disarm with etcdctl"
                .to_owned(),
        };
    }
    let mut full: Vec<_> = seen.members.iter().filter(|member| member.has_room() == Some(false)).collect();
    full.sort_by_key(|member| (member.is_leader, &member.node));
    let Some(next) = full.first() else {
        return Maintenance::Disarm { reason: format!("every database is below {CLEARED_HUNDREDTHS} % of its quota") };
    };
    let Some(filled) = full.iter().find(|member| !member.would_have_room()) else {
        return resting(seen).unwrap_or_else(|| defragment(seen, next, "etcd has the alarm NOSPACE".to_owned(), true));
    };
    let Some(compacted_at) = seen.compacted_at else {
        return Maintenance::Compact {
            node: next.node.clone(),
            reason: format!("etcd has the alarm NOSPACE, and with its history {}", used(filled)),
            // What the slowest has not seen is no history yet.
            revision: seen.members.iter().filter_map(|member| Some(member.database?.revision)).min().unwrap_or(0),
        };
    };
    if next.was_after(compacted_at) {
        return Maintenance::Stuck {
            reason: format!("etcd has the alarm NOSPACE, and without any history {} on {}", used(next), next.node),
            remedy:
                "delete what is not needed (reads and deletes work), or raise etcd.quota_backend_bytes and restart \
                     each member; then apply again"
                    .to_owned(),
        };
    }
    // A member that takes no writes says of pages that were freed last that they are in use: only without them one knows.
    resting(seen).unwrap_or_else(|| defragment(seen, next, "its history was compacted".to_owned(), true))
}

/// Somebody on whom nobody can count: no member is taken beside it, and nobody knows how large it is.
fn unhealthy(seen: &Maintained) -> Option<Maintenance> {
    let told = |member: &MaintainedMember| Some(format!("{} {}", member.node, member.trouble.as_ref()?));
    seen.members.iter().find_map(told).map(|reason| Maintenance::Wait { reason })
}

/// etcd is being changed, or settles.
fn resting(seen: &Maintained) -> Option<Maintenance> {
    if let Some(member) = seen.members.iter().find(|member| member.is_learner) {
        return Some(Maintenance::Wait { reason: format!("{} has no vote yet: etcd is being changed", member.node) });
    }
    let last = seen.members.iter().find(|member| member.was_within(seen.now, BETWEEN_MEMBERS_SECONDS))?;
    let reason = format!("{} was defragmented within {BETWEEN_MEMBERS_SECONDS} s", last.node);
    Some(Maintenance::Wait { reason })
}

fn defragment(seen: &Maintained, next: &MaintainedMember, reason: String, without_lock: bool) -> Maintenance {
    let others = seen.members.iter().filter(|member| member.node != next.node);
    let successor =
        others.max_by(|one, other| leads_better((one.applied_index, &one.node), (other.applied_index, &other.node)));
    Maintenance::Defragment {
        node: next.node.clone(),
        reason,
        move_leader_to: successor.filter(|_| next.is_leader).map(|member| member.node.clone()),
        without_lock,
    }
}

fn used(member: &MaintainedMember) -> String {
    let Database { in_use, quota, .. } = member.database.unwrap_or_default();
    format!("{} of its quota of {} are in use", mebibytes(in_use), mebibytes(quota.unwrap_or(0)))
}
