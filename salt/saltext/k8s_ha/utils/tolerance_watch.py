"""What a cluster survives now, compared with the last look: kept below ``/run``, so that a boot begins anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils import observation
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import Identity

if TYPE_CHECKING:
    from saltext.k8s_ha._core import Topology
    from saltext.k8s_ha.utils.gate import Member

OF_LAST_LOOK = Identity("/run/k8s-ha/tolerance.json", "what the cluster survived at the last look")

Survived = dict[str, int | None]
"""How many losses, by ``service, kind``; None where the service is lost already."""


def look(member: Member, host: Host) -> dict[str, Any] | None:
    """What has changed since the last look; None where nothing has, and on a host that cannot look.

    The first look compares with what the pillar promises while everything serves.

    :raises HostError: when the cluster cannot be looked at.
    """
    from saltext.k8s_ha import _core

    if observation.etcd_credentials(member, host) is None:
        return None
    topology = member.topology
    down = _core.away(topology, observation.look(member, host))
    now = survived(topology, down)
    before = _before(host, topology)
    OF_LAST_LOOK.write(host, {"digest": topology.digest, "survived": now})
    changed = compared(survived(topology, []) if before is None else before, now)
    return {"cluster": topology.cluster, "down": down, **changed} if any(changed.values()) else None


def survived(topology: Topology, down: list[str]) -> Survived:
    """How many further losses each service survives with these down, its own fail-over alone."""
    return {
        f"{service['service']}, {kind}": answer["survives"]
        for service in topology.tolerance(down)["services"]
        for kind, answer in service["tolerance"]["serve"].items()
    }


def compared(before: Survived, now: Survived) -> dict[str, list[dict[str, Any]]]:
    """What dropped and what returned. A service that is lost survives less than one that survives nothing."""
    changes: dict[str, list[dict[str, Any]]] = {"dropped": [], "returned": []}
    for name in sorted(before.keys() & now.keys()):
        was, is_now = before[name], now[name]
        if was == is_now:
            continue
        kind = "dropped" if _rank(is_now) < _rank(was) else "returned"
        service, _, of = name.rpartition(", ")
        changes[kind].append({"service": service, "kind": of, "from": was, "to": is_now})
    return changes


def _rank(survives: int | None) -> int:
    return -1 if survives is None else survives


def _before(host: Host, topology: Topology) -> Survived | None:
    """The last look, by the same pillar."""
    try:
        kept = OF_LAST_LOOK.read(host)
    except HostError:
        return None
    if kept is None or kept.get("digest") != topology.digest:
        return None
    last: Survived = kept["survived"]
    return last
