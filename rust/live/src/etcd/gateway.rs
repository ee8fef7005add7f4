//! Requests and answers of the gateway.

use crate::session::Session;
use crate::{Error, explain};
use http::Request;
use http::header::CONTENT_TYPE;
use kube::client::Body;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Asks one method and reads its answer.
pub(crate) async fn post<T: DeserializeOwned>(session: &Session, path: &str, content: &Value) -> Result<T, Error> {
    let (status, body) = session.send(request(session, path, content)?).await?;
    if status != 200 {
        return Err(refusal(session, status, &body));
    }
    serde_json::from_slice(&body).map_err(|error| session.failed(kube::Error::SerdeError(error)))
}

/// Asks a method that answers with a stream, and gives its body. An answer other than 200 is an error here already.
pub(super) async fn stream(session: &Session, path: &str, content: &Value) -> Result<Body, Error> {
    let response = session.open(request(session, path, content)?).await?;
    let status = response.status().as_u16();
    if status == 200 {
        return Ok(response.into_body());
    }
    let body = response.into_body().collect_bytes().await.map_err(|error| session.failed(error))?;
    Err(refusal(session, status, &body))
}

fn request(session: &Session, path: &str, content: &Value) -> Result<Request<Body>, Error> {
    Request::post(path)
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(content.to_string().into_bytes()))
        .map_err(|error| session.failed(kube::Error::HttpError(error)))
}

fn refusal(session: &Session, status: u16, body: &[u8]) -> Error {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = String::from_utf8_lossy(body);
    let (server, step) = (session.server(), session.current_step());
    match said["message"].as_str() {
        // Without a message of etcd, it is the address that is not there: somebody else listens.
        None if status == 404 => Error::Refused { server, step, status, message: explain::shortened(&text) },
        message => explain::refused(server, step, status, message.unwrap_or(&text)),
    }
}

/// A number of 64 bits: decimal digits as text, as JSON for protocol buffers has it.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(u64),
        Text(String),
    }
    match Written::deserialize(deserializer)? {
        Written::Number(number) => Ok(number),
        Written::Text(text) => text.parse().map_err(|_| serde::de::Error::custom("no decimal number of 64 bits")),
    }
}
