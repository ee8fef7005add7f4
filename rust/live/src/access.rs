//! How to reach one API server, the endpoint in front of all of them, a member of etcd, or a host of Proxmox VE.

use crate::client::{self, Target};
use crate::session::Session;
use crate::{Error, kubeconfig, pem};
use http::Uri;
use kube::Client;
use rustls::pki_types::CertificateDer;
use std::fmt;
use std::time::Duration;

/// A client certificate and its key, both PEM.
#[derive(Clone)]
pub struct Identity {
    /// The certificate, and the chain behind it if there is one.
    pub certificate: String,
    /// Its private key without a password.
    pub key: String,
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<client certificate and key>")
    }
}

/// How to reach one server. Its `Debug` shows the address and nothing else.
#[derive(Clone)]
pub struct Access {
    server: String,
    url: Uri,
    authorities: Vec<CertificateDer<'static>>,
    identity: Option<Identity>,
    authorization: Option<String>,
    server_name: Option<String>,
}

impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "<access to {}>", self.server)
    }
}

impl Access {
    /// Access to a server (`https://host:port`) whose certificate one of the authorities in `ca` (PEM) signed.
    ///
    /// # Errors
    /// [`Error::Access`] for a URL without `https`, and for PEM that cannot be read.
    pub fn new(server: &str, ca: &str, identity: Option<Identity>) -> Result<Self, Error> {
        let server = server.trim_end_matches('/');
        let url = address(server)?;
        let authorities = pem::certificates(ca, "the certificate authority")?;
        if let Some(identity) = &identity {
            pem::certificates(&identity.certificate, "the client certificate")?;
            pem::key(&identity.key, "the client key")?;
        }
        Ok(Self { server: server.to_owned(), url, authorities, identity, authorization: None, server_name: None })
    }

    /// Access as the current context of a kubeconfig says. Files that it names are read; a command (`exec`) is never run.
    ///
    /// # Errors
    /// [`Error::Access`] for what cannot be read or has no meaning here; the sentence holds no value of it.
    pub fn from_kubeconfig(text: &str) -> Result<Self, Error> {
        let kubeconfig::Parts { server, ca, identity, token, server_name } = kubeconfig::read(text)?;
        let authorization = token.map(|token| format!("Bearer {token}"));
        Ok(Self { authorization, server_name, ..Self::new(&server, &ca, identity)? })
    }

    /// The same access to another server of the same cluster (`https://host:port`), such as the one on this node.
    ///
    /// # Errors
    /// [`Error::Access`] for a URL without `https`.
    pub fn at(self, server: &str) -> Result<Self, Error> {
        let server = server.trim_end_matches('/');
        Ok(Self { server: server.to_owned(), url: address(server)?, ..self })
    }

    /// The same access to a server whose certificate holds this name.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { server_name: Some(name.to_owned()), ..self }
    }

    /// The same access for who shows this in the header `Authorization`.
    pub(crate) fn authorized(self, authorization: String) -> Self {
        Self { authorization: Some(authorization), ..self }
    }

    /// The server's URL.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    /// A client; the runtime must be there already.
    pub(crate) fn client(&self) -> Result<Client, Error> {
        client::client(&Target {
            url: &self.url,
            authorities: &self.authorities,
            identity: self.identity.as_ref(),
            authorization: self.authorization.as_deref(),
            server_name: self.server_name.as_deref(),
        })
    }

    /// Runs `work` with a client of its own, for `limit` at most.
    pub(crate) fn call<T>(
        &self,
        limit: Duration,
        step: &str,
        work: impl AsyncFnOnce(&Session) -> Result<T, Error>,
    ) -> Result<T, Error> {
        Session::run(self, limit, step, work)
    }
}

fn address(server: &str) -> Result<Uri, Error> {
    let wrong =
        || Error::Access(format!("the server `{}` is no URL of the form https://host:port", without_user_info(server)));
    let url: Uri = server.parse().map_err(|_| wrong())?;
    let authority = url.authority().ok_or_else(wrong)?;
    if url.scheme_str() != Some("https") || authority.as_str().contains('@') || url.query().is_some() {
        return Err(wrong());
    }
    Ok(url)
}

/// A password may stand before the `@`.
fn without_user_info(server: &str) -> &str {
    server.rsplit_once('@').map_or(server, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_spoken() {
        for server in
            ["http://10.0.0.1:6443", "10.0.0.1:6443", "https://", "https://me:hunter2@host:1", "", "https://h?x=1"]
        {
            let error = address(server).unwrap_err().to_string();
            assert!(error.contains("is no URL of the form https://host:port"), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
        assert!(address("https://[fd00::1]:6443").is_ok());
    }

    #[test]
    fn an_identity_shows_nothing() {
        let identity = Identity { certificate: "C".to_owned(), key: "hunter2".to_owned() };
        assert_eq!(format!("{identity:?}"), "<client certificate and key>");
    }
}
