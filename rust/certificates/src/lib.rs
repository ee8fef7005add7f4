//! Whose certificates these are and when they end, from PEM texts and from kubeconfigs.
//!
//! Pure: texts and bytes come in, and there is no clock. Nothing is verified: a chain is the business of whoever trusts it.

mod kubeconfig;
mod pem;

pub use kubeconfig::{Client, client_of_kubeconfig};
pub use pem::{Certificate, certificates_of_pem};

/// Why a text tells no end of validity: a sentence about "it", the text. None holds a value of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No certificate at all.
    #[error("it holds no certificate: PEM with BEGIN CERTIFICATE is needed")]
    Empty,
    /// Something that is no PEM.
    #[error("it is damaged: it cannot be read as PEM from its certificate number {0} on")]
    Pem(usize),
    /// PEM around something that is no certificate.
    #[error("its certificate number {number} is damaged: it cannot be read as X.509 ({reason})")]
    Certificate {
        /// Which one, from 1.
        number: usize,
        /// Where its encoding breaks.
        reason: String,
    },
    /// A kubeconfig that cannot be read.
    #[error("it is no kubeconfig: {0}")]
    Kubeconfig(String),
}

#[cfg(test)]
mod tests {
    /// A client certificate from 1 January 2026 to 1 January 2027.
    pub(crate) const CLIENT: &str = include_str!("../tests/fixtures/client.pem");
    /// An authority's from 1 January 2049 to 1 January 2050.
    pub(crate) const AUTHORITY: &str = include_str!("../tests/fixtures/authority.pem");
}
