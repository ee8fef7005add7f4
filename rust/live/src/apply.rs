//! Server-side apply of a text of manifests.

use crate::kinds::{Kind, Kinds};
use crate::manifest::{self, Object};
use crate::session::Session;
use crate::{Access, Error};
use kube::api::{DynamicObject, Patch, PatchParams};
use kube::core::Status;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashSet;
use std::time::Duration;

/// In whose name, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manner {
    /// Who owns the fields of the manifests from now on.
    pub field_manager: String,
    /// Only ask what would happen.
    pub dry_run: bool,
    /// Take fields over that other managers own.
    pub force: bool,
    /// Where an object goes that names no namespace.
    pub namespace: String,
}

/// What happened to an object, or would with `dry_run`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It was not there.
    Created,
    /// It is different now.
    Configured,
    /// It is as it was. Who owns its fields may have changed: the API server notes that of an object which it has not seen applied
    /// before, and nobody asked for it.
    Unchanged,
}

/// One applied object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// `apiVersion` as written.
    pub api_version: String,
    /// `kind` as written.
    pub kind: String,
    /// The namespace it is in; `None` for kinds that have none.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// What happened.
    pub change: Change,
}

/// Applies manifests (YAML, several documents), in an order that works: `CustomResourceDefinition`s and namespaces first, webhooks
/// last. Gives the objects in that order.
///
/// With `dry_run`, what would be in a namespace or of a kind that the same text creates is told as created: the API server
/// cannot be asked about it.
///
/// # Errors
/// [`Error::Manifest`] before anything is sent; later, what the API server says about the first object that it refuses. Objects before
/// that one stay applied, and applying again goes on from there.
pub fn apply(access: &Access, manifests: &str, manner: &Manner, limit: Duration) -> Result<Vec<Applied>, Error> {
    let objects = manifest::read(manifests)?;
    access.call(limit, "applying manifests", async |session| {
        let mut run = Run { session, manner, kinds: Kinds::default(), defined: HashSet::new(), new: HashSet::new() };
        let mut applied = Vec::new();
        for object in &objects {
            applied.push(run.apply(object).await?);
        }
        Ok(applied)
    })
}

struct Run<'a> {
    session: &'a Session,
    manner: &'a Manner,
    kinds: Kinds,
    /// Group and kind of each `CustomResourceDefinition` of the text.
    defined: HashSet<(String, String)>,
    /// Namespaces that the text creates.
    new: HashSet<String>,
}

