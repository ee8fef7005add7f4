//! etcd, through the JSON gateway that each member has beside gRPC: the same HTTP stack serves for both.

mod contents;
mod gateway;
mod maintenance;
mod snapshot;

use crate::session::Session;
use crate::{Access, Error};
use base64::prelude::{BASE64_STANDARD, Engine};
pub use contents::{Count, Digest, count, digest};
pub(crate) use gateway::{number, post};
pub use maintenance::{Alarm, alarms, compact, defragment, disarm};
pub use snapshot::{Snapshot, snapshot};

use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

/// One member of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its id; etcdctl writes it in hex.
    #[serde(rename(deserialize = "ID"), deserialize_with = "number")]
    pub id: u64,
    /// Its name; empty as long as it was added and has not started.
    #[serde(default)]
    pub name: String,
    /// Where the others reach it.
    #[serde(default, rename(deserialize = "peerURLs"))]
    pub peer_urls: Vec<String>,
    /// Where clients reach it; none as long as it has not started.
    #[serde(default, rename(deserialize = "clientURLs"))]
    pub client_urls: Vec<String>,
    /// Whether it has no vote.
    #[serde(default, rename(deserialize = "isLearner"))]
    pub is_learner: bool,
}

/// What one member says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Its own id.
    pub member_id: u64,
    /// Id of the leader that it follows; `None` when it knows of none.
    pub leader_id: Option<u64>,
    /// The raft term.
    pub raft_term: u64,
    /// Last index of its log.
    pub raft_index: u64,
    /// Last index that it has applied.
    pub raft_applied_index: u64,
    /// Bytes of its database file.
    pub db_size: u64,
    /// Bytes of it that are in use.
    pub db_size_in_use: u64,
    /// Bytes that it may have; `None` from members before 3.6, which do not say.
    pub db_size_quota: Option<u64>,
    /// The latest revision that it has.
    pub revision: u64,
    /// Whether it has no vote.
    pub is_learner: bool,
    /// Its release, such as `3.6.16`.
    pub version: String,
    /// Alarms and troubles in its own words, such as `etcdserver: no leader`.
    pub errors: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Members {
    #[serde(default)]
    members: Vec<Member>,
}

// The gateway leaves out what is zero, false or empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Answer {
    header: Header,
    version: String,
    #[serde(deserialize_with = "number")]
    db_size: u64,
    #[serde(deserialize_with = "number")]
    db_size_in_use: u64,
    #[serde(deserialize_with = "number")]
    db_size_quota: u64,
    #[serde(deserialize_with = "number")]
    leader: u64,
    #[serde(deserialize_with = "number")]
    raft_index: u64,
    #[serde(deserialize_with = "number")]
    raft_term: u64,
    #[serde(deserialize_with = "number")]
    raft_applied_index: u64,
    is_learner: bool,
    errors: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Header {
    #[serde(deserialize_with = "number")]
    member_id: u64,
    #[serde(deserialize_with = "number")]
    revision: u64,
}

/// The members, by id, as a majority knows them: without quorum there is no answer.
///
/// # Errors
/// [`Error`] when they cannot be had within `limit`.
pub fn members(access: &Access, limit: Duration) -> Result<Vec<Member>, Error> {
    access.call(limit, "reading etcd's members", async |session| list(session, true).await)
}

/// The members, by id: as a majority knows them, or as this member alone does.
pub(crate) async fn list(session: &Session, linearizable: bool) -> Result<Vec<Member>, Error> {
    let found: Members = post(session, "/v3/cluster/member/list", &json!({"linearizable": linearizable})).await?;
    Ok(sorted(found.members))
}

/// Reads a key through a majority, whether it is there or not: the proof that this member serves.
pub(crate) async fn read(session: &Session) -> Result<(), Error> {
    let key = BASE64_STANDARD.encode("health");
    let _: serde_json::Value = post(session, "/v3/kv/range", &json!({"key": key, "keys_only": true})).await?;
    Ok(())
}

