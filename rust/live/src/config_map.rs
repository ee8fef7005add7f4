//! One key of a `ConfigMap`, changed only where it still says what the caller saw.

use crate::session::Session;
use crate::{Access, Error};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::Api;
use kube::api::{Patch, PatchParams};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

/// The texts of a `ConfigMap` by key.
///
/// # Errors
/// [`Error::NotFound`] when it is not there, and what else comes in between within `limit`.
pub fn config_map(
    access: &Access,
    namespace: &str,
    name: &str,
    limit: Duration,
) -> Result<BTreeMap<String, String>, Error> {
    access.call(limit, &format!("reading ConfigMap {namespace}/{name}"), async |session| {
        Ok(get(session, namespace, name).await?.data.unwrap_or_default())
    })
}

/// Sets one key of a `ConfigMap` that is there. Gives whether it had to be changed.
///
/// With `seen`, the key must still hold that text: so a new text can be made from an old one that
/// [`config_map`] gave.
///
/// # Errors
/// [`Error::Changed`] when the key holds something else than `seen`, or the object changed between the look and the act of
/// this call; [`Error::NotFound`] when it is not there; and what else comes in between within `limit`.
pub fn patch_config_map(
    access: &Access,
    (namespace, name): (&str, &str),
    (key, text): (&str, &str),
    seen: Option<&str>,
    field_manager: &str,
    limit: Duration,
) -> Result<bool, Error> {
    let object = format!("ConfigMap {namespace}/{name}");
    access.call(limit, &format!("changing {object}"), async |session| {
        let found = get(session, namespace, name).await?;
        let now = found.data.as_ref().and_then(|data| data.get(key)).map(String::as_str);
        if now == Some(text) {
            return Ok(false);
        }
        if seen.is_some() && now != seen {
            return Err(Error::Changed { object: object.clone() });
        }
        let patch = json!({"metadata": {"resourceVersion": found.metadata.resource_version}, "data": {key: text}});
        let parameters = PatchParams { field_manager: Some(field_manager.to_owned()), ..PatchParams::default() };
        let done = api(session, namespace).patch(name, &parameters, &Patch::Merge(&patch)).await;
        match done.map_err(|error| session.failed(error)) {
            Ok(_) => Ok(true),
            Err(Error::Refused { status: 409, .. }) => Err(Error::Changed { object: object.clone() }),
            Err(error) => Err(error),
        }
    })
}

fn api(session: &Session, namespace: &str) -> Api<ConfigMap> {
    Api::namespaced(session.client.clone(), namespace)
}

async fn get(session: &Session, namespace: &str, name: &str) -> Result<ConfigMap, Error> {
    api(session, namespace).get(name).await.map_err(|error| session.failed(error))
}
