//! Why something could not be observed or done. Each is one sentence; none holds a key, a token or a value of a Secret.

/// Why something could not be observed or done.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A kubeconfig, address, certificate or key that cannot be used; nothing was sent.
    #[error("{0}")]
    Access(String),
    /// An argument that has no meaning; nothing was sent.
    #[error("{0}")]
    Argument(String),
    /// Nobody answers there, or the connection broke.
    #[error("cannot connect to {server}: {reason}")]
    Connect {
        /// The URL.
        server: String,
        /// What the system says.
        reason: String,
    },
    /// The server's certificate is not trusted.
    #[error(
        "the certificate of {server} is refused: {reason}; give the certificate authority that signed it, and a name or address that it holds"
    )]
    Certificate {
        /// The URL.
        server: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The server does not trust the client's certificate, or wants one.
    #[error("{server} refuses the client certificate: {reason}; give one that its own certificate authority signed")]
    ClientCertificate {
        /// The URL.
        server: String,
        /// What the server says.
        reason: String,
    },
    /// No answer within the limit.
    #[error("{server} did not answer within {seconds} s: {step}")]
    Timeout {
        /// The URL.
        server: String,
        /// The limit.
        seconds: f64,
        /// What was being done.
        step: String,
    },
    /// The server does not know who asks (401).
    #[error(
        "{server} does not accept the client's certificate or token ({step}); it may have expired or come from another cluster"
    )]
    Unauthorized {
        /// The URL.
        server: String,
        /// What was being done.
        step: String,
    },
    /// There is no such object (404).
    #[error("{server} has no such object ({step}): {message}")]
    NotFound {
        /// The URL.
        server: String,
        /// What was being done.
        step: String,
        /// The server's words.
        message: String,
    },
    /// The client may not do that (403).
    #[error("{server} does not permit it ({step}): {message}")]
    Forbidden {
        /// The URL.
        server: String,
        /// What was being done.
        step: String,
        /// The server's words.
        message: String,
    },
    /// Other field managers own fields that were to be set (409).
    #[error(
        "{} of {object} belong to the field manager {}: take them out of the manifest, or apply with force to take them over",
        fields.join(", "),
        quoted(managers)
    )]
    Conflict {
        /// Kind, namespace and name.
        object: String,
        /// Who owns them.
        managers: Vec<String>,
        /// Paths of the fields.
        fields: Vec<String>,
    },
    /// Somebody else changed the object between the look and the act (409).
    #[error("{object} was changed by somebody else meanwhile and is left as it is; look again and repeat")]
    Changed {
        /// Kind, namespace and name.
        object: String,
    },
    /// A manifest that cannot be sent.
    #[error("document {document} of the manifests (line {line}) cannot be applied: {reason}")]
    Manifest {
        /// Number of the document, from 1; empty ones count.
        document: usize,
        /// Line in the whole text, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// No API server serves this kind.
    #[error(
        "{server} serves no kind {kind} of {api_version} (document {document} of the manifests): apply its CustomResourceDefinition first, or mend apiVersion and kind"
    )]
    Unserved {
        /// The URL.
        server: String,
        /// `apiVersion` as written.
        api_version: String,
        /// `kind` as written.
        kind: String,
        /// Number of the document, from 1.
        document: usize,
    },
    /// Any other refusal, with the server's status.
    #[error("{server} refuses ({step}; status {status}): {message}")]
    Refused {
        /// The URL.
        server: String,
        /// What was being done.
        step: String,
        /// HTTP status.
        status: u16,
        /// The server's words.
        message: String,
    },
    /// A file of this host that cannot be written.
    #[error("{path} is not written: {reason}")]
    File {
        /// Its path.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// An answer that is not what the API promises.
    #[error("{server} gave an answer that cannot be read ({step}): {reason}")]
    Answer {
        /// The URL.
        server: String,
        /// What was being done.
        step: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    /// A word for each case, for callers that decide by it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Access(_) => "access",
            Self::Argument(_) => "argument",
            Self::Connect { .. } => "connect",
            Self::Certificate { .. } => "certificate",
            Self::ClientCertificate { .. } => "client_certificate",
            Self::Timeout { .. } => "timeout",
            Self::Unauthorized { .. } => "unauthorized",
            Self::NotFound { .. } => "not_found",
            Self::Forbidden { .. } => "forbidden",
            Self::Conflict { .. } => "conflict",
            Self::Changed { .. } => "changed",
            Self::Manifest { .. } => "manifest",
            Self::Unserved { .. } => "unserved",
            Self::Refused { .. } => "refused",
            Self::File { .. } => "file",
            Self::Answer { .. } => "answer",
        }
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_names_fields_and_managers() {
        let error = Error::Conflict {
            object: "Deployment demo/web".to_owned(),
            managers: vec!["kubectl".to_owned(), "helm".to_owned()],
            fields: vec![".spec.replicas".to_owned()],
        };
        let text = error.to_string();
        assert!(
            text.starts_with(".spec.replicas of Deployment demo/web belong to the field manager `kubectl` and `helm`:"),
            "{text}"
        );
    }

    #[test]
    fn a_timeout_says_how_long_and_where() {
        let error = Error::Timeout {
            server: "https://10.0.0.1:6443".to_owned(),
            seconds: 1.5,
            step: "reading the nodes".to_owned(),
        };
        assert_eq!(error.to_string(), "https://10.0.0.1:6443 did not answer within 1.5 s: reading the nodes");
        assert_eq!(error.kind(), "timeout");
    }
}
