//! The Lease that a slot is, and what stands in it.

use super::NAMESPACE;
use crate::boot_clock;
use crate::lock::nobody;
use gate::{Holder, Lease};
use k8s_openapi::api::coordination::v1;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use k8s_openapi::jiff::Timestamp;
use kube::core::{Object, ObjectMeta, TypeMeta};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Who holds a slot, since when and for what, as JSON.
pub(super) const HOLDER: &str = "k8s-ha/holder";

/// The cluster as one failure domain, where the pillar names no hypervisors.
pub(super) const WHOLE_CLUSTER: &str = "workers";

/// Exactly one version of exactly one object.
#[derive(Clone, Debug, Default)]
pub(super) struct Version {
    pub(super) uid: Option<String>,
    pub(super) number: Option<String>,
}

impl Version {
    pub(super) fn of(slot: Slot) -> Self {
        Self { uid: slot.metadata.uid, number: slot.metadata.resource_version }
    }
}

/// A slot, held.
#[derive(Clone, Debug)]
pub struct HeldSlot {
    pub(super) name: String,
    pub(super) identity: String,
    holder: Holder,
    acquired: MicroTime,
    transitions: i32,
    pub(super) version: Version,
    /// How long it is certainly held.
    pub(super) lease: Lease,
}

// A part of the object, because reading the whole of it makes the program larger, and tells no more.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Spec {
    pub(super) holder_identity: Option<String>,
    pub(super) lease_duration_seconds: Option<i32>,
    pub(super) acquire_time: Option<MicroTime>,
    pub(super) renew_time: Option<MicroTime>,
    pub(super) lease_transitions: Option<i32>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct NoStatus {}

pub(super) type Slot = Object<Spec, NoStatus>;

impl HeldSlot {
    /// A slot as somebody takes it who saw `found`; it has no version yet.
    pub(super) fn taken(name: &str, identity: &str, holder: &Holder, seconds: u64, found: Option<&Slot>) -> Self {
        let changes_hands = found.is_some_and(|slot| !is_of(slot, identity));
        let transitions = found.and_then(|slot| slot.spec.lease_transitions).unwrap_or_default();
        Self {
            name: name.to_owned(),
            identity: identity.to_owned(),
            holder: holder.clone(),
            acquired: now(),
            transitions: transitions.saturating_add(i32::from(changes_hands)),
            version: Version::default(),
            lease: Lease { seconds: Duration::from_secs(seconds).as_secs_f64(), asked: boot_clock() },
        }
    }

    /// The object that says so, in place of the version that was seen; of none, where nothing was.
    pub(super) fn written(&self, version: Version) -> Slot {
        let holder = serde_json::to_string(&self.holder).unwrap_or_default();
        let metadata = ObjectMeta {
            name: Some(self.name.clone()),
            namespace: Some(NAMESPACE.to_owned()),
            annotations: Some(BTreeMap::from([(HOLDER.to_owned(), holder)])),
            // A Lease that went away meanwhile would be made anew by a version alone.
            uid: version.uid,
            resource_version: version.number,
            ..ObjectMeta::default()
        };
        let seconds = Duration::from_secs_f64(self.lease.seconds).as_secs();
        let spec = Spec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: Some(i32::try_from(seconds).unwrap_or(i32::MAX)),
            acquire_time: Some(self.acquired.clone()),
            renew_time: Some(now()),
            lease_transitions: Some(self.transitions),
        };
        Object { types: Some(TypeMeta::resource::<v1::Lease>()), metadata, spec, status: None }
    }
}

/// Whether a slot is held by this one.
pub(super) fn is_of(slot: &Slot, identity: &str) -> bool {
    slot.spec.holder_identity.as_deref() == Some(identity)
}

/// Who holds it, as it says.
pub(super) fn holder_of(slot: &Slot) -> Holder {
    let text = slot.metadata.annotations.as_ref().and_then(|all| all.get(HOLDER));
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(nobody)
}

fn now() -> MicroTime {
    MicroTime(Timestamp::now())
}

/// Tells one who takes a slot from every other, also from an earlier one of the same node.
pub(super) fn identity(holder: &Holder) -> String {
    let (process, moment) = (std::process::id(), boot_clock());
    format!("{}_{process}_{:x}_{:x}", holder.node, moment.to_bits(), holder.since.to_bits())
}

/// A name of a failure domain as one of an object. Two that become the same share their slots, which is the safe side.
/// Source: Kubernetes, names of objects (DNS subdomain of RFC 1123).
pub(super) fn object_name(domain: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let name: String =
        domain.to_lowercase().chars().map(|letter| if allowed(letter) { letter } else { '-' }).take(200).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { WHOLE_CLUSTER.to_owned() } else { name.to_owned() }
}
