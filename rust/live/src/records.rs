//! What is on record in etcd beside the lock: steps that were begun and have not ended well, and nodes in maintenance.

use crate::Error;
use crate::etcd::post;
use crate::lock::{Decided, Held, KEY, Keeper, Range};
use crate::session::Session;
use base64::prelude::{BASE64_STANDARD, Engine};
use gate::{Holder, Maintenance};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const STEPS: &str = "/k8s-ha/steps/";
const MAINTENANCE: &str = "/k8s-ha/maintenance/";

impl Keeper {
    /// Puts a step on record immediately before it is done, if the lock is still held: both in one transaction.
    ///
    /// # Errors
    /// [`Error::Changed`] when somebody else may have the lock by now; then nothing is on record.
    pub(crate) fn put_step(&self, held: &Held, step: &Holder) -> Result<(), Error> {
        let lease = json!({"key": encoded(KEY), "target": "LEASE", "result": "EQUAL", "lease": held.id.to_string()});
        let put = put_request(&format!("{STEPS}{}", step.node), step);
        let wanted = json!({"compare": [lease], "success": [{"request_put": put}]});
        let decided: Decided = self.ask("/v3/kv/txn", "putting the step on record", &wanted)?;
        if decided.succeeded {
            return Ok(());
        }
        Err(Error::Changed { object: "the lock, whose lease has ended,".to_owned() })
    }

    /// Takes a node's step off the record: it ended well, or somebody vouches for it. One that is not there is no error.
    ///
    /// # Errors
    /// [`Error`] when no member answers for a majority.
    pub(crate) fn delete_step(&self, node: &str) -> Result<(), Error> {
        self.delete(&format!("{STEPS}{node}"), "taking the step off the record")
    }

    /// The steps that were begun and have not ended well, by node.
    ///
    /// # Errors
    /// [`Error`] when no member answers for a majority.
    pub(crate) fn steps_on_record(&self) -> Result<Vec<Holder>, Error> {
        let range: Range = self.ask("/v3/kv/range", "reading the steps on record", &prefix(STEPS))?;
        Ok(read(&range))
    }

    /// Puts a node's maintenance on record.
    ///
    /// # Errors
    /// [`Error`] when no member answers for a majority.
    pub fn keep_maintenance(&self, maintenance: &Maintenance) -> Result<(), Error> {
        let wanted = put_request(&format!("{MAINTENANCE}{}", maintenance.node), maintenance);
        self.ask::<Value>("/v3/kv/put", "putting the maintenance on record", &wanted).map(|_| ())
    }

    /// Ends a node's maintenance. One that is not there is no error.
    ///
    /// # Errors
    /// [`Error`] when no member answers for a majority.
    pub fn end_maintenance(&self, node: &str) -> Result<(), Error> {
        self.delete(&format!("{MAINTENANCE}{node}"), "ending the maintenance")
    }

    /// Maintenance on record, also such as has ended by its time.
    ///
    /// # Errors
    /// [`Error`] when no member answers for a majority.
    pub fn maintenance(&self) -> Result<Vec<Maintenance>, Error> {
        let range: Range = self.ask("/v3/kv/range", "reading the maintenance on record", &prefix(MAINTENANCE))?;
        Ok(read(&range))
    }

    fn delete(&self, key: &str, step: &str) -> Result<(), Error> {
        self.ask::<Value>("/v3/kv/deleterange", step, &json!({"key": encoded(key)})).map(|_| ())
    }
}

/// Maintenance on record, asked of one member.
pub(crate) async fn maintenance(session: &Session) -> Result<Vec<Maintenance>, Error> {
    let range: Range = post(session, "/v3/kv/range", &prefix(MAINTENANCE)).await?;
    Ok(read(&range))
}

fn encoded(text: &str) -> String {
    BASE64_STANDARD.encode(text)
}

fn put_request(key: &str, value: &impl serde::Serialize) -> Value {
    let text = serde_json::to_string(value).unwrap_or_default();
    json!({"key": encoded(key), "value": encoded(&text)})
}

/// All keys that begin so. Source: etcd, a range ends before its last key; `0` follows `/`.
fn prefix(of: &str) -> Value {
    let end = of.strip_suffix('/').unwrap_or(of).to_owned() + "0";
    json!({"key": encoded(of), "range_end": encoded(&end)})
}

/// What can be read of it: a key of another release freezes nothing.
fn read<T: DeserializeOwned>(range: &Range) -> Vec<T> {
    let values = range.kvs.iter().filter_map(|kept| BASE64_STANDARD.decode(&kept.value).ok());
    values.filter_map(|value| serde_json::from_slice(&value).ok()).collect()
}
