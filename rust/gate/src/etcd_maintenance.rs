//! What is to be done now so that etcd stays small and writable: defragment one member, compact, or clear `NOSPACE`.
//!
//! Deletes and compaction leave holes in a member's database, and only a defragmentation makes its file smaller, while the
//! member serves nothing. A file that reaches its quota raises `NOSPACE`, by which the whole cluster takes no writes, not even
//! those of a lock or of kube-apiserver's own compaction (which writes a key first).

mod decide;
mod seen;

pub use decide::maintain;
pub use seen::{Database, Known, Maintained, MaintainedMember};

use serde::Serialize;

/// A part of the file, in hundredths, above which it is defragmented. Source: the `cluster-etcd-operator` of `OpenShift`,
/// `defragcontroller.go`, `maxFragmentedPercentage`.
pub const FRAGMENTED_HUNDREDTHS: u64 = 45;

/// Bytes up to which a file is left alone, however many holes it has. Source: the same, `minDefragBytes`.
pub const LEAST_BYTES: u64 = 100 << 20;

/// Seconds between two members. Source: the same, `minDefragWaitDuration`.
pub const BETWEEN_MEMBERS_SECONDS: f64 = 36.0;

/// Seconds after which one member may be defragmented again. Source: engineering judgement: a database that has half of its
/// space free again within a day grows back to it as well, and each time costs an interruption.
pub const BETWEEN_TIMES_SECONDS: f64 = 24.0 * 3600.0;

/// A part of the quota, in hundredths, from which holes are worth a defragmentation although they are few. Source: engineering
/// judgement: well before etcd's own alert (`etcdDatabaseQuotaLowSpace` of its mixin, 95 %).
pub const NEAR_QUOTA_HUNDREDTHS: u64 = 80;

/// The holes that are worth it then, in hundredths of the quota. Source: engineering judgement: less is filled again in no time.
pub const WORTH_HUNDREDTHS: u64 = 5;

/// A part of the quota, in hundredths, below which every member's file must be before `NOSPACE` is cleared. Source: engineering
/// judgement: etcd would take writes at 99 %, and raise it again at once; at 95 % its own alert fires.
pub const CLEARED_HUNDREDTHS: u64 = 90;

/// What is to be done now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Maintenance {
    /// Nothing.
    Nothing {
        /// Why.
        reason: String,
    },
    /// Defragment the member of one node.
    Defragment {
        /// The node.
        node: String,
        /// Why.
        reason: String,
        /// The node that should lead instead of it first.
        move_leader_to: Option<String>,
        /// Whether `NOSPACE` is raised: there can be no lock then, so the order of the nodes is what keeps them apart.
        without_lock: bool,
    },
    /// Take all history before a revision out of the databases: under `NOSPACE` only.
    Compact {
        /// The node that does it.
        node: String,
        /// Why.
        reason: String,
        /// The revision: the latest that every member has.
        revision: u64,
    },
    /// Clear `NOSPACE` of all members.
    Disarm {
        /// Why that is safe.
        reason: String,
    },
    /// Something is to be done, and has to wait.
    Wait {
        /// For what.
        reason: String,
    },
    /// Nothing helps but a person.
    Stuck {
        /// What is wrong.
        reason: String,
        /// What to do.
        remedy: String,
    },
}
