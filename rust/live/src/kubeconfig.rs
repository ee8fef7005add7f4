//! The current context of a kubeconfig.

use crate::access::Identity;
use crate::{Error, scalar};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use std::path::Path;

/// What the current context says.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) server: String,
    pub(crate) ca: String,
    pub(crate) identity: Option<Identity>,
    pub(crate) token: Option<String>,
    pub(crate) server_name: Option<String>,
}

/// Reads a kubeconfig, and the files that it names by an absolute path.
///
/// # Errors
/// [`Error::Access`]; the sentence names keys of the kubeconfig and never a value.
pub(crate) fn read(text: &str) -> Result<Parts, Error> {
    let root = scalar::parse(text).map_err(|(line, reason)| refused(&format!("line {line}: {reason}")))?;
    let current = text_of(&root["current-context"]).ok_or_else(|| refused("it has no current-context"))?;
    let context = named(&root, "contexts", "context", &current)?;
    let cluster = named(&root, "clusters", "cluster", &wanted(context, "cluster")?)?;
    let user = named(&root, "users", "user", &wanted(context, "user")?)?;
    refuse_unsupported(cluster, user)?;
    let certificate = content(user, "client-certificate")?;
    let key = content(user, "client-key")?;
    let identity = match (certificate, key) {
        (Some(certificate), Some(key)) => Some(Identity { certificate, key }),
        (None, None) => None,
        _ => return Err(refused("its user has a client certificate without a key, or a key without a certificate")),
    };
    Ok(Parts {
        server: text_of(&cluster["server"]).ok_or_else(|| refused("its cluster has no server"))?,
        ca: content(cluster, "certificate-authority")?
            .ok_or_else(|| refused("its cluster has no certificate-authority-data"))?,
        identity,
        token: text_of(&user["token"]),
        server_name: text_of(&cluster["tls-server-name"]),
    })
}

fn refused(reason: &str) -> Error {
    Error::Access(format!("the kubeconfig cannot be used: {reason}"))
}

fn text_of(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn wanted(context: &Value, key: &str) -> Result<String, Error> {
    text_of(&context[key]).ok_or_else(|| refused(&format!("its current context names no {key}")))
}

fn named<'a>(root: &'a Value, list: &str, key: &str, name: &str) -> Result<&'a Value, Error> {
    let all = root[list].as_array().map(Vec::as_slice).unwrap_or_default();
    let found = all.iter().find(|entry| entry["name"] == name);
    found.map(|entry| &entry[key]).ok_or_else(|| refused(&format!("its {list} hold no entry `{name}`")))
}

/// Commands would run as root on every look, and an unchecked certificate proves nothing.
fn refuse_unsupported(cluster: &Value, user: &Value) -> Result<(), Error> {
    if cluster["insecure-skip-tls-verify"] == true {
        return Err(refused("it sets insecure-skip-tls-verify; give certificate-authority-data instead"));
    }
    for (section, keys) in
        [(cluster, &["proxy-url"][..]), (user, &["exec", "auth-provider", "username", "tokenFile"][..])]
    {
        for key in keys {
            if !section[key].is_null() {
                return Err(refused(&format!("its `{key}` is not supported; give a client certificate or a token")));
            }
        }
    }
    Ok(())
}

/// The PEM under `key`: embedded as `<key>-data`, or in the file that `key` names.
fn content(section: &Value, key: &str) -> Result<Option<String>, Error> {
    let data = format!("{key}-data");
    if let Some(encoded) = text_of(&section[&data]) {
        let packed: String = encoded.split_ascii_whitespace().collect();
        let bytes = BASE64_STANDARD.decode(packed).map_err(|_| refused(&format!("its {data} is not base64")))?;
        let text = String::from_utf8(bytes).map_err(|_| refused(&format!("its {data} is not PEM")))?;
        return Ok(Some(text));
    }
    let Some(path) = text_of(&section[key]) else { return Ok(None) };
    if !Path::new(&path).is_absolute() {
        return Err(refused(&format!("its {key} is no absolute path")));
    }
    let text = std::fs::read_to_string(&path)
        .map_err(|error| refused(&format!("its {key}, the file `{path}`, cannot be read: {error}")))?;
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(cluster: &str, user: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: a@b\ncontexts: [{{name: a@b, context: {{cluster: b, user: a}}}}]\n\
             clusters: [{{name: b, cluster: {{{cluster}}}}}]\nusers: [{{name: a, user: {{{user}}}}}]\n"
        )
    }

    #[test]
    fn data_and_token_are_read() {
        let parts = read(&with("server: 'https://h:6443', certificate-authority-data: Y2E=", "token: t0ken")).unwrap();
        assert_eq!((parts.server.as_str(), parts.ca.as_str()), ("https://h:6443", "ca"));
        assert_eq!(parts.token.as_deref(), Some("t0ken"));
        assert!(parts.identity.is_none());
    }

    #[test]
    fn what_cannot_be_used_is_said_without_a_value() {
        let ca = "server: 'https://h:6443', certificate-authority-data: Y2E=";
        for (text, said) in [
            ("current-context: [".to_owned(), "line "),
            ("a: b".to_owned(), "no current-context"),
            (with("server: 'https://h:6443'", "token: hunter2"), "no certificate-authority-data"),
            (with("certificate-authority-data: Y2E=", "token: hunter2"), "its cluster has no server"),
            (with(ca, "exec: {command: hunter2}"), "its `exec` is not supported"),
            (with(ca, "client-key-data: hunter2"), "its client-key-data is not base64"),
            (with(ca, "client-key-data: Y2E="), "a key without a certificate"),
            (with(ca, "client-key: relative/hunter2"), "its client-key is no absolute path"),
            (with(&format!("{ca}, insecure-skip-tls-verify: true"), ""), "insecure-skip-tls-verify"),
        ] {
            let error = read(&text).unwrap_err().to_string();
            assert!(error.starts_with("the kubeconfig cannot be used: ") && error.contains(said), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
