"""What a host that is a member is compared with, before any state changes anything on it."""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from saltext.k8s_ha.utils.etcd_endpoints import Endpoints
from saltext.k8s_ha.utils.gate import Member
from saltext.k8s_ha.utils.host import Host, HostError
from saltext.k8s_ha.utils.identity import OF_EXTERNAL_MEMBER, OF_NODE
from saltext.k8s_ha.utils.own_etcd import OwnEtcd

if TYPE_CHECKING:
    from saltext.k8s_ha._core import EtcdMember

_CONTEXT_KEY = "k8s_ha.standing"
_STAGES = ("initialised", "joined", "member")


def refuse_changed(member: Member, host: Host, context: MutableMapping[str, Any]) -> None:
    """Raise HostError when the pillar has otherwise what cannot be changed, or disagrees with etcd about its members.

    Judged once in a run, and kept in ``context``. A host that is no member has nothing to be compared with, and an etcd
    that does not answer says nothing: a cluster that is down must not keep Salt from mending it.
    """
    key = (member.topology.digest, host.root)
    kept = context.get(_CONTEXT_KEY)
    if kept is None or kept[0] != key:
        kept = (key, list(_disagreements(member, host)))
        context[_CONTEXT_KEY] = kept
    if kept[1]:
        raise HostError(f"Refused, nothing was changed: {'; '.join(kept[1])}.")


def _disagreements(member: Member, host: Host) -> Iterator[str]:
    from saltext.k8s_ha import _core

    marker = OF_NODE.read(host) or OF_EXTERNAL_MEMBER.read(host)
    if not marker or marker.get("stage") not in _STAGES:
        return
    facts = {
        **marker.get("fixed", {}),
        "cluster": str(marker.get("cluster")),
        "node": str(marker.get("node")),
    }
    changed = _core.changed_facts(member.topology, member.node, json.dumps(facts))
    yield from changed
    if not changed and host.is_live:
        yield from _undeclared(member, host)


def _undeclared(member: Member, host: Host) -> list[str]:
    from saltext.k8s_ha import _core

    try:
        members = _members(member, host)
    except (HostError, OSError, _core.K8sHaError):
        return []
    return _core.undeclared_members(member.topology, json.dumps(members))


def _members(member: Member, host: Host) -> list[EtcdMember]:
    """The members as this host's own one lists them; none where it has none."""
    if member.has_stacked_etcd:
        return OwnEtcd(host, {}).own().members()
    if member.has_external_member:
        every = Endpoints.by_member(host, member.topology.external_members())
        return every.of(member.node).members()
    return []
