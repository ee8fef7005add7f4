"""The way of a host to the members of a stacked etcd, by certificates that kubeadm made here for health checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from saltext.k8s_ha.utils.host import Host, HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Etcd, EtcdMember

_PKI = "/etc/kubernetes/pki/etcd"
PATHS = tuple(f"{_PKI}/{name}" for name in ("ca.crt", "healthcheck-client.crt", "healthcheck-client.key"))
"""The authority, and the certificate and key that are shown to a member."""

_OWN = "https://127.0.0.1:2379"
_SECONDS = 3.0


@dataclass(frozen=True)
class OwnEtcd:
    """``others`` are the client URLs of the other declared members by node."""

    host: Host
    others: Mapping[str, str]

    def own(self) -> Etcd:
        """The member of this host. Raises HostError where kubeadm has made no certificates yet."""
        return self._at(_OWN)

    def other(self, node: str) -> Etcd:
        """The member of another node."""
        return self._at(self.others[node])

    def members(self) -> list[EtcdMember]:
        """The members as a majority knows them, told by whichever answers. Raises HostError when none does."""
        from saltext.k8s_ha import _core

        refusals = {}
        for name, endpoint in {"this host": _OWN, **self.others}.items():
            try:
                return self._at(endpoint).members()
            except _core.K8sHaError as error:
                refusals[name] = str(error)
        said = "; ".join(f"{name}: {refusal}" for name, refusal in refusals.items())
        raise HostError(f"etcd does not list its members ({said}). See that it runs and has a quorum")

    def _at(self, endpoint: str) -> Etcd:
        from saltext.k8s_ha import _core

        try:
            authority, certificate, key = (self.host.path(path).read_text(encoding="utf-8") for path in PATHS)
        except OSError as error:
            raise HostError(f"the certificates for etcd's health checks cannot be read: {error}") from error
        return _core.Etcd(endpoint, authority, certificate, key, timeout=_SECONDS)


def follows(member: Etcd) -> bool:
    """Whether a member answers and knows a leader."""
    from saltext.k8s_ha import _core

    try:
        return member.status()["leader_id"] is not None
    except _core.K8sHaError:
        return False
