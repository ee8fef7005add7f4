//! The members of etcd as the gate counts them.

use crate::observation::{EtcdMember, Observation, State};
use std::cmp::Ordering;

/// Entries of the log that a member may be behind the one that is furthest, and count as one that is up to date: what etcd
/// keeps for slow followers. Source: etcd, `DefaultSnapshotCatchUpEntries`.
const CATCH_UP_ENTRIES: u64 = 5_000;

/// Seconds by which a clock may be off. Source: engineering judgement: leases of some seconds are judged by it, and new certificates
/// are valid from a moment that has not come yet.
pub(crate) const CLOCK_OFF_SECONDS: f64 = 5.0;

/// The quorum of so many voters. Source: raft, a majority of the voters, whether they answer or not.
#[must_use]
pub fn quorum(voters: usize) -> usize {
    voters / 2 + 1
}

/// The members of etcd as the gate counts them.
#[derive(Debug)]
pub(crate) struct Voters<'o> {
    members: &'o [EtcdMember],
    furthest: u64,
    clocks_off: Vec<&'o str>,
    maintenance: &'o [String],
}

impl<'o> Voters<'o> {
    pub(crate) fn of(observation: &'o Observation) -> Self {
        let off = |offset: f64| offset.is_nan() || offset.abs() > CLOCK_OFF_SECONDS;
        let nodes = observation.nodes.iter().filter(|node| node.clock_offset_seconds.is_some_and(off));
        Self {
            members: &observation.etcd,
            furthest: observation.etcd.iter().map(|member| member.applied_index).max().unwrap_or(0),
            clocks_off: nodes.map(|node| node.name.as_str()).collect(),
            maintenance: &observation.maintenance,
        }
    }

    pub(crate) fn is_known(&self) -> bool {
        !self.members.is_empty()
    }

    pub(crate) fn all(&self) -> &'o [EtcdMember] {
        self.members
    }

    /// Those with a vote, one that has not started among them.
    pub(crate) fn voters(&self) -> impl Iterator<Item = &'o EtcdMember> {
        self.members.iter().filter(|member| !member.is_learner)
    }

    /// One that gets a vote soon: a learner, or a member that was added and has not started.
    pub(crate) fn coming(&self) -> Option<&'o EtcdMember> {
        self.members.iter().find(|member| member.is_learner || member.node.is_empty())
    }

    /// The last entry that any member has applied.
    pub(crate) fn furthest(&self) -> u64 {
        self.furthest
    }

    pub(crate) fn count(&self) -> usize {
        self.voters().count()
    }

    /// The voters on which a quorum can count.
    pub(crate) fn healthy(&self) -> impl Iterator<Item = &'o EtcdMember> {
        self.voters().filter(|member| self.is_healthy(member))
    }

    /// Whether a quorum can count on it: everything that is not certain speaks against it.
    pub(crate) fn is_healthy(&self, member: &EtcdMember) -> bool {
        self.trouble(member).is_none()
    }

    /// Why a quorum cannot count on it.
    pub(crate) fn trouble(&self, member: &EtcdMember) -> Option<String> {
        let because = |words: &str| match member.because.as_str() {
            "" => words.to_owned(),
            because => format!("{words}: {because}"),
        };
        if member.node.is_empty() {
            return Some("has not started".to_owned());
        }
        match member.state {
            State::Down => return Some(because("is down")),
            State::Unknown => return Some(because("gives no answer")),
            State::Unwell => return Some(because("reads nothing")),
            State::Up => {}
        }
        if member.is_removing {
            return Some("is being removed".to_owned());
        }
        if let Some(alarm) = member.alarms.first() {
            return Some(format!("raises the alarm {alarm}"));
        }
        if self.maintenance.contains(&member.node) {
            return Some("is in maintenance".to_owned());
        }
        if self.clocks_off.contains(&member.node.as_str()) {
            return Some(format!("has a clock that is off by more than {CLOCK_OFF_SECONDS} s"));
        }
        let behind = self.furthest.saturating_sub(member.applied_index);
        (behind > CATCH_UP_ENTRIES).then(|| format!("is {behind} entries behind"))
    }

    /// Each voter on which a quorum cannot count, with the reason: `cp2 is down`.
    pub(crate) fn troubles(&self) -> Vec<String> {
        let told = |member: &EtcdMember| Some(format!("{} {}", member.called(), self.trouble(member)?));
        self.voters().filter_map(told).collect()
    }
}

/// Which of two members would lead better, each by the last entry that it has applied and its node: the one that is further; of
/// equal ones the first by name.
pub(crate) fn leads_better(one: (u64, &str), other: (u64, &str)) -> Ordering {
    one.0.cmp(&other.0).then_with(|| other.1.cmp(one.1))
}
