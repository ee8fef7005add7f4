"""Certificates of a scratch member of etcd: of an authority that nobody has but its maker, for as long as it takes."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from saltext.k8s_ha.utils import pki

AUTHORITY, SERVER, SERVER_KEY = "ca.crt", "server.crt", "server.key"

_NAME = "k8s-ha:scratch"
_ALGORITHM = "ECDSA-P256"
_MINUTES = 120


def make(folder: Path, address: str) -> tuple[str, str, str]:
    """Write what the member needs into a folder.

    :returns: authority, certificate and key of its only client, PEM; the authority's key is kept nowhere.
    """
    now = pki.utc_now()
    authority = pki.Authority.make(_NAME, _ALGORITHM, _MINUTES * 60.0, now)
    key = pki.generate_key(_ALGORITHM)
    certificate = authority.sign(
        pki.request_for(key, _NAME),
        "a scratch member",
        common_name=_NAME,
        names=[x509.IPAddress(ipaddress.ip_address(address))],
        # Its gateway is a client of itself.
        usages=[ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH],
        validity_seconds=_MINUTES * 60.0,
        now=now,
    )
    texts = {AUTHORITY: authority.certificate, SERVER: certificate, SERVER_KEY: pki.key_pem(key)}
    for name, text in texts.items():
        place = folder / name
        place.touch(mode=0o600)
        place.write_text(text, encoding="ascii")
    return (authority.certificate, *authority.issue_client(_NAME, _MINUTES, now))
