//! Steps on record beside the slots: a Lease for each node, which nobody renews.

use super::slot::{HOLDER, Slot, Spec, holder_of, object_name};
use super::{NAMESPACE, Slots, api};
use crate::Error;
use crate::session::Session;
use gate::Holder;
use k8s_openapi::api::coordination::v1;
use kube::api::{DeleteParams, ListParams, PostParams};
use kube::core::{Object, ObjectMeta, TypeMeta};
use std::collections::BTreeMap;

/// Tells a step from a slot.
const LABEL: &str = "k8s-ha/step";

impl Slots {
    /// Puts a step on record in place of the one that the node had before.
    pub(super) fn put_step(&self, step: &Holder) -> Result<(), Error> {
        let name = name_of(&step.node);
        self.delete_step(&step.node)?;
        let text = serde_json::to_string(step).unwrap_or_default();
        let metadata = ObjectMeta {
            name: Some(name.clone()),
            namespace: Some(NAMESPACE.to_owned()),
            annotations: Some(BTreeMap::from([(HOLDER.to_owned(), text)])),
            labels: Some(BTreeMap::from([(LABEL.to_owned(), "begun".to_owned())])),
            ..ObjectMeta::default()
        };
        let types = Some(TypeMeta::resource::<v1::Lease>());
        let object: Slot = Object { types, metadata, spec: Spec::default(), status: None };
        let doing = format!("putting the step {NAMESPACE}/{name} on record");
        self.ask(&doing, &async |session: &Session| {
            let done = api(session).create(&PostParams::default(), &object).await;
            done.map(|_| ()).map_err(|error| session.failed(error))
        })
    }

    /// Takes a node's step off the record.
    pub(super) fn delete_step(&self, node: &str) -> Result<(), Error> {
        let name = name_of(node);
        let doing = format!("taking the step {NAMESPACE}/{name} off the record");
        let done = self.ask(&doing, &async |session: &Session| {
            let done = api(session).delete(&name, &DeleteParams::default()).await;
            done.map(|_| ()).map_err(|error| session.failed(error))
        });
        match done {
            Err(Error::NotFound { .. }) => Ok(()),
            done => done,
        }
    }

    /// The steps on record.
    pub(super) fn steps_on_record(&self) -> Result<Vec<Holder>, Error> {
        let wanted = ListParams::default().labels(LABEL);
        let found = self.ask("reading the steps on record", &async |session: &Session| {
            api(session).list(&wanted).await.map_err(|error| session.failed(error))
        })?;
        Ok(found.items.iter().map(holder_of).collect())
    }
}

fn name_of(node: &str) -> String {
    format!("step-{}", object_name(node))
}
