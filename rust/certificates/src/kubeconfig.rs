//! The client certificate of a kubeconfig's current context.

use crate::{Certificate, Error, certificates_of_pem};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use tree::{NodeId, SourceId, Tree};
use yaml::Limits;

/// Where the client certificate of a kubeconfig is. A user that proves itself by a token has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Client {
    /// The certificates in it (`client-certificate-data`): the client's own first.
    pub certificates: Vec<Certificate>,
    /// The file that it names instead (`client-certificate`).
    pub file: Option<String>,
}

/// The client certificate by which the current context of a kubeconfig proves itself.
///
/// # Errors
/// [`Error::Kubeconfig`] for what kubectl could not use either, and those of [`certificates_of_pem`].
pub fn client_of_kubeconfig(text: &[u8]) -> Result<Client, Error> {
    let document = yaml::parse(text, SourceId(0), &Limits::default()).map_err(|error| {
        let line = error.position.map_or(1, |position| position.line);
        Error::Kubeconfig(format!("line {line}: {}", error.message))
    })?;
    let tree = &document.tree;
    let current = text_under(tree, document.root, "current-context").ok_or_else(|| refused("no current-context"))?;
    let context = named(tree, document.root, "contexts", "context", current)?;
    let user = text_under(tree, context, "user").ok_or_else(|| refused("no user in its current context"))?;
    let user = named(tree, document.root, "users", "user", user)?;
    // As kubectl does: what is embedded wins.
    if let Some(data) = text_under(tree, user, "client-certificate-data") {
        let packed: String = data.split_ascii_whitespace().collect();
        let pem = BASE64_STANDARD
            .decode(packed)
            .map_err(|_| Error::Kubeconfig("its client-certificate-data is not base64".to_owned()))?;
        return Ok(Client { certificates: certificates_of_pem(&pem)?, file: None });
    }
    Ok(Client { certificates: Vec::new(), file: text_under(tree, user, "client-certificate").map(str::to_owned) })
}

fn refused(lacks: &str) -> Error {
    Error::Kubeconfig(format!("it has {lacks}"))
}

fn text_under<'t>(tree: &'t Tree, map: NodeId, key: &str) -> Option<&'t str> {
    tree.get(map, key).and_then(|value| tree.text(value)).filter(|text| !text.is_empty())
}

/// What stands under `key` in the entry of a list that has this name.
fn named(tree: &Tree, root: NodeId, list: &str, key: &str, name: &str) -> Result<NodeId, Error> {
    let entries = match tree.get(root, list).map(|list| tree.value(list)) {
        Some(tree::Value::List(entries)) => entries.as_slice(),
        _ => &[],
    };
    let entry = entries.iter().find(|entry| text_under(tree, **entry, "name") == Some(name));
    let found = entry.and_then(|entry| tree.get(*entry, key));
    found.ok_or_else(|| refused(&format!("no entry of this name under {list} for its current context")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::CLIENT;

    fn with(user: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: a@b\ncontexts: [{{name: a@b, context: {{cluster: b, user: a}}}}]\n\
             users: [{{name: other, user: {{}}}}, {{name: a, user: {{{user}}}}}]\n"
        )
    }

    #[test]
    fn the_certificate_in_it_is_told() {
        let data = BASE64_STANDARD.encode(CLIENT);
        let text = with(&format!("client-certificate-data: {data}, client-key-data: aHVudGVyMg=="));
        let client = client_of_kubeconfig(text.as_bytes()).unwrap();
        assert_eq!(client.file, None);
        assert_eq!(client.certificates[0].subject, "CN=kubernetes-admin,O=kubeadm:cluster-admins");
        assert_eq!(client.certificates[0].ends, 1_798_761_600);
    }

    #[test]
    fn the_file_that_it_names_is_told() {
        let text = with("client-certificate: /var/lib/kubelet/pki/kubelet-client-current.pem");
        let client = client_of_kubeconfig(text.as_bytes()).unwrap();
        assert_eq!(client.file.as_deref(), Some("/var/lib/kubelet/pki/kubelet-client-current.pem"));
        assert!(client.certificates.is_empty());
    }

    #[test]
    fn a_token_has_no_end_that_could_be_told() {
        assert_eq!(client_of_kubeconfig(with("token: hunter2").as_bytes()).unwrap(), Client::default());
    }

    #[test]
    fn what_is_no_kubeconfig_is_said_without_a_value() {
        for (text, said) in [
            (String::new(), "it has no current-context"),
            ("hunter2: [".to_owned(), "line "),
            ("current-context: hunter2".to_owned(), "no entry of this name under contexts"),
            (with("").replace("name: a,", "name: hunter2,"), "no entry of this name under users"),
            (with("client-certificate-data: hunter2!"), "client-certificate-data is not base64"),
            (with("client-certificate-data: aHVudGVyMg=="), "it holds no certificate"),
        ] {
            let error = client_of_kubeconfig(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
