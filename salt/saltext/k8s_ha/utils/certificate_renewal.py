"""Which certificates that kubeadm made on this host have to be renewed, and by which name kubeadm knows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from saltext.k8s_ha.utils import certificates
from saltext.k8s_ha.utils.certificate_remedies import KUBERNETES, RENEWED_BY_KUBEADM
from saltext.k8s_ha.utils.certificates import Certificate
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host

_ETCD_CLIENT = "pki/apiserver-etcd-client.crt"


@dataclass(frozen=True)
class Renewal:
    """One certificate that is to be renewed."""

    name: str
    """As `kubeadm certs renew` calls it."""
    certificate: Certificate

    @property
    def paths(self) -> list[str]:
        """The files that kubeadm writes: a certificate and its key, or a kubeconfig with both in it."""
        path = self.certificate.path
        return [path] if path.endswith(".conf") else [path.removesuffix("crt") + "key", path]


@dataclass(frozen=True)
class Renewals:
    """What is found on a host."""

    due: list[Renewal]
    refused: list[str]
    """A sentence for each that is due, and that kubeadm cannot renew here to any use."""


def find(member: Member, host: Host, now: float) -> Renewals:
    """Those of kubeadm that have lived most of their life; ``now`` in seconds since the epoch."""
    found = Renewals([], [])
    every = certificates.find(host).certificates
    for renewal in _of_kubeadm(member, every):
        one, authority = renewal.certificate, _authority(renewal)
        if not one.is_old(now):
            continue
        ends = [other.ends for other in every if other.path == authority]
        if not host.path(authority.removesuffix("crt") + "key").exists():
            why = f"the key of {authority} is not on this host, so kubeadm cannot renew it"
        elif ends and min(ends) <= one.ends:
            why = f"{authority} ends no later, so a new one would end with it"
        else:
            found.due.append(renewal)
            continue
        found.refused.append(f"{one.path} ends on {certificates.date(one.ends)}, and {why}.")
    return found


def _of_kubeadm(member: Member, found: list[Certificate]) -> Iterator[Renewal]:
    names = dict(RENEWED_BY_KUBEADM)
    if member.has_stacked_etcd:
        # Of an external etcd the master signs it.
        names[_ETCD_CLIENT] = "apiserver-etcd-client"
    seen = set()
    for one in found:
        name = names.get(one.path.removeprefix(f"{KUBERNETES}/"))
        # A chain may stand behind the first one.
        if name and one.path not in seen:
            seen.add(one.path)
            yield Renewal(name, one)


def _authority(renewal: Renewal) -> str:
    """The certificate of the authority that signs it."""
    if renewal.name.startswith("etcd-") or renewal.name.endswith("-etcd-client"):
        return f"{KUBERNETES}/pki/etcd/ca.crt"
    front = renewal.name == "front-proxy-client"
    return f"{KUBERNETES}/pki/{'front-proxy-ca' if front else 'ca'}.crt"
