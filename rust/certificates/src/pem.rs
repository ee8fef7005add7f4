//! The certificates of a PEM text.

use crate::Error;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde::Serialize;
use x509_cert::der::Decode;

/// Whose a certificate is, and for how long. Times are seconds since the epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// Its subject as RFC 4514 writes it: `CN=system:node:cp1,O=system:nodes`.
    pub subject: String,
    /// From when on it is valid.
    pub begins: u64,
    /// Until when it is valid.
    pub ends: u64,
}

/// All certificates of a PEM text, in its order. Keys, and whatever else stands between them, are passed over.
///
/// # Errors
/// [`Error::Empty`], [`Error::Pem`] or [`Error::Certificate`] for the first that cannot be read.
pub fn certificates_of_pem(text: &[u8]) -> Result<Vec<Certificate>, Error> {
    let sections = CertificateDer::pem_slice_iter(text).enumerate();
    let found = sections.map(|(index, section)| {
        let number = index + 1;
        read(&section.map_err(|_| Error::Pem(number))?, number)
    });
    let found = found.collect::<Result<Vec<_>, _>>()?;
    if found.is_empty() { Err(Error::Empty) } else { Ok(found) }
}

fn read(der: &CertificateDer<'_>, number: usize) -> Result<Certificate, Error> {
    let read = x509_cert::Certificate::from_der(der)
        .map_err(|error| Error::Certificate { number, reason: error.to_string() })?;
    let read = read.tbs_certificate();
    Ok(Certificate {
        subject: read.subject().to_string(),
        begins: read.validity().not_before.to_unix_duration().as_secs(),
        ends: read.validity().not_after.to_unix_duration().as_secs(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{AUTHORITY, CLIENT};

    const KEY: &str = "-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----\n";

    #[test]
    fn subject_and_validity_are_told() {
        let [found] = certificates_of_pem(CLIENT.as_bytes()).unwrap().try_into().unwrap();
        assert_eq!(found.subject, "CN=kubernetes-admin,O=kubeadm:cluster-admins");
        assert_eq!((found.begins, found.ends), (1_767_225_600, 1_798_761_600));
    }

    #[test]
    fn an_end_after_2049_is_told_which_x509_writes_differently() {
        let [found] = certificates_of_pem(AUTHORITY.as_bytes()).unwrap().try_into().unwrap();
        assert_eq!((found.begins, found.ends), (2_493_072_000, 2_524_608_000));
    }

    #[test]
    fn all_certificates_of_a_text_are_told_and_keys_passed_over() {
        let text = format!("subject: first\n{CLIENT}{KEY}\r\n{AUTHORITY}");
        let found = certificates_of_pem(text.as_bytes()).unwrap();
        let ends: Vec<u64> = found.into_iter().map(|one| one.ends).collect();
        assert_eq!(ends, [1_798_761_600, 2_524_608_000]);
    }

    #[test]
    fn what_is_damaged_is_said_with_its_number() {
        let cut = &CLIENT[..CLIENT.len() / 2];
        let other = KEY.replace("PRIVATE KEY", "CERTIFICATE");
        let no_base64 = other.replace("aHVudGVyMg==", "!hunter2!");
        for (text, said) in [
            (String::new(), "it holds no certificate"),
            (KEY.to_owned(), "it holds no certificate"),
            (cut.to_owned(), "cannot be read as PEM from its certificate number 1 on"),
            (format!("{CLIENT}{no_base64}"), "cannot be read as PEM from its certificate number 2 on"),
            (format!("{CLIENT}{other}"), "its certificate number 2 is damaged: it cannot be read as X.509 ("),
        ] {
            let error = certificates_of_pem(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
