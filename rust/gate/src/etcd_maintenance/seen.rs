//! What is known of the members' databases.

use super::{CLEARED_HUNDREDTHS, FRAGMENTED_HUNDREDTHS, LEAST_BYTES, NEAR_QUOTA_HUNDREDTHS, WORTH_HUNDREDTHS};
use crate::observation::{EtcdMember, Observation};
use crate::voters::Voters;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What is known when somebody asks what is to be done.
#[derive(Clone, Debug, Default)]
pub struct Maintained {
    /// Now, in seconds since the epoch.
    pub now: f64,
    /// The node that asks; `None` for nobody in particular.
    pub asking: Option<String>,
    /// Whether `NOSPACE` is raised, by whomever: a member that has gone for good leaves its alarm behind.
    pub no_space: bool,
    /// When history was compacted to the latest revision under this alarm, in seconds since the epoch; `None` where it was not.
    pub compacted_at: Option<f64>,
    /// All members, as etcd lists them.
    pub members: Vec<MaintainedMember>,
}

/// A member and its database.
#[derive(Clone, Debug, Default)]
pub struct MaintainedMember {
    /// Its node.
    pub node: String,
    /// Why nobody can count on it now; `None` for a healthy one. `NOSPACE` is no such reason.
    pub trouble: Option<String>,
    /// Whether it leads.
    pub is_leader: bool,
    /// Whether it has no vote.
    pub is_learner: bool,
    /// The last entry of the log that it has applied.
    pub applied_index: u64,
    /// What it says of its database; `None` where it does not.
    pub database: Option<Database>,
}

/// A member's database.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Bytes of its file.
    pub size: u64,
    /// Bytes of it that are in use.
    pub in_use: u64,
    /// Bytes that it may have; `null` where it does not say.
    pub quota: Option<u64>,
    /// The latest revision that it has.
    pub revision: u64,
    /// When it was last defragmented, in seconds since the epoch; `null` where that is not known.
    pub defragmented_at: Option<f64>,
}

/// What the one who asks knows beside the observation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    now: f64,
    asking: Option<String>,
    no_space: bool,
    compacted_at: Option<f64>,
    /// By the node of the member.
    databases: BTreeMap<String, Database>,
}

impl Maintained {
    /// The members as they were observed, with what is known of their databases.
    #[must_use]
    pub fn of(observation: &Observation, known: &Known) -> Self {
        let mut without_alarm = observation.clone();
        without_alarm.etcd.iter_mut().for_each(|member| member.alarms.retain(|alarm| alarm != "NOSPACE"));
        let voters = Voters::of(&without_alarm);
        let member = |member: &EtcdMember| MaintainedMember {
            node: member.called(),
            trouble: voters.trouble(member),
            is_leader: member.is_leader,
            is_learner: member.is_learner,
            applied_index: member.applied_index,
            database: known.databases.get(&member.node).copied(),
        };
        Self {
            now: known.now,
            asking: known.asking.clone(),
            no_space: known.no_space,
            compacted_at: known.compacted_at,
            members: voters.all().iter().map(member).collect(),
        }
    }
}

impl MaintainedMember {
    /// Why its holes are worth a defragmentation.
    pub(super) fn need(&self) -> Option<String> {
        let Database { size, in_use, quota, .. } = self.database?;
        let holes = size.saturating_sub(in_use);
        if size > LEAST_BYTES && above(holes, FRAGMENTED_HUNDREDTHS, size) {
            return Some(format!("{} of {} are holes", mebibytes(holes), mebibytes(size)));
        }
        let quota = quota.filter(|quota| *quota > 0)?;
        let is_near = !below(size, NEAR_QUOTA_HUNDREDTHS, quota);
        let is_worth = !below(holes, WORTH_HUNDREDTHS, quota);
        (is_near && is_worth).then(|| {
            format!(
                "{} of its quota of {} are taken, and {} of them are holes",
                mebibytes(size),
                mebibytes(quota),
                mebibytes(holes)
            )
        })
    }

    /// Whether its file is so far below the quota that writes may come back; `None` where nobody can tell.
    pub(super) fn has_room(&self) -> Option<bool> {
        let database = self.database?;
        Some(below(database.size, CLEARED_HUNDREDTHS, database.quota.filter(|quota| *quota > 0)?))
    }

    /// Whether a defragmentation brings it there.
    pub(super) fn would_have_room(&self) -> bool {
        self.database.is_some_and(|database| below(database.in_use, CLEARED_HUNDREDTHS, database.quota.unwrap_or(0)))
    }

    /// Whether it was defragmented at a time or after it.
    pub(super) fn was_after(&self, time: f64) -> bool {
        self.database.and_then(|database| database.defragmented_at).is_some_and(|last| last >= time)
    }

    /// Whether it was defragmented so many seconds ago or less. A time that is yet to come is that of another clock: it was now.
    pub(super) fn was_within(&self, now: f64, seconds: f64) -> bool {
        let last = self.database.and_then(|database| database.defragmented_at);
        last.is_some_and(|last| (now - last).max(0.0) < seconds)
    }
}

fn above(part: u64, hundredths: u64, whole: u64) -> bool {
    u128::from(part) * 100 > u128::from(whole) * u128::from(hundredths)
}

fn below(part: u64, hundredths: u64, whole: u64) -> bool {
    u128::from(part) * 100 < u128::from(whole) * u128::from(hundredths)
}

/// A size in words.
pub(super) fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}
