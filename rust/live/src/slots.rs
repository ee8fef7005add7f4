//! Slots in which workers of a failure domain, or hosts of the load balancer, are disturbed: Leases of Kubernetes, each held by one at a time.
//!
//! A Lease is taken by creating it, or by replacing exactly what was seen of one that is free. Whether a holder still lives is judged
//! as client-go's leader election judges it: its Lease was seen unchanged for its whole time by the observer's own clock. What the
//! holder's clock says is kept for people to read.

mod slot;
mod steps;

use crate::lock::nobody;
use crate::session::Session;
use crate::{Access, Acquired, Error, Keep, boot_clock};
use gate::{Holder, Lease};
use k8s_openapi::api::coordination::v1;
use kube::Api;
use kube::api::{DeleteParams, PostParams, Preconditions};
use kube::core::ApiResource;
use slot::{HeldSlot, Slot, Version, WHOLE_CLUSTER, holder_of, identity, is_of, object_name};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The namespace of the product.
pub const NAMESPACE: &str = "k8s-ha";

/// Somebody may write between a look and an act again and again; nobody does so longer than this.
const ATTEMPTS: usize = 4;

/// The slots of one failure domain, and for how long one call may take.
#[derive(Clone, Debug)]
pub struct Slots {
    /// The API: where clients reach it, then each server past any balancer. The next one is asked where one gives no answer.
    servers: Vec<Access>,
    limit: Duration,
    names: Vec<String>,
    seen: Arc<Mutex<HashMap<String, Seen>>>,
}

/// When a Lease was first seen as it is, on the observer's own clock.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    version: String,
    at: f64,
}

impl Slots {
    /// The slots of a failure domain: `many` of them. `domain` is `None` for the cluster as a whole.
    #[must_use]
    pub fn new(servers: Vec<Access>, limit: Duration, domain: Option<&str>, many: u32) -> Self {
        let domain = domain.map_or_else(|| WHOLE_CLUSTER.to_owned(), object_name);
        let names = (1..=many.max(1)).map(|number| format!("{domain}-{number}")).collect();
        Self { servers, limit, names, seen: Arc::default() }
    }

    /// The first answer of a server, each asked after the other: a refusal is one.
    fn ask<T>(&self, step: &str, work: &impl AsyncFn(&Session) -> Result<T, Error>) -> Result<T, Error> {
        let mut last = Error::Argument("no API server is known, so there are no slots".to_owned());
        for access in &self.servers {
            match Session::run(access, self.limit, step, async |session| work(session).await) {
                Err(error @ (Error::Connect { .. } | Error::Timeout { .. } | Error::Certificate { .. })) => {
                    last = error;
                }
                // What stands before a server that is gone, and a server whose etcd is.
                Err(error @ Error::Refused { status: 500.., .. }) => last = error,
                answered => return answered,
            }
        }
        Err(last)
    }

    fn get(&self, name: &str) -> Result<Option<Slot>, Error> {
        let step = format!("reading the slot {NAMESPACE}/{name}");
        self.ask(&step, &async |session: &Session| {
            api(session).get_opt(name).await.map_err(|error| session.failed(error))
        })
    }

