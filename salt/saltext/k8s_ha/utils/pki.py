"""Keys and certificates: the authorities of a cluster, and short certificates by which nodes join.

The formats are those that ``kubeadm init phase certs`` writes and accepts. Everything is PEM text; no file is
read or written here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

# A clock that is a little behind must not refuse what was just signed; kubeadm backdates by as much.
_BACKDATED = timedelta(minutes=5)
JOIN_CERTIFICATE_MINUTES = 30

# Names that kubeadm gives its authorities, by the name of their files.
AUTHORITIES = {"ca": "kubernetes", "etcd/ca": "etcd-ca", "front-proxy-ca": "front-proxy-ca"}
SERVICE_ACCOUNT = "sa"


class PkiError(Exception):
    """A key or a certificate that cannot be used; the sentence says which and why."""


def generate_key(algorithm: str) -> PrivateKey:
    """A key of a kind that kubeadm knows: ``RSA-2048`` to ``RSA-4096``, ``ECDSA-P256``, ``ECDSA-P384``."""
    if algorithm.startswith("RSA-"):
        return rsa.generate_private_key(public_exponent=65537, key_size=int(algorithm.removeprefix("RSA-")))
    return ec.generate_private_key(ec.SECP384R1() if algorithm == "ECDSA-P384" else ec.SECP256R1())


@dataclass(frozen=True)
class Authority:
    """A certificate authority: its certificate and its key, PEM."""

    certificate: str
    key: str

    @classmethod
    def make(cls, common_name: str, algorithm: str, validity_seconds: float, now: datetime) -> Authority:
        """A new authority, valid for ``validity_seconds`` from ``now``."""
        key = generate_key(algorithm)
        name = _subject(common_name)
        usage = x509.KeyUsage(
            digital_signature=True,
            key_encipherment=True,
            key_cert_sign=True,
            crl_sign=False,
            content_commitment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = (
            _builder(name, name, key.public_key(), now, timedelta(seconds=validity_seconds))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(common_name)]), critical=False)
        )
        return cls(_certificate_pem(builder.sign(key, hashes.SHA256())), key_pem(key))

    def check(self, what: str, now: datetime) -> None:
        """Refuse an authority that cannot sign: ``what`` names it in the sentence. Raises PkiError."""
        certificate = read_certificate(self.certificate, f"the certificate of {what}")
        key = read_key(self.key, f"the key of {what}")
        if _public_bytes(key.public_key()) != _public_bytes(certificate.public_key()):
            raise PkiError(f"the key of {what} does not belong to its certificate; give the pair")
        try:
            is_authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        except x509.ExtensionNotFound:
            is_authority = False
        if not is_authority:
            raise PkiError(f"the certificate of {what} is of no authority (basic constraint CA is not set)")
        ends = certificate.not_valid_after_utc
        if ends <= now:
            raise PkiError(f"the certificate of {what} ended on {ends.date()}; make a new one")

    def issue_client(self, common_name: str, minutes: int, now: datetime) -> tuple[str, str]:
        """A client certificate for a few minutes, and its key, for whoever holds this authority."""
        key = generate_key("ECDSA-P256")
        subject = _subject(common_name)
        return self._sign_client(subject, key.public_key(), timedelta(minutes=minutes), now), key_pem(key)

    def sign_join(self, request: str, node: str, now: datetime) -> str:
        """A certificate by which a node joins, valid for half an hour, from the node's own signing request.

        Its group is the one that kubeadm lets join (``system:bootstrappers:kubeadm:default-node-token``).
        Name and group are ours, whatever the request says. Raises PkiError for a request that cannot be read.
        """
        public_key = _asked_key(request, node)
        subject = _subject(f"k8s-ha:join:{node}", "system:bootstrappers:kubeadm:default-node-token")
        validity = timedelta(minutes=JOIN_CERTIFICATE_MINUTES)
        return self._sign_client(subject, public_key, validity, now)

    def sign(
        self,
        request: str,
        what: str,
        *,
        common_name: str,
        organization: str | None = None,
        names: Sequence[x509.GeneralName] = (),
        usages: Sequence[x509.ObjectIdentifier] = (ExtendedKeyUsageOID.CLIENT_AUTH,),
        validity_seconds: float,
        now: datetime,
    ) -> str:
        """A certificate for the key of a signing request; of what else stands in the request, nothing counts.

        :param what: names the request in a sentence.
        :param validity_seconds: it ends with the authority at the latest.
        :raises PkiError: for a request that cannot be read.
        """
        ends = read_certificate(self.certificate, "the certificate of an authority").not_valid_after_utc
        validity = min(timedelta(seconds=validity_seconds), ends - now)
        subject = _subject(common_name, organization)
        return self._sign(subject, _asked_key(request, what), validity, now, usages, names)

    def _sign_client(self, subject: x509.Name, public_key: object, validity: timedelta, now: datetime) -> str:
        return self._sign(subject, public_key, validity, now, [ExtendedKeyUsageOID.CLIENT_AUTH])

    def _sign(
        self,
        subject: x509.Name,
        public_key: object,
        validity: timedelta,
        now: datetime,
        usages: Sequence[x509.ObjectIdentifier],
        names: Sequence[x509.GeneralName] = (),
    ) -> str:
        issuer = read_certificate(self.certificate, "the certificate of an authority").subject
        builder = _builder(subject, issuer, public_key, now, validity).add_extension(
            x509.ExtendedKeyUsage(usages), critical=False
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return _certificate_pem(builder.sign(read_key(self.key, "the key of an authority"), hashes.SHA256()))


def service_account_key(algorithm: str) -> tuple[str, str]:
    """The key by which tokens of service accounts are signed, and its public half."""
    key = generate_key(algorithm)
    return key_pem(key), public_pem(key)


def signing_request(node: str) -> tuple[str, str]:
    """A new key of a node and the request to sign it."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key_pem(key), request_for(key, f"k8s-ha:join:{node}")


