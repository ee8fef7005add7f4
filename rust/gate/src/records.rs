//! What is on record about steps and nodes, beside the lock.

use crate::lease::Holder;
use serde::{Deserialize, Serialize};

/// A node on which somebody works: it counts as down, and Salt only reports there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Maintenance {
    /// The node.
    pub node: String,
    /// Until when, in seconds since the epoch.
    pub until: f64,
    /// Why.
    pub reason: String,
    /// Since when, in seconds since the epoch.
    pub since: f64,
}

impl Maintenance {
    /// Whether it still lasts.
    #[must_use]
    pub fn lasts(&self, now: f64) -> bool {
        now < self.until
    }
}

/// The step by which a digest is frozen for a node: begun on another one with the same digest, and not ended well.
///
/// Whoever asks has the lock, so none of the others is under way, but for one whose host boots. The node's own step is no
/// obstacle: doing it once more is what ends it.
#[must_use]
pub fn frozen<'r>(records: &'r [Holder], node: &str, digest: &str) -> Option<&'r Holder> {
    records.iter().find(|record| record.node != node && record.digest == digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_digest_elsewhere_freezes() {
        let record = |node: &str, digest: &str| Holder {
            node: node.to_owned(),
            step: "restarting etcd".to_owned(),
            digest: digest.to_owned(),
            since: 1.0,
        };
        let records = [record("cp1", "d1"), record("cp2", "d2")];
        assert_eq!(frozen(&records, "cp3", "d1"), Some(&records[0]));
        assert_eq!(frozen(&records, "cp1", "d1"), None);
        assert_eq!(frozen(&records, "cp3", "d3"), None);
    }

    #[test]
    fn maintenance_ends_by_itself() {
        let one = Maintenance { node: "cp1".to_owned(), until: 10.0, reason: "memory is added".to_owned(), since: 1.0 };
        assert!(one.lasts(9.9) && !one.lasts(10.0));
    }
}
