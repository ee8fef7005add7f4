//! The client of one call: kube's, over connections that are made here.
//!
//! kube can make them too, from a kubeconfig. It then brings all the ways in which one can name credentials, commands
//! included, and keeps a provider of cryptography for the whole process.

use crate::access::Identity;
use crate::{Error, pem};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Uri};
use hyper_rustls::{FixedServerNameResolver, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kube::client::middleware::BaseUriLayer;
use kube::client::{Body, ClientBuilder, ConfigExt};
use kube::{Client, Config};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// What a client needs to know of a server.
pub(crate) struct Target<'a> {
    pub(crate) url: &'a Uri,
    pub(crate) authorities: &'a [CertificateDer<'static>],
    pub(crate) identity: Option<&'a Identity>,
    pub(crate) authorization: Option<&'a str>,
    pub(crate) server_name: Option<&'a str>,
}

/// A client; the runtime must be there already. Nothing is tried again: the caller of the call decides that.
///
/// # Errors
/// [`Error::Access`] for certificates, names and tokens that cannot be used.
pub(crate) fn client(target: &Target<'_>) -> Result<Client, Error> {
    let tls = HttpsConnectorBuilder::new().with_tls_config(tls(target)?).https_only();
    let tls = match target.server_name {
        Some(name) => {
            let known = ServerName::try_from(name.to_owned());
            let known = known.map_err(|_| unusable(target, "the name of the server is none"))?;
            tls.with_server_name_resolver(FixedServerNameResolver::new(known))
        }
        None => tls,
    };
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    let connector = tls.enable_http1().wrap_connector(connector);
    let service = legacy::Client::builder(TokioExecutor::new()).build::<_, Body>(connector);
    let mut config = Config::new(target.url.clone());
    if let Some(authorization) = target.authorization {
        config.headers.push((AUTHORIZATION, header(target, authorization)?));
    }
    let headers = config.extra_headers_layer().map_err(|_| unusable(target, "a header cannot be sent"))?;
    let builder = ClientBuilder::new(service, config.default_namespace);
    Ok(builder.with_layer(&headers).with_layer(&BaseUriLayer::new(config.cluster_url)).build())
}

fn header(target: &Target<'_>, authorization: &str) -> Result<HeaderValue, Error> {
    let value = HeaderValue::try_from(authorization);
    let mut value = value.map_err(|_| unusable(target, "the token holds characters that no header can"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn tls(target: &Target<'_>) -> Result<ClientConfig, Error> {
    let failed = |error: rustls::Error| unusable(target, &error.to_string());
    let mut roots = RootCertStore::empty();
    for authority in target.authorities {
        roots.add(authority.clone()).map_err(failed)?;
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(failed)?.with_root_certificates(roots);
    let Some(identity) = target.identity else { return Ok(builder.with_no_client_auth()) };
    let chain = pem::certificates(&identity.certificate, "the client certificate")?;
    let key = pem::key(&identity.key, "the client key")?;
    builder.with_client_auth_cert(chain, key).map_err(failed)
}

fn unusable(target: &Target<'_>, reason: &str) -> Error {
    Error::Access(format!("the credentials for {} cannot be used: {reason}", target.url))
}
