//! A snapshot of a member's database, streamed into a file that is there as a whole or not at all.

mod digested;
mod messages;
mod whole_file;

use super::gateway;
use crate::session::Session;
use crate::{Access, Error};
use digested::Digested;
use http_body_util::BodyExt;
use messages::Messages;
use serde::Serialize;
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use whole_file::WholeFile;

/// A snapshot that was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// Bytes of the file: the database, and etcd's SHA-256 of it behind it, as `etcdctl snapshot save` writes it.
    pub bytes: u64,
    /// That SHA-256, in hex; it was compared with what has come.
    pub sha256: String,
    /// The release of etcd that can restore it, such as `3.6.0`; empty for members before 3.6.
    pub version: String,
}

/// Saves the database of the member behind `access` as the new file `path`, readable by its owner alone.
///
/// It is written beside it first, synced, and renamed; whatever goes wrong, and when `limit` is over, nothing is left of it.
///
/// # Errors
/// [`Error::File`] when there is such a file, when the disk is full or fails, and for a database of more than `most_bytes`;
/// [`Error::Answer`] for a stream that ends early or is not what etcd has digested; and what else comes in between.
pub fn snapshot(access: &Access, path: &Path, most_bytes: u64, limit: Duration) -> Result<Snapshot, Error> {
    access.call(limit, "saving a snapshot of etcd", async |session| save(session, path, most_bytes).await)
}

async fn save(session: &Session, path: &Path, most_bytes: u64) -> Result<Snapshot, Error> {
    let mut file = WholeFile::create(path)?;
    let mut body = std::pin::pin!(gateway::stream(session, "/v3/maintenance/snapshot", &json!({})).await?);
    let mut messages = Messages::default();
    let mut digested = Digested::default();
    let mut version = String::new();
    let mut promised = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| session.failed(error))?;
        let Ok(data) = frame.into_data() else { continue };
        for message in messages.push(&data).map_err(|reason| session.unreadable(reason))? {
            let database = *promised.get_or_insert(message.blob.len() as u64 + message.remaining_bytes);
            if database > most_bytes {
                return Err(file.failed(format!(
                    "the database has {database} bytes, and {most_bytes} are allowed: defragment it, or allow more"
                )));
            }
            digested.add(&message.blob);
            if digested.bytes() > database + digested::BYTES {
                return Err(session.unreadable("more comes than etcd has announced"));
            }
            file.write(&message.blob)?;
            version = message.version;
        }
    }
    if promised.is_none_or(|database| digested.bytes() != database + digested::BYTES) {
        return Err(session.unreadable(format!(
            "the snapshot ends after {} of {} bytes",
            digested.bytes(),
            promised.map_or(0, |database| database + digested::BYTES)
        )));
    }
    let bytes = digested.bytes();
    let sha256 = digested.verified().ok_or_else(|| session.unreadable("the snapshot does not match its SHA-256"))?;
    file.keep()?;
    Ok(Snapshot { bytes, sha256, version })
}
