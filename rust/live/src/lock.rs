//! The lock under which one host at a time is disturbed: a key of etcd that goes with its holder's lease.
//!
//! Every member is asked directly, and a majority of them decides: without a quorum nobody has the lock.

use crate::etcd::{number, post};
use crate::session::{Session, on_runtime};
use crate::{Access, Acquired, Error, Keep};
use base64::prelude::{BASE64_STANDARD, Engine};
use gate::{Holder, Lease};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) const KEY: &str = "/k8s-ha/disruption";

/// Where the lock is kept, and for how long one call may take.
#[derive(Clone, Debug)]
pub struct Keeper {
    /// The members of etcd.
    pub members: Vec<Access>,
    /// The limit of each question to one of them.
    pub limit: Duration,
}

/// The lock, held.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// Id of the lease.
    pub(crate) id: u64,
    /// How long it is certainly held.
    pub lease: Lease,
}

#[derive(Debug, Deserialize)]
struct Granted {
    #[serde(rename = "ID", deserialize_with = "number")]
    id: u64,
    #[serde(rename = "TTL", deserialize_with = "number")]
    seconds: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Decided {
    pub(crate) succeeded: bool,
    responses: Vec<Response>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Response {
    response_range: Range,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Range {
    pub(crate) kvs: Vec<Kept>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    pub(crate) value: String,
    #[serde(deserialize_with = "number")]
    lease: u64,
}

#[derive(Debug, Deserialize)]
struct Streamed {
    result: Renewal,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Renewal {
    #[serde(rename = "TTL", deserialize_with = "number")]
    seconds: u64,
}

/// Seconds of a clock that runs on while the host sleeps, and that nobody sets.
#[must_use]
pub fn boot_clock() -> f64 {
    let now = clock_gettime(ClockId::Boottime);
    Duration::try_from(now).unwrap_or_default().as_secs_f64()
}

/// Errors are those of the member that was asked last, when none answers for a majority.
impl Keep for Keeper {
    type Held = Held;

    fn acquire(&self, holder: &Holder, seconds: u64) -> Result<Acquired<Held>, Error> {
        // Many may wait: who only looks writes nothing.
        if let Some(other) = self.holder()? {
            return Ok(Acquired::By(other));
        }
        let asked = boot_clock();
        let granted: Granted =
            self.ask("/v3/lease/grant", "asking for a lease", &json!({"TTL": seconds.to_string()}))?;
        let value = serde_json::to_string(holder).unwrap_or_default();
        let key = BASE64_STANDARD.encode(KEY);
        let put = json!({"key": key, "value": BASE64_STANDARD.encode(value), "lease": granted.id.to_string()});
        let wanted = json!({
            "compare": [{"key": key, "target": "CREATE", "result": "EQUAL", "create_revision": "0"}],
            "success": [{"request_put": put}],
            "failure": [{"request_range": {"key": key}}],
        });
        let decided: Decided = match self.ask("/v3/kv/txn", "taking the lock", &wanted) {
            Ok(decided) => decided,
            Err(error) => {
                _ = self.revoke(granted.id);
                return Err(error);
            }
        };
        let kept = decided.responses.into_iter().flat_map(|response| response.response_range.kvs).next();
        // A member whose answer was lost may have taken it for us; the next one finds our lease.
        let is_ours = decided.succeeded || kept.as_ref().is_some_and(|kept| kept.lease == granted.id);
        if is_ours {
            let lease = Lease { seconds: f64::from(u32::try_from(granted.seconds).unwrap_or(u32::MAX)), asked };
            return Ok(Acquired::Held(Held { id: granted.id, lease }));
        }
        _ = self.revoke(granted.id);
        Ok(Acquired::By(kept.map_or_else(nobody, |kept| holder_of(&kept.value))))
    }

    fn holder(&self) -> Result<Option<Holder>, Error> {
        let key = BASE64_STANDARD.encode(KEY);
        let range: Range = self.ask("/v3/kv/range", "reading the lock", &json!({"key": key}))?;
        Ok(range.kvs.first().map(|kept| holder_of(&kept.value)))
    }

    fn renew(&self, held: &Held) -> Result<Held, Error> {
        let asked = boot_clock();
        let wanted = json!({"ID": held.id.to_string()});
        let streamed: Streamed = self.ask("/v3/lease/keepalive", "keeping the lock", &wanted)?;
        if streamed.result.seconds == 0 {
            return Err(Error::Changed { object: "the lock, whose lease has ended,".to_owned() });
        }
        Ok(Held { lease: held.lease.renewed(asked), ..*held })
    }

    fn release(&self, held: &Held) -> Result<(), Error> {
        self.revoke(held.id)
    }

    fn lease(held: &Held) -> Lease {
        held.lease
    }

    fn begin(&self, held: &Held, step: &Holder) -> Result<(), Error> {
        self.put_step(held, step)
    }

    fn finish(&self, node: &str) -> Result<(), Error> {
        self.delete_step(node)
    }

    fn steps(&self) -> Result<Vec<Holder>, Error> {
        self.steps_on_record()
    }
}

impl Keeper {
    fn revoke(&self, id: u64) -> Result<(), Error> {
        let wanted = json!({"ID": id.to_string()});
        self.ask::<Value>("/v3/lease/revoke", "giving the lock back", &wanted).map(|_| ())
    }

    /// The first answer of a member, each asked after the other.
    pub(crate) fn ask<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        step: &str,
        content: &Value,
    ) -> Result<T, Error> {
        let mut last = Error::Argument("the pillar declares no member of etcd, so there is no lock".to_owned());
        for access in &self.members {
            let asked = async |session: &Session| post(session, path, content).await;
            match on_runtime(access.server(), Session::bounded(access, self.limit, step, asked)) {
                Ok(answer) => return Ok(answer),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

fn holder_of(value: &str) -> Holder {
    let text = BASE64_STANDARD.decode(value).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_else(|_| nobody())
}

/// What is not ours to read, or went away meanwhile.
pub(crate) fn nobody() -> Holder {
    Holder { node: "somebody".to_owned(), step: "which cannot be read".to_owned(), digest: String::new(), since: 0.0 }
}
