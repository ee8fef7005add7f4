"""Members of an external etcd, any of which may answer: none of them is needed in particular."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from saltext.k8s_ha.utils import observation
from saltext.k8s_ha.utils.etcd_certificates import MEMBER, SERVER
from saltext.k8s_ha.utils.host import Host, HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Etcd, EtcdMember
    from saltext.k8s_ha.utils.gate import Member

Said = TypeVar("Said")

_CALL_SECONDS = 5.0
_PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class Endpoints:
    """Client URLs by node, and what a client shows to them: PEM texts."""

    urls: Mapping[str, str]
    authority: str
    certificate: str
    key: str = field(repr=False)

    @classmethod
    def by_member(cls, host: Host, urls: Mapping[str, str]) -> Endpoints:
        """Spoken to with the certificate of this host's own member. Raises OSError where there is none."""
        authority, certificate, key = (
            host.path(f"{MEMBER}/{name}").read_text(encoding="utf-8")
            for name in ("ca.crt", f"{SERVER}.crt", f"{SERVER}.key")
        )
        return cls(urls, authority, certificate, key)

    @classmethod
    def of_host(cls, member: Member, host: Host) -> Endpoints | None:
        """All members, stacked or external, spoken to with what this host shows to etcd; None where it has nothing."""
        credentials = observation.etcd_credentials(member, host)
        if credentials is None:
            return None
        return cls(
            {node: client for node, (client, _) in member.topology.etcd_members().items()}, *credentials
        )

    def only(self, node: str) -> Endpoints:
        """The member of one node alone."""
        return Endpoints({node: self.urls[node]}, self.authority, self.certificate, self.key)

    def without(self, node: str) -> Endpoints:
        """All but the member of one node."""
        others = {name: url for name, url in self.urls.items() if name != node}
        return Endpoints(others, self.authority, self.certificate, self.key)

    def members(self, limit: float) -> list[EtcdMember]:
        """The members as a majority knows them."""
        return self.ask("the members of etcd are not known", lambda etcd: etcd.members(), limit)

    def ask(self, failed: str, act: Callable[[Etcd], Said], limit: float) -> Said:
        """What the first member that can gives; each is tried until ``limit`` seconds are over.

        :param failed: begins the sentence of the HostError that says why none could.
        """
        from saltext.k8s_ha import _core

        deadline = time.monotonic() + limit
        while True:
            refusals = {}
            for name in self.urls:
                try:
                    return act(self.of(name))
                except _core.K8sHaError as error:
                    refusals[name] = str(error)
            if time.monotonic() > deadline:
                said = "; ".join(f"{name}: {refusal}" for name, refusal in refusals.items())
                raise HostError(f"{failed} ({said or 'the pillar has no other member'})")
            time.sleep(_PAUSE_SECONDS)

    def of(self, name: str, seconds: float = _CALL_SECONDS) -> Etcd:
        """The member of one node, for calls that may take so long."""
        from saltext.k8s_ha import _core

        return _core.Etcd(self.urls[name], self.authority, self.certificate, self.key, timeout=seconds)

    @property
    def majority(self) -> int:
        """How many of these make a quorum."""
        return len(self.urls) // 2 + 1

    def wait_until_served(self, needed: int, limit: float, failed: str, tell: Callable[[str], None]) -> None:
        """Wait until so many of the members have a vote and follow a leader.

        :param failed: begins the sentence of the HostError after ``limit`` seconds.
        """
        deadline = time.monotonic() + limit
        told = ""
        while True:
            missing = {name: why for name in self.urls if (why := self._unhealthy(name))}
            healthy = len(self.urls) - len(missing)
            if healthy >= needed:
                return
            said = "; ".join(f"{name}: {why}" for name, why in missing.items())
            if time.monotonic() > deadline:
                raise HostError(
                    f"{failed}: after {limit:.0f} s {healthy} of {len(self.urls)} members serve, {needed} have to "
                    f"({said}). See that etcd runs there and that port 2379 can be reached, then run again"
                )
            if not told:
                told = f"for etcd: {', '.join(missing)}"
                tell(told)
            time.sleep(_PAUSE_SECONDS)

    def _unhealthy(self, name: str) -> str | None:
        from saltext.k8s_ha import _core

        try:
            status = self.of(name).status()
        except _core.K8sHaError as error:
            return str(error)
        if status["is_learner"]:
            return "it has no vote yet"
        return None if status["leader_id"] else "it knows of no leader"