impl Run<'_> {
    async fn apply(&mut self, object: &Object) -> Result<Applied, Error> {
        let defined = self.defined.contains(&(object.group().to_owned(), object.kind.clone()));
        let Some(kind) = self.kind(object, defined).await? else {
            return Ok(told(object, object.namespace.clone(), Change::Created));
        };
        let namespace = kind.api(self.session, object, &self.manner.namespace).1;
        let in_new = namespace.as_ref().is_some_and(|namespace| self.new.contains(namespace));
        if self.manner.dry_run && in_new {
            return Ok(told(object, namespace, Change::Created));
        }
        let change = self.put(object, &kind, defined).await?;
        self.remember(object, change);
        Ok(told(object, namespace, change))
    }

    /// The kind of an object. One that the same text defines is waited for; `None` when it only would be there.
    async fn kind(&mut self, object: &Object, defined: bool) -> Result<Option<Kind>, Error> {
        loop {
            if let Some(kind) = self.kinds.find(self.session, object).await? {
                return Ok(Some(kind));
            }
            if !defined {
                return Err(Error::Unserved {
                    server: self.session.server(),
                    api_version: object.api_version.clone(),
                    kind: object.kind.clone(),
                    document: object.document,
                });
            }
            if self.manner.dry_run {
                return Ok(None);
            }
            self.session
                .step(format!("waiting until the new kind {} of {} is served", object.kind, object.api_version));
            self.session.moment().await?;
        }
    }

    /// Sends an object. A kind that is listed already may not be served for another moment, while its definition settles.
    async fn put(&self, object: &Object, kind: &Kind, defined: bool) -> Result<Change, Error> {
        loop {
            match self.put_once(object, kind).await? {
                Some(change) => return Ok(change),
                None if defined && !self.manner.dry_run => self.session.moment().await?,
                None => {
                    let reason = format!("{} cannot be reached any more", object.title());
                    return Err(self.session.unreadable(reason));
                }
            }
        }
    }

    /// `None` when nobody serves the kind's address.
    async fn put_once(&self, object: &Object, kind: &Kind) -> Result<Option<Change>, Error> {
        let (api, namespace) = kind.api(self.session, object, &self.manner.namespace);
        self.session.step(format!("reading {}", object.title()));
        let before = match api.get_opt(&object.name).await {
            Err(kube::Error::Api(status)) if is_unserved(&status) => return Ok(None),
            other => other.map_err(|error| self.failed(object, error))?,
        };
        self.session.step(format!("applying {}", object.title()));
        let body = body(object, namespace.as_deref());
        let after = match api.patch(&object.name, &self.parameters(), &Patch::Apply(&body)).await {
            Err(kube::Error::Api(status)) if is_unserved(&status) => return Ok(None),
            other => other.map_err(|error| self.failed(object, error))?,
        };
        Ok(Some(change(before, after, !object.body["status"].is_null())))
    }

    fn parameters(&self) -> PatchParams {
        let Manner { field_manager, dry_run, force, .. } = self.manner;
        PatchParams {
            field_manager: Some(field_manager.clone()),
            dry_run: *dry_run,
            force: *force,
            ..PatchParams::default()
        }
    }

    fn failed(&self, object: &Object, error: kube::Error) -> Error {
        match error {
            kube::Error::Api(status) if status.code == 409 => match conflict(object, &status) {
                Some(conflict) => conflict,
                None => self.session.failed(kube::Error::Api(status)),
            },
            // Its words about a wrong value hold the value.
            kube::Error::Api(mut status) if object.kind == "Secret" && matches!(status.code, 400 | 422 | 500) => {
                status.message = format!("{} (what it says of a Secret is not shown)", status.reason);
                self.session.failed(kube::Error::Api(status))
            }
            error => self.session.failed(error),
        }
    }

    fn remember(&mut self, object: &Object, change: Change) {
        if object.is_custom_resource_definition() {
            let spec = &object.body["spec"];
            let (group, kind) = (spec["group"].as_str(), spec["names"]["kind"].as_str());
            self.defined.extend(group.zip(kind).map(|(group, kind)| (group.to_owned(), kind.to_owned())));
        }
        if object.is_namespace() && change == Change::Created {
            self.new.insert(object.name.clone());
        }
    }
}

fn told(object: &Object, namespace: Option<String>, change: Change) -> Applied {
    let Object { api_version, kind, name, .. } = object.clone();
    Applied { api_version, kind, namespace, name, change }
}

/// The object as it is sent: with its namespace, and without one where its kind has none (as the API server would do).
fn body(object: &Object, namespace: Option<&str>) -> Value {
    let mut body = object.body.clone();
    if let Some(metadata) = body["metadata"].as_object_mut() {
        match namespace {
            Some(namespace) => _ = metadata.insert("namespace".to_owned(), Value::String(namespace.to_owned())),
            None => _ = metadata.remove("namespace"),
        }
    }
    body
}

/// A 404 that is about the address, not about an object or a namespace.
fn is_unserved(status: &Status) -> bool {
    status.code == 404 && status.details.as_ref().is_none_or(|details| details.name.is_empty())
}

/// What `after` is to `before`. Others (controllers, mostly) may write its status between the two looks, so that only
/// counts where the manifest sets it.
fn change(before: Option<DynamicObject>, after: DynamicObject, sets_status: bool) -> Change {
    let Some(before) = before else { return Change::Created };
    let same = content(before, sets_status) == content(after, sets_status);
    if same { Change::Unchanged } else { Change::Configured }
}

