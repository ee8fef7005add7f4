//! PEM texts, looked at before anything is sent: what is wrong is said in a sentence, and never what is in it.

use crate::Error;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The certificates of a PEM text.
///
/// # Errors
/// When there is none, or one is damaged. `what` names the text in the sentence.
pub(crate) fn certificates(text: &str, what: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read = CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>();
    let found = read.map_err(|_| Error::Access(format!("{what} is damaged: it cannot be read as PEM")))?;
    if found.is_empty() {
        return Err(Error::Access(format!("{what} holds no certificate: PEM with BEGIN CERTIFICATE is needed")));
    }
    Ok(found)
}

/// The private key of a PEM text.
///
/// # Errors
/// When it holds none. `what` names the text in the sentence.
pub(crate) fn key(text: &str, what: &str) -> Result<PrivateKeyDer<'static>, Error> {
    PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| {
        let needed = "PEM with PKCS#8, PKCS#1 or SEC1, not protected by a password, is needed";
        Error::Access(format!("{what} holds no private key: {needed}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_wrong_key_is_said() {
        let error = key("-----BEGIN PRIVATE KEY-----\nhunter2\n", "the client key").unwrap_err();
        assert!(error.to_string().starts_with("the client key holds no private key: PEM"), "{error}");
        assert!(!error.to_string().contains("hunter2"));
    }

    #[test]
    fn a_text_without_certificate_is_refused() {
        let error = certificates("hello", "the certificate authority").unwrap_err();
        assert!(error.to_string().contains("holds no certificate"), "{error}");
    }
}
