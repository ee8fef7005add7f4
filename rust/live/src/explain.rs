//! From the errors of the client stack to sentences.

use crate::Error;
use rustls::{AlertDescription, CertificateError};
use std::error::Error as Source;
use std::io;

/// What an error of the client means.
pub(crate) fn explain(error: kube::Error, server: &str, step: &str) -> Error {
    let (server, step) = (server.to_owned(), step.to_owned());
    match error {
        kube::Error::Api(status) => refused(server, step, status.code, &status.message),
        kube::Error::SerdeError(error) => {
            // The message of serde may hold a value of the answer, its place does not.
            let place = format!("line {} column {}", error.line(), error.column());
            Error::Answer { server, step, reason: format!("it is not the JSON that the API promises ({place})") }
        }
        kube::Error::FromUtf8(_) => Error::Answer { server, step, reason: "it is not UTF-8".to_owned() },
        kube::Error::BuildRequest(_) | kube::Error::HttpError(_) => {
            Error::Argument(format!("no request can be made of that ({step}); look at names and namespaces"))
        }
        other => transport(&other, server),
    }
}

/// What a status other than success means, with what the server says to it.
pub(crate) fn refused(server: String, step: String, status: u16, message: &str) -> Error {
    let message = shortened(message);
    match status {
        401 => Error::Unauthorized { server, step },
        403 => Error::Forbidden { server, step, message },
        404 => Error::NotFound { server, step, message },
        status => Error::Refused { server, step, status, message },
    }
}

/// A server that is none of ours may answer with a whole page.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 1000;
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        None if text.is_empty() => "no message".to_owned(),
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
    }
}

fn transport(error: &(dyn Source + 'static), server: String) -> Error {
    let mut last = error.to_string();
    let mut next: Option<&(dyn Source + 'static)> = Some(error);
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref::<rustls::Error>() {
            return tls(found, server);
        }
        last = current.to_string();
        next = inner(current);
    }
    Error::Connect { server, reason: last }
}

/// `io::Error` skips the error that it carries when it is asked for its source.
fn inner<'a>(error: &'a (dyn Source + 'static)) -> Option<&'a (dyn Source + 'static)> {
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|error| error as &(dyn Source + 'static)),
        None => error.source(),
    }
}

fn tls(error: &rustls::Error, server: String) -> Error {
    use AlertDescription::{
        AccessDenied, BadCertificate, CertificateExpired, CertificateRequired, CertificateRevoked, CertificateUnknown,
        UnknownCA, UnsupportedCertificate,
    };
    match error {
        rustls::Error::InvalidCertificate(error) => Error::Certificate { server, reason: certificate(error) },
        rustls::Error::AlertReceived(
            alert @ (AccessDenied
            | BadCertificate
            | CertificateExpired
            | CertificateRequired
            | CertificateRevoked
            | CertificateUnknown
            | UnknownCA
            | UnsupportedCertificate),
        ) => Error::ClientCertificate { server, reason: format!("TLS alert {alert:?}") },
        other => Error::Connect { server, reason: other.to_string() },
    }
}

fn certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "none of the given certificate authorities signed it".to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired, or the clock of this machine is wrong".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet, or the clock of this machine is wrong".to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kube::core::Status;

    const SERVER: &str = "https://10.0.0.1:6443";

    fn wrapped(error: rustls::Error) -> Error {
        let carried = io::Error::new(io::ErrorKind::InvalidData, error);
        explain(kube::Error::Service(Box::new(io::Error::other(carried))), SERVER, "reading")
    }

    #[test]
    fn certificates_are_found_below_other_errors() {
        let refused = wrapped(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer));
        assert_eq!(refused.kind(), "certificate");
        assert!(refused.to_string().contains("none of the given certificate authorities signed it"), "{refused}");
        let alert = wrapped(rustls::Error::AlertReceived(AlertDescription::CertificateRequired));
        assert_eq!(alert.kind(), "client_certificate");
    }

    #[test]
    fn the_innermost_reason_is_said() {
        let refused = io::Error::new(io::ErrorKind::ConnectionRefused, "Connection refused (os error 111)");
        let error = explain(kube::Error::Service(Box::new(refused)), SERVER, "reading");
        assert_eq!(error.to_string(), "cannot connect to https://10.0.0.1:6443: Connection refused (os error 111)");
    }

    #[test]
    fn refusals_by_their_status() {
        for (code, kind) in
            [(401, "unauthorized"), (403, "forbidden"), (404, "not_found"), (422, "refused"), (503, "refused")]
        {
            let status = Status { code, message: "why".to_owned(), ..Status::default() };
            assert_eq!(explain(kube::Error::Api(Box::new(status)), SERVER, "reading").kind(), kind);
        }
    }

    #[test]
    fn a_page_is_cut() {
        assert_eq!(shortened(&"ä".repeat(2000)).chars().count(), 1003);
        assert_eq!(shortened(" \n"), "no message");
    }
}