def request_for(key: PrivateKey, common_name: str) -> str:
    """A request to sign a key, PEM."""
    subject = _subject(common_name)
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def fingerprint(certificate: str) -> str:
    """SHA-256 of a certificate's public key as kubeadm prints it: ``sha256:`` and 64 hex digits."""
    read = read_certificate(certificate, "the cluster's CA")
    return f"sha256:{hashlib.sha256(_public_bytes(read.public_key())).hexdigest()}"


def read_certificate(pem: str, what: str) -> x509.Certificate:
    """The certificate in a text. Raises PkiError naming ``what``."""
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise PkiError(f"{what} is no PEM certificate") from error


def read_key(pem: str, what: str) -> PrivateKey:
    """The private key in a text. Raises PkiError naming ``what``; the text itself is never shown."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        return key
    raise PkiError(f"{what} is no PEM private key (RSA or ECDSA, without a password)")


def key_pem(key: PrivateKey) -> str:
    """A private key as kubeadm writes it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


def public_pem(key: PrivateKey) -> str:
    """The public half of a key."""
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _subject(common_name: str, organization: str | None = None) -> x509.Name:
    """A name; Kubernetes takes the organization for a group."""
    of = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
    return x509.Name([*of, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _asked_key(request: str, what: str) -> object:
    try:
        asked = x509.load_pem_x509_csr(request.encode())
        signed = asked.is_signature_valid
    except (ValueError, UnsupportedAlgorithm) as error:
        raise PkiError(f"the certificate signing request of {what} cannot be read: {error}") from error
    if not signed:
        raise PkiError(f"the certificate signing request of {what} is not signed by its own key")
    return asked.public_key()


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: object, now: datetime, validity: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)  # type: ignore[arg-type]
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + validity)
    )


def _certificate_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _public_bytes(key: object) -> bytes:
    encoded: bytes = key.public_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encoded


def utc_now() -> datetime:
    """The time of this host."""
    return datetime.now(timezone.utc)
