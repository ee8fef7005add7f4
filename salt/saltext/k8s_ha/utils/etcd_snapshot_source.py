"""The member of etcd from which a snapshot is taken: a healthy follower, for the leader has enough to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import observation
from saltext.k8s_ha.utils.etcd_endpoints import Endpoints
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Etcd, EtcdStatus

_STATUS_SECONDS = 5.0
# What etcd keeps of its log for followers that are behind: `DefaultSnapshotCatchUpEntries`.
_BEHIND_ENTRIES = 5000


@dataclass(frozen=True)
class Source:
    """A member by its node, and the way to it."""

    node: str
    endpoints: Endpoints

    @classmethod
    def of(cls, member: Member, host: Host) -> Source:
        """The healthiest member. Raises HostError where there is none, or where this host may not ask."""
        endpoints = Endpoints.of_host(member, host)
        if endpoints is None:
            raise HostError(
                "this host has no certificates for etcd: take the snapshot on a node of the control plane, or on a "
                "host of etcd"
            )
        seen = json.loads(observation.look(member, host))["etcd"]
        node = healthiest([one for one in seen if one["node"] in endpoints.urls], member.node)
        return cls(node, endpoints)

    def etcd(self, seconds: float) -> Etcd:
        """The member, for calls that may take so long."""
        return self.endpoints.of(self.node, seconds)

    def status(self) -> EtcdStatus:
        """What it says of itself. Raises HostError when it does not answer."""
        from saltext.k8s_ha import _core

        try:
            return self.etcd(_STATUS_SECONDS).status()
        except _core.K8sHaError as error:
            raise HostError(f"no snapshot is taken: {error}") from error


def healthiest(members: Sequence[dict[str, Any]], own: str) -> str:
    """The node of the best source among observed members: a voter that serves, and best a follower, and this host's.

    A member that has raised ``CORRUPT`` is none. Raises HostError where none serves.
    """
    sources = [one for one in members if one["state"] == "up" and not one["is_learner"]]
    sources = [one for one in sources if "CORRUPT" not in one["alarms"]]
    if not sources:
        told = "; ".join(f"{one['node']}: {one['because'] or one['state']}" for one in members)
        raise HostError(f"no member of etcd can give a snapshot ({told or 'none is known'})")
    furthest = max(one["applied_index"] for one in sources)

    def worse(one: dict[str, Any]) -> tuple[bool, bool, bool, str]:
        is_behind = furthest - one["applied_index"] > _BEHIND_ENTRIES
        return is_behind, one["is_leader"], one["node"] != own, one["node"]

    return str(min(sources, key=worse)["node"])
