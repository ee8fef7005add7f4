"""Certificates of an external etcd: which a node may have, and what stands in them. Signed on the master.

A node makes its keys and asks by signing requests; the names in a certificate are the pillar's, whatever was asked for.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from saltext.k8s_ha.utils import pki
from saltext.k8s_ha.utils.etcd_certificates import CLIENT, PEER, SERVER

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology

AUTHORITY = "etcd/ca"


@dataclass(frozen=True)
class _Kind:
    role: str
    common_name: str | None
    """None: the name of the node."""
    is_server: bool


# Members are clients too: of each other, and each of itself.
_KINDS = {
    SERVER: _Kind("etcd", None, is_server=True),
    PEER: _Kind("etcd", None, is_server=True),
    CLIENT: _Kind("control_plane", "kube-apiserver-etcd-client", is_server=False),
}


def kinds(topology: Topology, node: str) -> list[str]:
    """Names of the certificates of etcd that a node has by its roles; none where etcd is stacked."""
    roles = topology.roles(node) if topology.external_members() else []
    return [name for name, kind in _KINDS.items() if kind.role in roles]


def sign(
    topology: Topology, node: str, authority: pki.Authority, requests: Mapping[str, str], now: datetime
) -> dict[str, str]:
    """Certificates by name, for a node's signing requests by name.

    They hold as long as the pillar says, and no longer than the authority. Raises PkiError for a certificate that the
    node may not have, and for a request that cannot be read.
    """
    allowed = kinds(topology, node)
    if other := sorted(set(requests) - set(allowed)):
        raise pki.PkiError(
            f"{node} asks for certificates of etcd that its roles do not give it: {', '.join(other)}"
        )
    return {
        name: authority.sign(
            request,
            f"{node} for {name}",
            common_name=_KINDS[name].common_name or node,
            names=_names(topology, node) if _KINDS[name].is_server else [],
            usages=_usages(_KINDS[name]),
            validity_seconds=topology.certificate_validity,
            now=now,
        )
        for name, request in requests.items()
    }


def _usages(kind: _Kind) -> list[x509.ObjectIdentifier]:
    serves = [ExtendedKeyUsageOID.SERVER_AUTH] if kind.is_server else []
    return [*serves, ExtendedKeyUsageOID.CLIENT_AUTH]


def _names(topology: Topology, node: str) -> list[x509.GeneralName]:
    """As what a member may be spoken to: its name, its address in the pillar, and this very host."""
    addresses = dict.fromkeys((topology.address(node), "127.0.0.1", "::1"))
    return [
        *(x509.DNSName(name) for name in (node, "localhost")),
        *(x509.IPAddress(ipaddress.ip_address(address)) for address in addresses),
    ]
