//! What is known of the members' databases.

use super::{
    BETWEEN_TIMES_SECONDS, CLEARED_HUNDREDTHS, FRAGMENTED_HUNDREDTHS, LEAST_BYTES, NEAR_QUOTA_HUNDREDTHS,
    WORTH_HUNDREDTHS,
};
use serde::Deserialize;

/// What is known when somebody asks what is to be done.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Maintained {
    /// Now, in seconds since the epoch.
    pub now: f64,
    /// The node that asks; `null` for nobody in particular.
    #[serde(default)]
    pub asking: Option<String>,
    /// Whether history was compacted already, to the latest revision.
    #[serde(default)]
    pub is_compacted: bool,
    /// All members, as etcd lists them.
    pub members: Vec<MaintainedMember>,
}

/// A member and its database.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaintainedMember {
    /// Its node.
    pub node: String,
    /// Why nobody can count on it now; empty for a healthy one. Its own `NOSPACE` is no such reason.
    #[serde(default)]
    pub trouble: String,
    /// Whether it leads.
    #[serde(default)]
    pub is_leader: bool,
    /// Whether it has no vote.
    #[serde(default)]
    pub is_learner: bool,
    /// Whether it has raised `NOSPACE`.
    #[serde(default)]
    pub no_space: bool,
    /// Bytes of its file; `null` where it does not say.
    #[serde(default)]
    pub size: Option<u64>,
    /// Bytes of it that are in use.
    #[serde(default)]
    pub in_use: u64,
    /// Bytes that it may have; `null` where nobody knows.
    #[serde(default)]
    pub quota: Option<u64>,
    /// The latest revision that it has.
    #[serde(default)]
    pub revision: u64,
    /// The last entry of the log that it has applied.
    #[serde(default)]
    pub applied_index: u64,
    /// When it was last defragmented, in seconds since the epoch; `null` where that is not known.
    #[serde(default)]
    pub defragmented_at: Option<f64>,
}

impl MaintainedMember {
    /// Why its holes are worth a defragmentation.
    pub(super) fn need(&self) -> Option<String> {
        let size = self.size?;
        let holes = size.saturating_sub(self.in_use);
        if size > LEAST_BYTES && above(holes, FRAGMENTED_HUNDREDTHS, size) {
            return Some(format!("{} of {} are holes", mebibytes(holes), mebibytes(size)));
        }
        let quota = self.quota.filter(|quota| *quota > 0)?;
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
        Some(below(self.size?, CLEARED_HUNDREDTHS, self.quota.filter(|quota| *quota > 0)?))
    }

    /// Whether a defragmentation brings it there.
    pub(super) fn would_have_room(&self) -> bool {
        self.quota.is_some_and(|quota| below(self.in_use, CLEARED_HUNDREDTHS, quota))
    }

    /// Seconds until it may be defragmented again. A time that is yet to come is that of another clock, and counts as now.
    pub(super) fn rests(&self, now: f64, interval: f64) -> f64 {
        self.defragmented_at.map_or(0.0, |last| interval - (now - last).max(0.0)).max(0.0)
    }

    pub(super) fn rests_for_a_day(&self, now: f64) -> bool {
        self.rests(now, BETWEEN_TIMES_SECONDS) > 0.0
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