    /// Creates a Lease, or replaces exactly the version that was seen. `None` where somebody else was quicker.
    fn put(&self, slot: &Slot, name: &str) -> Result<Option<Slot>, Error> {
        let step = format!("taking the slot {NAMESPACE}/{name}");
        let written = self.ask(&step, &async |session: &Session| {
            let (api, parameters) = (api(session), PostParams::default());
            let written = match slot.metadata.resource_version {
                None => api.create(&parameters, slot).await,
                Some(_) => api.replace(name, &parameters, slot).await,
            };
            written.map_err(|error| session.failed(error))
        });
        match written {
            Ok(written) => Ok(Some(written)),
            Err(Error::Refused { status: 409, .. }) => Ok(None),
            Err(Error::NotFound { .. }) if slot.metadata.resource_version.is_some() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether nobody holds it: it is empty, or was seen unchanged for its whole time. Remembers what was seen.
    fn is_free(&self, name: &str, slot: &Slot, otherwise: u64, now: f64) -> bool {
        if slot.spec.holder_identity.as_deref().unwrap_or_default().is_empty() {
            return true;
        }
        let version = slot.metadata.resource_version.clone().unwrap_or_default();
        let seconds = slot.spec.lease_duration_seconds.and_then(|seconds| u64::try_from(seconds).ok());
        let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = all.entry(name.to_owned()).or_insert_with(|| Seen { version: version.clone(), at: now });
        if seen.version != version || now < seen.at {
            *seen = Seen { version, at: now };
        }
        now - seen.at > Duration::from_secs(seconds.unwrap_or(otherwise)).as_secs_f64()
    }

    /// Takes one slot. `Err` inside is who has it.
    fn take(&self, name: &str, holder: &Holder, seconds: u64) -> Result<Result<HeldSlot, Holder>, Error> {
        let identity = identity(holder);
        for _ in 0..ATTEMPTS {
            let found = self.get(name)?;
            // A server whose answer was lost may have taken it for us.
            if let Some(slot) = &found
                && !is_of(slot, &identity)
                && !self.is_free(name, slot, seconds, boot_clock())
            {
                return Ok(Err(holder_of(slot)));
            }
            let mut held = HeldSlot::taken(name, &identity, holder, seconds, found.as_ref());
            let version = found.map(Version::of).unwrap_or_default();
            if let Some(written) = self.put(&held.written(version), name)? {
                held.version = Version::of(written);
                return Ok(Ok(held));
            }
        }
        Ok(Err(nobody()))
    }
}

impl Keep for Slots {
    type Held = HeldSlot;

    fn acquire(&self, holder: &Holder, seconds: u64) -> Result<Acquired<HeldSlot>, Error> {
        let mut first = None;
        for name in &self.names {
            match self.take(name, holder, seconds)? {
                Ok(held) => return Ok(Acquired::Held(held)),
                Err(other) => first = first.or(Some(other)),
            }
        }
        Ok(Acquired::By(first.unwrap_or_else(nobody)))
    }

    /// Who has the first of the slots, where none is free.
    fn holder(&self) -> Result<Option<Holder>, Error> {
        let mut first = None;
        for name in &self.names {
            let Some(slot) = self.get(name)? else { return Ok(None) };
            if self.is_free(name, &slot, 0, boot_clock()) {
                return Ok(None);
            }
            first = first.or_else(|| Some(holder_of(&slot)));
        }
        Ok(first)
    }

    fn renew(&self, held: &HeldSlot) -> Result<HeldSlot, Error> {
        let mut version = held.version.clone();
        for _ in 0..ATTEMPTS {
            let mut renewed = held.clone();
            renewed.lease = held.lease.renewed(boot_clock());
            if let Some(written) = self.put(&renewed.written(version), &held.name)? {
                renewed.version = Version::of(written);
                return Ok(renewed);
            }
            // A renewal whose answer was lost, or another thread's.
            match self.get(&held.name)? {
                Some(slot) if is_of(&slot, &held.identity) => {
                    version = Version::of(slot);
                }
                _ => break,
            }
        }
        Err(Error::Changed { object: format!("the slot {NAMESPACE}/{}", held.name) })
    }

    fn release(&self, held: &HeldSlot) -> Result<(), Error> {
        let step = format!("giving the slot {NAMESPACE}/{} back", held.name);
        let mut version = held.version.clone();
        for _ in 0..ATTEMPTS {
            let preconditions = Preconditions { resource_version: version.number, uid: version.uid };
            let parameters = DeleteParams { preconditions: Some(preconditions), ..DeleteParams::default() };
            let done = self.ask(&step, &async |session: &Session| {
                api(session).delete(&held.name, &parameters).await.map_err(|error| session.failed(error))
            });
            match done {
                Ok(_) | Err(Error::NotFound { .. }) => return Ok(()),
                Err(Error::Refused { status: 409, .. }) => {}
                Err(error) => return Err(error),
            }
            match self.get(&held.name)? {
                Some(slot) if is_of(&slot, &held.identity) => {
                    version = Version::of(slot);
                }
                _ => return Ok(()),
            }
        }
        Err(Error::Changed { object: format!("the slot {NAMESPACE}/{}", held.name) })
    }

    fn lease(held: &HeldSlot) -> Lease {
        held.lease
    }

    fn begin(&self, _held: &HeldSlot, step: &Holder) -> Result<(), Error> {
        // It was renewed a moment ago, and nobody takes it before it was seen unchanged for its whole time.
        self.put_step(step)
    }

    fn finish(&self, node: &str) -> Result<(), Error> {
        self.delete_step(node)
    }

    fn steps(&self) -> Result<Vec<Holder>, Error> {
        self.steps_on_record()
    }
}

fn api(session: &Session) -> Api<Slot> {
    Api::namespaced_with(session.client.clone(), NAMESPACE, &ApiResource::erase::<v1::Lease>(&()))
}

#[cfg(test)]
mod tests {
    use super::slot::Spec;
    use super::*;
    use kube::core::{Object, ObjectMeta};

    fn slots(domain: Option<&str>, many: u32) -> Slots {
        Slots::new(Vec::new(), Duration::from_secs(1), domain, many)
    }

    fn slot(identity: Option<&str>, seconds: i32, version: &str) -> Slot {
        let metadata = ObjectMeta { resource_version: Some(version.to_owned()), ..ObjectMeta::default() };
        let spec = Spec {
            holder_identity: identity.map(str::to_owned),
            lease_duration_seconds: Some(seconds),
            ..Spec::default()
        };
        Object { types: None, metadata, spec, status: None }
    }

    #[test]
    fn slots_are_named_by_their_failure_domain() {
        assert_eq!(slots(Some("pve1"), 2).names, ["pve1-1", "pve1-2"]);
        assert_eq!(slots(Some("PVE_1.lan"), 1).names, ["pve-1-lan-1"]);
        assert_eq!(slots(Some("_"), 1).names, ["workers-1"]);
        assert_eq!(slots(None, 0).names, ["workers-1"]);
    }

    #[test]
    fn a_holder_is_dead_when_its_lease_was_seen_unchanged_for_its_whole_time() {
        let slots = slots(None, 1);
        let held = slot(Some("w1"), 30, "7");
        assert!(!slots.is_free("a", &held, 1, 1000.0), "seen for the first time, however old it is");
        assert!(!slots.is_free("a", &held, 1, 1030.0));
        assert!(slots.is_free("a", &held, 1, 1030.1));
        assert!(!slots.is_free("a", &slot(Some("w1"), 30, "8"), 1, 1031.0), "it was renewed");
        assert!(!slots.is_free("a", &slot(Some("w1"), 30, "8"), 1, 1060.0));
        assert!(!slots.is_free("a", &slot(Some("w1"), 30, "8"), 1, 900.0), "a clock that went back says nothing");
        assert!(
            slots.is_free("a", &slot(Some(""), 30, "9"), 1, 1032.0) && slots.is_free("a", &slot(None, 30, "9"), 1, 1.0)
        );
    }

    #[test]
    fn two_of_the_same_node_are_told_apart() {
        let holder = Holder { node: "w1".to_owned(), step: String::new(), digest: String::new(), since: 1.0 };
        let first = identity(&holder);
        assert!(first.starts_with("w1_") && first != identity(&holder));
    }
}
