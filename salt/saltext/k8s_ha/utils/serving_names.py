"""The names in the serving certificate of this host's API server, and a new one where the pillar has others."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.kubeadm_dry_run import DryRun
from saltext.k8s_ha.utils.node_files import NodeFiles
from saltext.k8s_ha.utils.record import write_durably
from saltext.k8s_ha.utils.write import Writer

PKI = "/etc/kubernetes/pki"
CERTIFICATE, KEY = f"{PKI}/apiserver.crt", f"{PKI}/apiserver.key"
_AUTHORITY = ("ca.crt", "ca.key")
_SECONDS = 3.0


@dataclass(frozen=True)
class ServingNames:
    """``modules`` is Salt's ``__salt__``."""

    member: Member
    host: Host
    modules: Mapping[str, Callable[..., Any]]
    writer: Writer

    def changes(self) -> dict[str, list[str]] | None:
        """Names that are missing and names that are too many; None where they are as the pillar wants them.

        :raises HostError: when one of them cannot be read, or kubeadm makes none.
        """
        try:
            present = names(self.host.path(CERTIFICATE).read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError) as error:
            raise HostError(f"{CERTIFICATE} cannot be read: {error}") from error
        wanted = names(self._made[0])
        if present == wanted:
            return None
        return {"missing": sorted(wanted - present), "too many": sorted(present - wanted)}

    def put(self) -> None:
        """Write the new certificate and its key. The API server reads them by itself, and is not restarted."""
        certificate, key = self._made
        write_durably(self.host.path(KEY), key, 0o600)
        write_durably(self.host.path(CERTIFICATE), certificate, 0o644)

    @cached_property
    def _made(self) -> tuple[str, str]:
        """A certificate that kubeadm makes by the pillar, and its key: names and life are its business."""
        files = NodeFiles(self.member, self.writer)
        pki = {name: self.host.path(f"{PKI}/{name}") for name in _AUTHORITY}
        absent = [str(place) for place in pki.values() if not place.exists()]
        if absent:
            raise HostError(f"{' and '.join(absent)} is not there, so no certificate can be made here")
        return DryRun(self.host, self.modules, files.init()).serving_pair(pki)


def names(certificate: str) -> frozenset[str]:
    """All names and addresses for which a certificate (PEM) is good. Raises HostError for one that cannot be read."""
    # Here, not above: cryptography takes longer to load than all other states take to run.
    from cryptography import x509

    from saltext.k8s_ha.utils import pki

    try:
        read = pki.read_certificate(certificate, CERTIFICATE)
        found = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (pki.PkiError, ValueError, x509.ExtensionNotFound) as error:
        raise HostError(f"{CERTIFICATE} tells no names: {error}") from error
    dns = found.get_values_for_type(x509.DNSName)
    return frozenset([*dns, *map(str, found.get_values_for_type(x509.IPAddress))])


def is_served(server: str, certificate: str) -> bool:
    """Whether a server (``https://host:port``) shows this certificate (PEM) now."""
    from urllib.parse import urlsplit

    address = urlsplit(server)
    # What it shows is compared with what is on the disk; nothing is sent.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((address.hostname or "", address.port or 443), _SECONDS) as connection,
            context.wrap_socket(connection) as secured,
        ):
            shown = secured.getpeercert(binary_form=True)
    except OSError:
        return False
    first = certificate[: certificate.index("-----END CERTIFICATE-----") + 25] + "\n"
    return shown == ssl.PEM_cert_to_DER_cert(first)