/// Adds a member without a vote, which the others reach at `peer_url`. Gives the members, by id.
///
/// # Errors
/// [`Error::Refused`] when a member has that URL already, when there are as many learners as etcd allows, or when it sees
/// less than a quorum of its members, and what else comes in between within `limit`.
pub fn add_learner(access: &Access, peer_url: &str, limit: Duration) -> Result<Vec<Member>, Error> {
    access.call(limit, &format!("adding etcd's learner {peer_url}"), async |session| {
        let wanted = json!({"peerURLs": [peer_url], "isLearner": true});
        let found: Members = post(session, "/v3/cluster/member/add", &wanted).await?;
        Ok(sorted(found.members))
    })
}

/// Takes a member out of the cluster. Gives the members that are left, by id.
///
/// # Errors
/// [`Error::NotFound`] when there is no such member, [`Error::Refused`] when etcd would lose its quorum by it, and what else
/// comes in between within `limit`.
pub fn remove(access: &Access, id: u64, limit: Duration) -> Result<Vec<Member>, Error> {
    act(access, "removing", "/v3/cluster/member/remove", id, limit)
}

/// Has the leader, which must be the member behind `access`, give its place to another voter. Nobody has to elect one then.
///
/// # Errors
/// [`Error::Refused`] when it does not lead, or when the other one cannot take over, and what else comes in between within `limit`.
pub fn move_leader(access: &Access, target: u64, limit: Duration) -> Result<(), Error> {
    access.call(limit, &format!("giving etcd's leadership to {target:x}"), async |session| {
        let wanted = json!({"targetID": target.to_string()});
        let _: serde_json::Value = post(session, "/v3/maintenance/transfer-leadership", &wanted).await?;
        Ok(())
    })
}

/// Gives a learner its vote. Gives the members, by id.
///
/// # Errors
/// [`Error::NotFound`] when there is no such member, [`Error::Refused`] when it has a vote already or is not in sync yet, and
/// what else comes in between within `limit`.
pub fn promote(access: &Access, id: u64, limit: Duration) -> Result<Vec<Member>, Error> {
    act(access, "promoting", "/v3/cluster/member/promote", id, limit)
}

fn act(access: &Access, doing: &str, path: &str, id: u64, limit: Duration) -> Result<Vec<Member>, Error> {
    access.call(limit, &format!("{doing} etcd's member {id:x}"), async |session| {
        // Decimal digits as text: JSON's own numbers lose the last digits of an id.
        let left: Members = post(session, path, &json!({"ID": id.to_string()})).await?;
        Ok(sorted(left.members))
    })
}

fn sorted(mut members: Vec<Member>) -> Vec<Member> {
    members.sort_by_key(|member| member.id);
    members
}

/// What the member behind `access` says of itself. It answers without quorum too.
///
/// # Errors
/// [`Error`] when it cannot be had within `limit`.
pub fn status(access: &Access, limit: Duration) -> Result<Status, Error> {
    access.call(limit, "reading etcd's status", async |session| own_status(session).await)
}

pub(crate) async fn own_status(session: &Session) -> Result<Status, Error> {
    let answer: Answer = post(session, "/v3/maintenance/status", &json!({})).await?;
    Ok(Status {
        member_id: answer.header.member_id,
        leader_id: Some(answer.leader).filter(|leader| *leader != 0),
        raft_term: answer.raft_term,
        raft_index: answer.raft_index,
        raft_applied_index: answer.raft_applied_index,
        db_size: answer.db_size,
        db_size_in_use: answer.db_size_in_use,
        db_size_quota: Some(answer.db_size_quota).filter(|quota| *quota != 0),
        revision: answer.header.revision,
        is_learner: answer.is_learner,
        version: answer.version,
        errors: answer.errors,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_all_their_digits() {
        let text = r#"{"header": {"member_id": "1"}, "members": [{"ID": "18446744073709551615", "isLearner": true, "peerURLs": ["https://h:2380"]}]}"#;
        let found: Members = serde_json::from_str(text).unwrap();
        let member = &found.members[0];
        assert_eq!((member.id, member.is_learner, member.name.as_str()), (u64::MAX, true, ""));
        assert_eq!(serde_json::to_value(member).unwrap()["peer_urls"][0], "https://h:2380");
    }

    #[test]
    fn what_is_left_out_is_zero() {
        let answer: Answer = serde_json::from_str(r#"{"version": "3.6.16", "dbSize": "20480"}"#).unwrap();
        assert_eq!((answer.leader, answer.db_size, answer.errors.len()), (0, 20480, 0));
    }
}
