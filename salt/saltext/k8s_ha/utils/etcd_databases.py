"""The databases of all members of etcd, seen from one host of it, and what the rule says is to be done about them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import lock, observation
from saltext.k8s_ha.utils.etcd_defragmented import Defragmented
from saltext.k8s_ha.utils.etcd_endpoints import Endpoints
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Etcd, EtcdMaintenance, EtcdStatus

_ANSWER_SECONDS = 10.0
_NO_SPACE = "NOSPACE"


@dataclass(frozen=True)
class Databases:
    """``member`` is one of etcd's."""

    member: Member
    host: Host
    endpoints: Endpoints

    @classmethod
    def of(cls, member: Member, host: Host) -> Databases | None:
        """From a host with its certificates; None where it has not all of them."""
        endpoints = Endpoints.of_host(member, host)
        return None if endpoints is None else cls(member, host, endpoints)

    @property
    def node(self) -> str:
        """The node of this host."""
        return self.member.node

    def own(self, seconds: float) -> Etcd:
        """The member of this host, for calls that may take so long."""
        return self.endpoints.of(self.node, seconds)

    def own_status(self) -> EtcdStatus:
        """What this host's member says of itself. Raises HostError when it does not answer."""
        from saltext.k8s_ha import _core

        try:
            return self.endpoints.of(self.node).status()
        except _core.K8sHaError as error:
            raise HostError(f"the member of etcd on this host does not answer: {error}") from error

    def plan_of_own(self, status: EtcdStatus) -> EtcdMaintenance:
        """What this member needs, as if it were alone: the others are not asked."""
        no_space = any(_NO_SPACE in error for error in status["errors"])
        alone = {"node": self.node, "state": "up", "applied_index": status["raft_applied_index"]}
        seen = json.dumps({"schema": 1, "etcd": [alone]})
        return self._plan(seen, {self.node: self._database(self.node, status)}, no_space=no_space)

    def plan(self, *, compacted_at: float | None = None) -> EtcdMaintenance:
        """What is to be done, by a look at all members. Raises HostError when etcd does not answer.

        :param compacted_at: when this run has compacted the history, in seconds since the epoch.
        """
        from saltext.k8s_ha import _core

        databases = {}
        for name in self.endpoints.urls:
            try:
                databases[name] = self._database(name, self.endpoints.of(name).status())
            except _core.K8sHaError:
                continue
        seen = observation.look(self.member, self.host)
        return self._plan(seen, databases, no_space=bool(self.no_space()), compacted_at=compacted_at)

    def no_space(self) -> list[int]:
        """Ids of the members that have raised ``NOSPACE``. Raises HostError when etcd does not tell."""
        alarms = self.endpoints.ask(
            "the alarms of etcd are not known", lambda etcd: etcd.alarms(), _ANSWER_SECONDS
        )
        return [alarm["member_id"] for alarm in alarms if alarm["alarm"] == _NO_SPACE]

    def holder(self) -> str | None:
        """The node that has the lock: one that got it before ``NOSPACE`` keeps it.

        :raises HostError: without a quorum.
        """
        from saltext.k8s_ha import _core

        try:
            holder = lock.of_etcd(self.member, self.host).holder()
        except _core.K8sHaError as error:
            raise HostError(f"who has the lock in etcd is not known: {error}") from error
        return holder["node"] if holder else None

    def disarm(self) -> None:
        """Clear ``NOSPACE`` of all members. Raises HostError when etcd does not take it."""
        for member_id in self.no_space():
            failed = f"NOSPACE of the member {member_id:x} is not cleared"
            self.endpoints.ask(failed, lambda etcd, which=member_id: etcd.disarm(which), _ANSWER_SECONDS)  # type: ignore[misc]

    def _database(self, name: str, status: EtcdStatus) -> dict[str, Any]:
        return {
            "size": status["db_size"],
            "in_use": status["db_size_in_use"],
            "quota": status["db_size_quota"],
            "revision": status["revision"],
            # The others know it of themselves: the lock, and a rest while it is held, keep them apart.
            "defragmented_at": Defragmented(self.host).at() if name == self.node else None,
        }

    def _plan(
        self, seen: str, databases: Mapping[str, Any], *, no_space: bool, compacted_at: float | None = None
    ) -> EtcdMaintenance:
        from saltext.k8s_ha import _core

        known = {
            "now": time.time(),
            "asking": self.node,
            "no_space": no_space,
            "compacted_at": compacted_at,
            "databases": databases,
        }
        return _core.etcd_maintenance(seen, json.dumps(known))
