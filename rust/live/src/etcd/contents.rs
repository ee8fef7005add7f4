//! What the keys and values of a member are, without reading them: to compare one store with another.

use super::{Header, number, post};
use crate::{Access, Error};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use std::time::Duration;

/// The digest of the keys and values that a member has at a revision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Digest {
    /// etcd's own, of 32 bits. Two members that were compacted to the same revision have the same one.
    pub hash: u64,
    /// The revision to which they were compacted when it was taken; 0 where they never were.
    #[serde(deserialize_with = "compacted")]
    pub compact_revision: u64,
}

/// etcd has -1 where nothing was ever compacted.
fn compacted<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let revision: i64 = text.parse().map_err(|_| serde::de::Error::custom("no revision"))?;
    Ok(revision.max(0).unsigned_abs())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Counted {
    header: Header,
    #[serde(deserialize_with = "number")]
    count: u64,
}

/// Keys at a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// How many.
    pub keys: u64,
    /// The latest revision of the member that was asked.
    pub revision: u64,
}

/// The digest at a revision, or the latest one; the member behind `access` reads its whole database for it.
///
/// # Errors
/// [`Error::Refused`] for a revision that was compacted or is yet to come, and what else comes in between within `limit`.
pub fn digest(access: &Access, revision: Option<u64>, limit: Duration) -> Result<Digest, Error> {
    access.call(limit, "digesting etcd's contents", async |session| {
        let wanted = json!({"revision": revision.unwrap_or(0).to_string()});
        post(session, "/v3/maintenance/hashkv", &wanted).await
    })
}

/// Counts the keys at a revision, or the latest one, by a linearizable read: a majority has agreed that this member is up to date.
///
/// # Errors
/// [`Error::Refused`] for a revision that was compacted or is yet to come, and what else comes in between within `limit`.
pub fn count(access: &Access, revision: Option<u64>, limit: Duration) -> Result<Count, Error> {
    access.call(limit, "counting etcd's keys", async |session| {
        // From the first possible key on, without end.
        let all = BASE64_STANDARD.encode([0]);
        let revision = revision.unwrap_or(0).to_string();
        let wanted = json!({"key": all, "range_end": all, "count_only": true, "revision": revision});
        let found: Counted = post(session, "/v3/kv/range", &wanted).await?;
        Ok(Count { keys: found.count, revision: found.header.revision })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_compacted_is_at_zero() {
        let digest = |text: &str| serde_json::from_str::<Digest>(text).unwrap();
        let never = digest(r#"{"hash": 4294967295, "compact_revision": "-1", "hash_revision": "5"}"#);
        assert_eq!((never.hash, never.compact_revision), (u64::from(u32::MAX), 0));
        assert_eq!(digest(r#"{"hash": 1, "compact_revision": "70"}"#).compact_revision, 70);
    }
}