/// The object without the API server's bookkeeping.
fn content(mut object: DynamicObject, with_status: bool) -> DynamicObject {
    object.metadata.managed_fields = None;
    object.metadata.resource_version = None;
    if !with_status && let Some(data) = object.data.as_object_mut() {
        data.remove("status");
    }
    object
}

/// The conflict that a status tells of; `None` when it tells of something else.
fn conflict(object: &Object, status: &Status) -> Option<Error> {
    let causes = status.details.as_ref().map(|details| details.causes.as_slice()).unwrap_or_default();
    let causes = causes.iter().filter(|cause| cause.reason == "FieldManagerConflict");
    let (mut managers, mut fields) = (Vec::new(), Vec::new());
    for cause in causes {
        let manager = cause.message.split('"').nth(1).unwrap_or(&cause.message).to_owned();
        if !managers.contains(&manager) {
            managers.push(manager);
        }
        fields.push(cause.field.clone());
    }
    (!fields.is_empty()).then(|| Error::Conflict { object: object.title(), managers, fields })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kube::core::response::{StatusCause, StatusDetails};
    use serde_json::json;

    fn live(version: &str, spec: i32, status: i32) -> DynamicObject {
        let metadata = json!({"name": "a", "resourceVersion": version, "managedFields": [{"manager": version}]});
        let object = json!({"apiVersion": "v1", "kind": "A", "metadata": metadata, "spec": spec, "status": status});
        serde_json::from_value(object).unwrap()
    }

    #[test]
    fn what_happened_is_told_by_the_content() {
        assert_eq!(change(None, live("1", 1, 1), false), Change::Created);
        assert_eq!(change(Some(live("1", 1, 1)), live("1", 1, 1), false), Change::Unchanged);
        assert_eq!(change(Some(live("1", 1, 1)), live("2", 1, 1), false), Change::Unchanged);
        assert_eq!(change(Some(live("1", 1, 1)), live("1", 2, 1), false), Change::Configured);
    }

    #[test]
    fn a_status_counts_where_the_manifest_sets_it() {
        assert_eq!(change(Some(live("1", 1, 1)), live("2", 1, 2), false), Change::Unchanged);
        assert_eq!(change(Some(live("1", 1, 1)), live("2", 1, 2), true), Change::Configured);
    }

    #[test]
    fn a_conflict_is_read_from_its_causes() {
        let object = &manifest::read("{apiVersion: v1, kind: A, metadata: {name: a, namespace: n}}").unwrap()[0];
        let cause = |manager: &str, field: &str| StatusCause {
            reason: "FieldManagerConflict".to_owned(),
            message: format!("conflict with \"{manager}\" using v1"),
            field: field.to_owned(),
        };
        let causes = vec![cause("helm", ".data.a"), cause("helm", ".data.b")];
        let details: StatusDetails = serde_json::from_value(json!({"causes": causes})).unwrap();
        let status = Status { code: 409, details: Some(details), ..Status::default() };
        let expected = Error::Conflict {
            object: "A n/a".to_owned(),
            managers: vec!["helm".to_owned()],
            fields: vec![".data.a".to_owned(), ".data.b".to_owned()],
        };
        assert_eq!(conflict(object, &status), Some(expected));
        assert_eq!(conflict(object, &Status { code: 409, ..Status::default() }), None);
    }

    #[test]
    fn a_namespace_is_written_where_the_kind_has_one() {
        let object = &manifest::read("{apiVersion: v1, kind: A, metadata: {name: a, namespace: n}}").unwrap()[0];
        assert_eq!(body(object, Some("default"))["metadata"]["namespace"], "default");
        assert_eq!(body(object, None)["metadata"], json!({"name": "a"}));
    }
}
