//! What keeps a member's database small and the cluster writable.

use super::{number, post};
use crate::{Access, Error};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

/// An alarm that a member has raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Id of the member.
    #[serde(default, rename(deserialize = "memberID"), deserialize_with = "number")]
    pub member_id: u64,
    /// `NOSPACE` or `CORRUPT`.
    #[serde(default)]
    pub alarm: String,
}

#[derive(Debug, Deserialize)]
struct Alarms {
    #[serde(default)]
    alarms: Vec<Alarm>,
}

/// The alarms of all members.
///
/// # Errors
/// [`Error`] when they cannot be had within `limit`.
pub fn alarms(access: &Access, limit: Duration) -> Result<Vec<Alarm>, Error> {
    access.call(limit, "reading etcd's alarms", async |session| {
        let found: Alarms = post(session, "/v3/maintenance/alarm", &json!({"action": "GET"})).await?;
        Ok(found.alarms)
    })
}

/// Clears the alarm `NOSPACE` of a member; one that is not raised is left alone. `CORRUPT` is never cleared from here.
///
/// # Errors
/// [`Error`] when a majority does not take it within `limit`.
pub fn disarm(access: &Access, member_id: u64, limit: Duration) -> Result<(), Error> {
    access.call(limit, &format!("clearing NOSPACE of etcd's member {member_id:x}"), async |session| {
        let wanted = json!({"action": "DEACTIVATE", "memberID": member_id.to_string(), "alarm": "NOSPACE"});
        let _: Value = post(session, "/v3/maintenance/alarm", &wanted).await?;
        Ok(())
    })
}

/// Rewrites the database of the member behind `access` without its holes. It serves nothing meanwhile.
///
/// # Errors
/// [`Error`] when it is not done within `limit`; the member goes on with it all the same.
pub fn defragment(access: &Access, limit: Duration) -> Result<(), Error> {
    access.call(limit, "defragmenting etcd's database", async |session| {
        let _: Value = post(session, "/v3/maintenance/defragment", &json!({})).await?;
        Ok(())
    })
}

/// Takes the history before a revision out of the database, of all members, and waits until this one has done it.
///
/// # Errors
/// [`Error::Refused`] when it was taken out before or is yet to come, and what else comes in between within `limit`.
pub fn compact(access: &Access, revision: u64, limit: Duration) -> Result<(), Error> {
    access.call(limit, &format!("compacting etcd to revision {revision}"), async |session| {
        let wanted = json!({"revision": revision.to_string(), "physical": true});
        let _: Value = post(session, "/v3/kv/compaction", &wanted).await?;
        Ok(())
    })
}
