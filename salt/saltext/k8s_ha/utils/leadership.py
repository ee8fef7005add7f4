"""etcd's leadership goes to another member before the leader is taken away: nobody has to elect one then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saltext.k8s_ha.utils import observation
from saltext.k8s_ha.utils.host import Host
from saltext.k8s_ha.utils.own_etcd import OWN

if TYPE_CHECKING:
    from saltext.k8s_ha.utils.gate import Member

_SECONDS = 5.0


def hand_over(member: Member, host: Host, node: str | None) -> str | None:
    """Have the member of ``node`` lead in place of this host's, and say why it does not, where it does not.

    A restart goes on all the same: the others elect one.

    :param node: as the gate says; None where this host's member does not lead.
    """
    from saltext.k8s_ha import _core

    etcd = observation.etcd_credentials(member, host)
    if node is None or etcd is None:
        return None
    own = member.topology.external_members().get(member.node, OWN)
    peer = member.topology.etcd_peer_url(node)
    try:
        client = _core.Etcd(own, *etcd, timeout=_SECONDS)
        target = next((each["id"] for each in client.members() if peer in each["peer_urls"]), None)
        if target is None:
            return f"etcd has no member at {peer} any more"
        client.move_leader(target)
    except _core.K8sHaError as error:
        return f"this host's member leads, and {node} does not take over: {error}"
    return None
