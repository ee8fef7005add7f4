"""Authorities and the certificates by which nodes join, judged by OpenSSL's own reading of them."""

from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from functional.needs import installed

installed("saltext.k8s_ha")

from saltext.k8s_ha.utils import pki  # noqa: E402 (after the check that it is there)

NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)
YEAR = 365 * 24 * 3600.0


def authority() -> pki.Authority:
    return pki.Authority.make("kubernetes", "ECDSA-P256", YEAR, NOW)


@pytest.mark.parametrize("algorithm", ["RSA-2048", "ECDSA-P256", "ECDSA-P384"])
def test_an_authority_is_one(algorithm: str) -> None:
    made = pki.Authority.make("kubernetes", algorithm, YEAR, NOW)
    made.check("it", NOW)
    certificate = x509.load_pem_x509_certificate(made.certificate.encode())
    assert certificate.not_valid_after_utc == NOW + timedelta(seconds=YEAR)
    assert certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    assert pki.fingerprint(made.certificate).startswith("sha256:")


def test_a_join_certificate_gives_half_an_hour_and_one_group() -> None:
    signer = authority()
    _key, request = pki.signing_request("w1")
    signed = x509.load_pem_x509_certificate(signer.sign_join(request, "w1", NOW).encode())
    groups = [item.value for item in signed.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    assert groups == ["system:bootstrappers:kubeadm:default-node-token"]
    assert signed.not_valid_after_utc - NOW == timedelta(minutes=30)
    usage = signed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    signed.verify_directly_issued_by(x509.load_pem_x509_certificate(signer.certificate.encode()))


def test_what_a_request_asks_for_beyond_that_is_not_given() -> None:
    """A node that asks to be an administrator gets what every node gets."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "system:masters")])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject)
    asked = request.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    text = asked.public_bytes(serialization.Encoding.PEM).decode()
    signed = x509.load_pem_x509_certificate(authority().sign_join(text, "w1", NOW).encode())
    assert "system:masters" not in signed.subject.rfc4514_string()


def test_authorities_that_cannot_sign_are_refused() -> None:
    mine, other = authority(), authority()
    refused = {
        "does not belong": pki.Authority(mine.certificate, other.key),
        "is no PEM certificate": pki.Authority("", mine.key),
        "is no PEM private key": pki.Authority(mine.certificate, "secret that is no key"),
    }
    for said, wrong in refused.items():
        with pytest.raises(pki.PkiError, match=said) as caught:
            wrong.check("the authority ca", NOW)
        assert "secret that is no key" not in str(caught.value)
    with pytest.raises(pki.PkiError, match="ended on 2027-06-01"):
        mine.check("the authority ca", NOW + timedelta(days=400))


def test_a_request_that_is_none_is_refused() -> None:
    with pytest.raises(pki.PkiError, match="signing request of w1 cannot be read"):
        authority().sign_join("nothing", "w1", NOW)
