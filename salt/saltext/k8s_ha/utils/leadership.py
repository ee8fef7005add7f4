"""etcd's leadership goes to another member before the leader is taken away: nobody has to elect one then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saltext.k8s_ha.utils.etcd_endpoints import Endpoints
from saltext.k8s_ha.utils.host import Host

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.gate import Member


def hand_over(member: Member, host: Host, node: str | None) -> str | None:
    """Have the member of ``node`` lead in place of this host's, and say why it does not, where it does not.

    A restart goes on all the same: the others elect one.

    :param node: as the gate says; None where this host's member does not lead.
    """
    from saltext.k8s_ha import _core

    endpoints = Endpoints.of_host(member, host)
    if node is None or endpoints is None:
        return None
    peer = member.topology.etcd_peer_url(node)
    try:
        own = endpoints.of(member.node)
        target = next((each["id"] for each in own.members() if peer in each["peer_urls"]), None)
        if target is None:
            return f"etcd has no member at {peer} any more"
        own.move_leader(target)
    except _core.K8sHaError as error:
        return f"this host's member leads, and {node} does not take over: {error}"
    return None
