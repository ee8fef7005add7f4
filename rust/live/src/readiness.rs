//! Whether an API server serves, and which cluster it belongs to.

use crate::session::Session;
use crate::{Access, Error, explain};
use http::Request;
use k8s_openapi::api::core::v1::Namespace;
use kube::Api;
use kube::client::Body;
use serde::Serialize;
use std::time::Duration;

/// The answer to `/readyz`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Whether the status is 200.
    pub ready: bool,
    /// HTTP status: 200, 500 with the checks that fail, or 401 and 403 where anonymous clients may not ask.
    pub status: u16,
    /// The body: `ok`, or one line for each check.
    pub text: String,
}

/// Asks `/readyz`. An API server that says no is an answer too.
///
/// # Errors
/// [`Error`] when none can be had within `limit`.
pub fn ready(access: &Access, limit: Duration) -> Result<Readiness, Error> {
    access.call(limit, READING, async |session| readiness(session).await)
}

pub(crate) const READING: &str = "reading /readyz";

pub(crate) async fn readiness(session: &Session) -> Result<Readiness, Error> {
    let request = Request::get("/readyz").body(Body::empty());
    let request = request.map_err(|error| session.failed(kube::Error::HttpError(error)))?;
    let (status, body) = session.send(request).await?;
    let text = explain::shortened(&String::from_utf8_lossy(&body));
    Ok(Readiness { ready: status == 200, status, text })
}

/// UID of the namespace kube-system: it stays the same for the life of a cluster, and no other cluster has it.
///
/// # Errors
/// [`Error`] when it cannot be read within `limit`.
pub fn kube_system_uid(access: &Access, limit: Duration) -> Result<String, Error> {
    access.call(limit, "reading the namespace kube-system", async |session| {
        let namespaces: Api<Namespace> = Api::all(session.client.clone());
        let found = namespaces.get_metadata("kube-system").await.map_err(|error| session.failed(error))?;
        found.metadata.uid.ok_or_else(|| session.unreadable("the namespace kube-system has no UID"))
    })
}
