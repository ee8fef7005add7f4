"""The member of etcd that an earlier life of this host left: removed from the cluster before anything here is wiped.

A member that is still on the list and comes back empty may lose acknowledged writes, and two members of which one was
wiped are no quorum for ever. So the list is asked of the others, and where it cannot be changed, nothing is done here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from saltext.k8s_ha.utils import pki
from saltext.k8s_ha.utils.host import HostError

_LIMIT_SECONDS = 60.0
_PAUSE_SECONDS = 2.0
_CALL_SECONDS = 5.0
_CERTIFICATE_MINUTES = 10


@dataclass(frozen=True)
class StaleMember:
    """What may be left of this host in etcd.

    ``others`` are the client URLs of the other control-plane nodes by name, ``peer_url`` is how this host's member is
    known, ``files`` has etcd's authority, as the master gave it.
    """

    others: Mapping[str, str]
    peer_url: str
    files: Mapping[str, str]

    def forget(self, tell: Callable[[str, str], None], limit: float = _LIMIT_SECONDS) -> None:
        """Remove it where it is on the list. Raises HostError when nobody says that it is not, after ``limit`` seconds.

        etcd itself refuses a removal that would cost its quorum.
        """
        authority = pki.Authority(self.files["etcd/ca.crt"], self.files["etcd/ca.key"])
        certificate, key = authority.issue_client("k8s-ha:join", _CERTIFICATE_MINUTES, pki.utc_now())
        deadline = time.monotonic() + limit
        while True:
            refusals = {}
            for name, endpoint in self.others.items():
                refusal = self._forget_at(endpoint, certificate, key, tell)
                if refusal is None:
                    return
                refusals[name] = refusal
            if time.monotonic() > deadline:
                said = "; ".join(f"{name}: {refusal}" for name, refusal in refusals.items())
                raise HostError(
                    f"etcd does not say that no member of this host is left in it ({said}). Nothing was removed here. "
                    "See that the other control-plane nodes run and that etcd has a quorum, then run again"
                )
            time.sleep(_PAUSE_SECONDS)

    def _forget_at(
        self, endpoint: str, certificate: str, key: str, tell: Callable[[str, str], None]
    ) -> str | None:
        """Ask one member; why it could not be done, or None when no member of this host is left."""
        from saltext.k8s_ha import _core

        etcd = _core.Etcd(endpoint, self.files["etcd/ca.crt"], certificate, key, timeout=_CALL_SECONDS)
        try:
            for member in etcd.members():
                if self.peer_url in member["peer_urls"]:
                    etcd.remove(member["id"])
                    kind = "learner" if member["is_learner"] else "member"
                    tell("cleans", f"removed the {kind} {member['id']:x} that this host had left in etcd")
        except _core.K8sHaError as error:
            return str(error)
        return None
