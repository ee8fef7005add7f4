//! Which kinds an API server serves, asked once for each.

use crate::Error;
use crate::manifest::Object;
use crate::session::Session;
use kube::api::DynamicObject;
use kube::core::discovery::{ApiCapabilities, Scope};
use kube::core::{ApiResource, GroupVersion};
use kube::error::DiscoveryError;
use kube::{Api, discovery};
use std::collections::HashMap;

/// How objects of one kind are reached.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    resource: ApiResource,
    namespaced: bool,
}

impl Kind {
    /// The collection in which an object stands, and the namespace that it gets; `otherwise` where it names none.
    pub(crate) fn api(
        &self,
        session: &Session,
        object: &Object,
        otherwise: &str,
    ) -> (Api<DynamicObject>, Option<String>) {
        let client = session.client.clone();
        if !self.namespaced {
            return (Api::all_with(client, &self.resource), None);
        }
        let namespace = object.namespace.as_deref().unwrap_or(otherwise);
        (Api::namespaced_with(client, namespace, &self.resource), Some(namespace.to_owned()))
    }
}

/// The kinds asked for so far.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    known: HashMap<(String, String), Kind>,
}

impl Kinds {
    /// The kind of an object; `None` where it is not served (yet).
    ///
    /// # Errors
    /// [`Error`] when it cannot be asked for.
    pub(crate) async fn find(&mut self, session: &Session, object: &Object) -> Result<Option<Kind>, Error> {
        let key = (object.api_version.clone(), object.kind.clone());
        if let Some(kind) = self.known.get(&key) {
            return Ok(Some(kind.clone()));
        }
        session.step(format!("asking for the kind {} of {}", object.kind, object.api_version));
        let Some((resource, capabilities)) = discover(session, object).await? else { return Ok(None) };
        let kind = Kind { resource, namespaced: capabilities.scope == Scope::Namespaced };
        self.known.insert(key, kind.clone());
        Ok(Some(kind))
    }
}

async fn discover(session: &Session, object: &Object) -> Result<Option<(ApiResource, ApiCapabilities)>, Error> {
    let version: GroupVersion = object.api_version.parse().map_err(|_| {
        object.refused(format!("`{}` is no apiVersion of the form group/version or version", object.api_version))
    })?;
    match discovery::pinned_kind(&session.client, &version.with_kind(&object.kind)).await {
        Ok(found) => Ok(Some(found)),
        Err(kube::Error::Discovery(DiscoveryError::MissingKind(_) | DiscoveryError::MissingResource(_))) => Ok(None),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
        Err(error) => Err(session.failed(error)),
    }
}
